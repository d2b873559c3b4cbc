"""An agent passes on to an outsider what a customer wrote: notes stay, the customer's wait goes on, and the outsider is not them."""

import base64

import pytest

from inbox.domain import events as ev
from inbox.domain.conversations import State
from inbox.domain.scope import Scope
from inbox.pipeline.reply import Refused
from inbox.store import notifications
from tests.path.house import House
from tests.path.talking import default

FILE = {
    "filename": "bill.pdf",
    "content_type": "application/pdf",
    "size": 4,
    "content": base64.b64encode(b"%PDF").decode(),
}


async def asked(house: House) -> None:
    """Sara asks with a file; Reza notes something, takes it, and passes it on to the carrier."""
    await house.customer("sara@x", "Sara").writes("Where is it?", subject="Parcel")
    reza = house.agent("reza")
    await reza.does(house.only(), "take")
    await reza.does(house.only(), "note", text="She is a difficult one")
    await reza.does(house.only(), "forward", to="carrier@z", text="Can you look?")


async def test_what_goes_out_is_the_customers_words_and_never_a_note(house: House) -> None:
    await asked(house)
    [mail] = house.mails_to("carrier@z")
    assert mail["subject"] == "Fwd: Parcel"
    assert mail["text"].startswith("Can you look?")
    assert "From: Sara <sara@x>" in mail["text"]
    assert "Where is it?" in mail["text"]
    assert "difficult" not in str(house.network.ledger)
    assert (mail["references"], mail["automatic"]) == ([], None)
    assert [p.to for p in house.told(house.only(), ev.PassedOn)] == ["carrier@z"]


async def test_the_customers_wait_and_promise_go_on(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    before = house.only()
    promised = house.promises(before)
    await house.agent("reza").does(before, "forward", to="carrier@z")
    after = house.only()
    assert (after.waiting_since, after.state) == (before.waiting_since, State.OPEN)
    assert house.clocks(after)["first_reply"].open
    assert house.promises(after) == promised
    assert len(house.mails_to("sara@x")) == 1


async def test_what_the_outsider_answers_is_not_taken_for_the_customers(house: House) -> None:
    await asked(house)
    reza = house.agent("reza")
    await reza.replies(house.only(), "We ask the carrier.")
    assert house.only().state is State.WAITING
    await house.later(hours=1)
    await house.customer("carrier@z", "Carrier").answers("It is in Tabriz")
    matter = house.only()
    assert (matter.state, matter.waiting_since) == (State.OPEN, None), "it is our turn, and nobody waits"
    assert matter.contact == house.said(matter)[0].contact
    last = house.said(matter)[-1]
    assert (last.text, last.purpose, last.contact == matter.contact) == ("It is in Tabriz", "outside", False)
    assert default(house, matter) == "memory:sara@x"
    assert len(house.mails_to("carrier@z")) == 1, "nothing is acknowledged"
    told = house.store.read_now(notifications.listing, Scope.of_agent(reza.who.id), 10)
    assert [one.kind for one in told] == ["outsider-answered"]
    await reza.replies(matter, "It is in Tabriz.")
    assert house.mails_to("sara@x")[-1]["text"].startswith("It is in Tabriz.")
    assert len(house.mails_to("carrier@z")) == 1


async def test_an_outsider_who_answers_from_a_program_that_lost_our_token_is_known_by_the_reference(
    house: House,
) -> None:
    await asked(house)
    await house.customer("carrier@z").answers("It is in Tabriz", tokens=[])
    assert house.only().messages == len(house.said(house.only()))
    assert house.said(house.only())[-1].purpose == "outside"


async def test_a_machine_at_the_outsiders_opens_nothing(house: House) -> None:
    await asked(house)
    await house.agent("reza").replies(house.only(), "We ask the carrier.")
    await house.customer("carrier@z").answers("I am away", automatic="auto-reply")
    assert (house.only().state, house.said(house.only())[-1].purpose) == (State.WAITING, "outside")


async def test_a_single_message_goes_and_what_failed_there_answers_nobody(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("One")
    await sara.answers("Two")
    two = house.said(house.only())[-1]
    house.network.faults.refuses("carrier@z")
    await house.agent("reza").does(house.only(), "forward", to="carrier@z", messages=(two.id,))
    [gone] = house.deliveries("forward")
    assert gone.state == "failed"
    assert "One" not in gone.part.body.decode()
    assert house.clocks(house.only())["first_reply"].open
    with pytest.raises(Refused, match="not_failed"):
        await house.agent("reza").does(house.only(), "resend", delivery=gone.id, to="other@z")


@pytest.mark.parametrize(
    ("to", "why"), [("sara@x", "takes_part"), ("reza@acme", "link.ours"), ("support@acme", "link.ours")]
)
async def test_neither_the_customer_nor_one_of_us_is_an_outsider(house: House, to: str, why: str) -> None:
    await house.customer("sara@x").writes("Where is it?")
    with pytest.raises(Refused, match=why):
        await house.agent("reza").does(house.only(), "forward", to=to)


async def test_the_files_go_along_unless_they_are_left_out(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("The bill", attachments=[FILE])
    reza = house.agent("reza")
    await reza.does(house.only(), "forward", to="carrier@z")
    await reza.does(house.only(), "forward", to="carrier@z", without_files=True)
    first, second = house.mails_to("carrier@z")
    assert [one["filename"] for one in first["attachments"]] == ["bill.pdf"]
    assert base64.b64decode(first["attachments"][0]["content"]) == b"%PDF"
    assert second["attachments"] == []
