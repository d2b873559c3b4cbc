"""The channel of kinds whose people look at our own pages: nothing is fetched, since pages are pushed to, and what is settled as
sent, the pages show."""

import asyncio
from collections.abc import AsyncIterator

from inbox.domain.arrivals import Raw
from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.domain.problems import Permanent, Temporary
from inbox.ports.channel import HANDED, Batch, Cursor, StageLog
from inbox.ports.probe import Probe


class Silence:
    """The batches of a channel that is pushed to: none, until it is closed."""

    def __init__(self, closed: asyncio.Event) -> None:
        self._closed = closed

    def __aiter__(self) -> AsyncIterator[Batch]:
        return self

    async def __anext__(self) -> Batch:
        """Waits for the end."""
        await self._closed.wait()
        raise StopAsyncIteration


class Shown:
    """Implements `inbox.ports.channel.Channel`. There is no network between us and the page, so nothing can fail."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._closed = asyncio.Event()

    async def open(self) -> None:
        """Nothing to connect to."""
        self._closed.clear()

    def fetch(self, since: Cursor | None) -> AsyncIterator[Batch]:
        """Nothing, for as long as the channel is open."""
        return Silence(self._closed)

    async def confirm(self, batch: Batch) -> None:
        """Nothing was fetched."""

    async def refuse(self, batch: Batch, why: Temporary) -> None:
        """Nothing was fetched."""

    async def collect(self, part: str) -> Raw:
        """Files come with their messages. Raises Permanent."""
        raise Permanent("shown.file_gone")

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt:
        """Handed over as soon as it is written that it was: the transcript shows what is settled as sent."""
        self._probe("out.connected")
        await stage(HANDED)
        self._probe("out.stage_dot_committed")
        self._probe("out.got_250")
        return Receipt((part.key,), note="shown")

    async def close(self) -> None:
        """Whoever waits in `fetch` is let go."""
        self._closed.set()
