"""Menus: what customers are asked when a conversation opens, and what becomes of their answer, pressed or typed."""

import json

import pytest

from inbox.domain import events as ev
from inbox.domain.choices import LONGEST_DATA, Choice, choice
from inbox.domain.conversations import Conversation, State
from inbox.domain.events import Actor, FieldSet
from inbox.domain.ids import TeamId
from inbox.pipeline.turn import Turn
from inbox.store import decisions, people
from inbox.store.unit import Unit
from tests.path.conftest import Houses
from tests.path.house import House

SALES, BILLING = Choice("department", "sales"), Choice("department", "billing")
MENU = """
[menus.department]
ask = { fa = "پیام شما دربارهٔ چیست؟", en = "What is it about?" }
choices = [
  { value = "sales", fa = "فروش", en = "Sales" },
  { value = "billing", fa = "صورت‌حساب", en = "Billing" },
]
"""
CHAT = 'first_sync = "new"\nsubject = false\nmenu = "department"'
RULES = """
[[rule]]
name = "who says order means sales"
when.text.mentions = "order"
then.field.department = "sales"

[[rule]]
name = "nights answer billing"
on = "field-changed"
when.field.department = "billing"
then.team = "nights"
then.acknowledgement = "acknowledgement"

[[rule]]
name = "default"
on = ["conversation-opened"]
then.acknowledgement = "acknowledgement"
"""


@pytest.fixture
async def chat(houses: Houses) -> House:
    """A house whose channel is a chat that asks for the department."""
    opened = houses(channel=CHAT, more=MENU, rules={"10-all.toml": RULES})
    await opened.settle()
    return opened


async def presses(house: House, data: str, *, sender: str = "sara@x", thread: str = "chat-1", about: str = "") -> None:
    """Somebody presses a button."""
    number = len(house.verdicts())
    said = {"kind": "button", "key": f"b{number}", "sender": {"address": sender}, "thread": thread, "data": data}
    house.network.offer("support@acme", json.dumps({**said, "about": about, "query": f"q{number}"}).encode())
    await house.settle()


async def begun(house: House, text: str = "Hello") -> Conversation:
    await house.customer("sara@x").writes(text, thread="chat-1")
    return house.only()


def toasts(house: House) -> list[tuple[str, str]]:
    return [(toast.key.removeprefix("toast."), toast.choice) for toast in house.toasts]


async def test_the_acknowledgement_asks(chat: House) -> None:
    matter = await begun(chat)
    (told,) = chat.customer("sara@x").mails
    assert told["offers"] == [["Sales", "choose:department:sales"], ["Billing", "choose:department:billing"]]
    assert told["text"].endswith("What is it about?")
    assert [offer.label for message in chat.said(matter) for offer in message.offers] == ["Sales", "Billing"]
    assert [fact.asks for fact in chat.told(matter, ev.Acknowledged)] == ["department"]


async def test_it_asks_in_the_customers_language(chat: House) -> None:
    await chat.customer("sara@x").writes("سلام", thread="chat-1", language="fa")
    (told,) = chat.customer("sara@x").mails
    assert [label for label, _ in told["offers"]] == ["فروش", "صورت‌حساب"]
    assert told["text"].endswith("پیام شما دربارهٔ چیست؟")


async def test_nothing_is_asked_that_a_rule_has_decided(chat: House) -> None:
    matter = await begun(chat, "Where is my order?")
    (told,) = chat.customer("sara@x").mails
    assert ("offers" in told, "about?" in told["text"], dict(matter.fields)) == (False, False, {"department": "sales"})


async def test_a_network_without_buttons_is_asked_nothing(houses: Houses) -> None:
    house = houses(channel='first_sync = "new"\nmenu = "department"', more=MENU)
    await house.settle()
    await begun(house)
    (told,) = house.customer("sara@x").mails
    assert "offers" not in told


async def test_a_choice_is_a_fact_that_rules_act_on_at_once_and_nothing_is_said_to_it(chat: House) -> None:
    before = await begun(chat)
    await presses(chat, BILLING.data)
    after = chat.only()
    assert after.fields == (("department", "billing"),)
    assert after.team is not None
    assert (after.messages, after.waiting_since, after.pinned) == (before.messages, before.waiting_since, ())
    assert [event.actor.kind for event in chat.log(after)][-3:] == ["contact", "house", "rule"]
    assert len(chat.customer("sara@x").mails) == 1, "no second acknowledgement"
    assert toasts(chat) == [("chosen", "Billing")]


async def test_the_decision_on_a_choice_is_stored_as_any_other(chat: House) -> None:
    matter = await begun(chat)
    await presses(chat, BILLING.data)
    first, second = chat.store.read_now(decisions.of, matter.id)
    assert (first.message is not None, second.message) == (True, None)
    facts = json.loads(second.body)["facts"]
    assert facts["events"] == ["field-changed"]
    assert chat.told(matter, ev.Decided)[-1].rules == ("nights answer billing",)


async def test_who_chooses_again_has_changed_their_mind(chat: House) -> None:
    await begun(chat)
    for value in ("sales", "sales", "billing"):
        await presses(chat, Choice("department", value).data)
    assert chat.verdicts()[1:] == ["accepted choice", "duplicate duplicate.choice", "accepted choice"]
    assert chat.only().fields == (("department", "billing"),)
    assert toasts(chat) == [("chosen", "Sales"), ("chosen_before", "Sales"), ("chosen", "Billing")]


