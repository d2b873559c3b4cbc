"""One node: the rooms of a house with the daemon's own works in them, on a writer without threads. It can be ended at any point."""

import asyncio
import random
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from channels.memory.adapter import MemoryAdapter
from channels.memory.network import Network
from inbox.daemon.house import House
from inbox.daemon.works import Works, keep_going
from inbox.domain.entropy import Entropy
from inbox.domain.problems import Temporary, Unreadable
from inbox.ports.wake import between_nodes
from inbox.runtime.parsers import Parsed, Parsers, Wanted
from inbox.runtime.wakes import ProcessWake
from inbox.settings import load
from inbox.site import Site
from inbox.store.store import Store
from inbox.store.writer import Writer
from inbox.text.wording import Wording
from tests.simulation.loop import Process, VirtualLoop

T = TypeVar("T")
START = datetime.fromisoformat("2026-11-21T05:00:00+00:00")
"""A Saturday morning: half past eight in Tehran."""
QUICK = 0.003
"""Seconds that a unit takes, on average, its commit included."""
SPREAD = 0.02
"""Seconds until another node hears what one has said, on average."""


class Killed(BaseException):
    """The process has ended here. Nothing that it does on the way out counts."""


class SimClock:
    """Implements `inbox.ports.clock.Clock` by the time of the loop."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def now(self) -> datetime:
        """As far as the loop has come."""
        return START + timedelta(seconds=self._loop.time())

    async def sleep(self, seconds: float) -> None:
        """Wait that long in the loop's time."""
        await asyncio.sleep(max(0.0, seconds))


class Stepped(Writer):
    """Runs each job in the loop's own thread, after the time that it would take; a full disk refuses all of them."""

    def __init__(self, node: "Node") -> None:
        self._node = node
        self._waiting: tuple[list[Any], list[Any]] = ([], [])

    def submit(self, job: Callable[[], T], *, bulk: bool = False) -> "Future[T]":
        """The job's result, at once."""
        done: Future[T] = Future()
        try:
            done.set_result(self._node.carry_out(job))
        except Exception as error:
            done.set_exception(error)
        return done

    async def run(self, job: Callable[[], T], *, bulk: bool = False) -> T:
        """The job's result, once it was its turn. Whoever is cancelled meanwhile does not stop what has begun."""
        node, waiting = self._node, asyncio.get_running_loop().create_future()
        self._waiting[bulk].append((job, waiting))
        node.loop.call_later(node.chance.expovariate(1 / QUICK), self._step, context=node.process.context)
        result: T = await waiting
        return result

    @property
    def people_wait(self) -> bool:
        """Whether an interactive job is waiting."""
        return bool(self._waiting[False])

    def steady(self) -> float:
        """The loop's time: a slice is as long as its most units."""
        return self._node.loop.time()

    def close(self) -> None:
        """There is no thread to end."""

    def _step(self) -> None:
        """One job; what came of it is told a little later, so that it can be over and nobody know it."""
        queue = self._waiting[False] or self._waiting[True]
        job, waiting = queue.pop(0)
        if waiting.cancelled():
            return
        try:
            told = partial(_result, waiting, self._node.carry_out(job))
        except Killed:
            return
        except Exception as error:
            told = partial(_error, waiting, error)
        self._node.loop.call_later(self._node.chance.expovariate(1 / QUICK), told)


def _result(waiting: "asyncio.Future[Any]", result: object) -> None:
    if not waiting.done():
        waiting.set_result(result)


def _error(waiting: "asyncio.Future[Any]", error: Exception) -> None:
    if not waiting.done():
        waiting.set_exception(error)


class Here(Parsers):
    """Parses in this process."""

    def __init__(self, house: House) -> None:
        self._codecs = {name: speaker.codec for name, speaker in house.playbook.channels.items()}

    async def parse(self, raws: Sequence[Wanted]) -> list[Parsed]:
        """What each says."""
        await asyncio.sleep(0)
        return [self._one(*raw) for raw in raws]

    def _one(self, name: Any, raw: Any) -> Parsed:
        try:
            return tuple(self._codecs[name].parse(raw))
        except Unreadable as unreadable:
            return unreadable


class SpreadWake(ProcessWake):
    """Wakes this node, and the others a little later; deaf, nobody hears anything."""

    def __init__(self, others: Callable[[], Sequence["Node"]], loop: VirtualLoop, chance: random.Random) -> None:
        super().__init__()
        self._others = others
        self._virtual = loop
        self._chance = chance
        self.deaf = False

    def notify(self, *topics: str) -> None:
        """Wake everyone who waits for one of these."""
        if self.deaf:
            return
        super().notify(*topics)
        for other in self._others():
            heard = super(SpreadWake, other.wake).notify
            self._virtual.call_later(self._chance.expovariate(1 / SPREAD), partial(heard, *between_nodes(topics)))


class Node:
    """One process that serves the site, from its start to its end."""

    def __init__(
        self,
        name: str,
        folder: Path,
        network: Network,
        wording: Wording,
        loop: VirtualLoop,
        chance: random.Random,
        others: Callable[["Node"], Sequence["Node"]],
    ) -> None:
        self.name = name
        self.loop = loop
        self.chance = chance
        self.process = Process()
        self.fuse = 0
        """How many points it still passes before it ends; 0: it does not."""
        self.full = False
        """The disk takes nothing."""
        self.passed = 0
        self._carrying = False
        self.wake = SpreadWake(lambda: others(self), loop, chance)
        self.wake.attach()
        site, memory = Site(folder), MemoryAdapter(lambda _: network)
        self.house = House.build(
            site,
            load(site, {"memory": memory, "chat": memory}),
            wake=self.wake,
            clock=SimClock(loop),
            probe=self._point,
            chance=lambda: Entropy(chance.randbytes(32)),
            writer=lambda _: Stepped(self),
        )
        self.house.owner = name
        works = Works(self.house, self.wake, wording, Here(self.house), probe=self._point)
        self._tasks = [
            loop.create_task(keep_going(self.house, name, work), context=self.process.context)
            for name, work in works.all().items()
        ]

    @property
    def store(self) -> Store:
        """Its way to what is stored."""
        return self.house.store

    def carry_out(self, job: Callable[[], T]) -> T:
        """A unit, as a whole. Raises Killed where the process ended in it, and Temporary where there is no room."""
        if self.process.ended:
            raise Killed
        if self.full:
            raise Temporary("store.disk_full", detail="simulated")
        self._carrying = True
        try:
            return job()
        finally:
            self._carrying = False
            self._let_go()

    def end(self) -> None:
        """No step of it is taken any more."""
        self.process.ended = True
        self._let_go()

    def _let_go(self) -> None:
        """Of its connection, once it has ended and nothing is under way on it."""
        if self.process.ended and not self._carrying:
            self.store.close()

    def _point(self, point: str) -> None:
        self.passed += 1
        if self.process.ended:
            raise Killed
        if self.fuse:
            self.fuse -= 1
            if not self.fuse:
                self.end()
                raise Killed(point)
