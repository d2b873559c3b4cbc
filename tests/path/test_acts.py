"""Small acts: undone while they can be, watched by whoever wants to, whose mail is not taken, what is to be done by when."""

from dataclasses import replace

import pytest

from inbox.actions.action import Surface
from inbox.domain import events as ev
from inbox.domain.conversations import Priority, State
from inbox.domain.promises import PromiseState
from inbox.domain.scope import Scope
from inbox.pipeline.reply import Refused
from inbox.store import blocking, notifications, people, persons, tasks
from tests.path.conftest import Houses
from tests.path.house import House


def told(house: House, handle: str) -> list[str]:
    """Of what an agent was told, the newest first."""
    scope = Scope.of_agent(house.agent(handle).who.id)
    return [one.kind for one in house.store.read_now(notifications.listing, scope, 20)]


# -- undo --------------------------------------------------------------------------------------------------------------
async def test_done_by_a_slip_is_undone_and_the_customer_waits_as_before(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    before, clocks = house.only(), house.clocks(house.only())
    reza = house.agent("reza")
    await house.later(minutes=5)
    await reza.does(house.only(), "done")
    assert [p.state for p in house.promises(house.only())] == [PromiseState.WITHDRAWN]
    await house.later(minutes=9)
    await reza.does(house.only(), "undo")
    after = house.only()
    assert (after.state, after.waiting_since, after.done_at) == (State.OPEN, before.waiting_since, None)
    assert house.clocks(after) == clocks
    assert [p.state for p in house.promises(after)] == [PromiseState.OPEN]
    await reza.replies(after, "There.")
    assert [p.state for p in house.promises(after)] == [PromiseState.KEPT]


async def test_each_act_on_the_ticket_can_be_undone_the_latest_first(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    reza, before = house.agent("reza"), house.only()
    for name, arguments in (
        ("assign", {"to": "sara"}),
        ("priority", {"priority": "urgent"}),
        ("tag", {"add": ("vip", "bill")}),
        ("snooze", {"until": "2 days"}),
    ):
        await house.later(seconds=10)
        await reza.does(house.only(), name, **arguments)
    for _ in range(4):
        await reza.does(house.only(), "undo")
    after = house.only()
    same = ("state", "priority", "assignee", "tags", "pinned", "snoozed_until", "waiting_since")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    with pytest.raises(Refused, match=r"undo\.nothing"):
        await reza.does(after, "undo")


async def test_what_somebody_touched_since_stays_and_so_does_what_is_old_or_was_said(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    reza = house.agent("reza")
    await reza.does(house.only(), "priority", priority="high")
    await house.agent("sara").does(house.only(), "priority", priority="urgent")
    with pytest.raises(Refused, match=r"undo\.touched"):
        await reza.does(house.only(), "undo")
    await house.agent("mina").does(house.only(), "tag", add=("vip",))
    await house.later(minutes=11)
    with pytest.raises(Refused, match=r"undo\.nothing"):
        await house.agent("mina").does(house.only(), "undo")
    await reza.does(house.only(), "note", text="I look")
    with pytest.raises(Refused, match=r"undo\.cannot"):
        await reza.does(house.only(), "undo")
    await reza.replies(house.only(), "There.")
    await house.later(minutes=1)
    with pytest.raises(Refused, match=r"undo\.too_late"):
        await reza.does(house.only(), "undo")
    assert house.only().priority is Priority.URGENT


async def test_an_answer_that_has_not_left_is_what_is_undone_first(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    reza, asked = house.agent("reza"), house.only().waiting_since
    await reza.does(house.only(), "priority", priority="high")
    await house.later(seconds=30)
    replace(reza, via=Surface.WEB).acts(house.only(), "reply", text="There.")
    await reza.does(house.only(), "undo")
    matter = house.only()
    assert (matter.state, matter.waiting_since, len(sara.mails)) == (State.OPEN, asked, 1)
    assert matter.priority is Priority.HIGH


async def test_a_snooze_that_the_customer_ended_is_not_undone(house: House) -> None:
    sara = house.customer("sara@x")
    key = await sara.writes("Where is it?")
    await house.agent("reza").does(house.only(), "snooze", until="2 days")
    await sara.writes("Hello?", references=[key])
    with pytest.raises(Refused, match=r"undo\.touched"):
        await house.agent("reza").does(house.only(), "undo")


# -- watching ----------------------------------------------------------------------------------------------------------
async def test_whoever_watches_is_told_of_what_is_written_and_not_of_their_own_words(house: House) -> None:
    sara = house.customer("sara@x")
    key = await sara.writes("Where is it?")
    reza, mina = house.agent("reza"), house.agent("mina")
    await reza.does(house.only(), "watch")
    await mina.does(house.only(), "watch")
    await reza.does(house.only(), "note", text="I look")
    await sara.writes("Hello?", references=[key])
    assert (told(house, "reza"), told(house, "mina")) == (["message-received"], ["message-received", "note-written"])
    await mina.does(house.only(), "unwatch")
    await sara.writes("Hello??", references=[key])
    assert (len(told(house, "reza")), len(told(house, "mina"))) == (2, 2)


async def test_whoever_watched_a_conversation_watches_what_it_went_into(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("One")
    second = await sara.writes("Two")
    one, two = house.conversations()
    await house.agent("mina").does(two, "watch")
    await house.agent("reza").does(two, "merge", into=one.reference)
    await sara.writes("Hello?", references=[second])
    assert told(house, "mina") == ["message-received"]


# -- blocked senders ---------------------------------------------------------------------------------------------------
async def test_spam_and_its_sender_blocked_in_one_step_and_taken_up_again_later(house: House) -> None:
    eve = house.customer("eve@y")
    await eve.writes("Buy now")
    reza = house.agent("reza")
    await reza.does(house.only(), "spam", block=True)
    await eve.writes("Buy now!!")
    assert house.verdicts()[-1] == "ignored ignored.blocked"
    assert (house.only().messages, house.only().state, len(eve.mails)) == (2, State.SPAM, 1)
    assert [one.identity.address for one in house.store.read_now(blocking.blocks)] == ["eve@y"]
    assert [p.undone for p in house.told(house.only(), ev.Blocked)] == [False]
    await reza.does(house.only(), "unblock")
    await eve.writes("I am sorry")
    assert len(house.conversations()) == 2
    with pytest.raises(Refused, match="not_blocked"):
        await reza.does(house.conversations()[1], "unblock")


async def test_what_an_agent_passes_on_of_a_blocked_sender_is_taken(house: House) -> None:
    await house.customer("eve@y").writes("Hello")
    reza = house.agent("reza")
    assert (await reza.does(house.only(), "block")).key == "done.blocked"
    assert (await reza.does(house.only(), "block")).key == "done.blocked_already"
    original = {"sender": {"address": "eve@y"}, "text": "I need help", "words": "She called"}
    await house.customer("reza@acme").writes("Fwd", forwarded=original, authentication="pass")
    assert house.verdicts()[-1] == "accepted"


# -- people ------------------------------------------------------------------------------------------------------------
async def test_what_an_agent_knows_of_a_person_stands_in_all_their_conversations(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("One")
    await sara.writes("Two")
    one, two = house.conversations()
    reza = house.agent("reza")
    await reza.does(two, "contact", name="Sara Moradi", language="fa", organization="Acme Ltd", add=("vip",))
    await reza.does(two, "contact", name="Sara Moradi")
    contact = house.store.read_now(people.contact, two.contact)
    assert (contact.name, contact.language, contact.tags) == ("Sara Moradi", "fa", ("vip",))
    assert house.store.read_now(persons.organization_name, contact.organization) == "Acme Ltd"
    assert {c.organization for c in house.conversations()} == {contact.organization}
    assert [p.what for p in house.told(two, ev.ContactChanged)] == [("name", "language", "organization", "tags")]
    await reza.does(one, "contact", organization="-", remove=("vip",))
    assert {c.organization for c in house.conversations()} == {None}


async def test_a_note_on_a_person_is_dated_and_ends(house: House) -> None:
    await house.customer("sara@x").writes("One")
    matter, reza = house.only(), house.agent("reza")
    await reza.does(matter, "contact_note", text="Call before noon only")
    [note] = house.store.read_now(persons.notes, [matter.contact])
    assert (note.text, note.agent, note.at) == ("Call before noon only", reza.who.id, house.clock.now())
    await reza.does(matter, "contact_note", ended=note.id)
    assert house.store.read_now(persons.notes, [matter.contact]) == []
    with pytest.raises(Refused, match="no_such_note"):
        await reza.does(matter, "contact_note", ended=note.id)


async def test_what_somebody_wrote_about_before_is_found(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("One", subject="First")
    await sara.writes("Two", subject="Second")
    _, two = house.conversations()
    found = house.store.read_now(lambda unit: persons.past(unit, Scope.house(), two.contact, two.id))
    assert [(one.subject, one.state) for one in found] == [("First", State.OPEN)]


# -- tasks -------------------------------------------------------------------------------------------------------------
async def test_a_task_that_is_done_comes_no_more_and_another_one_does(house: House) -> None:
    await house.customer("sara@x").writes("One")
    matter, reza = house.only(), house.agent("reza")
    await reza.does(matter, "task", text="Call the carrier", by="2h")
    await reza.does(matter, "task", text="Write the bill", by="3h")
    call, bill = house.store.read_now(lambda unit: tasks.listing(unit, Scope.house()))
    assert (call.text, call.reference) == ("Call the carrier", matter.reference)
    await reza.does(matter, "task_done", task=call.id)
    await house.later(hours=4)
    assert [p.text for p in house.told(matter, ev.TaskDue)] == ["Write the bill"]
    assert [one.id for one in house.store.read_now(lambda unit: tasks.listing(unit, Scope.house()))] == [bill.id]
    await house.customer("lena@y").writes("Two")
    with pytest.raises(Refused, match=r"task\.no_such"):
        await reza.does(house.conversations()[1], "task_done", task=bill.id)


# -- who answers takes it ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("takes", [True, False])
async def test_whoever_answers_takes_a_conversation_that_nobody_has_as_long_as_ops_want(
    houses: Houses, takes: bool
) -> None:
    house = houses(more=f"[reply]\ntakes = {str(takes).lower()}\n")
    await house.settle()
    await house.customer("sara@x").writes("One")
    await house.agent("reza").replies(house.only(), "Yes.")
    assert house.only().assignee == (house.agent("reza").who.id if takes else None)
