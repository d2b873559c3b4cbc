"""Something is known to be down: who writes about it is told so at once, and hears the news by the time that was told."""

from datetime import timedelta
from functools import partial

import pytest

from inbox.domain.events import NotAcknowledged
from inbox.domain.problems import Problem
from inbox.domain.promises import OUTAGE, PromiseKind, PromiseState
from inbox.pipeline import outages as verbs
from inbox.store import outages
from tests.path.conftest import Houses
from tests.path.house import House

RULES = (
    '[[rule]]\nname = "pay"\nwhen.text.mentions = "pay"\nthen.tag = "payment"\n'
    '[[rule]]\nname = "polite"\nthen.policy = "standard"\nthen.acknowledgement = "acknowledgement"\n'
)
WORDS = {"en": "Payments are down.", "fa": "پرداخت‌ها قطع است."}


async def opened(houses: Houses) -> House:
    house = houses(rules={"10-a.toml": RULES})
    await house.settle()
    return house


def begins(house: House, **after: float) -> None:
    now = house.clock.now()
    house.store.write_now(verbs.begin, "payment", WORDS, now + timedelta(**after), now)


async def news(house: House, text: str, **after: float) -> int:
    now = house.clock.now()
    at = now + timedelta(**after) if after else None
    known = house.store.write_now(verbs.news, "payment", {"en": text}, at, now)
    told = 0
    for id, promised in house.store.read_now(outages.waiting, "payment"):
        tell = partial(verbs.tell, told=promised, known=known, playbook=house.playbook(), now=now)
        told += house.store.write_now(tell, id)
    await house.settle()
    return told


async def test_who_writes_about_it_is_told_what_we_know_and_when_there_is_news(houses: Houses) -> None:
    house = await opened(houses)
    begins(house, hours=2)
    sara, lena = house.customer("sara@x"), house.customer("lena@x")
    await sara.writes("I cannot pay")
    await lena.writes("Where is it?")
    assert "Payments are down. We know about it. News by Saturday 21 November, 14:30" in sara.mails[0]["text"]
    assert "Payments" not in lena.mails[0]["text"]
    theirs, other = (house.promises(one)[0] for one in house.conversations())
    assert (theirs.kind, theirs.basis, other.kind) == (PromiseKind.UPDATE, OUTAGE, PromiseKind.ANSWER)


async def test_in_their_language(houses: Houses) -> None:
    house = await opened(houses)
    begins(house, hours=2)
    sara = house.customer("sara@x")
    await sara.writes("نمی‌توانم pay کنم", language="fa")
    assert "پرداخت‌ها قطع است. از آن خبر داریم؛ تا شنبه ۳۰ آبان ساعت ۱۴:۳۰" in sara.mails[0]["text"]


async def test_news_keeps_the_promise_and_makes_the_next(houses: Houses) -> None:
    house = await opened(houses)
    begins(house, hours=2)
    sara = house.customer("sara@x")
    await sara.writes("I cannot pay")
    await house.later(hours=1)
    assert await news(house, "The bank is working on it.", hours=3) == 1
    assert "The bank is working on it." in sara.mails[-1]["text"]
    assert "More news by Saturday 21 November, 16:30" in sara.mails[-1]["text"]
    assert [p.state for p in house.promises(house.only())] == [PromiseState.KEPT, PromiseState.OPEN]
    assert await news(house, "Payments work again.") == 1
    assert "More news" not in sara.mails[-1]["text"]
    assert [p.state for p in house.promises(house.only())] == [PromiseState.KEPT, PromiseState.KEPT]
    assert house.only().waiting_since is not None, "a person has answered nothing yet"


async def test_who_writes_once_it_is_over_is_told_an_ordinary_time(houses: Houses) -> None:
    house = await opened(houses)
    begins(house, hours=2)
    await news(house, "Payments work again.")
    sara = house.customer("sara@x")
    await sara.writes("I cannot pay")
    assert house.promises(house.only())[0].kind is PromiseKind.ANSWER
    assert "Payments" not in sara.mails[0]["text"]


async def test_news_that_nobody_brought_is_promised_to_nobody_else(houses: Houses) -> None:
    house = await opened(houses)
    begins(house, hours=2)
    await house.later(hours=3)
    sara = house.customer("sara@x")
    await sara.writes("I cannot pay")
    assert "Payments" not in sara.mails[0]["text"]


async def test_whoever_was_answered_meanwhile_hears_no_news(houses: Houses) -> None:
    house = await opened(houses)
    begins(house, hours=2)
    sara = house.customer("sara@x")
    await sara.writes("I cannot pay")
    await house.agent("reza").replies(house.only(), "By invoice, if you like.")
    assert await news(house, "Payments work again.") == 0
    assert len(sara.mails) == 2


async def test_the_same_news_twice_is_told_once(houses: Houses) -> None:
    house = await opened(houses)
    begins(house, hours=2)
    sara = house.customer("sara@x")
    await sara.writes("I cannot pay")
    ((id, promised),) = house.store.read_now(outages.waiting, "payment")
    known = house.store.read_now(outages.current)[0]
    tell = partial(verbs.tell, told=promised, known=known, playbook=house.playbook(), now=house.clock.now())
    assert house.store.write_now(tell, id)
    assert not house.store.write_now(tell, id)
    await house.settle()
    assert len(sara.mails) == 2


async def test_a_rule_may_still_say_nothing(houses: Houses) -> None:
    house = houses(rules={"10-a.toml": RULES.replace('"acknowledgement"\n', '"none"\n')})
    await house.settle()
    begins(house, hours=2)
    await house.customer("sara@x").writes("I cannot pay")
    assert [n.reason for n in house.told(house.only(), NotAcknowledged)] == ["silent.rule"]


async def test_what_cannot_be_is_refused_with_a_sentence(houses: Houses) -> None:
    house = await opened(houses)
    begins(house, hours=2)
    for hours in (3, -1):
        with pytest.raises(Problem):
            begins(house, hours=hours)
    with pytest.raises(Problem) as caught:
        house.store.write_now(verbs.news, "shop", WORDS, None, house.clock.now())
    assert caught.value.key == "outage.unknown"


async def test_an_end_that_was_cut_short_is_told_to_the_rest(houses: Houses) -> None:
    house = await opened(houses)
    begins(house, hours=2)
    sara, lena = house.customer("sara@x"), house.customer("lena@x")
    await sara.writes("I cannot pay")
    await lena.writes("I cannot pay either")
    now, over = house.clock.now(), {"en": "Payments work again."}
    known = house.store.write_now(verbs.news, "payment", over, None, now)
    id, promised = house.store.read_now(outages.waiting, "payment")[0]
    house.store.write_now(partial(verbs.tell, told=promised, known=known, playbook=house.playbook(), now=now), id)
    await house.later(minutes=10)
    assert await news(house, over["en"]) == 1
    for customer in (sara, lena):
        assert sum("Payments work again." in mail["text"] for mail in customer.mails) == 1
    assert house.store.read_now(outages.every)[0].ended_at == now
    with pytest.raises(Problem, match="outage"):
        await news(house, over["en"])
