"""How messages sound: rules look at it and show the words, the latest message counts, and only a person asks for courtesy."""

import pytest

from inbox.domain.call_events import Warned
from inbox.domain.messages import Direction
from inbox.domain.problems import Problem
from inbox.rulebook.decision import Decision
from inbox.rulebook.explain import explain
from inbox.site import catalogues
from inbox.store import decisions, tones
from inbox.text.wording import load
from tests.path.conftest import Houses
from tests.path.house import House

RULES = """
format = 1
[[rule]]
name = "angry first"
on = ["message-received"]
when.tone = ["angry", "abusive"]
then.priority = "high"
then.tag = ["angry"]
"""


def heard(house: House) -> dict[str, tuple[str, ...]]:
    """Tones of the one conversation, with their words."""
    return {tone: words for tone, words, _ in house.store.read_now(tones.of, house.only().id)}


async def test_a_rule_looks_at_the_tone_and_the_decision_keeps_the_words(houses: Houses) -> None:
    house = houses(rules={"10-tone.toml": RULES})
    await house.settle()
    await house.customer("lena@y").writes("This is unacceptable. Worst service ever.", subject="Order")
    matter = house.only()
    assert (matter.priority, matter.tags) == ("high", ("angry",))
    [stored] = house.store.read_now(decisions.of, matter.id)
    decision = Decision.from_json(stored.body)
    assert dict(decision.facts.tone) == {"angry": ("unacceptable", "worst")}
    [line] = explain(decision, load(catalogues()), "en").lines
    assert "angry: unacceptable, worst" in " ".join(line.because)


async def test_the_next_message_takes_its_place(house: House) -> None:
    lena = house.customer("lena@y")
    await lena.writes("سفارشم فوری است", subject="فوری", language="fa")
    assert heard(house) == {"urgent": ("فوری",)}
    await lena.answers("ممنون، عجله‌ای نیست", subject="Re: فوری", language="fa")
    assert heard(house) == {}, "a subject that is only repeated says nothing"


async def test_what_a_machine_wrote_sounds_like_nothing(house: House) -> None:
    await house.customer("alerts@y").writes("URGENT: disk full", subject="URGENT", automatic="bulk")
    assert heard(house) == {}


async def test_a_tone_alone_does_nothing_to_anybody(house: House) -> None:
    lena = house.customer("lena@y")
    await lena.writes("You idiots, go to hell", subject="Hi")
    assert "abusive" in heard(house)
    kinds = {event.payload.kind for event in house.log(house.only())}
    assert not kinds & {"warned", "blocked"}
    assert [one["automatic"] for one in lena.mails] == ["auto-reply"], "acknowledged like anybody"


async def test_a_request_for_courtesy_answers_nothing(house: House) -> None:
    lena = house.customer("lena@y")
    await lena.writes("You idiots", subject="Order")
    began = house.only().waiting_since
    await house.later(minutes=5)
    await house.agent("reza").does(house.only(), "warn")
    matter = house.only()
    assert (matter.state, matter.waiting_since) == ("open", began)
    assert house.clocks(matter)["first_reply"].open
    assert "without insults or threats" in lena.mails[-1]["text"]
    assert lena.mails[-1]["automatic"] is None, "a person asked"
    [told] = house.told(matter, Warned)
    assert (told.agent, told.address) == (house.agent("reza").who.id, "lena@y")
    with pytest.raises(Problem) as again:
        await house.agent("reza").does(matter, "warn")
    assert again.value.key == "warn.again"
    await house.later(minutes=5)
    await lena.answers("Idiots, all of you")
    await house.agent("reza").does(house.only(), "warn")
    assert "We have asked you for this before" in lena.mails[-1]["text"]


async def test_courtesy_is_asked_for_in_the_customers_language(house: House) -> None:
    lena = house.customer("lena@y")
    await lena.writes("احمق‌ها", subject="سفارش", language="fa")
    await house.agent("reza").does(house.only(), "warn")
    assert "بدون توهین و تهدید" in lena.mails[-1]["text"]


async def test_tones_go_along_when_conversations_become_one_or_come_apart(house: House) -> None:
    lena = house.customer("lena@y")
    await lena.writes("Hello", subject="One")
    await lena.writes("This is urgent", subject="Two")
    one, two = house.conversations()
    await house.agent("reza").does(two, "merge", into=one.reference)
    assert {tone for tone, _, _ in house.store.read_now(tones.of, one.id)} == {"urgent"}
    assert not house.store.read_now(tones.of, two.id)
    said = next(m for m in house.said(one) if m.direction is Direction.INBOUND and "urgent" in m.text)
    await house.agent("reza").does(one, "split", messages=(said.id,), subject="Apart")
    apart = house.conversations()[-1]
    assert {tone for tone, _, _ in house.store.read_now(tones.of, apart.id)} == {"urgent"}
    assert not house.store.read_now(tones.of, one.id)
