"""All measurements one after the other, or those that are named; one table, one file of the run, one exit code.

    python -m bench [NAME ...] [--full] [--folder DIR] [--write]

Without `--full` everything is small: all counts and ratios are held, within a quarter of an hour. With it every budget is
measured at its size, and what must not grow at histories of 1,000, 10,000 and 100,000 conversations; sites that take long to
be made up are kept in the folder and taken again. `--write` puts what was measured into docs/performance.md.
"""

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rich.console import Console

from bench import page
from bench.figures import THE_RUN, Figure, Result, conclude, exactly, machine, told, write
from bench.suite import PARTS, Part

SITES = Path(__file__).parents[1] / "build" / "bench"
"""Where full runs keep the sites that they make up."""

Keep = Callable[[Sequence[Result]], object]
WIDE = 160
"""Characters of the table where nobody looks at it on a terminal."""


def main(words: Sequence[str] | None = None) -> int:
    """Exit 1 when a count or a ratio is not met, or a measurement fails; milliseconds and megabytes are only reported."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PARTS)}; all where none is given")
    parser.add_argument("--full", action="store_true", help="at full size")
    parser.add_argument("--folder", type=Path, help="where sites are kept for the next time")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md from it")
    asked = parser.parse_args(words)
    if unknown := [name for name in asked.names if name not in PARTS]:
        parser.error(f"unknown: {', '.join(unknown)}; known are {', '.join(PARTS)}")
    chosen = {name: PARTS[name] for name in PARTS if name in asked.names or not asked.names}
    run, began = f"bench-{'full' if asked.full else 'short'}", datetime.now(UTC)
    with _sites(asked.folder or (SITES if asked.full else None)) as folder:
        results = measured(chosen, folder, partial(write, name=run, at=began), full=asked.full)
    code = conclude(results, Console(width=None if sys.stdout.isatty() else WIDE), run, began)
    if asked.write:
        page.take(results)
    return code


def measured(chosen: Mapping[str, Part], folder: Path, keep: Keep, *, full: bool) -> list[Result]:
    """All that was measured, and last what it took. After each measurement it is on the disk, for a full run takes hours; one
    that breaks is told as a count that is not met, and the others go on."""
    results: list[Result] = []
    took: list[Figure] = []
    broken: list[str] = []
    for name, part in chosen.items():
        print(f"{datetime.now(UTC):%H:%M:%S} {name}", file=sys.stderr, flush=True)
        began = time.perf_counter()
        try:
            results += part.full(folder) if full else part.short(folder)
        except Exception:
            traceback.print_exc()
            broken.append(name)
        took.append(told(name, time.perf_counter() - began, "s"))
        keep([*results, _run(took, broken)])
    return [*results, _run(took, broken)]


def _run(took: Sequence[Figure], broken: Sequence[str]) -> Result:
    whole = told("all of it", sum(figure.value for figure in took), "s")
    figures = (exactly("measurements that broke", len(broken), 0), *took, whole)
    return Result(THE_RUN, datetime.now(UTC), figures, {**machine(), "broken": " ".join(broken)})


@contextmanager
def _sites(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="inbox-bench-") as scratch:
        yield Path(scratch)


if __name__ == "__main__":
    sys.exit(main())
