"""Visitors who leave our pages: what they did not see follows them by mail, once, and their answer comes back."""

from typing import Any

import pytest

from inbox.domain import events as ev
from inbox.domain.conversations import Conversation, State
from inbox.domain.deliveries import Delivery, DeliveryState
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.talking import CHANNELS, PAGES, chats, looks, proves, wants_transcript, who

S = DeliveryState


@pytest.fixture
async def house(houses: Houses) -> House:
    """Mail, and pages of our own that go on by mail."""
    opened = houses(more=CHANNELS)
    await opened.settle()
    return opened


async def visitor(house: House) -> Conversation:
    """Somebody who wrote on our pages and proved a mail address."""
    await chats(house, "v1", "Where is my order?", to="widget")
    await proves(house, "v1", "lena@x", PAGES)
    return house.only()


def copies(house: House) -> list[Delivery]:
    return [d for d in house.deliveries("reply") if d.copy]


def last(house: House, matter: Conversation) -> int:
    """The newest message of ours."""
    return max(m.id for m in house.said(matter) if m.direction == "outbound")


# -- they have left ----------------------------------------------------------------------------------------------------
async def test_an_answer_that_nobody_sees_is_mailed_after_a_while(house: House) -> None:
    matter = await visitor(house)
    await house.agent("reza").replies(matter, "It left today.")
    assert [(d.channel, d.state, d.copy) for d in house.deliveries("reply")] == [
        ("pages", S.SENT, False),
        ("support", S.QUEUED, True),
    ]
    await house.later(seconds=119)
    assert len(house.mails_to("lena@x")) == 1, "the code"
    await house.later(seconds=1)
    assert "It left today." in house.mails_to("lena@x")[-1]["text"]
    assert [d.state for d in copies(house)] == [S.SENT]


async def test_whoever_saw_it_gets_no_mail(house: House) -> None:
    matter = await visitor(house)
    await house.agent("reza").replies(matter, "It left today.")
    before = house.log(matter)
    assert await looks(house, "v1", last(house, matter)) == 1
    await house.later(minutes=5)
    assert len(house.mails_to("lena@x")) == 1, "the code"
    assert [d.state for d in copies(house)] == [S.DROPPED]
    assert house.log(matter) == before, "and nothing is told of it"
    assert house.only().state is State.WAITING


async def test_seeing_goes_forward_only_and_not_beyond_what_was_said(house: House) -> None:
    matter = await visitor(house)
    await house.agent("reza").replies(matter, "One")
    first = last(house, matter)
    assert await looks(house, "v1", 10**12) == 1
    await house.agent("reza").replies(matter, "Two")
    assert await looks(house, "v1", first) == 0
    await house.later(minutes=2)
    assert "Two" in house.mails_to("lena@x")[-1]["text"], (
        "a promise to have seen what was not said yet is worth nothing"
    )


async def test_somebody_else_s_look_drops_nothing(house: House) -> None:
    matter = await visitor(house)
    await chats(house, "v2", "Hello", to="widget")
    await house.agent("reza").replies(matter, "It left today.")
    assert await looks(house, "v2", last(house, matter)) == 0
    assert await looks(house, "v3", last(house, matter)) == 0
    assert [d.state for d in copies(house)] == [S.QUEUED]


async def test_several_answers_follow_in_order_each_in_its_own_mail_and_one_thread(house: House) -> None:
    matter = await visitor(house)
    for words in ("One", "Two", "Three"):
        await house.agent("reza").replies(matter, words, anyway=True)
        await house.later(seconds=10)
    await house.later(minutes=2)
    mails = house.mails_to("lena@x")[1:]
    assert [mail["text"].split()[0] for mail in mails] == ["One", "Two", "Three"]
    assert mails[0]["key"] in mails[1]["references"]
    assert mails[1]["key"] in mails[2]["references"]


