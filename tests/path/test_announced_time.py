"""The time that a customer is told: policy, queue, shifts and holidays move it; and where we are unsure we do not promise."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest

from inbox.domain.ids import AgentId
from inbox.domain.people import Agent, Shift
from inbox.domain.promise_events import Promised
from inbox.domain.promises import PromiseKind
from inbox.store import people
from inbox.store.unit import Unit
from inbox.testing import FakeClock
from tests.path.conftest import TEHRAN, Houses
from tests.path.house import House

QUICK = (
    '[[rule]]\nname = "quick"\nthen.priority = "high"\nthen.policy = "vip"\nthen.acknowledgement = "acknowledgement"\n'
)
NO_POLICY = '[[rule]]\nname = "polite"\nthen.acknowledgement = "acknowledgement"\n'


def tehran(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November 2026 there."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=3, minutes=30)


def agents(*shifts: tuple[int, ...]) -> Callable[[Unit], None]:
    """So many agents, each with shifts on these weekdays from 8 to 17; without any they are always there."""

    def work(unit: Unit) -> None:
        for n, days in enumerate(shifts):
            id = people.put_agent(unit, Agent(AgentId(0), f"agent{n}", f"Agent {n}"))
            for day in days:
                people.put_shift(unit, Shift(id, day, time(8), time(17), TEHRAN))

    return work


async def asked(house: House, n: int = 1) -> datetime:
    """When the latest of so many customers is told to expect an answer."""
    await house.settle()
    for k in range(n):
        await house.customer(f"{k}-{house.clock.now().timestamp()}@x").writes("Where is it?")
    (promise,) = house.promises(house.conversations()[-1])
    return promise.due_at


async def test_a_longer_queue_is_a_later_time(houses: Houses) -> None:
    house = houses(rules={"10-a.toml": QUICK}, who=agents(()))
    assert await asked(house) == tehran(21, 13, 30), "the policy: 45 working minutes, rounded up"
    assert await asked(house, 9) == tehran(21, 14, 30), "ten minutes for each of ten"
    assert [p.basis for c in house.conversations() for p in house.promises(c)][::9] == ["policy", "queue"]


@pytest.mark.parametrize(("here", "when"), [(1, (14, 30)), (3, (13, 30))])
async def test_more_people_on_shift_are_a_sooner_time(houses: Houses, here: int, when: tuple[int, int]) -> None:
    saturday, monday = 5, 0
    shifts = [(saturday,)] * here + [(monday,)] * 5
    house = houses(rules={"10-a.toml": QUICK}, who=agents(*shifts))
    assert await asked(house, 10) == tehran(21, *when)


async def test_what_is_answered_is_no_longer_in_the_queue(houses: Houses) -> None:
    house = houses(rules={"10-a.toml": QUICK}, who=agents(()))
    await asked(house, 9)
    for matter in house.conversations():
        await house.agent("agent0").replies(matter, "Here.")
    assert await asked(house) == tehran(21, 13, 30)


async def test_after_hours_the_time_counts_from_the_next_opening(houses: Houses) -> None:
    friday = FakeClock(tehran(27, 14))
    house = houses(clock=friday)
    assert await asked(house) == tehran(28, 12, 30)
    mail = house.network.accepted[-1].said
    assert "We are closed now" in mail["text"]
    assert "08:30" in mail["text"]


@pytest.mark.parametrize(("closure", "when"), [("", (22, 11, 30)), ('2026-11-22 = "آلودگی هوا"', (23, 12))])
async def test_a_sudden_closure_moves_the_time(houses: Houses, closure: str, when: tuple[int, ...]) -> None:
    hours = (
        'format = 1\n[hours.support]\nzone = "Asia/Tehran"\n[hours.support.open]\nsaturday = ["08:30-17:00"]\n'
        'sunday = ["08:30-17:00"]\nmonday = ["08:30-17:00"]\n[hours.support.closures]\n'
        f'{closure}\n[hours.always]\nzone = "Asia/Tehran"\nalways = true\n'
    )
    rules = {"10-a.toml": QUICK.replace('"high"', '"normal"').replace('"vip"', '"standard"'), "hours.toml": hours}
    house = houses(rules=rules, clock=FakeClock(tehran(21, 16)))
    assert await asked(house) == tehran(*when)


async def test_a_country_has_its_holidays(houses: Houses) -> None:
    """The evening before Nowruz: four working hours later is days later."""
    eve = datetime(2027, 3, 20, 12, 30, tzinfo=UTC)
    house = houses(clock=FakeClock(eve))
    due = await asked(house)
    assert due - eve > timedelta(days=4)


# -- unsure ------------------------------------------------------------------------------------------------------------
async def unsure(house: House) -> tuple[PromiseKind, str]:
    await house.settle()
    await house.customer("sara@x").writes("Where is it?")
    matter = house.only()
    (promise,) = house.promises(matter)
    (told,) = house.told(matter, Promised)
    assert told.answer is (promise.kind is PromiseKind.ANSWER)
    (mail,) = house.mails_to("sara@x")
    assert ("where things stand" in mail["text"]) is (promise.kind is PromiseKind.UPDATE)
    return promise.kind, promise.basis


async def test_without_policy_and_experience_only_news_is_promised(houses: Houses) -> None:
    assert await unsure(houses(rules={"10-a.toml": NO_POLICY})) == (PromiseKind.UPDATE, "few_samples")


async def test_on_a_channel_that_is_down_only_news_is_promised(houses: Houses) -> None:
    house = houses()
    house.rooms.degrade(frozenset({"support"}))
    assert await unsure(house) == (PromiseKind.UPDATE, "degraded")


async def test_with_nobody_there_and_no_hours_only_news_is_promised(houses: Houses) -> None:
    house = houses(rules={"10-a.toml": NO_POLICY}, more='[promise]\nhours = ""\n', who=agents())
    assert await unsure(house) == (PromiseKind.UPDATE, "nobody")


async def test_around_a_holiday_that_is_only_estimated_no_answer_is_promised(houses: Houses) -> None:
    house = houses()
    calendar = house.playbook().calendars["support"]
    start = house.clock.now()
    shaky = calendar.estimated_holiday_between(start, start + timedelta(days=800))
    assert shaky is not None
    house.clock.advance(calendar.at(shaky, 0) - timedelta(hours=8) - start)
    assert await unsure(house) == (PromiseKind.UPDATE, "estimated_holiday")


async def test_experience_counts_from_twenty_answers_on(houses: Houses) -> None:
    """Twenty-one customers were answered within half an hour: then that is what the next one is told."""
    fast = '[[rule]]\nname = "fast"\nwhen.subject.mentions = "known"\nthen.policy = "standard"\n'
    house = houses(rules={"10-a.toml": fast + NO_POLICY}, clock=FakeClock(tehran(21, 9)))
    await house.settle()
    for n in range(21):
        await house.customer(f"{n}@x").writes("Where is it?", subject="known")
    await house.later(minutes=30)
    for matter in house.conversations():
        await house.agent("reza").replies(matter, "Here.")
    await house.later(minutes=1)
    await house.customer("sara@x").writes("Where is it?")
    (promise,) = house.promises(house.conversations()[-1])
    assert (promise.kind, promise.sample_size) == (PromiseKind.ANSWER, 21)
    assert promise.due_at == tehran(21, 10, 30), "half an hour from 9:31, rounded up"
