"""Looks up the keys of senders' signatures as mail is fetched: bounded in time, and a DNS that is slow keeps no mail waiting."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from channels.email.key_stamps import RECORD_MOST, Stamps, names_wanted
from inbox.domain.arrivals import Item
from inbox.ports.channel import Batch
from inbox.ports.clock import Clock

LookUp = Callable[[str], Awaitable[bytes]]
"""The text of the TXT record of a name; empty where there is none. Raises OSError where the DNS did not answer."""
SECONDS = 2.0
"""For all names of a batch together; the acknowledgement is to leave within the second, most records come in milliseconds."""
REST = timedelta(minutes=1)
KEPT = timedelta(minutes=5)
MOST = 1_000


class KeyLookUp:
    """Remembers what was said for five minutes, and asks nobody for one after the DNS did not answer."""

    def __init__(self, look_up: LookUp, stamps: Stamps, clock: Clock) -> None:
        self._look_up = look_up
        self._stamps = stamps
        self._clock = clock
        self._known: dict[str, tuple[datetime, bytes]] = {}
        self._resting: datetime | None = None

    async def added(self, batch: Batch) -> Batch:
        """The batch with the keys that could be had. Mails that lie in a file stay as they are, old mail too."""
        if batch.history:
            return batch
        wanted = {item.key: names_wanted(item.raw) for item in batch.items if isinstance(item.raw, bytes)}
        await self._ask({name for names in wanted.values() for name in names})
        return replace(batch, items=tuple(self._stamped(item, wanted.get(item.key, ())) for item in batch.items))

    def _stamped(self, item: Item, names: tuple[str, ...]) -> Item:
        keys = {name: self._known[name][1] for name in names if name in self._known and self._known[name][1]}
        if not keys or not isinstance(item.raw, bytes):
            return item
        return replace(item, raw=self._stamps.stamped(item.raw, keys))

    async def _ask(self, names: set[str]) -> None:
        now = self._clock.now()
        self._known = {name: told for name, told in self._known.items() if told[0] > now}
        missing = sorted(names - self._known.keys())
        if not missing or (self._resting is not None and now < self._resting):
            return
        if len(self._known) + len(missing) > MOST:
            self._known.clear()
        try:
            async with asyncio.timeout(SECONDS), asyncio.TaskGroup() as group:
                for name in missing[:MOST]:
                    group.create_task(self._one(name, now + KEPT))
        except* (OSError, TimeoutError):
            self._resting = now + REST

    async def _one(self, name: str, until: datetime) -> None:
        record = await self._look_up(name)
        self._known[name] = (until, record if len(record) <= RECORD_MOST else b"")


async def asked(name: str) -> bytes:
    """What the system's resolver says."""
    import dns.asyncresolver  # most sites never ask
    import dns.exception
    import dns.resolver

    try:
        answer = await dns.asyncresolver.resolve(name, "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return b""
    except (dns.exception.DNSException, ValueError) as error:
        raise OSError(type(error).__name__) from error
    return b"".join(answer[0].strings) if len(answer) == 1 else b""  # several: nobody knows which (RFC 6376, 3.6.2.2)