async def test_the_answer_to_the_mail_comes_back_into_the_conversation(house: House) -> None:
    matter = await visitor(house)
    await house.agent("reza").replies(matter, "It left today.")
    await house.later(minutes=2)
    await house.customer("lena@x").answers("Thank you.")
    assert house.only().state is State.OPEN
    await house.agent("reza").replies(house.only(), "Welcome.")
    assert "Welcome." in house.mails_to("lena@x")[-1]["text"]
    assert copies(house)[1:] == [], "by mail there is no copy"


async def test_a_copy_that_is_held_back_holds_up_nobody(house: House) -> None:
    matter = await visitor(house)
    await house.agent("reza").replies(matter, "On the page.")
    await house.agent("reza").replies(matter, "By mail at once.", over="memory", anyway=True)
    assert "By mail at once." in house.mails_to("lena@x")[-1]["text"]


async def test_without_a_proved_address_or_with_one_that_bounced_there_is_no_copy(house: House) -> None:
    await chats(house, "v1", "Hi", to="widget")
    await house.agent("reza").replies(house.only(), "Hello")
    assert copies(house) == []
    await proves(house, "v1", "lena@x", PAGES)
    house.network.faults.shuts_out("lena@x")
    await house.agent("reza").replies(house.only(), "By mail.", over="memory")
    assert who(house, "memory", "lena@x")[1].unreachable
    await house.agent("reza").replies(house.only(), "On the page.")
    assert copies(house) == []


# -- what becomes of a copy decides nothing ----------------------------------------------------------------------------
async def test_a_copy_that_fails_takes_nothing_back(house: House) -> None:
    matter = await visitor(house)
    await house.agent("reza").replies(matter, "It left today.")
    clocks, promises = house.clocks(matter), house.promises(matter)
    house.network.faults.refuses("lena@x")
    await house.later(minutes=2)
    assert [d.state for d in copies(house)] == [S.FAILED]
    (told,) = [one for one in house.told(matter, ev.DeliverySettled) if one.copy]
    assert told.state == "failed"
    assert house.only().state is State.WAITING
    assert {name: (c.open, c.stopped_at) for name, c in house.clocks(matter).items()} == {
        name: (c.open, c.stopped_at) for name, c in clocks.items()
    }
    assert [p.state for p in house.promises(matter)] == [p.state for p in promises]


async def test_a_copy_that_went_out_does_not_save_an_answer_that_did_not(house: House) -> None:
    matter = await visitor(house)
    house.network.faults.refuses("v1")
    await house.agent("reza").replies(matter, "It left today.")
    await house.later(minutes=2)
    assert [(d.state, d.copy) for d in house.deliveries("reply")] == [(S.FAILED, False), (S.SENT, True)]
    assert house.only().state is State.OPEN, "on the page it cannot be seen"


async def test_a_bounce_of_the_copy_is_the_copy_s(house: House) -> None:
    matter = await visitor(house)
    await house.agent("reza").replies(matter, "It left today.")
    await house.later(minutes=2)
    key = house.mails_to("lena@x")[-1]["key"]
    report: dict[str, Any] = {
        "kind": "report",
        "about": [key],
        "recipient": "lena@x",
        "status": "5.1.1",
        "permanent": True,
    }
    house.network.write("postmaster@x", "support@acme", "", **report)
    await house.settle()
    assert [(d.state, d.copy) for d in house.deliveries("reply")] == [(S.SENT, False), (S.FAILED, True)]
    assert house.only().state is State.WAITING
    assert who(house, "memory", "lena@x")[1].unreachable == "5.1.1"


async def test_a_copy_does_not_go_to_an_address_that_was_taken_back(house: House) -> None:
    """The address was linked by mistake, and the link is undone while the copy still waits."""
    matter = await visitor(house)
    await house.agent("reza").replies(matter, "The door code is 4711.")
    await house.agent("reza").does(matter, "unlink", identity="memory:lena@x")
    await house.later(minutes=5)
    assert [d.state for d in copies(house)] == [S.DROPPED]
    assert len(house.mails_to("lena@x")) == 1, "the code"


