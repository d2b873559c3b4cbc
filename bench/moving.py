"""Moving here from another help desk: so many messages brought in, killed at a random batch, run again; counts, seconds, memory."""

import argparse
import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from bench.desk_export import write
from bench.figures import Figure, Figures, conclude

MESSAGES = 50_000
COUNTED = ("conversation", "message", "contact", "event", "delivery", "clock", "promise", "decision", "notification", "webhook_call")


def measure(messages: int = MESSAGES) -> Figures:
    """In a site of its own, through the installed command."""
    with TemporaryDirectory() as folder:
        site, export, plan = Path(folder) / "site", Path(folder) / "export", Path(folder) / "plan.toml"
        made = write(export, messages)
        _inbox("init", str(site), "--yes", "--quiet")
        _inbox("agents", "add", "sara", "--name", "Sara", "--address", "sara@shop.example", "--site", str(site))
        words = ["import", "zendesk", str(export), "--site", str(site), "--format", "json"]
        _inbox(*words, "--plan", str(plan))
        killed = _killed([*words, "--with", str(plan)], site, random.Random(messages).randint(messages // 10, messages // 2))
        began = time.monotonic()
        first = json.loads(_inbox(*words, "--with", str(plan)))
        took, peak = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        before = counts(site)
        second = json.loads(_inbox(*words, "--with", str(plan)))
        again = counts(site)
    silent = sum(before[name] for name in ("delivery", "clock", "promise", "decision", "notification", "webhook_call"))
    whole = first["adds_up"] and before["message"] == made.words and before["conversation"] == made.matters
    return Figures(
        "moving",
        (
            Figure("messages of the export", made.words),
            Figure("messages in when it was killed", killed),
            Figure("messages that the next run brought", first["messages"]["new"] + first["notes"]["new"]),
            Figure("seconds of that run", round(took, 1)),
            Figure("messages a second", round((made.words - killed) / took)),
            Figure("peak MB of a process", round(peak)),
            Figure("acknowledgements, clocks, promises, decisions, notices", silent, most=0),
            Figure("counts that do not reconcile", int(not whole), most=0),
            Figure("rows that one more run changed", sum(abs(again[n] - before[n]) for n in COUNTED), most=0),
            Figure("of these it says itself", sum(second[n]["new"] for n in ("matters", "messages", "notes")), most=0),
        ),
    )


def counts(site: Path) -> dict[str, int]:
    """Rows of the tables that an import might write, or must not."""
    with sqlite3.connect(f"file:{site / 'data' / 'inbox.db'}?mode=ro", uri=True) as store:
        return {name: int(store.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in COUNTED}  # noqa: S608


def _killed(words: list[str], site: Path, at: int) -> int:
    """Run it, and kill it and its children once so many messages are in; how many were in afterwards."""
    running = subprocess.Popen([_command(), *words], stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        while running.poll() is None and counts(site)["message"] < at:
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGKILL)
    finally:
        running.wait()
    return counts(site)["message"]


def _inbox(*words: str) -> str:
    return subprocess.run([_command(), *words], check=True, stdout=subprocess.PIPE, text=True).stdout


def _command() -> str:
    return str(Path(sys.executable).with_name("inbox"))


def main() -> None:
    """`python -m bench.moving [--messages N]`."""
    parser = argparse.ArgumentParser(prog="python -m bench.moving", description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    sys.exit(conclude([measure(parser.parse_args().messages)], Console()))


if __name__ == "__main__":
    main()
