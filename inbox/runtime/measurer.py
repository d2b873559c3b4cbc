"""The measurer: follows the change feed and keeps what reports count, in slices of bulk work; people's work goes before it."""

from functools import partial
from zoneinfo import ZoneInfo

from inbox.domain.problems import Problem
from inbox.pipeline import measured as verbs
from inbox.ports.clock import Clock
from inbox.ports.wake import AGENTS, Wake
from inbox.runtime.backlog import Backlog
from inbox.runtime.logs import log
from inbox.store.measured import put
from inbox.store.store import Store

LOOK = 60.0
"""Seconds after which it looks again though nobody woke it."""
REST = 2.0
"""Seconds between two looks: a conversation in which much happens is not measured for each event of it; and between two slices
while more arrives than is received."""


class Measurer:
    """What it does is idempotent: killed at any point it measures some conversations again. Nothing waits for it."""

    def __init__(self, store: Store, wake: Wake, clock: Clock, zone: ZoneInfo, backlog: Backlog | None = None) -> None:
        self._store = store
        self._wake = wake
        self._clock = clock
        self._zone = zone
        self._backlog = backlog or Backlog()

    async def run(self) -> None:
        """Until cancelled."""
        await self._wake.wait(AGENTS, 0)  # from here on no wake-up is missed
        while True:
            try:
                busy = await self.look()
            except Problem as problem:
                log("measures").warning("later", why=problem)
                busy = False
            if not busy:
                await self._wake.wait(AGENTS, LOOK)
            if not busy or self._backlog.giving_way(self._clock.now()):
                await self._clock.sleep(REST)

    async def settle(self) -> None:
        """Until everything that has happened is counted."""
        while await self.look():
            pass

    async def look(self) -> bool:
        """Measure the next slice; whether there may be more."""
        stands = await self._store.read(verbs.stands, self._zone)
        if stands == "counted":
            return False
        if stands == "other":
            await self._store.write(verbs.begin, self._zone)
        found = await self._store.read(verbs.following, self._zone)
        if found.to is None:
            return False
        for result in await self._store.write_each([partial(put, new=one) for one in found.found]):
            if isinstance(result, Exception):
                raise result
        await self._store.write(verbs.reached, found)
        return found.more