async def test_a_copy_does_not_go_to_somebody_who_the_visitor_turns_out_not_to_be(house: House) -> None:
    await house.customer("lena@x", "Lena").writes("Something else")
    await chats(house, "v1", "Where is my order?", to="widget")
    await proves(house, "v1", "lena@x", PAGES)
    chat = house.conversations()[1]
    await house.agent("reza").replies(chat, "The door code is 4711.")
    await house.agent("reza").does(chat, "unlink", identity="pages:v1")
    await house.later(minutes=5)
    assert [d.state for d in copies(house)] == [S.DROPPED]


async def test_a_copy_that_is_still_right_stays_when_another_address_leaves(house: House) -> None:
    matter = await visitor(house)
    await house.agent("reza").does(matter, "link", to="memory:other@x")
    await house.agent("reza").replies(matter, "It left today.")
    await house.agent("reza").does(matter, "unlink", identity="memory:other@x")
    await house.later(minutes=2)
    assert [d.state for d in copies(house)] == [S.SENT]


async def test_what_was_seen_before_it_could_be_is_seen_when_it_can_be(house: House) -> None:
    """The visitor writes and sees their own line while an older answer of ours is still on its way; then they see that too."""
    matter = await visitor(house)
    house.network.faults.drops_before()
    await house.agent("reza").replies(matter, "It left today.")
    answer = last(house, matter)
    assert await looks(house, "v1", answer) == 0
    await house.later(seconds=100)
    assert [d.state for d in house.deliveries("reply") if not d.copy] == [S.SENT]
    assert await looks(house, "v1", answer) == 1


async def test_what_was_not_shown_yet_is_not_seen(house: House) -> None:
    """Whoever claims to have seen what has not gone out loses no copy of it."""
    matter = await visitor(house)
    house.network.faults.drops_before()
    await house.agent("reza").replies(matter, "It left today.")
    assert await looks(house, "v1", last(house, matter)) == 0
    assert [d.state for d in copies(house)] == [S.QUEUED]


# -- transcript --------------------------------------------------------------------------------------------------------
async def test_a_transcript_is_what_the_visitor_could_see(house: House) -> None:
    matter = await visitor(house)
    await house.agent("reza").does(matter, "note", text="She is a difficult one")
    await house.agent("reza").replies(matter, "It left today.")
    house.network.faults.refuses("v1")
    await house.agent("reza").replies(matter, "This never arrived", anyway=True)
    assert await wants_transcript(house, "v1")
    mail = house.mails_to("lena@x")[-1]
    assert all(words in mail["text"] for words in ("Where is my order?", "It left today.", "Reza", matter.reference))
    assert not any(words in mail["text"] for words in ("difficult", "never arrived"))
    assert mail["text"].index("Where is my order?") < mail["text"].index("It left today.")
    kept = house.said(matter)[-1]
    assert "Where is my order?" not in kept.text, "agents have it above already"
    await house.customer("lena@x").answers("One more thing.")
    assert house.only().messages == len(house.said(matter))


async def test_a_transcript_goes_to_a_proved_address_only_and_not_without_end(house: House) -> None:
    assert not await wants_transcript(house, "v1")
    await chats(house, "v1", "Hi", to="widget")
    assert not await wants_transcript(house, "v1")
    await proves(house, "v1", "lena@x", PAGES)
    for _ in range(20):
        await wants_transcript(house, "v1")
    assert len(house.mails_to("lena@x")) <= 10, "the budget of the conversation"


async def test_a_long_chat_is_shortened_at_its_beginning(house: House) -> None:
    await chats(house, "v1", "the very first words", to="widget")
    for n in range(20):
        await chats(house, "v1", f"number {n} " + "word " * 900, to="widget")
    await proves(house, "v1", "lena@x", PAGES)
    assert await wants_transcript(house, "v1", "fa")
    text = house.mails_to("lena@x")[-1]["text"]
    assert "number 19" in text
    assert "very first" not in text
    assert "پیش از آن هم" in text
