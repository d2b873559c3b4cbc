"""An agent promises a time: it is told, kept, renewed and judged as one that was computed."""

from datetime import timedelta

import pytest

from inbox.domain.conversations import State
from inbox.domain.deliveries import DeliveryState
from inbox.domain.problems import Problem
from inbox.domain.promise_events import Promised
from inbox.domain.promises import BY_HAND, PromiseState
from inbox.pipeline.outcome import settle
from inbox.store.deliveries import Outcome
from tests.path.house import House
from tests.path.test_announced_time import tehran


async def promised(house: House, by: str, **more: object) -> None:
    await house.customer("sara@x").writes("Where is it?")
    await house.later(minutes=10)
    await house.agent("reza").does(house.only(), "promise", by=by, **more)


async def test_the_customer_is_told_and_still_waits(house: House) -> None:
    await promised(house, "monday 15:00", text="I am asking the warehouse.")
    sara = house.customer("sara@x")
    assert (
        "I am asking the warehouse.\n\nWe will answer by Monday 23 November, 15:00 (Tehran time)."
        in sara.mails[-1]["text"]
    )
    earlier, mine = house.promises(house.only())
    assert (earlier.state, mine.state, mine.basis) == (PromiseState.KEPT, PromiseState.OPEN, BY_HAND)
    assert mine.due_at == tehran(23, 15)
    assert house.only().state is State.OPEN
    assert house.clocks(house.only())["first_reply"].stopped_at is not None, "a person has answered"


async def test_the_time_alone_is_an_answer_too(house: House) -> None:
    await promised(house, "sunday")
    assert "by Sunday 22 November, 17:00" in house.customer("sara@x").mails[-1]["text"], "when work ends"


async def test_the_next_answer_keeps_it(house: House) -> None:
    await promised(house, "sunday")
    await house.agent("reza").replies(house.only(), "It is on its way.")
    assert [p.state for p in house.promises(house.only())] == [PromiseState.KEPT, PromiseState.KEPT]


async def test_before_it_passes_a_new_time_is_told(house: House) -> None:
    await promised(house, "sunday 12:00")
    await house.at(tehran(22, 11, 59))
    sara = house.customer("sara@x")
    assert "We told you that we would reply by Sunday 22 November, 12:00" in sara.mails[-1]["text"]
    mine, news = house.promises(house.only())[1:]
    assert news.replaces == mine.id
    await house.later(days=4)
    assert [p.state for p in house.promises(house.only())][1] is PromiseState.LATE


async def test_when_it_is_not_delivered_nothing_was_promised(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    house.network.faults.refuses("sara@x", times=1)
    await house.agent("reza").does(house.only(), "promise", by="sunday")
    assert house.promises(house.only())[-1].state is PromiseState.WITHDRAWN
    assert house.only().waiting_since is not None
    (failed,) = [d for d in house.deliveries("reply") if d.state is DeliveryState.FAILED]
    again = Outcome(DeliveryState.QUEUED, repeated=True)
    house.store.write_now(settle, failed, again, house.playbook(), house.clock.now())
    await house.settle()
    assert house.promises(house.only())[-1].state is PromiseState.OPEN, "sent after all"


@pytest.mark.parametrize(
    ("by", "why"), [("soon", "promise.no_time"), ("2020-01-01", "promise.not_ahead"), ("9999d", "promise.not_ahead")]
)
async def test_a_time_that_is_none_is_refused_with_a_sentence(house: House, by: str, why: str) -> None:
    await house.customer("sara@x").writes("Where is it?")
    with pytest.raises(Problem) as caught:
        house.agent("reza").acts(house.only(), "promise", by=by)
    assert caught.value.key == why
    assert len(house.customer("sara@x").mails) == 1


async def test_persian_words_in_a_persian_conversation(house: House) -> None:
    await house.customer("sara@x").writes("سفارش من کجاست؟", language="fa")
    await house.agent("reza").does(house.only(), "promise", by="فردا ساعت ۱۰")
    assert "تا یکشنبه ۱ آذر ساعت ۱۰:۰۰ (به وقت تهران) پاسخ می‌دهیم." in house.customer("sara@x").mails[-1]["text"]
    assert house.promises(house.only())[-1].due_at - house.clock.now() < timedelta(days=1)
    assert [p.answer for p in house.told(house.only(), Promised)] == [True, True]
