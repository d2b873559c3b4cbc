"""Somebody changes what they wrote: people read the new words, the old ones stay, and nothing else happens again."""

import json

import pytest

from inbox.domain import events as ev
from inbox.domain.scope import Scope
from inbox.pipeline.reply import Stale
from inbox.store import views
from inbox.store.shown import ShownMessage
from tests.path.house import House


async def edits(house: House, key: str, text: str, *, sender: str = "sara@x", **more: object) -> None:
    """Somebody changes a message."""
    said = {"kind": "edit", "key": key, "sender": {"address": sender}, "thread": "", "text": text, **more}
    house.network.offer("support@acme", json.dumps(said).encode())
    await house.settle()


def first(house: House) -> ShownMessage:
    """The first message as people read it."""
    whole = house.store.read_now(views.shown, Scope.house(), house.only().reference)
    assert whole is not None
    return whole.messages[0]


async def test_people_read_the_new_words_and_can_look_at_the_old(house: House) -> None:
    key = await house.customer("sara@x").writes("Order 12 is lost")
    await edits(house, key, "Order 13 is lost")
    await edits(house, key, "Order 14 is lost")
    shown = first(house)
    assert (shown.words, shown.message.text) == ("Order 14 is lost", "Order 12 is lost")
    assert [e.text for e in shown.edits] == ["Order 13 is lost", "Order 14 is lost"]
    assert house.only().excerpt == "Order 14 is lost"
    assert [e.excerpt for e in house.told(house.only(), ev.Edited)] == ["Order 13 is lost", "Order 14 is lost"]


async def test_nothing_else_happens_again(house: House) -> None:
    key = await house.customer("sara@x").writes("Where is it?")
    before, clocks = house.only(), house.clocks(house.only())
    await house.later(minutes=10)
    await edits(house, key, "The server is down, urgent!")
    after = house.only()
    assert (after.priority, after.waiting_since, after.messages) == (
        before.priority,
        before.waiting_since,
        before.messages,
    )
    assert house.clocks(after) == clocks
    assert len(house.customer("sara@x").mails) == 1, "one acknowledgement, for the message"
    assert len(house.told(after, ev.Decided)) == 1


async def test_f13_an_edit_after_the_answer_opens_nothing(house: House) -> None:
    key = await house.customer("sara@x").writes("Where is it?")
    await house.agent("reza").replies(house.only(), "There.")
    state = house.only().state
    await edits(house, key, "Where is it??")
    assert (house.only().state, house.only().waiting_since) == (state, None)
    assert house.only().excerpt == "There.", "lists show who spoke last"


async def test_an_answer_to_words_that_were_changed_meanwhile_is_stale(house: House) -> None:
    key = await house.customer("sara@x").writes("Send it to Shiraz")
    seen = house.only().version
    await edits(house, key, "Send it to Tabriz")
    with pytest.raises(Stale):
        house.agent("reza").acts(house.only(), "reply", text="It goes to Shiraz.", seen=seen)


async def test_an_edit_does_not_hide_another_agents_answer(house: House) -> None:
    key = await house.customer("sara@x").writes("Where is it?")
    await house.agent("reza").replies(house.only(), "There.")
    await edits(house, key, "Where is it??")
    with pytest.raises(Stale):
        house.agent("sara").acts(house.only(), "reply", text="Here.")


async def test_the_answer_quotes_the_new_words(house: House) -> None:
    key = await house.customer("sara@x").writes("Send it to Shiraz")
    await edits(house, key, "Send it to Tabriz")
    await house.agent("reza").replies(house.only(), "Done.")
    sent = house.customer("sara@x").mails[-1]["text"]
    assert ("Tabriz" in sent, "Shiraz" in sent) == (True, False)


async def test_the_same_edit_twice_is_one(house: House) -> None:
    key = await house.customer("sara@x").writes("One")
    await edits(house, key, "Two", fingerprint="e1")
    await edits(house, key, "Three", fingerprint="e2")
    await edits(house, key, "Two", fingerprint="e1")
    await edits(house, key, "Three", fingerprint="e3")
    assert house.verdicts()[1:] == [
        "accepted edit",
        "accepted edit",
        "duplicate duplicate.edit",
        "duplicate duplicate.edit",
    ]
    assert first(house).words == "Three"


async def test_an_edit_of_what_never_reached_us_is_the_message(house: House) -> None:
    await edits(house, "k1", "Where is it?", fingerprint="e1")
    await edits(house, "k1", "Where is it?", fingerprint="e1")
    await edits(house, "k1", "Where is order 12?", fingerprint="e2")
    shown = first(house)
    assert (shown.message.text, shown.words) == ("Where is it?", "Where is order 12?")
    assert house.verdicts() == ["accepted", "duplicate duplicate.edit", "accepted edit"]
    assert len(house.customer("sara@x").mails) == 1


async def test_nobody_changes_the_words_of_another(house: House) -> None:
    key = await house.customer("sara@x").writes("Where is it?")
    await edits(house, key, "Never mind", sender="omid@x")
    ours = house.network.received("sara@x")[0].key
    await edits(house, ours, "We owe you money")
    await edits(house, "k9", " ")
    assert house.verdicts()[1:] == [
        "ignored ignored.edit_by_another",
        "ignored ignored.edit_by_another",
        "ignored ignored.edit_of_nothing",
    ]
    assert first(house).words == "Where is it?"
