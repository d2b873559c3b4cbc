"""Visitors, who look at our own pages: what they may see of their thread, when they are told of it, and what they are told first."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inbox.domain.arrivals import Item
from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import AttachmentId, ChannelName
from inbox.domain.messages import Direction
from inbox.domain.problems import Temporary
from inbox.ports.channel import Batch
from inbox.ports.face import Line, Outlook
from inbox.runtime.wakes import ProcessWake
from inbox.site import catalogues
from inbox.text import wording
from inbox.web.front import ChannelFront, Rooms
from inbox.web.lookout import Lookout
from tests.path.conftest import Houses
from tests.path.house import House
from tests.rig.wait import until_async

LIVE = 'first_sync = "new"\nlive = true'
SUPPORT = ChannelName("support")
LONG = 600.0
RUSH = """
format = 1

[[rule]]
name = "chats are quick"
when.channel = ["support"]
then.policy = "vip"
then.priority = "high"
then.acknowledgement = "acknowledgement"
"""


@dataclass
class Page:
    """Our page, as a visitor has it before them."""

    house: House
    front: ChannelFront
    lookout: Lookout

    async def sees(self, visitor: str) -> list[str]:
        return [line.text for line in await self.lines(visitor)]

    async def lines(self, visitor: str) -> list[Line]:
        return list(await self.front.transcript(visitor))


@pytest.fixture
async def page(houses: Houses) -> Page:
    house = houses(channel=LIVE)
    await house.settle()
    return open_page(house)


def open_page(house: House) -> Page:
    calls = ProcessWake()
    calls.attach()
    lookout = Lookout([SUPPORT], house.store, house.wake, calls, house.clock)
    words = wording.load(catalogues())

    async def accept(name: ChannelName, item: Item) -> None:
        await house.intake.land(name, Batch((item,), None))

    rooms = Rooms(house.store, house.rooms.blobs, house.playbook, words, house.clock, accept, lookout)
    return Page(house, ChannelFront(SUPPORT, rooms, None), lookout)


async def writes(page: Page, visitor: str, text: str, **more: Any) -> None:
    await page.house.customer(visitor).writes(text, thread=visitor, **more)


# -- what they see -----------------------------------------------------------------------------------------------------
async def test_a_visitor_sees_their_words_the_acknowledgement_and_the_answer_under_the_agent_s_name(page: Page) -> None:
    await writes(page, "v1", "Where is it?")
    await page.house.agent("reza").replies(page.house.only(), "On its way.")
    lines = await page.lines("v1")
    assert [(line.ours, line.automatic, line.name) for line in lines] == [
        (False, False, ""),
        (True, True, "Acme"),
        (True, False, "Reza"),
    ]
    assert lines[0].text == "Where is it?"
    assert "On its way." in lines[2].text
    assert {line.conversation for line in lines} == {page.house.only().id}


async def test_nobody_sees_the_thread_of_another(page: Page) -> None:
    await writes(page, "v1", "Mine")
    await writes(page, "v2", "Theirs")
    assert "Theirs" not in await page.sees("v1")
    assert await page.sees("v3") == []


async def test_a_note_is_never_seen(page: Page) -> None:
    await writes(page, "v1", "Where is it?")
    page.house.agent("sara").acts(page.house.only(), "note", text="He always asks")
    await page.house.settle()
    assert [m.direction for m in page.house.said(page.house.only())].count(Direction.NOTE) == 1
    assert "He always asks" not in "".join(await page.sees("v1"))


async def test_an_answer_is_seen_once_it_has_gone_out_and_not_before(page: Page) -> None:
    await writes(page, "v1", "Where is it?")
    page.house.agent("reza").acts(page.house.only(), "reply", text="On its way.")
    assert len(await page.lines("v1")) == 2
    await page.house.settle()
    assert len(await page.lines("v1")) == 3


async def test_what_failed_is_not_seen(page: Page) -> None:
    await writes(page, "v1", "Where is it?")
    page.house.network.faults.refuses("v1")
    await page.house.agent("reza").replies(page.house.only(), "On its way.")
    assert page.house.deliveries("reply")[0].state is DeliveryState.FAILED
    assert len(await page.lines("v1")) == 2


async def test_after_a_line_come_those_that_may_have_become_visible_since(page: Page) -> None:
    await writes(page, "v1", "One")
    first = (await page.lines("v1"))[0].message
    await page.house.later(hours=1)
    await writes(page, "v1", "Two")
    last = (await page.lines("v1"))[-1].message
    await page.house.later(hours=1)
    await page.house.agent("reza").replies(page.house.only(), "Three")
    since_last, since_first = [await page.front.transcript("v1", one) for one in (last, first)]
    assert (since_last[0].text, since_first[0].text) == ("Two", "One")


async def test_a_file_is_for_the_one_in_whose_thread_it_is(page: Page) -> None:
    file = {"filename": "a.txt", "content_type": "text/plain", "size": 5, "start": 0, "length": 5}
    await writes(page, "v1", "See", attachments=[{**file, "encoding": "identity"}])
    (found,) = (await page.lines("v1"))[0].files
    told = await page.front.file("v1", found.id)
    assert told is not None
    assert (told[0].name, told[1]) == ("a.txt", b'{"kin')
    assert await page.front.file("v2", found.id) is None
    assert await page.front.file("v1", AttachmentId(found.id + 1)) is None


# -- when they are told ------------------------------------------------------------------------------------------------
async def test_they_are_told_when_there_is_something_new_and_only_then(page: Page) -> None:
    await writes(page, "v1", "One")
    looking = asyncio.create_task(page.lookout.run())
    told: list[str] = []

    async def waits(visitor: str) -> None:
        while await page.front.changed(visitor, LONG):
            told.append(visitor)

    waiting = [asyncio.create_task(waits(visitor)) for visitor in ("v1", "v2")]
    try:
        await until_async(lambda: told.count("v1") == 1, what="the first look tells of what is fresh")
        await page.house.later(seconds=1)
        await page.house.agent("reza").replies(page.house.only(), "On its way.")
        await until_async(lambda: told.count("v1") >= 2)
        await page.house.later(seconds=1)
        page.house.agent("sara").acts(page.house.only(), "note", text="not for them")
        await writes(page, "v2", "Two")
        await until_async(lambda: "v2" in told)
        assert "v1" not in told[told.index("v2") :], "what happens to one is no news to another"
    finally:
        for task in (looking, *waiting):
            task.cancel()
        await asyncio.gather(looking, *waiting, return_exceptions=True)


async def test_when_the_house_ends_nobody_waits_any_more(page: Page) -> None:
    waiting = asyncio.create_task(page.front.changed("v1", LONG))
    await until_async(lambda: page.lookout.waiting == 1)
    await page.lookout.end()
    with pytest.raises(Temporary):
        await waiting
    with pytest.raises(Temporary):
        await page.front.changed("v1", LONG)


# -- what they are told first ------------------------------------------------------------------------------------------
async def test_before_they_write_they_are_told_the_time_that_the_acknowledgement_will_tell(page: Page) -> None:
    before = await page.front.outlook()
    await writes(page, "v1", "Where is it?")
    (promise,) = page.house.promises(page.house.only())
    assert (before.open_now, before.answer_by) == (True, promise.due_at)


async def test_at_night_they_are_told_when_we_open(houses: Houses) -> None:
    house = houses(channel=LIVE)
    page = open_page(house)
    house.clock.advance(timedelta(hours=10))
    told = await page.front.outlook()
    assert told.open_now is False
    assert told.opens_at == datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


async def test_the_rules_are_asked_what_they_would_do(houses: Houses) -> None:
    rules = {"10-chat.toml": RUSH}
    page = open_page(houses(channel=LIVE, rules=rules))
    await page.house.settle()
    told = await page.front.outlook()
    await writes(page, "v1", "Where is it?")
    (promise,) = page.house.promises(page.house.only())
    assert told.answer_by == promise.due_at


async def test_an_outlook_is_not_reckoned_anew_for_everybody_who_asks(page: Page) -> None:
    first = await page.front.outlook()
    page.house.clock.advance(timedelta(seconds=10))
    assert await page.front.outlook() is first
    page.house.clock.advance(timedelta(seconds=10))
    assert isinstance(await page.front.outlook(), Outlook)
    assert await page.front.outlook() is not first
