"""The importer: old mail out of files into the store, in the order in which it was written and in small batches.

Each mail is landed and received in one unit (`pipeline.past`): a daemon beside us never sees it without its verdict, and
a kill leaves nothing half done. What landed before is known by its bytes and costs no more than reading it.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice

from inbox.archive.found import Archive, Found, Index
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Problem
from inbox.pipeline.past import KNOWN, Brought, bring_in
from inbox.pipeline.playbook import Playbook
from inbox.ports.clock import Clock
from inbox.runtime.reckoning import Reckoning
from inbox.runtime.unpacking import Read, Ready, Unpacked, Unpacking
from inbox.store import leases
from inbox.store.arrivals import TRIES
from inbox.store.store import Store
from inbox.store.unit import Unit

AT_ONCE = 50
"""Mails in hand at a time; twice as many while the next are being read."""
POLITE, PAUSE = 10, 0.02
"""Mails in one go while a daemon writes into the same file, and the seconds that it is then left alone."""


@dataclass(frozen=True, slots=True)
class Importer:
    """Brings mail in on one channel."""

    store: Store
    unpacking: Unpacking
    playbook: Playbook
    clock: Clock
    channel: ChannelName

    async def run(self, archive: Archive, index: Index, told: Callable[[int], None]) -> Reckoning:
        """All of it; `told` hears how many mails are done. Raises Temporary where the store cannot take more now: what is
        in stays in, and another run goes on behind it."""
        reckoning, mails, done = Reckoning(offered=len(index)), index.by_time(), 0
        ahead = asyncio.create_task(self._next(archive, mails))
        try:
            while (batch := await ahead) is not None:
                ahead = asyncio.create_task(self._next(archive, mails))
                await self._bring_in(batch, reckoning)
                done += batch.count
                told(done)
        finally:
            ahead.cancel()
            with suppress(asyncio.CancelledError, Problem):
                await ahead
        return reckoning

    async def _next(self, archive: Archive, mails: Iterator[Found]) -> Unpacked | None:
        found = list(islice(mails, AT_ONCE))
        return await self.unpacking.of(archive, found, self.clock.now()) if found else None

    async def _bring_in(self, batch: Unpacked, reckoning: Reckoning) -> None:
        for _ in range(batch.known):
            reckoning.take(Brought(KNOWN))
        for place, reason in batch.lost:
            reckoning.lose(place, reason)
        together = await self._together()
        for start in range(0, len(batch.ready), together):
            for brought in await self._written(batch.ready[start : start + together]):
                reckoning.take(brought)
            if together == POLITE:
                await self.clock.sleep(PAUSE)

    async def _together(self) -> int:
        """A file has one writer at a time, and whoever waits for it does not stand in line: a daemon is given its turn."""
        served = self.store.sqlite and await self.store.read(leases.held, "receiver", self.clock.now())
        return POLITE if served else AT_ONCE

    async def _written(self, ready: Sequence[Ready]) -> list[Brought]:
        results = await self.store.write_each([partial(self._unit, one, one.read) for one in ready])
        return [
            await self._again(one, result) if isinstance(result, Exception) else result
            for one, result in zip(ready, results, strict=True)
        ]

    async def _again(self, ready: Ready, error: Exception) -> Brought:
        """What failed is tried as often as a new mail would be, and then quarantined; the others do not suffer for it."""
        for _ in range(1, TRIES):
            [result] = await self.store.write_each([partial(self._unit, ready, ready.read)])
            if not isinstance(result, Exception):
                return result
            error = result
        problem = error if isinstance(error, Problem) else Problem("receive.failed", error=type(error).__name__)
        return await self.store.write(self._put, ready, problem)

    def _put(self, unit: Unit, ready: Ready, read: Read) -> Brought:
        return self._unit(ready, read, unit)

    def _unit(self, ready: Ready, read: Read, unit: Unit) -> Brought:
        return bring_in(unit, self.channel, ready.landing, ready.raw, read, self.playbook, self.clock.now())
