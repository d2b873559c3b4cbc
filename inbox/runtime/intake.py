"""Intake: whatever a channel fetches is durable before the network is told to forget it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from inbox.blobs import Blobs
from inbox.domain.arrivals import Item, Spooled
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Problem, Temporary
from inbox.ports.channel import Batch, Channel, Cursor
from inbox.ports.clock import Clock
from inbox.ports.probe import Probe, silent
from inbox.runtime.logs import log
from inbox.store import arrivals, channels
from inbox.store.arrivals import Landing
from inbox.store.leases import Fence, fenced, unfenced
from inbox.store.store import Store

SMALL = 64 * 1024
"""Bytes up to which a raw is a row; larger ones are files named by their digest."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Lands batches in the store, for the channels that pull and for the faces that are pushed to."""

    store: Store
    blobs: Blobs
    clock: Clock
    probe: Probe = silent
    fence: Fence = unfenced
    """Of the one that follows a channel: whoever is not that any more must not set its cursor back."""

    async def follow(self, name: ChannelName, channel: Channel) -> None:
        """Fetch, store, confirm, for ever. Raises what the channel raises, and what the store raises after refusing."""
        cursor = await self.store.read(channels.cursor, name)
        async for batch in channel.fetch(None if cursor is None else Cursor(cursor)):
            self.probe("intake.fetched")
            try:
                await self.land(name, batch)
            except Problem as problem:
                await channel.refuse(batch, _temporary(problem))
                raise
            self.probe("intake.landed")
            await channel.confirm(batch)
            self.probe("intake.confirmed")

    async def land(self, name: ChannelName, batch: Batch) -> int:
        """Store a batch and the cursor behind it; how many of its items were new."""
        landings = [await self._landing(item) for item in batch.items]
        now: datetime = self.clock.now()
        fresh = await self.store.write(
            fenced,
            self.fence,
            partial(
                arrivals.land,
                name=name,
                items=landings,
                cursor=batch.cursor,
                now=now,
                history=batch.history,
                first_sync=batch.first_sync,
            ),
        )
        for item in batch.items:
            if isinstance(item.raw, Spooled):
                await asyncio.to_thread(item.raw.path.unlink, missing_ok=True)
        if batch.items:
            log("intake").info("fetched", channel=name, arrivals=len(batch.items), new=fresh)
        return fresh

    async def _landing(self, item: Item) -> Landing:
        raw = item.raw
        if isinstance(raw, bytes) and len(raw) <= SMALL:
            return Landing(item.key, len(raw), raw, came=item.came)
        size = raw.size if isinstance(raw, Spooled) else len(raw)
        try:
            digest = await asyncio.to_thread(self.blobs.put, raw)
        except OSError as error:
            raise Temporary("store.disk_full", detail=error.strerror or type(error).__name__) from error
        return Landing(item.key, size, None, digest, came=item.came)


def _temporary(problem: Problem) -> Temporary:
    return problem if isinstance(problem, Temporary) else Temporary(problem.key, **problem.facts)
