"""The supervisor: trouble is waited out ever more patiently, told, and stays on its own side of the channel."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from channels.memory.channel import MemoryChannel
from channels.memory.network import Network
from channels.memory.options import MemoryOptions
from inbox.blobs import Blobs
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Temporary
from inbox.ports.channel import Channel
from inbox.ports.probe import silent
from inbox.runtime.collector import Collector
from inbox.runtime.intake import Intake
from inbox.runtime.sender import Retry, Sender
from inbox.runtime.supervisor import FIRST, LAST, LOCKED_OUT, Supervisor
from inbox.runtime.wakes import ProcessWake
from inbox.store import channels
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.testing import FakeClock
from tests.rig.wait import until_async

NAME = ChannelName("support")
OPTIONS = MemoryOptions(address="support@acme", first_sync="new")


class Quiet:
    """A sender with nothing to send; `breaks` makes its runs end in trouble."""

    def __init__(self) -> None:
        self.runs, self.breaks, self.stopped = 0, 0, asyncio.Event()

    async def run(self) -> None:
        self.runs += 1
        self.stopped.clear()
        if self.breaks:
            self.breaks -= 1
            raise Temporary("store.busy")
        await self.stopped.wait()

    def stop(self) -> None:
        self.stopped.set()


class Channels:
    """One supervised channel on a network of its own, and what was told of it."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.network, self.sender = FakeClock(), Network(), Quiet()
        self.store = Store("sqlite:///inbox.db", folder)
        t.metadata.create_all(self.store.engine)
        self.store.write_now(channels.ensure, NAME, "memory")
        self.told: list[str] = []
        self.pauses: list[float] = []
        intake = Intake(self.store, Blobs(folder / "blobs"), self.clock)
        sender: Sender = self.sender  # type: ignore[assignment]  # a stand-in
        self.supervisor = Supervisor(
            NAME,
            self.build,
            lambda _: sender,
            intake,
            Collector(NAME, self.build, self.store, intake.blobs, Retry(), ProcessWake(), self.clock),
            self.store,
            self.clock,
            lambda name, state: self.told.append(state),
        )

    def build(self) -> Channel:
        return MemoryChannel(self.network, OPTIONS, silent)

    def row(self) -> tuple[str, str]:
        """State and problem as they are stored."""
        row = self.store.read_now(channels.one, NAME)
        assert row is not None
        return row.state, json.loads(row.problem)["key"] if row.problem else ""

    async def until(self, *state: str) -> None:
        await until_async(lambda: self.row() == state, what=f"{state}")

    async def next_try(self) -> float:
        """Move the clock to the next sleeper; the seconds that it takes."""
        await until_async(lambda: self.clock.wakes_at is not None)
        due = self.clock.wakes_at
        assert due is not None
        pause = (due - self.clock.now()).total_seconds()
        self.clock.advance(timedelta(seconds=pause))
        return pause


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Channels]:
    made = Channels(tmp_path)
    running = asyncio.create_task(made.supervisor.run())
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    made.store.close()


async def test_a_channel_that_opens_is_connected_and_fetches(there: Channels) -> None:
    await there.until("connected", "")
    assert there.told[:2] == ["starting", "connected"]
    await until_async(
        lambda: there.store.read_now(channels.cursor, NAME) is not None, what="a cursor behind the old mail"
    )
    there.network.write("sara@x", "support@acme", "Hello")
    await until_async(lambda: there.network.ledger[-1].what == "confirmed")


async def test_each_failure_is_waited_out_longer_and_people_see_why(there: Channels) -> None:
    await there.until("connected", "")
    there.network.faults.unreachable(times=12)
    there.network.faults.breaks_fetch()
    there.network.write("sara@x", "support@acme", "wakes the fetch, which then breaks")
    pauses = []
    for _ in range(12):
        await there.until("backing-off", "memory.unreachable")
        pauses.append(await there.next_try())
    for n, pause in enumerate(pauses):
        longest = min(LAST, FIRST * 2**n)
        assert longest / 2 <= pause <= longest, "half of it is left to chance"
    await there.until("backing-off", "memory.unreachable")
    await there.next_try()
    await there.until("connected", "")


async def test_a_refused_login_is_left_alone_for_five_minutes(there: Channels) -> None:
    await there.until("connected", "")
    there.network.faults.locks_out(times=1)
    there.network.faults.breaks_fetch()
    there.network.write("sara@x", "support@acme", "x")
    await there.until("backing-off", "memory.unreachable")
    await there.next_try()
    await there.until("locked-out", "memory.locked_out")
    assert await there.next_try() == LOCKED_OUT
    await there.until("connected", "")


async def test_after_a_good_while_patience_begins_anew(there: Channels) -> None:
    await there.until("connected", "")
    for _ in range(2):
        there.clock.advance(timedelta(minutes=5))
        there.network.faults.breaks_fetch()
        there.network.write("sara@x", "support@acme", "x")
        await there.until("backing-off", "memory.unreachable")
        assert await there.next_try() <= FIRST
        await there.until("connected", "")


async def test_trouble_on_the_way_out_is_told_and_over_when_it_begins_anew(tmp_path: Path) -> None:
    made = Channels(tmp_path)
    made.sender.breaks = 1
    task = asyncio.create_task(made.supervisor.run())
    await until_async(lambda: "connected" in made.told or made.row()[0] == "backing-off")
    await made.until("backing-off", "store.busy")
    await made.next_try()
    await made.until("connected", "")
    await until_async(lambda: made.sender.runs == 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert made.sender.stopped.is_set(), "what is being sent may end"
    made.store.close()
