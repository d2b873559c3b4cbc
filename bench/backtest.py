"""How long a backtest takes, and how much memory: stored decisions by the ten thousand, fifty rules, the installed command.

    python -m bench.backtest [--decisions 100000] [--rules 50]

The past is made up (`bench.past`), the same each time. The command runs three times: with the live rules on a quarter of the past
and on all of it, which must change nothing and tells whether memory grows with what is read; and with a draft that changes
a third of it, rehearsal of the queue included. Seconds are by the clock, start of the command included.

Whether that is quick is judged by a floor of the same run: each decision read by the database's driver alone, its JSON
parsed by the standard library. Both count seconds of CPU, so that a busy machine slows one as the other.
"""

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bench.figures import Figure, Result, at_most, conclude, exactly, machine, ratio_at_most, told
from bench.footprint import cpu_seconds, watched
from bench.past import FIRST, SPAN
from bench.past_site import SINCE, UNTIL, with_past
from inbox.__main__ import main as inbox
from inbox.runtime.replaying import processes
from tests.rig.daemon import command, environment

DECISIONS, RULES = 100_000, 50
SECONDS = 60.0
"""For DECISIONS of them, with two cores and nothing beside it; for fewer, as many fewer."""
RATIO_WANTED = 20.0
"""Times the processor time of the floor that a replay may take, all its processes, their start and the rehearsal included.

Where the floor does 100,000 decisions in 4.5 seconds, two cores have 60 seconds for 26 times as much."""
ENOUGH = 10_000
"""Decisions from which on the ratio counts: fewer are over before everything has started."""
GROWTH_MB = 40.0
"""How much more memory four times the past may take, children included: some numbers a wait are kept for the rehearsal."""


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


def floor(site: Path) -> float:
    """Seconds of CPU for reading every decision and parsing it, and nothing else."""
    with closing(sqlite3.connect(site / "data" / "inbox.db")) as connection:
        began = time.process_time()
        for (body,) in connection.execute("SELECT body FROM decision ORDER BY conversation_id, id"):
            json.loads(body)
        return time.process_time() - began


def measure(decisions: int = DECISIONS, rules: int = RULES) -> Result:
    """One past, three runs and the floor."""
    with tempfile.TemporaryDirectory(prefix="inbox-bench-") as scratch:
        site = Path(scratch) / "site"
        if inbox(["init", str(site), "--yes", "--quiet"]):
            raise RuntimeError("no site")
        with_past(site, rules, decisions)
        draft = _draft(site)
        quarter = run(site, "--since", SINCE, "--until", (FIRST + SPAN / 4).date().isoformat())
        live = run(site, "--since", SINCE, "--until", UNTIL)
        other = run(site, "--since", SINCE, "--until", UNTIL, "--with", str(draft))
        least = floor(site)
    return Result(
        "backtest",
        datetime.now(UTC),
        (
            exactly("decisions replayed", live.decisions, decisions),
            exactly("changed by the rules that decided them", live.changed + quarter.changed, 0),
            *_quick("live rules", live, least, decisions),
            *_quick("a draft", other, least, decisions),
            told("decisions a second", decisions / other.seconds),
            told("conversations", other.conversations),
            told("changed by the draft", other.changed),
            told("peak memory, live rules", live.peak_mb, "MB"),
            told("peak memory, a draft and all its changes as JSON", other.peak_mb, "MB"),
            at_most("more memory than a quarter takes", live.peak_mb - quarter.peak_mb, "MB", GROWTH_MB, binding=False),
        ),
        {**machine(), "rules": str(rules), "processes": str(processes())},
    )


def _quick(what: str, run: Run, least: float, decisions: int) -> tuple[Figure, ...]:
    # The ratio is that of a past that takes longer than the start of the command.
    binding = decisions >= ENOUGH
    return (
        at_most(what, run.seconds, "s", SECONDS * decisions / DECISIONS, binding=False),
        ratio_at_most(f"{what}, CPU", run.cpu, "s", least, RATIO_WANTED, binding=binding),
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
