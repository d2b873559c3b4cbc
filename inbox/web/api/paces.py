"""How often a token may ask, and how often a place may show tokens that are none: counted by the minute."""

from dataclasses import dataclass
from datetime import datetime

from limits import RateLimitItemPerMinute
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter

from inbox.domain.ids import AccessId
from inbox.text.networks import network

WRONG = 30
"""Tokens that are none, from one place in a minute."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a window stands: how many there are of it, how many are left, and after how many seconds the next one begins."""

    limit: int
    left: int
    seconds: int
    open: bool

    @property
    def headers(self) -> dict[str, str]:
        """As programs are told."""
        told = {"ratelimit-limit": self.limit, "ratelimit-remaining": self.left, "ratelimit-reset": self.seconds}
        wait = {} if self.open else {"retry-after": self.seconds}
        return {name: str(value) for name, value in {**told, **wait}.items()}


class Paces:
    """Windows of one minute."""

    def __init__(self, counts: Storage, per_minute: int) -> None:
        self._limiter = FixedWindowRateLimiter(counts)
        self._calls = RateLimitItemPerMinute(per_minute)
        self._wrong = RateLimitItemPerMinute(WRONG)

    async def called(self, token: AccessId, now: datetime) -> Pace:
        """One more call with a token."""
        return await self._counted(self._calls, ("token", str(token)), now)

    async def wrong(self, host: str, now: datetime) -> Pace:
        """One more token that is none, from a place. Tokens that stand are let in from there all the same."""
        return await self._counted(self._wrong, ("wrong", network(host)), now)

    async def _counted(self, item: RateLimitItemPerMinute, key: tuple[str, str], now: datetime) -> Pace:
        free = await self._limiter.hit(item, *key)
        stats = await self._limiter.get_window_stats(item, *key)
        seconds = max(1, min(60, -int(-(stats.reset_time - now.timestamp()))))
        return Pace(item.amount, max(0, stats.remaining), seconds, free)
