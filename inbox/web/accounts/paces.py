"""How often one may try something, above all to sign in: counted by what is tried and by where the tries come from."""

from collections.abc import Sequence
from datetime import datetime

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter

from inbox.text.networks import network

WINDOW = 15
"""Minutes."""
PER_ACCOUNT = 10
PER_ADDRESS = 60
"""Behind an address may be a whole office."""


class Paces:
    """Windows of fixed length, in minutes. Each method tells how many minutes to wait; 0: go on."""

    def __init__(
        self,
        counts: Storage,
        per_account: int = PER_ACCOUNT,
        per_address: int = PER_ADDRESS,
        window: int = WINDOW,
    ) -> None:
        self._limiter = FixedWindowRateLimiter(counts)
        self._window = window
        self._account = RateLimitItemPerMinute(per_account, window)
        self._address = RateLimitItemPerMinute(per_address, window)

    async def tries(self, account: str, address: str, now: datetime) -> int:
        """One more try of an account (as it was typed, whether there is one or not) from an address. A try too many counts for
        neither, so that the window ends."""
        return await self._count(self._keys(account, address), now)

    async def leaves(self, address: str, now: datetime) -> int:
        """One more way to a provider that begins at an address; who it is, nobody knows yet."""
        return await self._count(self._keys("", address)[1:], now)

    async def succeeded(self, account: str) -> None:
        """Who got in has all tries again."""
        await self._limiter.clear(self._account, "account", _folded(account))

    def _keys(self, account: str, address: str) -> list[tuple[RateLimitItem, tuple[str, str]]]:
        return [(self._account, ("account", _folded(account))), (self._address, ("address", network(address)))]

    async def _count(self, keys: Sequence[tuple[RateLimitItem, tuple[str, str]]], now: datetime) -> int:
        waits = [await self._wait(now, item, *key) for item, key in keys]
        if any(waits):
            return max(waits)
        for item, key in keys:
            await self._limiter.hit(item, *key)
        return 0

    async def _wait(self, now: datetime, item: RateLimitItem, *key: str) -> int:
        if await self._limiter.test(item, *key):
            return 0
        stats = await self._limiter.get_window_stats(item, *key)
        return max(1, min(self._window, -int(-(stats.reset_time - now.timestamp()) // 60)))


def _folded(account: str) -> str:
    return account.strip().lower()[:200]
