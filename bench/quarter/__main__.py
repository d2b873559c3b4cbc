"""A simulated quarter, judged: `python -m bench.quarter [--seed N] [--days 91] [--write FILE]`; `make quarter`."""

import argparse
import asyncio
import logging
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bench.figures import Result, exactly, machine
from bench.quarter.drive import Quarter
from bench.quarter.judge import Check, Seen, checks, seen
from bench.quarter.page import page


def play(folder: Path, seed: int, days: int) -> Seen:
    """A quarter in an empty folder, from its first to its last day."""
    # Each arrival is a line of the log, and nobody reads ten thousand of them.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    return asyncio.run(_played(folder, seed, days))


async def _played(folder: Path, seed: int, days: int) -> Seen:
    quarter = Quarter(folder, seed, days)
    try:
        await quarter.run()
        return seen(quarter)
    finally:
        quarter.close()


def measure(days: int = 91, seed: int = 1) -> Result:
    """What the judge asks of a quarter, each as a count of what does not hold; a few days hold as well."""
    with tempfile.TemporaryDirectory(prefix="inbox-quarter-") as folder:
        judged = checks(play(Path(folder), seed, days))
    figures = tuple(exactly(f"wrong: {one.what} ({one.found})", int(not one.holds), 0) for one in judged)
    return Result("quarter", datetime.now(UTC), figures, {**machine(), "days": str(days), "seed": str(seed)})


def main() -> None:
    """Exits 1 where something does not hold."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="inbox-quarter-") as folder:
        found = play(Path(folder), arguments.seed, arguments.days)
    judged: list[Check] = checks(found)
    text = page(found, judged, arguments.seed, arguments.days)
    sys.stdout.write(text)
    if arguments.write is not None:
        arguments.write.write_text(text, encoding="utf-8")
    sys.exit(0 if all(check.holds for check in judged) else 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.quarter", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=91)
    parser.add_argument("--write", type=Path, metavar="FILE")
    return parser.parse_args()


if __name__ == "__main__":
    main()
