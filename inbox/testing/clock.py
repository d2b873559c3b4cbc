"""A clock that stands still until a test moves it."""

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count

DEFAULT_START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
"""A Saturday, 12:30 in Tehran: within working hours of both calendars that the examples use."""


class FakeClock:
    """Implements `inbox.ports.clock.Clock`. Belongs to one event loop; `now` alone may be asked from any thread."""

    def __init__(self, start: datetime = DEFAULT_START) -> None:
        if start.utcoffset() is None:
            raise ValueError("a clock starts at an aware instant")
        self._now = start.astimezone(UTC)
        self._numbers = count()
        self._waiting: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """The instant that the test has brought it to."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait until the test has moved the clock that far; no or negative time lets the others run once."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self._now + timedelta(seconds=seconds), next(self._numbers), woken))
        await woken

    def advance(self, by: timedelta) -> None:
        """Move on by that much at once and wake everyone whose time has come, the earliest first."""
        if by < timedelta(0):
            raise ValueError("a clock does not go back; begin with an earlier one")
        self._now += by
        while self._waiting and self._waiting[0][0] <= self._now:
            woken = heapq.heappop(self._waiting)[2]
            if not woken.done():
                woken.set_result(None)

    @property
    def sleepers(self) -> int:
        """How many wait; a test that must not move the clock too early waits for this number first."""
        return sum(not woken.done() for _, _, woken in self._waiting)

    @property
    def wakes_at(self) -> datetime | None:
        """When the next sleeper is due."""
        return min((due for due, _, woken in self._waiting if not woken.done()), default=None)
