"""The house without a store: it keeps what the contract of a front promises, so that faces are tried on the truth."""

import asyncio
import json
from pathlib import Path

import pytest

from channels.memory.codec import MemoryCodec
from channels.memory.options import MemoryOptions
from inbox.domain.arrivals import Item
from inbox.domain.happenings import Address
from inbox.domain.outgoing import Outgoing, Purpose
from inbox.domain.problems import Temporary
from inbox.ports.face import Suggested
from inbox.testing import FrontInMemory
from inbox.testing.clock import DEFAULT_START
from inbox.testing.faces import CODE
from inbox.testing.ground import file

LONG = 60.0


@pytest.fixture
async def front() -> FrontInMemory:
    return FrontInMemory(MemoryCodec(MemoryOptions()))


def written(n: int, visitor: str = "v1") -> Item:
    said = {"kind": "message", "key": f"k{n}", "sender": {"address": visitor}, "text": f"line {n}"}
    return Item(f"k{n}", json.dumps(said).encode())


def say(front: FrontInMemory, text: str, **more: object) -> None:
    us, to = Address("support@memory", "Acme"), (Address("v1"),)
    what = Outgoing(Purpose.REPLY, "t" * 26, us, to, "", text, DEFAULT_START, "en", "ltr", **more)  # type: ignore[arg-type]  # files
    [part] = front.codec.compose(what)
    front.sent(part)


async def test_an_item_is_taken_once_and_seen_by_its_visitor_only(front: FrontInMemory) -> None:
    for _ in range(2):
        await front.accept(written(1))
    [line] = await front.transcript("v1")
    assert (line.text, line.key, line.ours) == ("line 1", "k1", False)
    assert await front.transcript("v2") == []
    assert ((await front.standing("v1")).known, (await front.standing("v2")).known) == (True, False)


async def test_after_a_line_come_those_behind_it_and_after_none_the_newest_hundred(front: FrontInMemory) -> None:
    for n in range(120):
        await front.accept(written(n))
    whole = await front.transcript("v1")
    assert (len(whole), whole[-1].text) == (100, "line 119")
    assert [line.text for line in await front.transcript("v1", whole[-3].message)] == ["line 118", "line 119"]


async def test_a_change_between_two_calls_of_a_task_is_not_lost(front: FrontInMemory) -> None:
    assert not await front.changed("v1", 0)
    await front.accept(written(1))
    assert await front.changed("v1", LONG)
    assert not await front.changed("v1", 0)
    await front.accept(written(2, "v2"))
    assert not await front.changed("v1", 0)


async def test_each_task_has_its_own_memory(front: FrontInMemory) -> None:
    async def waits() -> bool:
        await front.changed("v1", 0)
        return await front.changed("v1", LONG)

    waiting = [asyncio.create_task(waits()) for _ in range(3)]
    while len(front.visitors["v1"].waiting) < 3:
        await asyncio.sleep(0)
    await front.accept(written(1))
    assert await asyncio.gather(*waiting) == [True, True, True]


async def test_who_waits_is_let_go_when_the_house_ends(front: FrontInMemory) -> None:
    waiting = asyncio.create_task(front.changed("v1", LONG))
    while not front.visitors["v1"].waiting:
        await asyncio.sleep(0)
    front.close()
    with pytest.raises(Temporary):
        await waiting


async def test_files_belong_to_the_visitor_that_they_were_sent_to(front: FrontInMemory) -> None:
    say(front, "here it is", files=(file(b"content"),))
    [line] = await front.transcript("v1")
    [told] = line.files
    assert (line.ours, line.name) == (True, "Acme")
    assert await front.file("v1", told.id) == (told, b"content")
    assert await front.file("v2", told.id) is None


async def test_an_address_is_proved_by_the_code(front: FrontInMemory) -> None:
    assert await front.prove("v1", "a@b", "en") == "unknown"
    await front.accept(written(1))
    assert await front.proved("v1", CODE) == "over"
    assert await front.prove("v1", "a@b", "en") == "sent"
    assert await front.proved("v1", "0") == "wrong"
    assert not await front.mail_transcript("v1", "en")
    assert await front.proved("v1", CODE) == "proved"
    assert ((await front.standing("v1")).address, await front.mail_transcript("v1", "en")) == ("a@b", True)


async def test_a_busy_house_takes_nothing(front: FrontInMemory, tmp_path: Path) -> None:
    front.busy = Temporary("store.busy")
    with pytest.raises(Temporary):
        await front.accept(written(1))
    assert await front.transcript("v1") == []


async def test_articles_are_suggested_by_their_words_while_nothing_runs(front: FrontInMemory) -> None:
    one, other = (Suggested(slug, "en", slug, f"https://x/{slug}", ("money", slug)) for slug in ("refunds", "pay"))
    assert not (await front.standing("v1")).suggests
    front.articles = [one, other]
    assert (await front.standing("v1")).suggests
    assert await front.suggest("v1", "My money!", "en", ["pay"]) == [one, other]
    assert await front.suggest("v1", "Refunds: money", "en", ["refunds"], sure=True) == [one]
    assert front.shown == ["refunds"]
    front.take(written(1))
    assert not (await front.standing("v1")).suggests
    assert await front.suggest("v1", "My money!", "en") == []
    front.visitors["v1"].done = True
    assert await front.suggest("v1", "My money!", "en", ["refunds", "pay"]) == [one, other]
    assert [await front.solved(slug) for slug in ("refunds", "nothing")] == [True, False]
    assert front.answered == ["refunds"]
    assert front.lately_read({"read": "refunds pay"}) == ["refunds", "pay"]
    assert front.plural("en", "webchat.alike", 1) == "It answered 1 question like this."
