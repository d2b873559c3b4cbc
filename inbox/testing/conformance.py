"""The suite that every channel must pass: nothing lost, nothing twice, nothing sent without knowing how far it came."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from inbox.domain.arrivals import Item
from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.outgoing import FrozenPart
from inbox.domain.problems import Permanent, Problem, Temporary, Unreachable
from inbox.ports.channel import HANDED, Batch, Channel, Cursor, Unconfirmed
from inbox.testing.codecs import CodecConformance
from inbox.testing.ground import FaultyGround, Ground, outgoing

T = TypeVar("T")
PATIENCE = 10.0
"""Seconds after which something that should happen counts as not happening."""


class Stages(list[str]):
    """A stage log in memory; `before` is called when a stage is asked for, and may raise."""

    def __init__(self, before: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self._before = before

    async def __call__(self, stage: str) -> None:
        """Remember it."""
        self._before()
        self.append(stage)


class InwardConformance:
    """What comes in; all of it that concerns a channel on which nothing can be said. Test methods for pytest with pytest-asyncio in
    auto mode; a subclass gives the fixture `ground` (a `Ground`)."""

    async def test_closing_is_safe_twice_and_before_opening(self, ground: Ground) -> None:
        channel = ground.channel()
        await channel.close()
        await channel.open()
        await channel.close()
        await channel.close()

    async def test_a_closed_channel_can_be_opened_again(self, ground: Ground) -> None:
        channel = ground.channel()
        await channel.open()
        await channel.close()
        await channel.open()
        try:
            await self._takes(ground, channel, "again")
        finally:
            await channel.close()

    async def test_messages_come_in_order_each_with_a_key_of_its_own(self, ground: Ground) -> None:
        texts = [f"message {n} پیام" for n in range(5)]
        async with _fetching(ground, None) as (channel, batches):
            items: list[Item] = []
            for text in texts:
                told = asyncio.ensure_future(ground.deliver(text))
                items += await self._next(channel, batches)
                assert await _soon(told), "what was confirmed need not be kept"
        assert [_text(ground, item) for item in items] == texts
        assert len({item.key for item in items}) == len(texts)

    async def test_fetch_waits_while_there_is_nothing(self, ground: Ground) -> None:
        async with _fetching(ground, None) as (channel, batches):
            waiting = asyncio.ensure_future(self._next(channel, batches))
            told = asyncio.ensure_future(ground.deliver("at last"))
            assert [_text(ground, item) for item in await _soon(waiting)] == ["at last"]
            assert await _soon(told)

    async def test_what_was_confirmed_does_not_come_again(self, ground: Ground) -> None:
        async with _fetching(ground, None) as (channel, batches):
            told = asyncio.ensure_future(ground.deliver("first"))
            batch = await self._batch(batches)
            await channel.confirm(batch)
            assert await _soon(told)
        async with _fetching(ground, batch.cursor) as (channel, batches):
            told = asyncio.ensure_future(ground.deliver("second"))
            assert [_text(ground, item) for item in await self._next(channel, batches)] == ["second"]
            assert await _soon(told)

    async def test_what_was_fetched_and_not_stored_is_not_lost(self, ground: Ground) -> None:
        """A crash between fetch and store: the network brings it again, or its sender was told to."""
        async with _fetching(ground, None) as (_, batches):
            told = asyncio.ensure_future(ground.deliver("precious"))
            first = await self._batch(batches)
        async with _fetching(ground, None) as (channel, batches):
            if not await _soon(told):
                told = asyncio.ensure_future(ground.deliver("precious"))
            again = await self._next(channel, batches)
            assert await _soon(told)
        assert [_text(ground, item) for item in again] == ["precious"]
        assert first.cursor is None or again[0].key == first.items[0].key, "the same message has the same key"

    async def test_what_was_refused_is_not_lost(self, ground: Ground) -> None:
        async with _fetching(ground, None) as (channel, batches):
            told = asyncio.ensure_future(ground.deliver("for later"))
            await channel.refuse(await self._batch(batches), Temporary("store.busy"))
            kept = await _soon(told)
        async with _fetching(ground, None) as (channel, batches):
            again = None if kept else asyncio.ensure_future(ground.deliver("for later"))
            assert [_text(ground, item) for item in await self._next(channel, batches)] == ["for later"]
            assert again is None or await _soon(again)

    async def test_what_the_network_does_not_have_cannot_be_collected(self, ground: Ground) -> None:
        async with _opened(ground) as channel:
            assert isinstance(await _failing(channel.collect("no such file")), Permanent)

    async def _takes(self, ground: Ground, channel: Channel, text: str) -> None:
        batches = channel.fetch(None)
        told = asyncio.ensure_future(ground.deliver(text))
        assert [_text(ground, item) for item in await self._next(channel, batches)] == [text]
        assert await _soon(told)

    async def _batch(self, batches: AsyncIterator[Batch]) -> Batch:
        """The next batch that is not just a bookmark."""
        while not (batch := await _soon(anext(batches))).items:
            pass
        return batch

    async def _next(self, channel: Channel, batches: AsyncIterator[Batch]) -> list[Item]:
        batch = await self._batch(batches)
        await channel.confirm(batch)
        return list(batch.items)


class ChannelConformance(InwardConformance, CodecConformance):
    """What comes in, and what goes out."""

    async def test_a_hand_over_is_taken_as_it_is_and_known_by_its_key(self, ground: Ground) -> None:
        part = _part(ground)
        async with _opened(ground) as channel:
            receipt = await _soon(channel.send(part, Stages()))
        assert [_inner(body) for body in ground.taken()] == [_inner(part.body)]
        assert part.key in receipt.keys or (part.key == "" and receipt.keys)
        assert receipt.refused == ()

    async def test_the_stage_is_durable_before_the_network_can_have_the_message(self, ground: Ground) -> None:
        taken_at: list[int] = []
        stages = Stages(lambda: taken_at.append(len(ground.taken())))
        async with _opened(ground) as channel:
            await _soon(channel.send(_part(ground), stages))
        assert (list(stages), taken_at, len(ground.taken())) == ([HANDED], [0], 1)

    async def test_a_stage_that_cannot_be_written_keeps_the_message_here(self, ground: Ground) -> None:
        def disk_full() -> None:
            raise OSError("no space left")

        async with _opened(ground) as channel:
            assert isinstance(await _failing(channel.send(_part(ground), Stages(disk_full))), OSError)
            assert ground.taken() == []
            await _soon(channel.send(_part(ground), Stages()))
        assert len(ground.taken()) == 1

    async def test_hand_overs_at_the_same_time_do_not_mix(self, ground: Ground) -> None:
        parts = [_part(ground, text=f"message {n}", token=f"{n:026d}".replace("0", "a")) for n in range(8)]
        async with _opened(ground) as channel:
            await _soon(asyncio.gather(*(channel.send(part, Stages()) for part in parts)))
        assert sorted(_inner(body) for body in ground.taken()) == sorted(_inner(part.body) for part in parts)


class FaultConformance:
    """More test methods, for networks that one talks to; the fixture `ground` is a `FaultyGround`."""

    async def test_nobody_there_is_unreachable_and_passes(self, ground: FaultyGround) -> None:
        ground.goes_away()
        channel = ground.channel()
        assert isinstance(await _failing(channel.open()), Unreachable)
        await channel.close()
        ground.comes_back()
        async with _opened(ground):
            pass

    async def test_a_cut_before_the_end_is_certainly_not_accepted(self, ground: FaultyGround) -> None:
        ground.drops_before()
        stages = Stages()
        async with _opened(ground) as channel:
            assert isinstance(await _failing(channel.send(_part(ground), stages)), Temporary)
            assert (list(stages), list(ground.taken())) == ([], [])
            await _soon(channel.send(_part(ground), stages))
        assert len(ground.taken()) == 1

    async def test_a_cut_after_the_end_is_unconfirmed_and_never_tried_again_here(self, ground: FaultyGround) -> None:
        ground.drops_after()
        stages = Stages()
        async with _opened(ground) as channel:
            assert isinstance(await _failing(channel.send(_part(ground), stages)), Unconfirmed)
        assert list(stages) == [HANDED]
        assert len(ground.taken()) <= 1

    async def test_one_refused_recipient_does_not_keep_the_others_waiting(self, ground: FaultyGround) -> None:
        ground.refuses(ground.correspondents[1])
        part = _part(ground, to=tuple(Address(one) for one in ground.correspondents))
        async with _opened(ground) as channel:
            receipt = await _soon(channel.send(part, Stages()))
        assert [(one.recipient, one.permanent) for one in receipt.refused] == [(ground.correspondents[1], True)]
        assert len(ground.taken()) == 1

    async def test_nobody_left_to_take_it_is_permanent(self, ground: FaultyGround) -> None:
        ground.refuses(ground.correspondents[0])
        stages = Stages()
        async with _opened(ground) as channel:
            assert isinstance(await _failing(channel.send(_part(ground), stages)), Permanent)
        assert (list(stages), list(ground.taken())) == ([], [])


@asynccontextmanager
async def _opened(ground: Ground) -> AsyncIterator[Channel]:
    channel = ground.channel()
    await _soon(channel.open())
    try:
        yield channel
    finally:
        await channel.close()


@asynccontextmanager
async def _fetching(ground: Ground, since: Cursor | None) -> AsyncIterator[tuple[Channel, AsyncIterator[Batch]]]:
    async with _opened(ground) as channel:
        batches = channel.fetch(since)
        yield channel, batches
        if isinstance(batches, AsyncGenerator):
            await batches.aclose()


async def _soon(coming: Awaitable[T]) -> T:
    async with asyncio.timeout(PATIENCE):
        return await coming


async def _failing(coming: Awaitable[object]) -> Exception:
    try:
        await _soon(coming)
    except (Problem, OSError) as error:
        return error
    raise AssertionError("it should have failed")


def _part(ground: Ground, **changes: Any) -> FrozenPart:
    return ground.codec().compose(outgoing(ground, **changes))[0]


def _text(ground: Ground, item: Item) -> str:
    (said,) = ground.codec().parse(item.raw)
    assert isinstance(said, InboundMessage)
    return said.text.strip()


def _inner(body: bytes) -> bytes:
    """A body less the line break that some networks add at its end."""
    return body.rstrip(b"\r\n")
