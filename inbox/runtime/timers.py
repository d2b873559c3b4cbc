"""Recurring housekeeping by the clock; the only importer of APScheduler. Deadlines are rows and never stand here."""

from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from inbox.ports.clock import Clock
from inbox.runtime.logs import log
from inbox.store import housekeeping
from inbox.store.store import Store

KEPT = timedelta(days=2)
"""How long used links, ended sessions, codes and remembered answers stay: a day is promised to callers that repeat, and
codes to an address are counted by the day."""


class Timers:
    """A handful of jobs in memory: what is missed while we are down is not made up for."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
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
