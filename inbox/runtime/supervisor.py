"""The supervisor of one channel: opens it, runs intake and sender over it, and after trouble tries again, ever more patiently."""

import asyncio
import random
from collections.abc import Callable

from inbox.domain.ids import ChannelName
from inbox.domain.problems import Credentials, Problem, Temporary
from inbox.pipeline.outcome import stored
from inbox.ports.channel import Channel
from inbox.ports.clock import Clock
from inbox.runtime.intake import Intake
from inbox.runtime.logs import log
from inbox.runtime.sender import Sender
from inbox.store import channels
from inbox.store.store import Store

FIRST, LAST, LOCKED_OUT = 1.0, 60.0, 300.0
"""Seconds of pause: after the first trouble, at most, and after a refused login."""


class Supervisor:
    """Trouble on one channel is that channel's: it backs off, people see its state, the others go on."""

    def __init__(
        self,
        name: ChannelName,
        build: Callable[[], Channel],
        sender: Callable[[Channel], Sender],
        intake: Intake,
        store: Store,
        clock: Clock,
    ) -> None:
        self._name = name
        self._build = build
        self._sender = sender
        self._intake = intake
        self._store = store
        self._clock = clock
        self.connected = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        failures, locked_out = 0, False
        while True:
            channel = self._build()
            try:
                await self._state("starting")
                await channel.open()
                await self._state("connected")
                self.connected.set()
                failures, locked_out = 0, False
                await self._both(channel)
            except Exception as error:
                failures += 1
                locked_out = isinstance(error, Credentials)
                await self._trouble(error, failures)
            finally:
                self.connected.clear()
                await self._close(channel)
            await self._clock.sleep(LOCKED_OUT if locked_out else _pause(failures))

    async def _both(self, channel: Channel) -> None:
        """Intake and sender side by side; the first that fails ends both."""
        sending = asyncio.create_task(self._sender(channel).run())
        fetching = asyncio.create_task(self._intake.follow(self._name, channel))
        try:
            done, _ = await asyncio.wait({sending, fetching}, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        except ExceptionGroup as group:
            raise group.exceptions[0] from group
        finally:
            for task in (sending, fetching):
                task.cancel()
            await asyncio.gather(sending, fetching, return_exceptions=True)

    async def _trouble(self, error: Exception, failures: int) -> None:
        problem = error if isinstance(error, Problem) else Problem("channel.broke", error=type(error).__name__)
        state = "locked-out" if isinstance(error, Credentials) else "backing-off"
        unexpected = None if isinstance(error, Problem) else error
        log("channel").warning(state, channel=self._name, why=str(problem), failures=failures, exc_info=unexpected)
        await self._state(state, stored(problem))

    async def _state(self, state: str, problem: str | None = None) -> None:
        try:
            await self._store.write(channels.set_state, self._name, state, problem, self._clock.now())
        except Temporary as trouble:  # a full disk must not stop the way back
            log("channel").warning("state-not-stored", channel=self._name, state=state, why=str(trouble))

    async def _close(self, channel: Channel) -> None:
        try:
            await channel.close()
        except Exception as error:
            log("channel").warning("close-failed", channel=self._name, exc_info=error)


def _pause(failures: int) -> float:
    return float(min(LAST, FIRST * 2 ** min(max(failures - 1, 0), 10)) * random.uniform(0.5, 1.0))
