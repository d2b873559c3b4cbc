"""A bot that is being fetched from, and what is read of what it brings."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from channels.telegram.channel import BotChannel
from inbox.domain.happenings import InboundMessage
from inbox.ports.channel import Batch, Cursor
from tests.channels.telegram.ground import BotGround

PATIENCE = 25.0


class Bot:
    """A bot that is being fetched from."""

    def __init__(self, channel: BotChannel, since: Cursor | None) -> None:
        self.channel = channel
        self.batches = channel.fetch(since)

    async def next(self, *, stored: bool = True) -> Batch:
        """The next batch; what is stored is confirmed."""
        async with asyncio.timeout(PATIENCE):
            batch = await anext(self.batches)
        if stored:
            await self.channel.confirm(batch)
        return batch


@asynccontextmanager
async def fetching(ground: BotGround, since: Cursor | None = None) -> AsyncIterator[Bot]:
    channel = ground.channel()
    bot = Bot(channel, since)
    try:
        yield bot
    finally:
        assert isinstance(bot.batches, AsyncGenerator)
        await bot.batches.aclose()
        await channel.close()


def texts(ground: BotGround, batch: Batch) -> list[str]:
    said = [one for item in batch.items for one in ground.codec().parse(item.raw)]
    return [one.text for one in said if isinstance(one, InboundMessage)]


async def until(true: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0)
