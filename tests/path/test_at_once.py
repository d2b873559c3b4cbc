"""Two processes on one database at the same moment: one of them wins, and the loser is told, or finds it done."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from channels.memory.codec import MemoryCodec
from inbox.actions.action import Doing, Done, Surface
from inbox.actions.registry import perform
from inbox.domain.arrivals import Judged
from inbox.domain.entropy import Entropy
from inbox.domain.ids import ArrivalId
from inbox.domain.rule_events import PageAcknowledged, Paged
from inbox.pipeline.page import page_due
from inbox.pipeline.receive import JudgedElsewhere, judge
from inbox.pipeline.reply import Stale
from inbox.store import arrivals, pages
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.path.house import House
from tests.store.race import race


@pytest.fixture
def other(url: str, tmp_path: Path) -> Iterator[Store]:
    """A second process' store."""
    store = Store(url, tmp_path)
    yield store
    store.close()


def reply(house: House, who: str, **more: object) -> Callable[[Unit], Done]:
    """An answer to the only conversation, as a unit."""
    once, via = str(more.pop("once", "")), Surface(str(more.pop("via", Surface.API)))
    doing = Doing(house.agent(who).who, house.only().id, via, house.playbook(), house.clock.now())
    return lambda unit: perform(unit, "reply", {"text": "There.", **more}, doing, once=once)


def received(house: House) -> Callable[[Unit], Judged]:
    """The reception of the arrival that waits, as a unit."""
    (waiting,) = house.store.read_now(arrivals.pending, ArrivalId(0), 9, tuple(house.playbook().channels))
    assert waiting.raw is not None
    happenings = MemoryCodec(house.rooms.settings.channels[waiting.channel].options).parse(waiting.raw)
    arrival = waiting.arrival(waiting.raw)
    return lambda unit: judge(unit, arrival, happenings, house.playbook(), house.clock.now())


def kinds(found: list[Any]) -> list[str]:
    return sorted(type(one).__name__ for one in found)


@pytest.mark.parametrize("seen", [True, False])
async def test_of_two_agents_who_answer_at_once_one_is_told(house: House, other: Store, seen: bool) -> None:
    await house.customer("sara@x").writes("Where is it?")
    given = {"seen": house.only().version} if seen else {}
    found = race((house.store, reply(house, "sara", **given)), (other, reply(house, "reza", **given)))
    assert kinds(found) == ["Done", "Stale"]
    (stale,) = [one for one in found if isinstance(one, Stale)]
    assert stale.facts["who"] in ("Sara", "Reza")
    await house.settle()
    assert len(house.mails_to("sara@x")) == 2


FROM_ANYWHERE = (Surface.WEB, Surface.MAIL, Surface.BOT)


@pytest.mark.parametrize("second", FROM_ANYWHERE)
@pytest.mark.parametrize("first", FROM_ANYWHERE)
async def test_from_no_two_surfaces_is_it_answered_twice_blindly(
    house: House, other: Store, first: Surface, second: Surface
) -> None:
    """At once, and one after the other by who had the page, the mail or the card of before in front of them."""
    await house.customer("sara@x").writes("Where is it?")
    seen = house.only().version
    calls = reply(house, "sara", seen=seen, via=first), reply(house, "reza", seen=seen, via=second)
    found = race((house.store, calls[0]), (other, calls[1]))
    assert kinds(found) == ["Done", "Stale"]
    loser, via = ("reza", second) if isinstance(found[1], Stale) else ("sara", first)
    with pytest.raises(Stale):
        house.store.write_now(reply(house, loser, seen=seen, via=via))
    await house.later(minutes=1)
    assert len(house.mails_to("sara@x")) == 2, "the acknowledgement and one answer"
    house.store.write_now(reply(house, loser, seen=seen, via=via, anyway=True))
    await house.later(minutes=1)
    assert len(house.mails_to("sara@x")) == 3, "who has read what is new may say it anyway"


async def test_one_who_has_the_page_open_twice_says_the_same_words_once(house: House, other: Store) -> None:
    await house.customer("sara@x").writes("Where is it?")
    seen = house.only().version
    tabs = [reply(house, "sara", seen=seen, via="web", once=once) for once in ("one tab", "the other")]
    found = race((house.store, tabs[0]), (other, tabs[1]))
    assert kinds(found) == ["Done", "Stale"]
    (stale,) = [one for one in found if isinstance(one, Stale)]
    assert stale.key == "reply.twice"
    house.store.write_now(reply(house, "sara", seen=seen, via="web", text="And one thing more."))
    await house.later(minutes=1)
    assert len(house.mails_to("sara@x")) == 3, "the acknowledgement and two answers"
    house.store.write_now(reply(house, "sara", seen=seen, via="web", anyway=True))
    await house.later(minutes=1)
    assert len(house.mails_to("sara@x")) == 4


