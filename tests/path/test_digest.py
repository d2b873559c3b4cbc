"""The letter of the day: once for each local day of an agent, of what they have before them; what is urgent is told at once all the same."""

from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inbox.domain.arrivals import Verdict
from inbox.domain.attention import Kind, Likes, Place, Quiet
from inbox.domain.digest import Digest
from inbox.domain.events import Noticed
from inbox.domain.ids import AgentId
from inbox.domain.messages import Direction
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Absence, Shift
from inbox.pipeline.daily import letters_of_the_day, like
from inbox.pipeline.held import confirm
from inbox.store import agent_words, notifications, people, preferences
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.testing import FakeClock
from tests.path.conftest import TEHRAN, Houses
from tests.path.house import House

EIGHT = Digest(time(8), TEHRAN)
SITE = "https://inbox.example"
MAIL: dict[Kind, frozenset[Place]] = {kind: frozenset(Place) for kind in Kind}


def tehran(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026, which begins on a Sunday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(TEHRAN)).astimezone(UTC)


async def opened(houses: Houses, **more: Any) -> House:
    """On Monday the 23rd at noon in Tehran; the mail server tells who wrote a mail."""
    house = houses(channel='first_sync = "new"\nverdicts = true', clock=FakeClock(tehran(23, 12)), **more)
    house.rooms.playbook = replace(house.rooms.playbook, public_url=SITE)
    await house.settle()
    return house


def likes(house: House, handle: str = "sara", digest: Digest | None = EIGHT, quiet: Quiet | None = None) -> None:
    """From now on; all that can be told by mail they want so."""
    whose, chosen = house.agent(handle).who.id, Likes(notices=MAIL, quiet=quiet, digest=digest)
    house.store.write_now(like, whose, chosen, house.clock.now())


def changed(house: House, handle: str, **what: Any) -> AgentId:
    who = house.agent(handle).who
    return house.store.write_now(people.put_agent, replace(who, **what))


def days(house: House, handle: str = "sara") -> list[dict[str, Any]]:
    """The letters of the day that they got."""
    return [mail for mail in house.mails_to(f"{handle}@acme") if mail["subject"].startswith(("Your day", "روز شما"))]


def single(house: House, handle: str = "sara") -> list[str]:
    """What else they got by mail."""
    return [mail["text"] for mail in house.mails_to(f"{handle}@acme") if mail not in days(house, handle)]


async def taken(house: House, subject: str = "Order 17", handle: str = "sara") -> str:
    """A customer writes, and somebody has it; its reference."""
    await house.customer("lena@x", "Lena").writes("Where is my order?", subject=subject)
    matter = house.conversations()[-1]
    await house.agent(handle).does(matter, "take")
    return matter.reference


async def test_one_letter_in_the_morning_in_place_of_single_ones(houses: Houses) -> None:
    house = await opened(houses)
    likes(house)
    reference = await taken(house)
    await house.agent("reza").does(house.only(), "note", text="@sara please look at the bill")
    await house.customer("omid@x", "Omid").writes("And mine?", subject="Order 18")
    await house.agent("reza").does(house.conversations()[-1], "team", team="support")
    await house.agent("sara").does(house.conversations()[0], "task", text="Call the warehouse", by="tomorrow 11:00")
    await house.later(minutes=30)
    assert single(house) == []
    await house.at(tehran(24, 7, 59))
    assert days(house) == []
    await house.at(tehran(24, 8))
    (letter,) = days(house)
    assert "Tuesday 24 November" in letter["subject"]
    text = letter["text"]
    assert f"{SITE}/c/{reference}" in text
    assert "Open and yours: 1" in text
    assert "Order 17" in text
    assert "You were mentioned in a note." in text
    assert "Call the warehouse" in text
    assert "Nobody has these, in your teams: 1" in text
    assert "Order 18" in text
    assert f"{SITE}/preferences" in text
    assert letter["automatic"] is not None
    assert len(house.deliveries(Purpose.AMONG_US)) == 1
    await house.later(hours=10)
    assert len(days(house)) == 1
    assert all("mentioned" not in text for text in single(house)), "the letter told it"
    kept = [one for one in house.said(house.conversations()[0]) if one.subject.startswith("Your day")]
    assert [(one.direction, one.text) for one in kept] == [(Direction.NOTE, letter["subject"])]
    assert [one.about for one in house.told(house.conversations()[0], Noticed)].count("digest") == 1


async def test_in_persian_by_its_calendar(houses: Houses) -> None:
    house = await opened(houses)
    changed(house, "sara", language="fa")
    likes(house)
    reference = await taken(house)
    await house.at(tehran(24, 8))
    (letter,) = days(house)
    assert letter["subject"].startswith("روز شما: سه‌شنبه ۳ آذر")
    assert "باز و با شما: ۱" in letter["text"]
    assert f"{SITE}/c/{reference}" in letter["text"]
    assert "ساعت کاری" in letter["text"]


