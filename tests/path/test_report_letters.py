"""Reports by mail: once for each week or month, to who may see them, with the numbers in words and as files."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inbox.domain.arrivals import Verdict
from inbox.domain.ids import ReportLetterId
from inbox.domain.problems import Problem
from inbox.domain.report_letters import Every, Subject
from inbox.pipeline import report_letters as verbs
from inbox.runtime.measurer import Measurer
from inbox.runtime.reporter import Reporter
from inbox.store import people, report_letters
from inbox.testing import FakeClock
from tests.path.conftest import TEHRAN, Houses
from tests.path.house import House

FLOW = Subject("flow")


def tehran(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """An instant of 2026; the 23rd of November is a Monday, the 21st of December the last day of Azar less one."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(TEHRAN)).astimezone(UTC)


def opened(houses: Houses) -> House:
    """On a Thursday at noon."""
    return houses(clock=FakeClock(tehran(19, 12)), site='zone = "Asia/Tehran"')


def wants(house: House, subject: Subject = FLOW, every: Every = Every.WEEK, at: time = time(8)) -> ReportLetterId:
    who, playbook = house.agent("sara").who, house.playbook()
    return house.store.write_now(verbs.schedule, who, subject, every, at, playbook, house.clock.now())


async def at(house: House, instant: datetime) -> list[dict[str, Any]]:
    """Let time pass until then; the letters that Sara has."""
    await house.at(instant)
    await Measurer(house.store, house.wake, house.clock, ZoneInfo(TEHRAN)).settle()
    await Reporter(house.store, house.playbook, house.clock).settle()
    await house.settle()
    return house.mails_to("sara@acme")


def changed(house: House, **what: Any) -> None:
    house.store.write_now(people.put_agent, replace(house.agent("sara").who, **what))


async def test_a_week_is_told_when_the_next_begins_and_once(houses: Houses) -> None:
    house = opened(houses)
    await house.settle()
    await house.customer("lena@x").writes("Where is my order?")
    wants(house)
    assert [await at(house, tehran(day, 20)) for day in (20, 21, 22)] == [[], [], []]
    assert await at(house, tehran(23, 7, 59)) == []
    [letter] = await at(house, tehran(23, 8, 1))
    assert letter["subject"] == "In and done: Monday 16 November 2026 – Sunday 22 November 2026"
    assert "- In: 1 · Done: 0" in letter["text"]
    assert "- 2026-11-19 · In: 1 · Done: 0" in letter["text"]
    assert [file["filename"] for file in letter["attachments"]] == ["flow-2026-11-16.xlsx", "flow-2026-11-16.pdf"]
    for moment in (tehran(23, 9), tehran(27, 9), tehran(29, 23)):
        assert len(await at(house, moment)) == 1
    assert len(await at(house, tehran(30, 9))) == 2


async def test_in_persian_a_week_begins_on_saturday_and_a_month_is_a_jalali_one(houses: Houses) -> None:
    house = opened(houses)
    changed(house, language="fa")
    wants(house)
    wants(house, every=Every.MONTH, at=time(9, 30))
    assert await at(house, tehran(20, 23)) == []
    [week] = await at(house, tehran(21, 8, 1))
    assert week["subject"].endswith("شنبه ۲۳ آبان ۱۴۰۵ تا جمعه ۲۹ آبان ۱۴۰۵")
    [_, month] = await at(house, tehran(22, 9, 31))
    assert month["subject"].endswith("جمعه ۱ آبان ۱۴۰۵ تا شنبه ۳۰ آبان ۱۴۰۵")


async def test_of_what_passed_while_nobody_ran_only_the_last_is_told(houses: Houses) -> None:
    house = opened(houses)
    wants(house)
    [letter] = await at(house, tehran(10, 12, month=12))
    assert "Monday 30 November 2026 – Sunday 6 December 2026" in letter["subject"]


async def test_two_reporters_at_once_send_one(houses: Houses) -> None:
    house = opened(houses)
    wants(house)
    await house.at(tehran(23, 9))
    await Measurer(house.store, house.wake, house.clock, ZoneInfo(TEHRAN)).settle()
    two = [Reporter(house.store, house.playbook, house.clock) for _ in range(2)]
    await asyncio.gather(*(one.settle() for one in two))
    await house.settle()
    assert len(house.mails_to("sara@acme")) == 1


async def test_what_is_not_counted_yet_is_waited_for(houses: Houses) -> None:
    house = opened(houses)
    await house.settle()
    await house.customer("lena@x").writes("Where is my order?")
    wants(house)
    await house.at(tehran(23, 9))
    reporter = Reporter(house.store, house.playbook, house.clock)
    await reporter.settle()
    await house.settle()
    assert house.mails_to("sara@acme") == []
    [letter] = await at(house, tehran(23, 9, 6))
    assert "16 November" in letter["subject"]


@pytest.mark.parametrize("what", [{"lead": False}, {"disabled": True}, {"address": ""}])
async def test_who_may_not_see_it_any_more_gets_none_and_it_is_said_why(houses: Houses, what: dict[str, Any]) -> None:
    house = opened(houses)
    wants(house)
    changed(house, **what)
    assert await at(house, tehran(23, 9)) == []
    [one] = house.store.read_now(report_letters.every)
    assert one.why
    changed(house, lead=True, disabled=False, address="sara@acme")
    assert len(await at(house, tehran(30, 9))) == 1
    [one] = house.store.read_now(report_letters.every)
    assert (one.why, one.state) == ("", "sent")


async def test_what_cannot_be_sent_is_not_wanted(houses: Houses) -> None:
    house = opened(houses)
    for subject in (Subject("secrets"), Subject("flow", team="pirates"), Subject("flow", channel="fax")):
        with pytest.raises(Problem, match=r"report.unknown"):
            wants(house, subject)
    changed(house, lead=False)
    with pytest.raises(Problem, match=r"report.letters.not_theirs"):
        wants(house)
    assert house.store.read_now(report_letters.every) == []


async def test_an_answer_to_it_is_held_and_is_no_matter_of_a_customer(houses: Houses) -> None:
    house = opened(houses)
    wants(house)
    [letter] = await at(house, tehran(23, 9))
    tokens, subject = [letter["reply_token"]], f"Re: {letter['subject']}"
    house.network.write("sara@acme", "support@acme", "Thanks!", subject=subject, tokens=tokens, authentication="pass")
    await house.settle()
    assert house.verdicts()[-1].split()[0] == Verdict.HELD.value
    assert house.conversations() == []


async def test_it_ends_and_nobody_ends_what_is_anothers(houses: Houses) -> None:
    house = opened(houses)
    id, reza = wants(house), house.agent("reza").who.id
    with pytest.raises(Problem, match=r"report.letters.unknown"):
        house.store.write_now(verbs.end, id, reza)
    assert len(await at(house, tehran(23, 9))) == 1
    house.store.write_now(verbs.end, id, None)
    assert len(await at(house, tehran(30, 9))) == 1
    assert house.store.read_now(report_letters.every) == []
