"""What becomes of an answer: it fails, nobody knows, a proof comes; and what the customer was told holds or not."""

import json

from channels.memory.network import Entry
from inbox.domain import events as ev
from inbox.domain.conversations import State
from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import NetworkKey
from inbox.domain.scope import Scope
from inbox.store import notifications
from tests.path.conftest import Houses
from tests.path.house import House

S = DeliveryState


async def bounces(house: House, entry: Entry, **more: object) -> None:
    """The network tells that something we sent could not be delivered."""
    report = {
        "kind": "report",
        "key": f"dsn-{entry.number}",
        "about": [entry.key],
        "recipient": entry.recipients[0],
        "status": "5.1.1",
        "permanent": True,
        **more,
    }
    house.network.offer("support@acme", json.dumps(report).encode())
    await house.settle()


async def asked_and_answered(house: House, text: str = "Where is it?") -> None:
    await house.customer("sara@x").writes(text)
    await house.later(hours=1)
    await house.agent("reza").replies(house.only(), "There.")


# -- failures ----------------------------------------------------------------------------------------------------------
async def test_an_answer_that_is_refused_answered_nothing(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    start = house.clock.now()
    house.network.faults.refuses("sara@x")
    await house.later(hours=1)
    await house.agent("reza").replies(house.only(), "There.")
    matter = house.only()
    clock = house.clocks(matter)["first_reply"]
    assert (clock.open, clock.started_at) == (True, start)
    assert (matter.waiting_since, matter.answered_by) == (start, None)
    assert [p.state for p in house.promises(matter)] == ["open"]
    (settled,) = house.told(matter, ev.DeliverySettled)
    assert (settled.state, json.loads(settled.reason)["key"]) == ("failed", "memory.refused")


async def test_an_answer_that_bounces_later_is_taken_back(house: House) -> None:
    """Also the clock that it had begun: for urgent matters the next news is owed from an answer on."""
    await asked_and_answered(house, "The server is down")
    matter = house.only()
    assert matter.priority == "high"
    assert set(house.clocks(matter)) == {"first_reply", "resolution", "update"}
    await house.later(hours=1)
    await bounces(house, house.network.received("sara@x")[-1])
    matter = house.only()
    assert set(house.clocks(matter)) == {"first_reply", "resolution"}
    assert house.clocks(matter)["first_reply"].open
    assert [s.state for s in house.told(matter, ev.DeliverySettled)] == ["sent", "failed"]
    assert house.verdicts() == ["accepted", "accepted report"]


async def test_a_customer_who_wrote_again_before_the_bounce_still_waits_for_a_first_answer(house: House) -> None:
    await asked_and_answered(house)
    await house.customer("sara@x").answers("Hello?")
    assert house.clocks(house.only())["next_reply"].open
    await bounces(house, house.network.received("sara@x")[-1])
    assert set(house.clocks(house.only())) == {"first_reply", "resolution"}
    assert house.clocks(house.only())["first_reply"].open


async def test_a_delay_or_a_receipt_changes_nothing(house: House) -> None:
    await asked_and_answered(house)
    before = house.only()
    await bounces(house, house.network.received("sara@x")[-1], outcome="delayed", permanent=False, status="4.0.0")
    await bounces(house, house.network.received("sara@x")[-1], outcome="read", permanent=False, key="read")
    assert house.only() == before


async def test_a_report_about_somebody_elses_mail_is_ignored(house: House) -> None:
    entry = Entry(1, "accepted", "support@acme", "forged@nowhere", recipients=("sara@x",))
    await bounces(house, entry)
    assert house.verdicts() == ["ignored ignored.report_of_nothing"]


async def test_temporary_trouble_is_tried_again_by_itself(house: House) -> None:
    house.network.faults.drops_before(times=2)
    await house.customer("sara@x").writes("Where is it?")
    assert house.mails_to("sara@x") == []
    await house.later(minutes=2)
    await house.later(minutes=3)
    assert len(house.mails_to("sara@x")) == 1
    assert house.deliveries()[0].attempts == 3


async def test_five_days_of_trouble_are_a_failure(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    house.network.faults.drops_before(times=1_000_000)
    house.agent("reza").acts(house.only(), "reply", text="There.")
    for _ in range(70):
        await house.later(hours=2, minutes=15)
    assert [d.state for d in house.deliveries("reply")] == [S.FAILED]
    assert house.only().waiting_since is not None


# -- nobody knows ------------------------------------------------------------------------------------------------------
async def test_an_answer_whose_fate_is_unknown_goes_once_more_and_no_more(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    house.network.faults.drops_after_handed(times=2)
    await house.agent("reza").replies(house.only(), "There.")
    assert [d.state for d in house.deliveries("reply")] == [S.UNKNOWN]
    assert house.only().waiting_since is None, "provisionally answered"
    await house.later(minutes=14)
    assert len(house.mails_to("sara@x")) == 2
    await house.later(minutes=2)
    first, again = house.network.received("sara@x")[1:]
    assert first.raw == again.raw, "the same bytes: a mail program may know it for a copy"
    assert [(d.state, d.repeated) for d in house.deliveries("reply")] == [(S.UNKNOWN, True)]
    await house.later(minutes=16)
    assert [d.state for d in house.deliveries("reply")] == [S.PARKED]
    await house.later(days=1)
    assert len(house.mails_to("sara@x")) == 3


async def test_an_acknowledgement_whose_fate_is_unknown_is_let_go(house: House) -> None:
    house.network.faults.drops_after_handed(accepted=False)
    await house.customer("sara@x").writes("Where is it?")
    await house.later(minutes=16)
    assert [d.state for d in house.deliveries()] == [S.DROPPED]
    assert house.mails_to("sara@x") == []


async def test_on_a_chat_an_unknown_answer_waits_for_a_person(houses: Houses) -> None:
    """Said twice there, it is read twice."""
    house = houses(channel='first_sync = "new"\nresend_safe = false')
    await house.settle()
    await house.customer("sara@x").writes("Where is it?")
    house.network.faults.drops_after_handed()
    await house.agent("reza").replies(house.only(), "There.")
    await house.later(minutes=16)
    assert [d.state for d in house.deliveries("reply")] == [S.PARKED]
    assert len(house.mails_to("sara@x")) == 2


async def test_a_customer_who_quotes_it_proves_that_it_arrived(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    house.network.faults.drops_after_handed()
    await house.agent("reza").replies(house.only(), "There.")
    await sara.answers("Thanks!")
    assert house.verdicts() == ["accepted", "accepted"]
    assert [d.state for d in house.deliveries("reply")] == [S.SENT]
    assert [s.state for s in house.told(house.only(), ev.DeliverySettled)] == ["unknown", "sent"]
    assert not house.clocks(house.only())["first_reply"].provisional
    await house.later(hours=1)
    assert len(sara.mails) == 2, "and it is not sent again"


async def test_who_answers_a_later_one_proves_nothing_of_what_that_one_named(house: House) -> None:
    """Our second answer names the first in its header: whoever answers it quotes both, and has read one."""
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    house.network.faults.drops_after_handed(accepted=False)
    await house.agent("reza").replies(house.only(), "There.")
    await house.agent("reza").replies(house.only(), "On the shelf, that is.")
    first = house.deliveries("reply")[0]
    assert first.part.key in house.network.received("sara@x")[-1].said["references"]
    await sara.answers("Thanks!")
    assert [d.state for d in house.deliveries("reply")] == [S.UNKNOWN, S.SENT]
    house.network.offer("support@acme", house.network.received("sara@x")[-1].raw)
    await house.settle()
    assert [d.state for d in house.deliveries("reply")] == [S.UNKNOWN, S.SENT]


async def test_a_vacation_reply_proves_it_as_well(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    house.network.faults.drops_after_handed()
    await house.agent("reza").replies(house.only(), "There.")
    await sara.answers("I am away", automatic="auto-reply")
    assert [d.state for d in house.deliveries("reply")] == [S.SENT]


async def test_our_own_copy_coming_back_proves_it(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    house.network.faults.drops_after_handed()
    await house.agent("reza").replies(house.only(), "There.")
    entry = house.network.received("sara@x")[-1]
    house.network.offer("support@acme", entry.raw)
    await house.settle()
    assert house.verdicts()[-1] == "ignored ignored.own_address"
    assert [d.state for d in house.deliveries("reply")] == [S.SENT]


async def test_a_bounce_of_an_unknown_one_tells_that_it_was_taken_and_failed(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    house.network.faults.drops_after_handed()
    await house.agent("reza").replies(house.only(), "There.")
    await bounces(house, house.network.received("sara@x")[-1])
    assert [s.state for s in house.told(house.only(), ev.DeliverySettled)] == ["unknown", "sent", "failed"]
    assert house.clocks(house.only())["first_reply"].open
    await house.later(hours=1)
    assert len(sara.mails) == 2


# -- parts -------------------------------------------------------------------------------------------------------------
LONG = "One two three four five six seven eight nine ten."


async def test_a_long_answer_goes_in_parts_and_an_answer_to_any_of_them_joins(houses: Houses) -> None:
    house = houses(channel='first_sync = "new"\ntext_limit = 20')
    await house.settle()
    sara = house.customer("sara@x")
    await sara.writes("Count")
    acknowledged = len(sara.mails)
    await house.agent("reza").replies(house.only(), LONG)
    parts = sara.mails[acknowledged:]
    assert len(parts) > 2
    assert "".join(p["text"] for p in parts).startswith(LONG)
    for part in parts:
        await sara.writes(f"You said {part['text']}", references=[NetworkKey(part["key"])])
    assert len(house.conversations()) == 1


async def test_a_long_answer_that_is_refused_leaves_nothing_waiting_behind_it(houses: Houses) -> None:
    house = houses(channel='first_sync = "new"\ntext_limit = 20')
    await house.settle()
    sara = house.customer("sara@x")
    await sara.writes("Count")
    house.network.faults.refuses("sara@x", times=1)
    await house.agent("reza").replies(house.only(), LONG)
    states = [d.state for d in house.deliveries("reply")]
    assert states == [S.FAILED] + [S.CANCELLED] * (len(states) - 1)
    before = len(sara.mails)
    await house.agent("reza").replies(house.only(), "Short")
    assert sara.mails[before]["text"].startswith("Short"), "nobody stands in its way"


async def test_a_long_answer_whose_beginning_is_parked_is_parked_as_a_whole(houses: Houses) -> None:
    house = houses(channel='first_sync = "new"\ntext_limit = 20\nresend_safe = false')
    await house.settle()
    sara = house.customer("sara@x")
    await sara.writes("Count")
    house.network.faults.drops_after_handed()
    await house.agent("reza").replies(house.only(), LONG)
    await house.later(minutes=16)
    assert {d.state for d in house.deliveries("reply")} == {S.PARKED}
    before = len(sara.mails)
    await house.agent("reza").replies(house.only(), "Short")
    assert len(sara.mails) > before
    assert house.only().state is State.WAITING


# -- a network that locks us out ---------------------------------------------------------------------------------------
async def test_a_refused_login_is_tried_once_and_not_once_for_every_mail(house: House) -> None:
    house.network.faults.drops_before(times=1)
    for n in range(6):
        house.agent("reza")
        await house.customer(f"{n}@x").writes("Where is it?")
    assert len(house.network.accepted) < 6
    held = {d.id: d.attempts for d in house.deliveries() if d.state is S.QUEUED}
    assert sum(attempts > 0 for attempts in held.values()) == 1
    await house.later(minutes=2)
    assert len(house.network.accepted) == 6


# -- D5 ----------------------------------------------------------------------------------------------------------------
async def test_d5_who_wrote_an_answer_that_cannot_leave_for_an_hour_is_told_so_once(house: House) -> None:
    """With whoever has the conversation, while it is still being tried; and nobody is told of what leaves late but leaves."""
    await house.customer("sara@x").writes("Where is it?")
    await house.agent("sara").does(house.only(), "assign", to="sara")
    house.network.faults.drops_before(times=1_000_000)
    house.agent("reza").acts(house.only(), "reply", text="There.")
    await house.later(minutes=59)
    assert (delays(house, "reza"), delays(house, "sara")) == (0, 0)
    await house.later(minutes=2)
    assert (delays(house, "reza"), delays(house, "sara"), delays(house, "mina")) == (1, 1, 0)
    for _ in range(3):
        await house.later(hours=1)
    assert (delays(house, "reza"), delays(house, "sara")) == (1, 1), "each answer once"
    house.agent("reza").acts(house.only(), "reply", text="And there.")
    await house.later(hours=2)
    assert delays(house, "reza") == 2
    assert [d.state for d in house.deliveries("reply")] == [S.QUEUED, S.QUEUED]


async def test_d5_nobody_is_told_of_what_left_within_the_hour_or_of_what_no_person_wrote(house: House) -> None:
    house.network.faults.drops_before()
    await house.customer("sara@x").writes("Where is it?")
    await house.agent("reza").replies(house.only(), "There.")
    await house.later(minutes=30)
    assert len(house.mails_to("sara@x")) == 1, "the answer; the acknowledgement had nothing left to say"
    house.network.faults.drops_before(times=1_000_000)
    await house.customer("omid@x").writes("And mine?")
    await house.later(hours=3)
    assert [delays(house, handle) for handle in ("sara", "reza", "mina")] == [0, 0, 0]


def delays(house: House, handle: str) -> int:
    """How often an agent was told that something cannot leave."""
    told = house.store.read_now(notifications.listing, Scope.of_agent(house.agent(handle).who.id), 50)
    return sum(one.kind == "reply-delayed" for one in told)
