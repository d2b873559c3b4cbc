"""What customers do on our own pages comes in as on any network: as an arrival, which the path receives in its turn."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from inbox.domain.arrivals import Item
from inbox.domain.ids import ChannelName
from inbox.web.lookout import Lookout

Accept = Callable[[ChannelName, Item], Awaitable[None]]
"""Stores an item of a channel as an arrival; returns after the commit."""


@dataclass(frozen=True, slots=True)
class Visits:
    """Of one process."""

    accept: Accept
    lookout: Lookout

    async def put(self, channel: ChannelName, thread: str, item: Item, seconds: float) -> bool:
        """Store what somebody said; whether it could be seen in that thread within so many seconds. Stored it is either way."""
        await self.lookout.changed(channel, thread, 0)  # from here on no news is missed
        await self.accept(channel, item)
        return await self.lookout.changed(channel, thread, seconds)
