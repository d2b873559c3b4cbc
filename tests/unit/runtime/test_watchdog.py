"""The watchdog: a loop that is blocked for real is told of, with what blocked it, and ends the process when it stays so."""

import asyncio
import json
import os
import signal
import subprocess
import sys

from inbox.runtime.watchdog import ENDED, EVERY, Watchdog
from tests.rig.wait import until, until_async

BLOCKED = """
import asyncio, sys, time
from inbox.runtime.logs import configure
from inbox.runtime.watchdog import Watchdog

def what_blocks(seconds):
    time.sleep(seconds)

async def main():
    watching = asyncio.create_task(Watchdog(lambda late: None, stuck=3.0).run())
    await asyncio.sleep(0.6)
    what_blocks({first})
    await asyncio.sleep(0.6)
    print("going on", flush=True)
    what_blocks({second})
    watching.cancel()

configure("json", "info")
asyncio.run(main())
"""


def child(first: float, second: float) -> "subprocess.Popen[str]":
    """A process whose loop is blocked twice, that many seconds."""
    words = [sys.executable, "-c", BLOCKED.format(first=first, second=second)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_h3_a_loop_that_stands_still_ends_its_process_and_says_what_held_it() -> None:
    out, err = (process := child(1.6, 600)).communicate(timeout=60)
    assert process.returncode == ENDED
    assert out == "going on\n"  # what is late is told, and lives
    told = [json.loads(line) for line in err.splitlines()]
    assert [one["event"] for one in told] == ["held-up", "was-late", "held-up", "stuck"]
    assert told[1]["lag_s"] > 1
    for one in (told[0], told[2], told[3]):
        assert any(frame.endswith("what_blocks") for frame in one["running"])


def test_a_process_that_was_stopped_and_goes_on_is_not_taken_for_one_that_hangs() -> None:
    process = child(0, 0.1)
    until(lambda: _state(process.pid) == "S", what="it runs")
    os.kill(process.pid, signal.SIGSTOP)
    until(lambda: _state(process.pid) == "T", what="it is stopped")
    subprocess.run(["sleep", "4"], check=True)  # longer than it may hang
    os.kill(process.pid, signal.SIGCONT)
    process.communicate(timeout=60)
    assert process.returncode == 0


def _state(pid: int) -> str:
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0]


async def test_each_beat_is_measured_and_is_a_sign_of_life() -> None:
    late: list[float] = []
    alive: list[bool] = []
    running = asyncio.create_task(Watchdog(late.append, lambda: alive.append(True)).run())
    await until_async(lambda: len(late) >= 2, what="two beats")
    running.cancel()
    assert len(alive) == len(late)
    assert all(0 <= one < 10 * EVERY for one in late)
