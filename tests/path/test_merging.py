"""When two conversations turn out to be one matter: the younger goes into the older, and nothing of it is lost."""

from inbox.domain import events as ev
from inbox.domain.conversations import State
from inbox.domain.promises import PromiseState
from tests.path.conftest import Houses
from tests.path.house import House


async def test_a_mail_that_refers_to_two_of_the_senders_matters_makes_them_one(house: House) -> None:
    sara = house.customer("sara@x")
    first = await sara.writes("Where is it?")
    second = await sara.writes("And the bill?")
    await sara.writes("About both", references=[second, first])
    older, younger = house.conversations()
    assert (younger.merged_into, older.merged_into) == (older.id, None)
    assert [m.text for m in house.said(older) if m.contact] == ["Where is it?", "And the bill?", "About both"]
    assert house.said(younger) == []
    assert len(sara.mails) == 2, "each had been acknowledged before anybody could know"
    assert [p.state for p in house.promises(older)] == [PromiseState.OPEN] * 2, "what was promised stays promised"
    assert [c.open for c in house.clocks(younger).values()] == [False, False]


async def test_an_answer_to_a_matter_that_went_into_another_finds_it_there(house: House) -> None:
    sara = house.customer("sara@x")
    first, second = await sara.writes("One"), await sara.writes("Two")
    await sara.writes("Both", references=[second, first])
    await sara.answers("To the second acknowledgement")
    older, _ = house.conversations()
    assert house.told(older, ev.Received)[-1].joined_by == "token"
    await house.agent("reza").replies(older, "Both are on their way.")
    assert {p.state for p in house.promises(house.conversations()[0])} == {PromiseState.KEPT}


async def test_what_was_asked_in_the_younger_one_is_owed_by_the_older(house: House) -> None:
    sara = house.customer("sara@x")
    first = await sara.writes("One")
    await house.agent("reza").replies(house.only(), "Done.", then="done")
    second = await sara.writes("Two")
    asked_at = house.clock.now()
    await house.later(hours=1)
    await sara.writes("Both", references=[second, first], automatic="bulk")
    older, _ = house.conversations()
    assert (older.state, older.waiting_since) == (State.OPEN, asked_at)
    assert [c.started_at for c in house.clocks(older).values() if c.open and c.metric.value == "next_reply"] == [
        asked_at
    ]


async def test_an_acknowledgement_that_has_not_left_is_not_sent_where_there_was_one(house: House) -> None:
    sara = house.customer("sara@x")
    for key, references in (("c@x", ["b@x"]), ("a@x", []), ("b@x", ["a@x"])):
        house.network.write("sara@x", "support@acme", key, key=key, references=references, language="en")
    await house.settle()
    assert len(sara.mails) == 1
    assert sorted(d.state for d in house.deliveries()) == ["dropped", "sent"]
    older, younger = house.conversations()
    assert [p.state for p in house.promises(older)] == [PromiseState.OPEN, PromiseState.WITHDRAWN]
    assert younger.merged_into == older.id


async def test_a_stranger_who_refers_to_two_matters_makes_nothing_one(house: House) -> None:
    sara, eve = house.customer("sara@x"), house.customer("eve@y")
    first, second = await sara.writes("One"), await sara.writes("Two")
    await eve.writes("Both", references=[second, first])
    assert [c.merged_into for c in house.conversations()] == [None] * 3


async def test_spam_takes_nothing_in_and_goes_into_nothing(house: House) -> None:
    sara = house.customer("sara@x")
    first, second = await sara.writes("Buy now"), await sara.writes("Where is it?")
    await house.agent("reza").does(house.conversations()[0], "spam")
    await sara.writes("Both", references=[second, first])
    assert [(c.state, c.merged_into) for c in house.conversations()] == [(State.SPAM, None), (State.OPEN, None)]
    assert [c.messages for c in house.conversations()] == [2, 3]


async def test_two_that_refer_to_what_is_not_theirs_are_one_matter(house: House) -> None:
    asked = await house.customer("sara@x").writes("Private")
    eve = house.customer("eve@y")
    await eve.writes("One", references=[asked])
    await eve.writes("Two", references=[asked])
    sara, eves = house.conversations()
    assert (sara.messages, eves.messages) == (2, 3)
    assert house.told(eves, ev.Received)[-1].joined_by == "awaited reference"


async def test_one_mail_in_two_of_our_mailboxes_is_one_message_with_two_arrivals(houses: Houses) -> None:
    house = houses(more='[channel.sales]\nkind = "memory"\naddress = "sales@acme"\n')
    await house.settle()
    for address in ("support@acme", "sales@acme"):
        house.network.write("sara@x", address, "Where is it?", key="m@x", language="en", fingerprint="f" * 64)
        await house.settle()
    assert house.verdicts() == ["accepted", "duplicate duplicate.other_channel"]
    assert house.only().messages == 2
    assert len(house.customer("sara@x").mails) == 1