async def test_the_same_call_twice_at_once_says_it_once(house: House, other: Store) -> None:
    await house.customer("sara@x").writes("Where is it?")
    call = reply(house, "reza", once="key 1")
    one, two = race((house.store, call), (other, call))
    assert one.message == two.message
    await house.settle()
    assert len(house.mails_to("sara@x")) == 2


async def test_an_arrival_received_twice_at_once_is_one_conversation(house: House, other: Store) -> None:
    house.network.write("sara@x", "support@acme", "Where is it?", language="en")
    await house._fetch(next(iter(house.senders)))
    work = received(house)
    found = race((house.store, work), (other, work))
    assert len([one for one in found if isinstance(one, Judged)]) == 1
    assert len([one for one in found if isinstance(one, JudgedElsewhere)]) == 1, found
    await house.settle()
    assert (len(house.conversations()), len(house.mails_to("sara@x"))) == (1, 1)


async def test_an_answer_and_the_customers_next_words_at_once_both_count(house: House, other: Store) -> None:
    sara = house.customer("sara@x")
    asked = await sara.writes("Where is it?")
    house.network.write("sara@x", "support@acme", "Hello?", language="en", references=[asked])
    await house._fetch(next(iter(house.senders)))
    found = race((house.store, received(house)), (other, reply(house, "reza")))
    assert kinds(found) == ["Done", "Judged"]
    await house.settle()
    matter = house.only()
    assert [m.direction.value for m in house.said(matter)].count("inbound") == 2
    assert len(sara.mails) == 2


async def test_two_acts_on_one_conversation_at_once_both_happen(house: House, other: Store) -> None:
    await house.customer("sara@x").writes("Where is it?")
    doing = Doing(house.agent("reza").who, house.only().id, Surface.API, house.playbook(), house.clock.now())
    act = partial(perform, name="tag", doing=doing)
    found = race(
        (house.store, lambda u: act(u, arguments={"add": ["a"]})), (other, lambda u: act(u, arguments={"add": ["b"]}))
    )
    assert kinds(found) == ["Done", "Done"]
    assert set(house.only().tags) == {"a", "b"}


async def test_two_strangers_at_once_get_a_conversation_each(house: House, other: Store) -> None:
    """Also where chance gives both the same reference: the draw of the second is taken, and it draws again."""
    for name in ("sara", "omid"):
        house.network.write(f"{name}@x", "support@acme", "Where is it?", language="en")
    await house._fetch(next(iter(house.senders)))
    known = tuple(house.playbook().channels)
    units = []
    for waiting in house.store.read_now(arrivals.pending, ArrivalId(0), 9, known):
        assert waiting.raw is not None
        happenings = MemoryCodec(house.rooms.settings.channels[waiting.channel].options).parse(waiting.raw)
        units.append(partial(_same_chance, waiting.arrival(waiting.raw), happenings, house))
    found = race((house.store, units[0]), (other, units[1]))
    assert kinds(found) == ["Judged", "Judged"]
    await house.settle()
    one, two = house.conversations()
    assert one.reference != two.reference


def _same_chance(arrival: Any, happenings: Any, house: House, unit: Unit) -> Judged:
    unit.entropy = Entropy(b"the same for both")
    return judge(unit, arrival, happenings, house.playbook(), house.clock.now())


async def test_of_two_that_call_somebody_at_once_one_does_and_of_two_who_have_it_one(
    house: House, other: Store
) -> None:
    """Two receivers begin what one rule calls for, two sweepers take its step, two agents say that they have it."""
    await house.customer("sara@x").writes("Where is it?")
    matter, now = house.only().id, house.clock.now()

    def begin(unit: Unit) -> bool:
        return pages.begin(unit, matter, "on call", ["agent:reza"], now)

    def step(unit: Unit) -> int:
        return page_due(unit, house.playbook(), now)

    def has_it(who: str) -> Callable[[Unit], Done]:
        doing = Doing(house.agent(who).who, matter, Surface.API, house.playbook(), now)
        return lambda unit: perform(unit, "acknowledge", {}, doing)

    assert sorted(race((house.store, begin), (other, begin))) == [False, True]
    assert sorted(race((house.store, step), (other, step))) == [0, 1]
    assert [one.step for one in house.told(house.only(), Paged)] == ["first"]
    said = race((house.store, has_it("sara")), (other, has_it("reza")))
    assert sorted(one.key for one in said) == ["done.acknowledge", "done.acknowledge_nothing"]
    assert len(house.told(house.only(), PageAcknowledged)) == 1