async def test_what_a_person_of_ours_has_set_stays(chat: House) -> None:
    matter = await begun(chat)
    reza = chat.agent("reza").who

    def sets(unit: Unit) -> None:
        turn = Turn.of(unit, matter.id, "web", chat.playbook().terms, chat.clock.now())
        turn.tell(FieldSet("field_set", "department", "billing"), Actor("agent", reza.id, reza.name))
        turn.close()

    chat.store.write_now(sets)
    await presses(chat, SALES.data)
    assert chat.only().fields == (("department", "billing"),)
    assert chat.told(chat.only(), ev.Chosen) == [ev.Chosen("chosen", "department", "sales")]
    assert len(chat.told(chat.only(), ev.Decided)) == 1, "no rule ran on what changed nothing"
    assert toasts(chat) == [("overruled", "Sales")]


async def test_what_nobody_offered_or_may_choose_is_ignored(chat: House) -> None:
    await begun(chat)
    await chat.customer("omid@x").writes("Hi", thread="chat-2")
    for data in ("choose:priority:urgent", "choose:department:board", "nonsense"):
        await presses(chat, data)
    await presses(chat, SALES.data, sender="omid@x")
    await presses(chat, SALES.data, sender="nobody@x")
    await presses(chat, SALES.data, thread="chat-3")
    said = chat.verdicts()[2:]
    assert said == ["ignored ignored.button_unknown"] * 3 + ["ignored ignored.button_of_nothing"] * 3
    assert [c.fields for c in chat.conversations()] == [(), ()]
    assert {key for key, _ in toasts(chat)} == {"not_open"}, "each of them is told"
    assert len(chat.toasts) == 6


async def test_f18_a_button_of_what_is_over_changes_nothing_and_says_so(chat: House) -> None:
    old = await begun(chat)
    await chat.agent("reza").does(old, "done")
    await chat.later(days=40)
    await chat.customer("sara@x").writes("Something else", thread="chat-1")
    new = chat.conversations()[1]
    before, after = (next(m.key for m in chat.said(one) if m.purpose) for one in (old, new))
    await presses(chat, SALES.data, about=before)
    assert chat.verdicts()[-1] == "ignored ignored.button_too_late"
    await presses(chat, SALES.data, about=after)
    assert [dict(one.fields) for one in chat.conversations()] == [{}, {"department": "sales"}]
    assert [key for key, _ in toasts(chat)] == ["not_open", "chosen"]
    assert chat.conversations()[0].state is State.DONE


@pytest.mark.parametrize("words", ["billing", " BILLING ", "صورتحساب", "صورت حساب"])
async def test_the_answer_can_be_typed(chat: House, words: str) -> None:
    await begun(chat)
    await chat.customer("sara@x").writes(words, thread="chat-1")
    after = chat.only()
    assert dict(after.fields) == {"department": "billing"}
    assert after.team is not None
    assert after.messages == 3, "it is a message too"
    facts = json.loads(chat.store.read_now(decisions.of, after.id)[-1].body)["facts"]
    assert facts["events"] == ["message-received", "field-changed"]


async def test_words_are_an_answer_only_to_an_open_question(chat: House) -> None:
    await begun(chat, "billing")
    assert chat.only().fields == (), "nobody had asked"
    await chat.customer("sara@x").writes("billing is what I want to talk about", thread="chat-1")
    assert chat.only().fields == (), "it says more than the answer"
    await presses(chat, SALES.data)
    await chat.customer("sara@x").writes("billing", thread="chat-1")
    assert dict(chat.only().fields) == {"department": "sales"}, "the question is answered"


@pytest.mark.parametrize(
    "data", ["", "choose", "choose:department:", "choose:department:a b", "rate:department:a", "choose:Dep:a", "x" * 99]
)
def test_data_of_another_shape_is_no_choice(data: str) -> None:
    assert choice(data) is None


def test_a_choice_is_read_back_from_its_data() -> None:
    for one in (SALES, Choice("department", "فروش")):
        assert choice(one.data) == one
        assert one.fits
    long = Choice("department", "ف" * 30)
    assert (choice(long.data), long.fits) == (long, False)
    assert len(long.data.encode()) > LONGEST_DATA


@pytest.fixture
async def sorted_chat(houses: Houses) -> House:
    """The same, where sales are a team's."""
    menu = MENU.replace('en = "Sales" }', 'en = "Sales", team = "nights" }')
    opened = houses(channel=CHAT, more=menu, rules={"10-all.toml": f"[[rule]]{RULES.split('[[rule]]')[-1]}"})
    await opened.settle()
    return opened


def nights(house: House) -> TeamId:
    team = house.store.read_now(people.roster).team("nights")
    assert team is not None
    return team.id


@pytest.mark.parametrize("pressed", [True, False])
async def test_a_choice_goes_to_its_team_pressed_or_typed(sorted_chat: House, pressed: bool) -> None:
    assert (await begun(sorted_chat)).team is None
    if pressed:
        await presses(sorted_chat, SALES.data)
    else:
        await sorted_chat.customer("sara@x").writes("Sales", thread="chat-1")
        await sorted_chat.settle()
    assert sorted_chat.only().team == nights(sorted_chat)


async def test_what_a_person_gave_to_a_team_stays_there(sorted_chat: House) -> None:
    matter = await begun(sorted_chat)

    def away(unit: Unit) -> None:
        turn = Turn.of(unit, matter.id, "web", sorted_chat.playbook().terms, sorted_chat.clock.now())
        turn.tell(ev.TeamSet("team_set", None), Actor("agent", 1))
        turn.close()

    sorted_chat.store.write_now(away)
    await presses(sorted_chat, SALES.data)
    assert (sorted_chat.only().team, sorted_chat.only().fields) == (None, (("department", "sales"),))
