"""Recurring housekeeping by the clock; the only importer of APScheduler. Deadlines are rows and never stand here."""

import asyncio
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from inbox.blobs import Blobs
from inbox.domain.acts import By
from inbox.pipeline import retain
from inbox.ports.clock import Clock
from inbox.runtime.logs import log
from inbox.store import housekeeping, loose_blobs
from inbox.store.store import Store

KEPT = timedelta(days=2)
"""How long used links, ended sessions, codes and remembered answers stay: a day is promised to callers that repeat, and
codes to an address are counted by the day."""


SETTLED = timedelta(hours=1)
"""How long after somebody stored bytes their row has come, if it ever does."""


async def sweep(store: Store, blobs: Blobs, before: datetime) -> int:
    """Remove what no row refers to and nobody stored since then; how many."""
    found = await store.read(loose_blobs.loose, before)
    gone = [digest for digest in found if await asyncio.to_thread(blobs.remove, digest, before)]
    if gone:
        await store.write(loose_blobs.drop, gone)
    return len(gone)


class Timers:
    """A handful of jobs in memory: what is missed while we are down is not made up for."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        blobs: Blobs | None = None,
        unused: timedelta = timedelta(days=7),
        kept: retain.Kept | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._blobs = blobs
        self._unused = unused
        self._kept = kept or {}
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(
            self._tidy, "interval", hours=1, coalesce=True, max_instances=1, misfire_grace_time=None, id="tidy"
        )

    def start(self) -> None:
        """From now on."""
        self._scheduler.start()

    def stop(self) -> None:
        """No more. Safe twice, and before the start."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _tidy(self) -> None:
        gone = await self._store.write(housekeeping.tidy, self._clock.now() - KEPT)
        log("timers").info("tidied", rows=gone)
        await self._retain()
        if self._blobs is not None:
            await sweep(self._store, self._blobs, self._clock.now() - SETTLED)
            await asyncio.to_thread(self._blobs.prune, self._clock.now() - self._unused)

    async def _retain(self) -> None:
        """What the site keeps no longer; killed in between it goes on an hour later."""
        now, gone = self._clock.now(), dict.fromkeys(self._kept, 0)
        for kind in gone:
            while more := await self._store.write(retain.some, kind, self._kept, now):
                gone[kind] += more
        if any(gone.values()):
            log("timers").info("retained", **gone)
            await self._store.write(retain.told, gone, By("owner", via="command"), now)
