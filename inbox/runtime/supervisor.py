"""The supervisor of one channel: keeps its intake, its sender and its collector going, each over a connection of its own.

A dead way in does not keep answers from going out, nor the other way round; after trouble each tries again, ever more
patiently, and people see how it stands.
"""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from inbox.domain.ids import ChannelName
from inbox.domain.problems import Credentials, Problem, Temporary
from inbox.pipeline.outcome import stored
from inbox.ports.channel import Channel
from inbox.ports.clock import Clock
from inbox.runtime.collector import Collector
from inbox.runtime.intake import Intake
from inbox.runtime.lasting import apart, lasting
from inbox.runtime.logs import log
from inbox.runtime.sender import Sender
from inbox.store import channels
from inbox.store.store import Store

FIRST, LAST, LOCKED_OUT = 1.0, 60.0, 300.0
"""Seconds of pause: after the first trouble, at most, and after a refused login."""
WORST = ("locked-out", "backing-off", "starting", "connected")
"""How a way in or out may stand, the worst first: so stands the channel."""
DRAIN = 15.0
"""Seconds that a send in hand is given to end when the channel is stopped."""


class Told(Protocol):
    """Whoever wants to know how a channel stands."""

    def __call__(self, name: ChannelName, state: str) -> None: ...


class Supervisor:
    """Trouble on one channel is that channel's own; the others go on."""

    def __init__(
        self,
        name: ChannelName,
        build: Callable[[], Channel],
        sender: Callable[[Channel], Sender],
        intake: Intake,
        collector: Collector,
        store: Store,
        clock: Clock,
        told: Told,
    ) -> None:
        self._name = name
        self._build = build
        self._sender = sender
        self._intake = intake
        self._collector = collector
        self._store = store
        self._clock = clock
        self._told = told
        self._ways: dict[str, tuple[str, str | None]] = {}

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._again_and_again("in", self._fetch))
            group.create_task(self._again_and_again("out", self._send))
            group.create_task(lasting("collect", self._collector.run))

    async def _again_and_again(self, way: str, work: Callable[[Channel], Coroutine[Any, Any, None]]) -> None:
        failures = 0
        while True:
            channel, began = self._build(), self._clock.now()
            try:
                await apart(work(channel))
            except Exception as raised:
                error = raised.exceptions[0] if isinstance(raised, ExceptionGroup) else raised
                lasted = (self._clock.now() - began).total_seconds()
                failures = 1 if lasted > LAST else failures + 1
                await self._trouble(way, error, failures)
                pause = LOCKED_OUT if isinstance(error, Credentials) else _pause(failures)
            else:
                pause = 0.0
            finally:
                await self._close(channel)
            await self._clock.sleep(pause)

    async def _fetch(self, channel: Channel) -> None:
        await self._state("in", "starting")
        await channel.open()
        await self._state("in", "connected")
        await self._intake.follow(self._name, channel)

    async def _send(self, channel: Channel) -> None:
        """What is being sent when the house stops is sent to its end, or for as long as that may take."""
        if "out" in self._ways:  # it was in trouble, and begins anew
            await self._state("out", "connected")
        sender = self._sender(channel)
        sending = asyncio.create_task(sender.run())
        try:
            await asyncio.wait({sending})
            sending.result()
        finally:
            sender.stop()
            await asyncio.wait({sending}, timeout=DRAIN)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _trouble(self, way: str, error: Exception, failures: int) -> None:
        problem = error if isinstance(error, Problem) else Problem("channel.broke", error=type(error).__name__)
        state = "locked-out" if isinstance(error, Credentials) else "backing-off"
        unexpected = None if isinstance(error, Problem) else error
        log("channel").warning(state, channel=self._name, why=problem, failures=failures, exc_info=unexpected)
        await self._state(way, state, stored(problem))

    async def _state(self, way: str, state: str, problem: str | None = None) -> None:
        self._ways[way] = (state, problem)
        state, problem = min(self._ways.values(), key=lambda one: WORST.index(one[0]))
        self._told(self._name, state)
        try:
            await self._store.write(channels.set_state, self._name, state, problem, self._clock.now())
        except Temporary as trouble:  # a full disk must not stop the way back
            log("channel").warning("state-not-stored", channel=self._name, state=state, why=trouble)

    async def _close(self, channel: Channel) -> None:
        try:
            await channel.close()
        except Exception as error:
            log("channel").warning("close-failed", channel=self._name, exc_info=error)


def _pause(failures: int) -> float:
    return float(min(LAST, FIRST * 2 ** min(max(failures - 1, 0), 10)) * random.uniform(0.5, 1.0))
