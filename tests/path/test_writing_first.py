"""An agent writes first: nothing is owed and nothing acknowledged, and what comes back is one conversation."""

import json

import pytest

from inbox.actions.action import Doing, Done, Surface
from inbox.actions.registry import perform
from inbox.actions.writing import NOWHERE
from inbox.domain import events as ev
from inbox.domain.conversations import State
from inbox.domain.deliveries import Delivery
from inbox.domain.problems import Problem
from inbox.pipeline.reply import Refused
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.talking import CHANNELS, chats, who


async def writes(house: House, handle: str, **arguments: object) -> Done:
    """The action that belongs to no conversation yet."""
    rooms = house.rooms
    doing = Doing(house.agent(handle).who, NOWHERE, Surface.API, rooms.playbook, house.clock.now())
    done = house.store.write_now(lambda unit: perform(unit, "write", arguments, doing))
    await house.settle()
    return done


async def bounces(house: House, sent: Delivery, status: str) -> None:
    """The network tells that it could not be delivered."""
    report = {"kind": "report", "key": "bounce@y", "about": [sent.part.key], "recipient": sent.part.lane}
    told = {**report, "outcome": "failed", "permanent": True, "status": status}
    house.network.offer("support@acme", json.dumps(told).encode())
    await house.settle()


async def test_the_answer_to_what_we_wrote_first_comes_into_the_same_conversation(house: House) -> None:
    lena = house.customer("lena@y", "Lena")
    file = {"filename": "offer.pdf", "content_type": "application/pdf", "content": b"%PDF"}
    told = await writes(house, "reza", to="lena@y", subject="Your order", text="It is ready.", files=(file,))
    matter = house.only()
    assert told.facts["reference"] == matter.reference
    assert (matter.state, matter.waiting_since, matter.subject) == (State.WAITING, None, "Your order")
    assert matter.assignee == house.agent("reza").who.id
    [mail] = lena.mails
    assert (mail["subject"], mail["automatic"], mail["attachments"][0]["filename"]) == ("Your order", None, "offer.pdf")
    assert not [c for name, c in house.clocks(matter).items() if "reply" in name]
    await house.later(hours=2)
    await lena.answers("Thanks, I come tomorrow")
    matter = house.only()
    assert (matter.state, matter.waiting_since) == (State.OPEN, house.clock.now())
    assert len(lena.mails) == 1, "no acknowledgement: they did not write first"
    assert house.clocks(matter)["next_reply"].open
    await house.agent("reza").replies(matter, "Good.")
    assert lena.mails[-1]["subject"] == "Re: Your order"


async def test_somebody_whom_we_know_is_reached_by_number_and_may_be_somebody_elses_to_answer(house: House) -> None:
    sara = house.customer("sara@x", "Sara")
    await sara.writes("Where is it?")
    contact = house.only().contact
    await writes(house, "reza", to=str(contact), subject="News", text="It is here.", assignee="mina")
    new = house.conversations()[1]
    assert (new.contact, new.assignee) == (contact, house.agent("mina").who.id)
    await house.agent("reza").replies(new, "And one thing more.")
    assert [m["subject"] for m in sara.mails[-2:]] == ["News", "Re: News"]


async def test_a_chat_is_written_to_where_they_have_spoken_with_us(houses: Houses) -> None:
    house = houses(more=CHANNELS)
    await house.settle()
    await chats(house, "77", "Hello")
    await house.agent("reza").replies(house.only(), "Hello.", then="done")
    await writes(house, "reza", to="chat:77", text="One thing more.")
    assert house.mails_to("77")[-1]["text"] == "One thing more."
    await chats(house, "77", "Yes?")
    assert [m.text for m in house.said(house.conversations()[1])] == ["One thing more.", "Yes?"]
    with pytest.raises(Refused, match=r"write\.no_chat"):
        await writes(house, "reza", to="chat:78", text="Hello")


async def test_where_nothing_can_go_nothing_begins(house: House) -> None:
    for more, why in (
        ({"to": "lena@y"}, "write.no_subject"),
        ({"to": "not an address", "subject": "A"}, "link.impossible"),
        ({"to": "support@acme", "subject": "A"}, "link.ours"),
        ({"to": "lena@y", "subject": "A", "channel": "fax"}, "write.no_channel"),
        ({"to": "4711", "subject": "A"}, "link.nobody"),
        ({"to": "lena@y", "subject": "A", "assignee": "nobody"}, "unknown_agent"),
    ):
        with pytest.raises(Refused, match=why):
            await writes(house, "reza", text="Hello", **more)
    assert house.conversations() == []


async def test_an_answer_that_failed_goes_to_the_corrected_address_and_from_then_on_all_do(house: House) -> None:
    await writes(house, "reza", to="lnea@y", subject="Your order", text="It is ready.")
    [failed] = house.deliveries()
    await bounces(house, failed, "5.1.1")
    assert [d.state for d in house.deliveries()] == ["failed"]
    matter = house.only()
    reza = house.agent("reza")
    with pytest.raises(Refused, match=r"resend\.same"):
        await reza.does(matter, "resend", delivery=failed.id, to="lnea@y")
    await reza.does(matter, "resend", delivery=failed.id, to="lena@y")
    lena = house.customer("lena@y")
    assert lena.mails[0]["text"].startswith("It is ready.")
    _, identity = who(house, "memory", "lena@y")
    assert (identity.contact, identity.verified_at) == (matter.contact, None), "only claimed"
    await reza.replies(house.only(), "Come any day.")
    assert len(lena.mails) == 2
    await lena.answers("I shall")
    assert house.told(house.only(), ev.Received)[-1].joined_by == "token"


async def test_an_address_of_another_contact_gets_nothing_by_a_slip(house: House) -> None:
    await house.customer("sara@x", "Sara").writes("Mine")
    await writes(house, "reza", to="lnea@y", subject="Your order", text="It is ready.")
    failed = house.deliveries("reply")[0]
    await bounces(house, failed, "5.1.1")
    with pytest.raises(Refused, match="somebody_elses"):
        await house.agent("reza").does(house.conversations()[1], "resend", delivery=failed.id, to="sara@x")


async def test_a_reply_is_taken_back_before_it_leaves_and_a_failed_one_is_tried_again(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    asked_at = house.only().waiting_since
    reza = house.agent("reza")
    reza.acts(house.only(), "reply", text="There.")
    [queued] = house.deliveries("reply")
    with pytest.raises(Refused, match="no_such_delivery"):
        reza.acts(house.only(), "cancel", delivery=999)
    assert (await reza.does(house.only(), "cancel", delivery=queued.id)).key == "done.cancel"
    matter = house.only()
    assert (matter.state, matter.waiting_since, len(sara.mails)) == (State.OPEN, asked_at, 1)
    assert house.clocks(matter)["first_reply"].open
    with pytest.raises(Problem, match="delivery_not_so"):
        reza.acts(matter, "retry", delivery=queued.id)


async def test_an_answer_that_bounced_is_tried_again_by_a_persons_word(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    reza = house.agent("reza")
    await reza.replies(house.only(), "There.")
    [sent] = house.deliveries("reply")
    await bounces(house, sent, "5.2.2")
    assert house.clocks(house.only())["first_reply"].open
    assert (await reza.does(house.only(), "retry", delivery=sent.id)).key == "done.retry"
    assert [d.state for d in house.deliveries("reply")] == ["sent"]
    assert not house.clocks(house.only())["first_reply"].open
    assert len(sara.mails) == 3
