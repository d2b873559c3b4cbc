"""How long a backtest takes, and how much memory: stored decisions by the ten thousand, fifty rules, the installed command.

    python -m bench.backtest [--decisions 100000] [--rules 50]

The past is made up (`bench.past`), the same each time. The command runs three times: with the live rules on a quarter of the past
and on all of it, which must change nothing and tells whether memory grows with what is read; and with a draft that changes
a third of it, rehearsal of the queue included. Seconds are by the clock, start of the command included.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bench.figures import Result, at_most, conclude, exactly, machine, told
from bench.footprint import cpu_seconds, watched
from bench.past import FIRST, SPAN
from bench.past_site import SINCE, UNTIL, with_past
from inbox.__main__ import main as inbox
from tests.rig.daemon import command, environment

DECISIONS, RULES = 100_000, 50
SECONDS = 60.0
GROWTH_MB = 100.0
"""How much more memory four times the past may take: a few words a conversation are kept for the rehearsal, and no bodies."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the command took and said."""

    seconds: float
    cpu: float
    peak_mb: float
    decisions: int
    conversations: int
    changed: int


def run(site: Path, *words: str) -> Run:
    """The command as a process, its memory watched."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        whole = [command(), "rules", "backtest", *words, "--format", "json", "--site", str(site)]
        began = time.monotonic()
        process = subprocess.Popen(whole, stdout=out, env=environment())
        cpu = 0.0
        with watched(process.pid) as peak:
            while process.poll() is None:
                cpu = max(cpu, cpu_seconds(process.pid))
                time.sleep(0.05)
        seconds = time.monotonic() - began
        if process.returncode:
            raise RuntimeError(f"the backtest ended with {process.returncode}")
        out.seek(0)
        said = json.load(out)
    return Run(seconds, cpu, peak.mb, said["decisions"], said["conversations"], said["changed"])


def measure(decisions: int = DECISIONS, rules: int = RULES) -> Result:
    """One past, three runs."""
    with tempfile.TemporaryDirectory(prefix="inbox-bench-") as scratch:
        site = Path(scratch) / "site"
        if inbox(["init", str(site), "--yes", "--quiet"]):
            raise RuntimeError("no site")
        with_past(site, rules, decisions)
        draft = _draft(site)
        quarter = run(site, "--since", SINCE, "--until", (FIRST + SPAN / 4).date().isoformat())
        live = run(site, "--since", SINCE, "--until", UNTIL)
        other = run(site, "--since", SINCE, "--until", UNTIL, "--with", str(draft))
    return Result(
        "backtest",
        datetime.now(UTC),
        (
            exactly("decisions replayed", live.decisions, decisions),
            exactly("changed by the rules that decided them", live.changed + quarter.changed, 0),
            at_most("live rules", live.seconds, "s", SECONDS, binding=False),
            at_most("a draft", other.seconds, "s", SECONDS, binding=False),
            told("a draft, CPU", other.cpu, "s"),
            told("decisions a second", decisions / other.seconds),
            told("conversations", other.conversations),
            told("changed by the draft", other.changed),
            told("peak memory, live rules", live.peak_mb, "MB"),
            told("peak memory, a draft and all its changes as JSON", other.peak_mb, "MB"),
            at_most("more memory than a quarter takes", live.peak_mb - quarter.peak_mb, "MB", GROWTH_MB, binding=False),
        ),
        {**machine(), "rules": str(rules), "cores": str(os.cpu_count())},
    )


def _draft(site: Path) -> Path:
    """The site's rules with other priorities and another team."""
    folder = site / "draft"
    shutil.copytree(site / "rules", folder)
    file = folder / "10-made.toml"
    text = file.read_text("utf-8").replace('priority = "high" }', 'priority = "urgent" }')
    file.write_text(text.replace('team = "finance"', 'team = "oncall"'), "utf-8")
    return folder


def main(words: Sequence[str] | None = None) -> None:
    """Exits 1 when a count is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decisions", type=int, default=DECISIONS)
    parser.add_argument("--rules", type=int, default=RULES)
    given = parser.parse_args(words)
    sys.exit(conclude([measure(given.decisions, given.rules)], Console()))


if __name__ == "__main__":
    main()