async def test_nothing_to_tell_and_nothing_is_sent(houses: Houses) -> None:
    house = await opened(houses)
    likes(house)
    await house.customer("lena@x", "Lena").writes("Where is my order?")
    await house.agent("reza").does(house.only(), "take")
    await house.at(tehran(24, 9))
    assert days(house) == []
    await house.agent("reza").does(house.only(), "assign", to="sara")
    await house.agent("reza").does(house.only(), "assign", to="me")
    await house.agent("reza").does(house.only(), "assign", to="sara")
    await house.at(tehran(24, 20))
    assert days(house) == [], "the hour of that day was over"
    await house.at(tehran(25, 8))
    assert len(days(house)) == 1
    assert all("is yours now" not in text for text in single(house))


async def test_what_waited_for_a_letter_that_had_nothing_to_tell_waits_no_more(houses: Houses) -> None:
    house = await opened(houses)
    likes(house)
    await house.customer("lena@x", "Lena").writes("Where is my order?")
    await house.agent("reza").does(house.only(), "assign", to="sara")
    await house.agent("reza").does(house.only(), "done")
    await house.at(tehran(24, 9))
    assert house.mails_to("sara@acme") == []
    assert house.store.read_now(notifications.next_letter) is None


async def test_what_is_urgent_still_comes_at_once(houses: Houses) -> None:
    rule = '[[rule]]\nname = "welcome"\nthen.policy = "standard"\n'
    call = (
        '[[rule]]\nname = "on call"\non = ["conversation-opened", "message-received"]\nwhen.text.mentions = "emergency"\n'
        'then.page = "agent:sara"\n'
    )
    house = await opened(houses, rules={"10-a.toml": rule + call})
    likes(house)
    await taken(house)
    await house.agent("sara").does(house.only(), "promise", text="", by="in 2 hours")
    await house.later(hours=1, minutes=45)
    await house.later(minutes=5)
    assert any("A promise is at risk." in text for text in single(house))
    await house.later(minutes=30)
    await house.later(minutes=5)
    assert any("A promise was missed." in text for text in single(house))
    await house.customer("omid@x", "Omid").writes("An emergency!", thread="other")
    assert any("You are called" in text for text in single(house))
    assert days(house) == []


async def test_who_is_away_or_gone_gets_none(houses: Houses) -> None:
    house = await opened(houses)
    for handle in ("sara", "reza"):
        likes(house, handle)
    await taken(house)
    await taken(house, "Order 18", "reza")
    sara = house.agent("sara").who.id
    away = Absence(sara, tehran(24, 0), tehran(26, 9))
    house.store.write_now(people.add_absence, away)
    changed(house, "reza", disabled=True)
    await house.at(tehran(24, 8))
    await house.at(tehran(25, 8))
    assert house.mails_to("sara@acme") == house.mails_to("reza@acme") == []
    await house.at(tehran(26, 9, 10))
    assert ["Thursday 26 November" in one["subject"] for one in days(house)] == [True], "the day on which she is back"
    assert days(house, "reza") == []


async def test_only_on_days_of_work(houses: Houses) -> None:
    house = await opened(houses)
    mina = house.agent("mina").who.id
    house.store.write_now(people.put_shift, Shift(mina, 3, time(14), time(20), TEHRAN))
    for handle in ("sara", "mina"):
        likes(house, handle)
    await taken(house)
    await taken(house, "Order 18", "mina")
    for day in range(24, 30):
        await house.at(tehran(day, 8))
        await house.at(tehran(day, 20))
    told = {handle: [one["subject"].split()[2] for one in days(house, handle)] for handle in ("sara", "mina")}
    assert told == {"sara": ["Tuesday", "Wednesday", "Thursday", "Saturday", "Sunday"], "mina": ["Thursday"]}


async def test_a_house_that_was_down_at_the_hour_sends_that_days_letter_and_no_other(houses: Houses) -> None:
    house = await opened(houses)
    likes(house)
    await taken(house)
    clock, network = house.clock, house.network
    clock.advance(tehran(25, 15) - clock.now())
    again = houses(channel='first_sync = "new"\nverdicts = true', clock=clock, network=network)
    await again.settle()
    assert [one["subject"].split(" · ")[0] for one in days(again)] == ["Your day: Wednesday 25 November"]
    third = houses(channel='first_sync = "new"\nverdicts = true', clock=clock, network=network)
    await third.later(hours=2)
    assert len(days(third)) == 1


