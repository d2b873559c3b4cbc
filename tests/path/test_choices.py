"""Buttons that customers press: a choice becomes a fact, and nothing is said to it."""

import json

import pytest

from inbox.domain import events as ev
from inbox.domain.choices import Choice, choice
from inbox.domain.conversations import Conversation
from inbox.domain.events import Actor, FieldSet
from inbox.pipeline.turn import Turn
from inbox.store.unit import Unit
from tests.path.house import House

SALES = Choice("department", "sales")


async def presses(house: House, data: str, *, sender: str = "sara@x", thread: str = "chat-1") -> None:
    """Somebody presses a button."""
    number = len(house.verdicts())
    said = {"kind": "button", "key": f"b{number}", "sender": {"address": sender}, "thread": thread, "data": data}
    house.network.offer("support@acme", json.dumps(said).encode())
    await house.settle()


async def begun(house: House) -> Conversation:
    await house.customer("sara@x").writes("Hello", thread="chat-1")
    return house.only()


async def test_a_choice_is_a_fact_of_the_conversation_and_nothing_is_said_to_it(house: House) -> None:
    before = await begun(house)
    await presses(house, SALES.data)
    after = house.only()
    assert after.fields == (("department", "sales"),)
    assert (after.messages, after.waiting_since, after.pinned) == (before.messages, before.waiting_since, ())
    assert house.log(after)[-1].actor.kind == "contact"
    assert len(house.customer("sara@x").mails) == 1


async def test_who_chooses_again_has_changed_their_mind(house: House) -> None:
    await begun(house)
    for value in ("sales", "sales", "support"):
        await presses(house, Choice("department", value).data)
    assert house.verdicts()[1:] == ["accepted choice", "duplicate duplicate.choice", "accepted choice"]
    assert house.only().fields == (("department", "support"),)


async def test_what_a_person_of_ours_has_set_stays(house: House) -> None:
    matter = await begun(house)
    reza = house.agent("reza").who

    def sets(unit: Unit) -> None:
        turn = Turn.of(unit, matter.id, "web", house.playbook().terms, house.clock.now())
        turn.tell(FieldSet("field_set", "department", "billing"), Actor("agent", reza.id, reza.name))
        turn.close()

    house.store.write_now(sets)
    await presses(house, SALES.data)
    assert house.only().fields == (("department", "billing"),)
    assert house.told(house.only(), ev.Chosen) == [ev.Chosen("chosen", "department", "sales")]


async def test_what_nobody_offered_or_may_choose_is_ignored(house: House) -> None:
    await begun(house)
    await house.customer("omid@x").writes("Hi", thread="chat-2")
    await presses(house, "choose:priority:urgent")
    await presses(house, SALES.data, sender="omid@x")
    await presses(house, SALES.data, sender="nobody@x")
    await presses(house, SALES.data, thread="chat-3")
    unknown, *nothing = house.verdicts()[2:]
    assert unknown == "ignored ignored.button_unknown"
    assert set(nothing) == {"ignored ignored.button_of_nothing"}
    assert [c.fields for c in house.conversations()] == [(), ()]


@pytest.mark.parametrize(
    "data", ["", "choose", "choose:department:", "choose:department:a b", "rate:department:a", "x" * 99]
)
def test_data_of_another_shape_is_no_choice(data: str) -> None:
    assert choice(data) is None


def test_a_choice_is_read_back_from_its_data() -> None:
    for one in (SALES, Choice("department", "فروش")):
        assert choice(one.data) == one
        assert len(one.data.encode()) <= 64
