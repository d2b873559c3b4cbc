"""Moving here from another help desk: so many messages brought in, killed at a random batch, run again; counts, seconds, memory."""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bench.desk_export import write
from bench.figures import Result, at_most, conclude, exactly, machine, told
from bench.footprint import watched
from tests.daemon.books import books

MESSAGES = 50_000
SILENT = ("delivery", "clock", "promise", "decision", "notification", "webhook_call")
COUNTED = ("conversation", "message", "contact", "event", "arrival", *SILENT)


def measure(messages: int = MESSAGES) -> Result:
    """In a site of its own, through the installed command."""
    with TemporaryDirectory() as folder:
        site, export, plan = Path(folder) / "site", Path(folder) / "export", Path(folder) / "plan.toml"
        made = write(export, messages)
        _inbox("init", str(site), "--yes", "--quiet")
        _inbox("agents", "add", "sara", "--name", "Sara", "--address", "sara@shop.example", "--site", str(site))
        words = ["import", "zendesk", str(export), "--site", str(site), "--format", "json"]
        _inbox(*words, "--plan", str(plan))
        killed = _killed(
            [*words, "--with", str(plan)], site, random.Random(messages).randint(messages // 10, messages // 2)
        )
        began = time.monotonic()
        said, peak = _footprint(*words, "--with", str(plan))
        first, took = json.loads(said), time.monotonic() - began
        before = counts(site)
        second = json.loads(_inbox(*words, "--with", str(plan)))
        again = counts(site)
    silent = sum(before[name] for name in SILENT)
    brought = first["messages"]["new"] + first["notes"]["new"]
    figures = (
        told("messages of the export", made.words),
        told("messages in when it was killed", killed),
        exactly("messages that the next run brought", brought, made.words - killed),
        told("time of that run", round(took, 1), "s"),
        told("messages a second", round(brought / took)),
        at_most("peak memory, with children", round(peak), "MB", 300, binding=False),
        exactly("acknowledgements, clocks, promises, decisions, notices", silent, 0),
        exactly("messages here", before["message"], made.words),
        exactly("conversations here", before["conversation"], made.matters),
        exactly("counts that do not reconcile", int(not first["adds_up"]), 0),
        exactly("rows that one more run changed", sum(abs(again[name] - before[name]) for name in COUNTED), 0),
        exactly("new by what it says itself", sum(second[name]["new"] for name in ("matters", "messages", "notes")), 0),
    )
    return Result("moving", datetime.now(UTC), figures, machine())


def counts(site: Path) -> dict[str, int]:
    """Rows of the tables that an import might write, or must not."""
    with books(site) as store:
        return {name: store.count(f"SELECT count(*) FROM {name}") for name in COUNTED}


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


def _footprint(*words: str) -> tuple[str, float]:
    """The same, and the most memory in MB that it held with its children."""
    with (
        subprocess.Popen([_command(), *words], stdout=subprocess.PIPE, text=True) as running,
        watched(running.pid) as peak,
    ):
        said, _ = running.communicate()
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, words)
    return said, peak.mb


def _command() -> str:
    return str(Path(sys.executable).with_name("inbox"))


def main() -> None:
    """`python -m bench.moving [--messages N]`."""
    parser = argparse.ArgumentParser(prog="python -m bench.moving", description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    sys.exit(conclude([measure(parser.parse_args().messages)], Console()))


if __name__ == "__main__":
    main()
