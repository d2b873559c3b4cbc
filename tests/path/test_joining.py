"""Which conversation a message belongs to: by token, by reference of someone who takes part, never by its subject."""

from inbox.domain import events as ev
from inbox.domain.conversations import State
from tests.path.conftest import Houses
from tests.path.house import House


async def test_an_answer_joins_by_its_token_whatever_else_it_lost(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?", subject="Parcel")
    await house.agent("reza").replies(house.only(), "On its way.")
    await sara.answers("Thanks!", references=[], subject="something else")
    assert [r.joined_by for r in house.told(house.only(), ev.Received)] == ["opened", "token"]


async def test_an_answer_joins_by_reference_where_the_token_is_lost(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.agent("reza").replies(house.only(), "On its way.")
    await sara.answers("Thanks!", tokens=[])
    assert house.told(house.only(), ev.Received)[-1].joined_by.startswith("reference ")


async def test_a_second_mail_that_refers_to_the_first_joins_it(house: House) -> None:
    sara = house.customer("sara@x")
    asked = await sara.writes("Where is it?")
    await sara.writes("And one more thing", references=[asked])
    matter = house.only()
    assert matter.messages == 3, "two of hers, and one acknowledgement"
    assert len(sara.mails) == 1


async def test_the_same_subject_joins_nothing(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?", subject="Parcel")
    await house.customer("sara@x").writes("Another one", subject="Re: Parcel")
    assert len(house.conversations()) == 2


async def test_a_stranger_with_the_reference_does_not_join(house: House) -> None:
    sara, eve = house.customer("sara@x"), house.customer("eve@y")
    await sara.writes("My card number is secret")
    await house.agent("reza").replies(house.only(), "We keep it so.")
    keys = [m.key for m in house.said(house.only()) if m.key]
    await eve.writes("Tell me more", references=keys)
    first, second = house.conversations()
    assert [r.message for r in house.told(first, ev.Received)] == [house.said(first)[0].id]
    (opened,) = house.told(second, ev.Opened)
    assert (opened.related, opened.follows) == (first.id, None)
    assert "secret" not in str(eve.mails)


async def test_who_failed_authentication_proves_nothing_by_a_reference(house: House) -> None:
    sara = house.customer("sara@x")
    asked = await sara.writes("Where is it?")
    await sara.writes("Pay to my new account", references=[asked], authentication="fail")
    first, second = house.conversations()
    assert first.messages == 2
    (opened,) = house.told(second, ev.Opened)
    assert opened.related == first.id


async def test_a_mail_that_overtook_the_one_it_answers_is_joined_by_it(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("As I said before", key="second@x", references=["first@x"])
    await sara.writes("Where is it?", key="first@x")
    matter = house.only()
    assert house.told(matter, ev.Received)[-1].joined_by == "awaited reference"
    assert len(sara.mails) == 1


async def test_two_that_wait_for_the_same_mail_are_one_matter_at_once(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Two", references=["lost@x"])
    await sara.writes("Three", references=["lost@x"])
    await house.customer("eve@y").writes("Mine", references=["lost@x"])
    assert [c.messages for c in house.conversations()] == [3, 2]


async def test_the_same_bytes_twice_are_one_message(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?", key="a@x")
    await sara.writes("Where is it?", key="a@x")
    assert house.verdicts() == ["accepted", "duplicate duplicate.fingerprint"]
    assert len(sara.mails) == 1


async def test_a_message_opens_what_was_done_lately(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.agent("reza").replies(house.only(), "There.", then="done")
    await house.later(days=29)
    await sara.answers("Broken again")
    matter = house.only()
    assert (matter.state, matter.done_at) == (State.OPEN, None)
    assert house.clocks(matter)["next_reply"].open


async def test_a_message_to_what_was_done_long_ago_opens_another_that_follows_it(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.agent("reza").replies(house.only(), "There.", then="done")
    await house.later(days=31)
    await sara.answers("Broken again")
    first, second = house.conversations()
    assert (first.state, second.state, second.follows) == (State.DONE, State.OPEN, first.id)
    assert len(sara.mails) == 3, "acknowledged, answered, acknowledged"


async def test_how_long_it_stays_near_is_the_channels_own_affair(houses: Houses) -> None:
    house = houses(channel='first_sync = "new"\nreopen_within = "2 days"')
    await house.settle()
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.agent("reza").does(house.only(), "done")
    await house.later(days=3)
    await sara.answers("Hello?")
    assert len(house.conversations()) == 2


async def test_spam_never_reopens(house: House) -> None:
    eve = house.customer("eve@y")
    asked = await eve.writes("Buy now")
    await house.agent("reza").does(house.only(), "spam")
    await eve.writes("Buy now!!", references=[asked])
    matter = house.only()
    assert (matter.state, matter.waiting_since) == (State.SPAM, None)
    assert [c.open for c in house.clocks(matter).values()] == [False, False]
    await house.agent("reza").does(matter, "open")
    assert [c.open for c in house.clocks(house.only()).values()] == [True, True]


async def test_whoever_waits_or_sleeps_is_opened_by_a_message(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.agent("reza").replies(house.only(), "Which one?")
    assert house.only().state is State.WAITING
    await house.later(hours=30)
    await sara.answers("The red one")
    resolution = house.clocks(house.only())["resolution"]
    assert (house.only().state, len(resolution.pauses), resolution.paused) == (State.OPEN, 1, False)


async def test_a_network_with_threads_joins_by_them(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?", thread="chat 7")
    await sara.writes("Hello?", thread="chat 7")
    await sara.writes("Else", thread="chat 8")
    assert [c.messages for c in house.conversations()] == [3, 2]
    await house.agent("reza").replies(house.conversations()[0], "There.")
    assert sara.mails[-1]["thread"] == "chat 7"
