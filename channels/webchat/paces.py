"""How often a stranger may ask: counted by visitor and by where they come from."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter

from channels.webchat.options import WebchatOptions
from channels.webchat.refusal import Refused
from inbox.text.networks import network

GREETED_PER_MINUTE = 3000
"""From one address: behind it may be a whole town, and each page that one of them opens says hello."""
ASKED_PER_MINUTE = 120
"""Whatever writes nothing, of one visitor."""
MAIL_PER_HOUR = 20
"""Wishes and codes for an address, of one visitor; the house has limits of its own for what it sends."""
LOOKED = 600
"""Looks for articles at what is being written, from one address within"""
LOOKED_MINUTES = 15
BYTES_PER_HOUR = 500_000_000
"""Of files, from one address; and so many may be on their way from it at the same time."""
COMING_WAIT = 30
"""Seconds after which an address may try again from which too much is on its way."""


class Paces:
    """Windows of fixed length. Each method raises Refused (429) with the seconds until the window ends."""

    def __init__(self, options: WebchatOptions, counts: Storage) -> None:
        self._limiter = FixedWindowRateLimiter(counts)
        self._messages = RateLimitItemPerMinute(options.messages_per_minute)
        self._newcomers = RateLimitItemPerHour(options.visitors_per_hour)
        self._once = RateLimitItemPerHour(1)
        self._greeted = RateLimitItemPerMinute(GREETED_PER_MINUTE)
        self._asked = RateLimitItemPerMinute(ASKED_PER_MINUTE)
        self._mail = RateLimitItemPerHour(MAIL_PER_HOUR)
        self._looked = RateLimitItemPerMinute(LOOKED, LOOKED_MINUTES)
        self._bytes = RateLimitItemPerHour(BYTES_PER_HOUR)
        self._coming = Counter[str]()

    async def greets(self, host: str) -> None:
        """One more hello from an address."""
        await self._count(self._greeted, "greeted", network(host))

    async def asks(self, visitor: str) -> None:
        """One more question of a visitor."""
        await self._count(self._asked, "asked", visitor)

    async def looks(self, host: str) -> None:
        """One more look for articles from an address, whoever its visitors say they are."""
        await self._count(self._looked, "looked", network(host))

    async def says(self, visitor: str) -> None:
        """One more message or button of a visitor."""
        await self._count(self._messages, "says", visitor)

    async def begins(self, visitor: str, host: str) -> None:
        """A visitor of whom nothing is known writes, perhaps several times before we know them."""
        if not await self._limiter.test(self._once, "new", visitor):
            return
        await self._count(self._newcomers, "newcomers", network(host))
        await self._limiter.hit(self._once, "new", visitor)

    async def room(self, host: str) -> None:
        """Whether an address may send files at all just now."""
        if not await self._limiter.test(self._bytes, "bytes", network(host)):
            raise Refused(429, "webchat.too_often", wait=await self._wait(self._bytes, ("bytes", network(host))))

    async def sends(self, host: str, size: int) -> None:
        """So many bytes of files came from an address."""
        if size:
            await self._count(self._bytes, "bytes", network(host), cost=size)

    @contextmanager
    def coming(self, host: str, size: int) -> Iterator[None]:
        """While a form of at most so many bytes is on its way: a slow one takes room long before its bytes are counted."""
        place = network(host)
        if self._coming[place] and self._coming[place] + size > BYTES_PER_HOUR:
            raise Refused(429, "webchat.too_often", wait=COMING_WAIT)
        self._coming[place] += size
        try:
            yield
        finally:
            self._coming[place] -= size
            if not self._coming[place]:
                del self._coming[place]

    async def tries_mail(self, visitor: str) -> None:
        """One more address or code of a visitor."""
        await self._count(self._mail, "mail", visitor)

    async def _count(self, item: RateLimitItem, *names: str, cost: int = 1) -> None:
        if not await self._limiter.hit(item, *names, cost=cost):
            raise Refused(429, "webchat.too_often", wait=await self._wait(item, names))

    async def _wait(self, item: RateLimitItem, names: Sequence[str]) -> int:
        """Whole seconds until the window ends, as the storage's own clock has it."""
        stats = await self._limiter.get_window_stats(item, *names)
        return max(1, min(round(stats.reset_time - time.time()), item.get_expiry()))
