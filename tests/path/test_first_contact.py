"""Someone writes: a conversation with priority, policy and clocks, and an acknowledgement that tells a time."""

from datetime import UTC, datetime

from inbox.domain import events as ev
from inbox.domain.conversations import Priority, State
from inbox.domain.promises import PromiseKind
from tests.path.house import House

HALF_PAST_FOUR = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)  # in Tehran


async def test_a_mail_becomes_a_conversation_and_is_acknowledged_with_a_time(house: House) -> None:
    sara = house.customer("sara@x", "Sara Ahmadi")
    await sara.writes("Where is my parcel?", subject="My parcel")
    matter = house.only()
    assert (matter.state, matter.priority, matter.policy, matter.subject) == (
        State.OPEN,
        Priority.NORMAL,
        "standard",
        "My parcel",
    )
    assert matter.waiting_since == house.clock.now()
    assert house.clocks(matter)["first_reply"].due_at == HALF_PAST_FOUR
    (mail,) = sara.mails
    assert f"(reference {matter.reference})" in mail["text"].replace("\u2068", "").replace("\u2069", "")
    assert "16:30" in mail["text"]
    assert mail["automatic"] == "auto-reply"
    (promise,) = house.promises(matter)
    assert (promise.kind, promise.due_at, promise.basis) == (PromiseKind.ANSWER, HALF_PAST_FOUR, "policy")
    assert house.verdicts() == ["accepted"]
    assert [e.payload.kind for e in house.log(matter)] == [
        "opened",
        "received",
        "decided",
        "policy_set",
        "promised",
        "acknowledged",
    ]


async def test_an_agent_answers_and_the_clocks_stop(house: House) -> None:
    sara = house.customer("sara@x", "Sara Ahmadi")
    asked = await sara.writes("Where is my parcel?", subject="My parcel")
    await house.later(hours=1)
    await house.agent("reza").replies(house.only(), "It is on its way.")
    matter = house.only()
    reply = sara.mails[-1]
    assert "It is on its way." in reply["text"]
    assert reply["sender"]["name"] == "Reza (Acme)"
    assert reply["subject"] == "Re: My parcel"
    assert reply["references"][0] == asked
    assert (matter.state, matter.waiting_since) == (State.WAITING, None)
    reza = house.agent("reza").who
    assert matter.assignee == reza.id, "who answers what nobody has takes it"
    clock = house.clocks(matter)["first_reply"]
    assert (clock.stopped_at, clock.provisional) == (house.clock.now(), False)
    assert [p.state for p in house.promises(matter)] == ["kept"]
    assert [s.state for s in house.told(matter, ev.DeliverySettled)] == ["sent"]
