"""A time that was told is near, and nobody has answered: the customer hears a new one before it passes, twice at the most."""

import json
from datetime import timedelta

import pytest

from inbox.domain import events as ev
from inbox.domain.promise_events import NotRenewed, Promised
from inbox.domain.promises import PromiseKind, PromiseState
from inbox.sla.promise import reproduce
from inbox.testing.clock import DEFAULT_START
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.test_announced_time import tehran
from tests.path.test_reaching import shuts_out

POLITE = (
    '[[rule]]\nname = "polite"\nthen.policy = "standard"\nthen.acknowledgement = "acknowledgement"\n'  # 4 working hours
)
AT_RISK = DEFAULT_START + timedelta(hours=3, minutes=12)


async def test_before_a_promised_time_passes_a_new_one_is_told(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?", subject="My order")
    await house.at(AT_RISK - timedelta(seconds=1))
    assert len(sara.mails) == 1
    await house.at(AT_RISK)
    first, second = house.promises(house.only())
    assert (second.replaces, second.state, first.state) == (first.id, PromiseState.OPEN, PromiseState.OPEN)
    assert second.due_at > first.due_at
    assert second.text == "Sunday 22 November 2026, 12:00"
    notice = sara.mails[-1]
    assert notice["subject"] == sara.mails[0]["subject"]
    assert "We told you that we would reply by Saturday 21 November, 16:30" in notice["text"]
    assert "It is still waiting for its turn." in notice["text"]
    assert second.text.replace(" 2026", "") in notice["text"]
    assert [n.about for n in house.told(house.only(), ev.Noticed)] == ["promise"]
    assert [p.replaces for p in house.told(house.only(), Promised)] == [None, first.id]


async def test_what_it_rests_on_can_be_computed_again(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    await house.at(AT_RISK)
    told = house.promises(house.only())[-1]
    calendar = house.playbook().calendars["support"]
    assert reproduce(json.loads(told.inputs), calendar).at == told.due_at


async def test_two_new_times_a_question_then_a_person_must_act(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    for _ in range(60):
        await house.later(minutes=30)
    told = house.promises(house.only())
    assert [p.state for p in told] == [PromiseState.LATE, PromiseState.KEPT, PromiseState.LATE], (
        "news came, an answer did not"
    )
    assert [p.kind for p in told] == [PromiseKind.ANSWER, PromiseKind.UPDATE, PromiseKind.UPDATE]
    assert len(sara.mails) == 3
    assert [n.reason for n in house.told(house.only(), NotRenewed)] == ["silent.notices_spent"]


async def test_an_answer_in_time_is_followed_by_no_notice(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.at(AT_RISK - timedelta(minutes=1))
    await house.agent("reza").replies(house.only(), "There.")
    await house.later(days=3)
    assert [p.state for p in house.promises(house.only())] == [PromiseState.KEPT]
    assert len(sara.mails) == 2


async def test_an_answer_after_a_notice_keeps_both_times(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.at(AT_RISK)
    await house.agent("reza").replies(house.only(), "There.")
    assert [p.state for p in house.promises(house.only())] == [PromiseState.KEPT, PromiseState.KEPT]


async def test_a_question_like_few_others_gets_the_time_that_those_took(houses: Houses) -> None:
    house = houses(rules={"10-a.toml": POLITE}, more="[promise]\nsamples = 2\npercentile = 0.5\n")
    await house.settle()
    for hours in (1, 10):
        await house.customer(f"{hours}@x").writes("Where is it?")
    await house.at(tehran(21, 13, 30))
    await house.agent("sara").replies(house.conversations()[0], "There.")
    await house.at(tehran(22, 14))  # ten working hours later
    await house.agent("sara").replies(house.conversations()[1], "There.")
    lena = house.customer("lena@x")
    await lena.writes("And mine?")
    asked = house.promises(house.conversations()[-1])[0]
    await house.at(tehran(23, 9))
    told = house.promises(house.conversations()[-1])[-1]
    assert asked.due_at < told.due_at
    assert (told.kind, told.basis) == (PromiseKind.ANSWER, "history")
    assert "New time: we will reply by" in lena.mails[-1]["text"]


async def test_nothing_is_told_at_night(houses: Houses) -> None:
    house = houses(rules={"10-a.toml": POLITE})
    await house.settle()
    await house.at(tehran(21, 16))
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")  # one working hour is left today, and three are promised of tomorrow
    await house.at(tehran(22, 8, 30))
    assert len(sara.mails) == 1
    await house.at(tehran(22, 11))
    assert len(sara.mails) == 2


async def test_an_address_that_proved_nothing_reads_nothing_of_the_message(house: House) -> None:
    sara = house.customer("sara@x", "Buy Gold Now")
    await sara.writes("Where is it?", subject="My secret order", authentication="fail")
    await house.at(AT_RISK)
    assert len(sara.mails) == 2
    notice = str(sara.mails[-1])
    assert "secret" not in notice
    assert "Gold" not in notice


async def test_of_a_time_that_nobody_was_told_there_is_no_new_one(house: House) -> None:
    sara = house.customer("sara@x")
    house.network.faults.refuses("sara@x", times=1)
    await sara.writes("Where is it?")
    await house.later(days=1)
    assert sara.mails == []
    assert [p.state for p in house.promises(house.only())] == [PromiseState.WITHDRAWN], "it was never told"


@pytest.mark.parametrize("action", ["done", "spam"])
async def test_what_is_over_gets_no_notice(house: House, action: str) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.agent("reza").does(house.only(), action)
    await house.later(days=2)
    assert len(sara.mails) == 1


async def test_who_cannot_be_reached_is_told_nothing_and_people_see_why(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await shuts_out(house, "sara@x")
    await house.at(AT_RISK)
    assert len(sara.mails) == 1
    assert [n.reason for n in house.told(house.only(), NotRenewed)] == ["silent.no_way"]


async def test_a_site_may_do_without(houses: Houses) -> None:
    house = houses(more="[promise]\nnotices = 0\n")
    await house.settle()
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.later(days=2)
    assert len(sara.mails) == 1


async def test_a_notice_that_has_not_left_is_overtaken_by_the_answer(houses: Houses) -> None:
    house = houses(rules={"10-a.toml": POLITE}, more="[automatic]\nautomatic_per_minute = 1\n")
    await house.settle()
    for name in ("sara", "lena"):
        await house.customer(f"{name}@x").writes("Where is it?")
    await house.later(minutes=5)
    await house.at(AT_RISK)
    waiting = [d for d in house.deliveries("renewal") if d.state.value == "queued"]
    (matter,) = {d.conversation for d in waiting}
    theirs = next(c for c in house.conversations() if c.id == matter)
    await house.agent("reza").replies(theirs, "There.")
    first, never = house.promises(theirs)
    assert (first.state, never.state) == (PromiseState.KEPT, PromiseState.WITHDRAWN)
    await house.later(hours=1)
    assert len(house.customer(house.said(theirs)[0].sender.address).mails) == 2
