"""What time itself brings about: told once, kept on record, and counted from where it began."""

from datetime import timedelta

import pytest

from inbox.domain.clock_events import ClockBreached
from inbox.domain.promise_events import PromiseJudged
from inbox.domain.promises import PromiseState
from tests.path.conftest import Houses
from tests.path.house import House


async def test_a_promise_and_its_clock_run_out_and_are_told_once(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    matter = house.only()
    await house.later(hours=4)
    assert house.promises(matter)[0].state is PromiseState.OPEN, "met exactly then, it is in time"
    await house.later(seconds=1)
    await house.later(hours=1)
    await house.settle()
    assert house.promises(matter)[0].state is PromiseState.LATE
    assert [(b.metric, b.cycle) for b in house.told(matter, ClockBreached)] == [("first_reply", 1)]
    assert [j.outcome for j in house.told(matter, PromiseJudged)] == ["late"]


async def test_a_late_answer_keeps_no_promise(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    await house.later(hours=5)
    await house.agent("reza").replies(house.only(), "There.")
    matter = house.only()
    assert house.promises(matter)[0].state is PromiseState.LATE
    assert house.clocks(matter)["first_reply"].breached_at is not None


async def test_an_answer_that_nobody_swept_before_is_late_all_the_same(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    house.clock.advance(timedelta(hours=5))
    await house.agent("reza").replies(house.only(), "There.")
    matter = house.only()
    assert house.promises(matter)[0].state is PromiseState.LATE
    assert house.clocks(matter)["first_reply"].breached_at is not None


async def test_a_new_priority_counts_from_the_original_start(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    start = house.clock.now()
    await house.later(minutes=10)
    await house.agent("sara").does(house.only(), "priority", priority="urgent")
    clock = house.clocks(house.only())["first_reply"]
    assert (clock.started_at, clock.due_at) == (start, start + timedelta(minutes=30))
    assert "priority" in house.only().pinned


async def test_a_breach_stays_on_record_whatever_the_target_becomes(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    await house.agent("sara").does(house.only(), "priority", priority="urgent")
    await house.later(minutes=31)
    await house.agent("sara").does(house.only(), "priority", priority="low")
    await house.later(hours=1)
    matter = house.only()
    assert house.clocks(matter)["first_reply"].breached_at is not None
    assert len(house.told(matter, ClockBreached)) == 1


@pytest.mark.parametrize("action", ["done", "spam"])
async def test_whoever_closes_the_matter_withdraws_what_was_promised(house: House, action: str) -> None:
    await house.customer("sara@x").writes("Where is it?")
    await house.agent("reza").does(house.only(), action)
    await house.later(days=2)
    matter = house.only()
    assert [p.state for p in house.promises(matter)] == [PromiseState.WITHDRAWN]
    assert house.told(matter, ClockBreached) == []


async def test_a_rule_that_closes_it_withdraws_it_too(houses: Houses) -> None:
    rule = '[[rule]]\nname = "junk"\non = "message-received"\nwhen.text.mentions = "lottery"\nthen.state = "spam"\n'
    polite = '[[rule]]\nname = "polite"\nthen.policy = "standard"\nthen.acknowledgement = "acknowledgement"\n'
    house = houses(rules={"10-a.toml": rule + polite})
    await house.settle()
    sara = house.customer("sara@x")
    asked = await sara.writes("Where is it?")
    await sara.writes("You won the lottery", references=[asked])
    await house.later(days=2)
    assert [p.state for p in house.promises(house.only())] == [PromiseState.WITHDRAWN]


async def test_a_failed_answer_gives_the_promise_back_to_be_judged_by_its_own_instant(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    house.network.faults.refuses("sara@x")
    await house.agent("reza").replies(house.only(), "There.")
    await house.later(hours=4, seconds=1)
    matter = house.only()
    first = house.promises(matter)[0].id
    judged = [j.outcome for j in house.told(matter, PromiseJudged) if j.promise == first]
    assert judged == ["kept", "open", "late"]
    assert len(house.told(matter, ClockBreached)) == 1


async def test_many_that_fall_due_together_are_all_told(house: House) -> None:
    for n in range(5):
        await house.customer(f"{n}@x").writes("Where is it?")
    await house.later(hours=5)
    assert [len(house.told(c, ClockBreached)) for c in house.conversations()] == [1] * 5


async def test_waiting_for_the_customer_stops_the_resolution_clock_and_no_other(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("The server is down")
    await house.agent("reza").replies(house.only(), "Which one?")
    matter = house.only()
    assert {name for name, c in house.clocks(matter).items() if c.paused} == {"resolution"}
    assert house.clocks(matter)["update"].open
    await house.later(days=3)
    assert [b.metric for b in house.told(house.only(), ClockBreached)] == ["update"]