async def test_a_unit_that_breaks_marks_nothing_and_queues_nothing(houses: Houses) -> None:
    house = await opened(houses)
    likes(house)
    await taken(house)
    house.clock.advance(tehran(24, 8) - house.clock.now())

    def breaks(unit: Unit) -> None:
        assert letters_of_the_day(unit, house.playbook(), house.clock.now()) == 1
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        house.store.write_now(breaks)
    assert house.deliveries(Purpose.AMONG_US) == []
    await house.settle()
    await house.later(minutes=5)
    assert len(days(house)) == 1


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland", "Europe/Berlin"])
async def test_another_zone_brings_no_day_twice(houses: Houses, zone: str) -> None:
    house = await opened(houses)
    likes(house)
    await taken(house)
    await house.at(tehran(24, 8))
    await house.later(hours=1)
    likes(house, digest=Digest(time(8), zone))
    for _ in range(72):
        await house.later(hours=1)
    subjects = [one["subject"].split(" · ")[0] for one in days(house)]
    assert len(subjects) == len(set(subjects)) >= 3


async def test_an_hour_that_summer_time_skips_or_repeats(houses: Houses) -> None:
    house = await opened(houses)
    likes(house, digest=Digest(time(2, 30), "Europe/Berlin"))
    await taken(house)
    told = []
    for first in (datetime(2027, 3, 27, 20, tzinfo=UTC), datetime(2027, 10, 30, 20, tzinfo=UTC)):
        await house.at(first)
        before = len(days(house))
        for _ in range(12):
            await house.later(minutes=30)
            told += [house.clock.now()] * (len(days(house)) - before)
            before = len(days(house))
    assert told == [datetime(2027, 3, 28, 1, 30, tzinfo=UTC), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)]


async def test_quiet_hours_hold_it_back_but_not_those_in_which_it_was_wished(houses: Houses) -> None:
    house = await opened(houses)
    likes(house, quiet=Quiet(time(7), time(9), zone=TEHRAN))
    likes(house, "reza", quiet=Quiet(time(12), time(14), zone=TEHRAN))
    await taken(house)
    await taken(house, "Order 18", "reza")
    await house.at(tehran(24, 8))
    assert (len(days(house)), len(days(house, "reza"))) == (1, 1)
    house.clock.advance(tehran(25, 12, 30) - house.clock.now())
    await house.settle()
    assert len(days(house, "reza")) == 1
    await house.at(tehran(25, 14, 5))
    assert len(days(house, "reza")) == 2


async def test_chosen_after_its_hour_it_begins_the_next_day_and_given_up_the_rest_comes_singly(houses: Houses) -> None:
    house = await opened(houses)
    likes(house)
    await taken(house)
    await house.agent("reza").does(house.only(), "note", text="@sara look")
    await house.later(hours=2)
    assert house.mails_to("sara@acme") == [], "it was noon, and eight comes tomorrow"
    likes(house, digest=None)
    await house.settle()
    assert sum("mentioned" in text for text in single(house)) == 1
    await house.at(tehran(24, 9))
    assert days(house) == []


async def test_an_answer_to_it_is_held_whatever_it_says(houses: Houses) -> None:
    house = await opened(houses)
    likes(house)
    await taken(house)
    await house.at(tehran(24, 8))
    entry = house.network.received("sara@acme")[-1]
    before = len(house.mails_to("lena@x"))
    for who in ("sara@acme", "stranger@x"):
        house.network.write(
            who,
            "support@acme",
            f"#done\nIt is on its way, says {who}.",
            subject=f"Re: {entry.said['subject']}",
            tokens=[entry.said["reply_token"]],
            references=[entry.said["key"]],
            authentication="pass",
            language="en",
        )
    await house.settle()
    assert [one.split()[0] for one in house.verdicts()[-2:]] == [Verdict.HELD.value] * 2
    assert [(one.agent, one.reason, one.reference) for one in house.store.read_now(agent_words.held)] == [
        ("", "held.digest", ""),
        ("sara", "held.digest", ""),
    ]
    assert len(house.mails_to("lena@x")) == before
    assert house.only().state.value == "open"
    await house.at(tehran(25, 8))
    assert "Words in your name that wait for you to confirm them: 1" in days(house)[-1]["text"]
    sara, theirs = house.agent("sara").who, house.store.read_now(partial(agent_words.held, whose=None))[-1]
    house.store.write_now(confirm, theirs.arrival, sara, house.only().id)
    await house.settle()
    assert house.only().state.value == "done"


async def test_who_chose_nothing_is_told_as_before(houses: Houses) -> None:
    house = await opened(houses)
    sara = house.agent("sara").who.id
    house.store.write_now(preferences.put, sara, Likes(notices=MAIL))
    await taken(house)
    await house.customer("lena@x", "Lena").answers("Hello?")
    await house.later(minutes=5)
    assert len(single(house)) == 1
    await house.later(days=2)
    assert days(house) == []
    assert house.store.read_now(lambda unit: list(unit.execute(t.digest.select()))) == []
