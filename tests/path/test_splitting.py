"""One matter becomes two, two become one, and two name each other, by an agent's word; whoever waits, waits where they belong."""

import pytest

from inbox.domain import events as ev
from inbox.domain.conversations import State
from inbox.domain.promises import PromiseState
from inbox.pipeline.reply import Refused
from inbox.store import conversations
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.talking import CHANNELS, chats


async def test_a_message_split_off_is_a_matter_of_its_own_and_owed_since_it_was_written(house: House) -> None:
    sara = house.customer("sara@x", "Sara")
    asked = await sara.writes("Where is it?")
    await house.agent("reza").replies(house.only(), "On its way.")
    await house.later(hours=1)
    await sara.answers("And the bill is wrong", subject="Bill")
    wrote_at = house.clock.now()
    assert "next_reply" in house.clocks(house.only())
    await house.later(minutes=20)
    bill = house.said(house.only())[-1]
    told = await house.agent("reza").does(house.only(), "split", messages=(bill.id,))
    old, new = house.conversations()
    assert told.facts["into"] == new.reference
    assert ([m.text for m in house.said(new)], new.subject) == (["And the bill is wrong"], "Bill")
    assert (new.waiting_since, new.state, new.contact, new.assignee) == (
        wrote_at,
        State.OPEN,
        old.contact,
        old.assignee,
    )
    assert (old.waiting_since, old.messages) == (None, len(house.said(old)))
    assert [name for name, c in house.clocks(old).items() if c.open and "reply" in name] == []
    assert house.clocks(new)["first_reply"].started_at == wrote_at
    assert len(sara.mails) == 2, "nothing is acknowledged a second time"
    await house.agent("reza").replies(new, "Corrected.")
    await sara.answers("Thanks")
    await sara.writes("About the parcel", references=[asked])
    assert [m.text for m in house.said(house.conversations()[1])][-1] == "Thanks"
    assert [m.text for m in house.said(house.conversations()[0])][-1] == "About the parcel"


async def test_what_was_promised_for_a_question_goes_with_it(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await sara.writes("A different thing", references=["x@y"])
    first, second = house.conversations()
    await house.agent("reza").does(second, "merge", into=first.reference)
    await house.agent("reza").replies(house.conversations()[0], "There.", anyway=True)
    await house.later(hours=1)
    await sara.answers("And this?")
    await house.agent("reza").does(house.conversations()[0], "promise", by="2h")
    last = [m for m in house.said(house.conversations()[0]) if m.text == "And this?"]
    await house.agent("reza").does(house.conversations()[0], "split", messages=(last[0].id,))
    new = house.conversations()[-1]
    assert new.waiting_since is None, "the promise was an answer: nobody waits for one"
    assert {p.state for p in house.promises(new)} <= {PromiseState.OPEN}


async def test_an_answered_question_that_is_split_off_is_owed_nothing(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("One")
    await sara.answers("Two")
    await house.agent("reza").replies(house.only(), "Both.")
    two = house.said(house.only())[2]
    assert two.text == "Two"
    await house.agent("reza").does(house.only(), "split", messages=(two.id,))
    new = house.conversations()[1]
    assert (new.waiting_since, house.clocks(new)) == (None, {})


async def test_what_a_wrong_merge_brought_is_split_off_again(house: House) -> None:
    sara, lena = house.customer("sara@x"), house.customer("lena@y")
    await sara.writes("One")
    await lena.writes("Two")
    one, two = house.conversations()
    asked = two.waiting_since
    await house.later(minutes=5)
    await house.agent("reza").does(two, "merge", into=one.reference)
    gone = [m for m in house.said(one) if m.text == "Two"]
    await house.agent("reza").does(house.conversations()[0], "split", messages=(gone[0].id,))
    one, _, three = house.conversations()
    assert (three.contact, three.waiting_since) == (two.contact, asked)
    assert one.waiting_since is not None
    assert house.clocks(one)["first_reply"].open
    await house.agent("reza").replies(three, "To Lena.")
    assert lena.mails[-1]["text"].startswith("To Lena.")


async def test_what_cannot_be_split_is_refused(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("One")
    await house.agent("reza").replies(house.only(), "Yes.")
    matter = house.only()
    asked, *_, ours = house.said(matter)
    for ids, why in (((ours.id,), "split.ours"), ((asked.id,), "all_or_none"), ((999,), "no_such_message")):
        with pytest.raises(Refused, match=why):
            await house.agent("reza").does(matter, "split", messages=ids)
    assert len(house.conversations()) == 1


async def test_a_merge_by_hand_owes_in_the_one_what_the_other_owed(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("One")
    await house.agent("reza").replies(house.only(), "Done.", then="done")
    await sara.writes("Two")
    one, two = house.conversations()
    await house.agent("reza").does(two, "merge", into=one.reference)
    one, two = house.conversations()
    assert (one.state, one.waiting_since, two.merged_into) == (State.OPEN, house.clock.now(), one.id)
    for into, why in ((one.reference, "merge.same"), ("ZZZZ", "no_such_conversation")):
        with pytest.raises(Refused, match=why):
            await house.agent("reza").does(one, "merge", into=into)


async def test_two_conversations_name_each_other_once(house: House) -> None:
    for who in ("sara@x", "lena@y"):
        await house.customer(who).writes("Is it down?")
    one, two = house.conversations()
    reza = house.agent("reza")
    assert (await reza.does(one, "relate", to=two.reference)).key == "done.related"
    assert (await reza.does(two, "relate", to=one.reference)).key == "done.related_already"
    assert [p.other for p in house.told(one, ev.Linked)] == [two.id]
    assert house.store.read_now(conversations.related, two.id) == [(one.id, "linked")]


async def test_a_chat_goes_on_in_the_matter_of_which_it_spoke_last(houses: Houses) -> None:
    house = houses(more=CHANNELS)
    await house.settle()
    await chats(house, "77", "One")
    await chats(house, "77", "Two")
    two = house.said(house.only())[-1]
    await house.agent("reza").does(house.only(), "split", messages=(two.id,))
    await chats(house, "77", "Three")
    assert [m.text for m in house.said(house.conversations()[1])][-1] == "Three"


async def test_a_follow_up_follows_and_is_answered_by_the_customer(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?", subject="Parcel")
    await house.agent("reza").replies(house.only(), "There.", then="done")
    await house.later(days=40)
    await house.agent("reza").does(house.only(), "follow_up", text="Did it come?", subject="Your parcel")
    was, new = house.conversations()
    assert (new.follows, new.state, new.subject, was.state) == (was.id, State.WAITING, "Your parcel", State.DONE)
    assert sara.mails[-1]["subject"] == "Your parcel"
    await sara.answers("It did")
    assert [m.text for m in house.said(house.conversations()[1])][-1] == "It did"


async def test_a_follow_up_without_words_can_be_written_in_later(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?", subject="Parcel")
    await house.agent("reza").replies(house.only(), "There.", then="done")
    await house.agent("reza").does(house.only(), "follow_up")
    new = house.conversations()[1]
    assert (new.state, len(sara.mails)) == (State.OPEN, 2)
    await house.agent("reza").replies(new, "Did it come?")
    assert "Did it come?" in sara.mails[-1]["text"]
