"""The clocks of a house in service: the machine's own, and the one that all nodes of a site share."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from inbox.domain.problems import Problem
from inbox.runtime.logs import log
from inbox.store.leases import stored_now
from inbox.store.store import Store


class SystemClock:
    """Implements `Clock` by the machine's own time."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


LOOK = 30.0
"""Seconds between two looks at the server's clock."""
SLOW = 1.0
"""Seconds after which an answer no longer tells what time it is."""
SKEWED = timedelta(seconds=5)
"""By so much the machine's own clock may differ before somebody is told."""


class StoreClock(SystemClock):
    """The time of the database's server, which all nodes share: what one of them says is due is due on every other.

    Between two looks it goes by a clock of the machine that nobody sets.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told = False
        self._at, self._base = _steady(), datetime.now(UTC)
        self.look()

    def now(self) -> datetime:
        """The present instant, UTC."""
        return self._base + timedelta(seconds=_steady() - self._at)

    def look(self) -> None:
        """Ask the server. Raises Problem where it does not answer."""
        before = _steady()
        base = self._store.read_now(stored_now, datetime.now(UTC))
        after = _steady()
        if after - before < SLOW or not self._told:
            self._at, self._base = (before + after) / 2, base
            self._compare()

    async def run(self) -> None:
        """Look again now and then. Until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                await asyncio.to_thread(self.look)
            except Problem as problem:
                log("clock").warning("not-told", why=problem)

    def _compare(self) -> None:
        ahead = datetime.now(UTC) - self.now()
        if abs(ahead) > SKEWED and not self._told:
            log("clock").warning("machine-is-wrong", by_s=round(ahead.total_seconds(), 1))
        self._told = True


def _steady() -> float:
    """Seconds of a clock that also counts while the machine sleeps, where there is one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def clock_of(store: Store) -> SystemClock:
    """The clock that those who share a store go by. Raises Problem where the store does not answer."""
    return SystemClock() if store.sqlite else StoreClock(store)
