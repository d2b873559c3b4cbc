"""What is to be done later: tasks with an agent and a reminder, calls that customers wish for, and turning to a lead."""

from datetime import timedelta

import pytest

from inbox.domain import events as ev
from inbox.domain.attention import Kind, Likes, Place
from inbox.domain.conversations import State
from inbox.domain.scope import Scope
from inbox.pipeline.reply import Refused
from inbox.store import notifications, preferences, tasks, watching
from inbox.store.tasks import Task, Whose
from tests.path.conftest import Houses
from tests.path.house import House


def open_tasks(house: House, handle: str = "") -> list[Task]:
    whose = Whose(house.agent(handle).who.id) if handle else None
    return house.store.read_now(lambda unit: tasks.listing(unit, Scope.house(), whose=whose))


def told(house: House, handle: str) -> list[str]:
    scope = Scope.of_agent(house.agent(handle).who.id)
    return [one.kind for one in reversed(house.store.read_now(notifications.listing, scope, 50))]


def likes(house: House, handle: str, *places: Place) -> None:
    wanted = Likes(notices={kind: frozenset(places) for kind in Kind})
    house.store.write_now(preferences.put, house.agent(handle).who.id, wanted)


# -- tasks -------------------------------------------------------------------------------------------------------------
async def test_whose_task_it_is_is_told_ahead_of_it_and_when_it_is_due(house: House) -> None:
    await house.customer("lena@x").writes("Where is it?")
    matter = house.only()
    await house.agent("reza").does(matter, "task", text="Call the carrier", by="3h", agent="sara", before="1h")
    assert [one.text for one in open_tasks(house, "sara")] == ["Call the carrier"]
    assert open_tasks(house, "reza") == []
    await house.later(hours=1, minutes=59)
    assert told(house, "sara") == []
    await house.later(minutes=1)
    assert told(house, "sara") == ["task-due"]
    assert house.told(matter, ev.TaskDue) == []
    await house.later(hours=1)
    assert told(house, "sara") == ["task-due", "task-due"]
    assert told(house, "reza") == []
    assert [one.text for one in house.told(matter, ev.TaskDue)] == ["Call the carrier"]


async def test_a_task_of_nobody_is_whose_conversation_it_is(house: House) -> None:
    await house.customer("lena@x").writes("Where is it?")
    await house.agent("reza").does(house.only(), "take")
    await house.agent("sara").does(house.only(), "task", text="Call", by="1h")
    assert [one.text for one in open_tasks(house, "reza")] == ["Call"]
    await house.later(hours=1)
    assert "task-due" in told(house, "reza")
    assert "task-due" not in told(house, "sara")


async def test_the_reminder_comes_by_mail_with_what_is_to_be_done(houses: Houses) -> None:
    house = houses(channel='first_sync = "new"\nverdicts = true')
    await house.settle()
    likes(house, "reza", Place.MAIL)
    await house.customer("lena@x", "Lena").writes("Where is it?", subject="Parcel")
    await house.agent("reza").does(house.only(), "task", text="Call the carrier", by="2h", agent="me")
    await house.later(hours=2)
    (mail,) = house.mails_to("reza@acme")
    assert "☐ Call the carrier" in mail["text"].replace("\u2068", "").replace("\u2069", "")


async def test_a_task_that_is_moved_is_due_then_and_not_before(house: House) -> None:
    await house.customer("lena@x").writes("Where is it?")
    matter, reza = house.only(), house.agent("reza")
    await reza.does(matter, "task", text="Call", by="1h", agent="me")
    (task,) = open_tasks(house)
    await reza.does(matter, "task_move", task=task.id, by="5h", agent="sara")
    await house.later(hours=2)
    assert house.told(matter, ev.TaskDue) == []
    assert told(house, "reza") == []
    await house.later(hours=3)
    assert len(house.told(matter, ev.TaskDue)) == 1
    assert told(house, "sara") == ["task-due"]


async def test_what_cannot_be_a_task_says_why(house: House) -> None:
    await house.customer("lena@x").writes("Where is it?")
    matter, reza = house.only(), house.agent("reza")
    with pytest.raises(Refused, match=r"action\.unknown_agent"):
        await reza.does(matter, "task", text="Call", by="1h", agent="nobody")
    with pytest.raises(Refused, match=r"task\.not_before"):
        await reza.does(matter, "task", text="Call", by="1h", before="2h")
    assert open_tasks(house) == []


# -- calls -------------------------------------------------------------------------------------------------------------
async def test_a_call_is_due_in_the_hours_of_the_customer_and_in_ours(house: House) -> None:
    await house.customer("lena@x").writes("Please call me.")
    await house.agent("reza").does(house.only(), "callback", number="۰۹۱۲ ۳۴۵ ۶۷۸۹", hours="tomorrow 7-10", agent="me")
    (task,) = open_tasks(house)
    local = task.due_at + timedelta(hours=3, minutes=30)
    assert (task.phone, task.call, local.hour) == ("+989123456789", True, 8)  # it is Sunday; we come at eight
    assert local.date() == (house.clock.now() + timedelta(days=1)).date()
    assert [one.text for one in house.told(house.only(), ev.TaskSet)] == ["Call +989123456789 (tomorrow 7-10)"]


async def test_a_call_that_nobody_answers_is_tried_again_and_then_given_up(house: House) -> None:
    await house.customer("lena@x").writes("Please call me.")
    matter, reza = house.only(), house.agent("reza")
    await reza.does(matter, "callback", number="021 1234 5678", hours="", agent="me")
    (task,) = open_tasks(house)
    assert task.due_at == house.clock.now()
    for tried in (1, 2):
        await reza.does(matter, "called", task=task.id, outcome="not_reached")
        (again,) = open_tasks(house)
        assert (again.tries, again.due_at > house.clock.now()) == (tried, True)
        await house.at(again.due_at)
        assert len(house.told(matter, ev.TaskDue)) == tried + 1
    await reza.does(matter, "called", task=task.id, outcome="not_reached")
    assert open_tasks(house) == []
    assert [one.outcome for one in house.told(matter, ev.CallTried)] == ["not_reached", "not_reached", "given_up"]
    with pytest.raises(Refused, match=r"callback\.over"):
        await reza.does(matter, "called", task=task.id, outcome="reached")


async def test_a_call_that_is_answered_is_done(house: House) -> None:
    await house.customer("lena@x").writes("Please call me.")
    matter, reza = house.only(), house.agent("reza")
    await reza.does(matter, "callback", number="02112345678")
    (task,) = open_tasks(house)
    await reza.does(matter, "called", task=task.id, outcome="reached")
    assert open_tasks(house) == []
    assert [one.task for one in house.told(matter, ev.TaskDone)] == [task.id]


@pytest.mark.parametrize(
    ("number", "hours", "key"),
    [
        ("12", "", "callback.no_number"),
        ("02112345678", "some day", "callback.no_hours"),
        ("02112345678", "tomorrow 1-3", "callback.closed"),
        ("02112345678", "friday 10-12", "callback.closed"),
    ],
)
async def test_a_call_that_cannot_be_says_why(house: House, number: str, hours: str, key: str) -> None:
    await house.customer("lena@x").writes("Please call me.")
    with pytest.raises(Refused, match=key.replace(".", r"\.")):
        await house.agent("reza").does(house.only(), "callback", number=number, hours=hours)
    assert open_tasks(house) == []


# -- turning to a lead -------------------------------------------------------------------------------------------------
async def test_a_lead_gets_the_conversation_with_its_history(houses: Houses) -> None:
    house = houses(channel='first_sync = "new"\nverdicts = true')
    await house.settle()
    await house.customer("lena@x", "Lena").writes("Where is my parcel?", subject="Parcel")
    await house.agent("reza").does(house.only(), "take")
    await house.agent("reza").does(house.only(), "escalate", reason="They are very upset")
    matter = house.only()
    assert matter.assignee == house.agent("sara").who.id
    assert [(one.lead, one.reason, one.kept) for one in house.told(matter, ev.HandedUp)] == [
        (matter.assignee, "They are very upset", False)
    ]
    (mail,) = house.mails_to("sara@acme")
    text = mail["text"].replace("\u2068", "").replace("\u2069", "")
    for told_of in ("They are very upset", "Until now it was Reza", "promised", "Where is my parcel?", "Reza turns"):
        assert told_of in text
    assert told(house, "sara") == ["handed-up"]


async def test_what_was_handed_up_can_be_taken_back(house: House) -> None:
    await house.customer("lena@x").writes("Where is my parcel?")
    reza = house.agent("reza")
    await reza.does(house.only(), "take")
    await house.later(minutes=1)
    await reza.does(house.only(), "escalate")
    await reza.does(house.only(), "undo")
    assert house.only().assignee == reza.who.id


async def test_a_conversation_that_is_kept_stays_and_the_lead_follows_it(house: House) -> None:
    await house.customer("lena@x").writes("Where is my parcel?")
    reza = house.agent("reza")
    await reza.does(house.only(), "take")
    await reza.does(house.only(), "escalate", keep=True)
    assert house.only().assignee == reza.who.id
    assert house.store.read_now(watching.watchers, house.only().id) == [house.agent("sara").who.id]


async def test_rules_see_that_it_was_handed_up(houses: Houses) -> None:
    rule = '[[rule]]\nname = "up"\non = "escalated"\nthen.priority = "urgent"\n'
    house = houses(rules={"10-a.toml": rule})
    await house.settle()
    await house.customer("lena@x").writes("Where is my parcel?")
    await house.agent("reza").does(house.only(), "escalate")
    assert house.only().priority.value == "urgent"
    assert house.only().state is State.OPEN


async def test_only_who_leads_can_be_turned_to(house: House) -> None:
    await house.customer("lena@x").writes("Where is my parcel?")
    with pytest.raises(Refused, match=r"escalate\.no_lead"):
        await house.agent("reza").does(house.only(), "escalate", to="mina")
    with pytest.raises(Refused, match=r"escalate\.nobody"):  # the only lead cannot turn to herself
        await house.agent("sara").does(house.only(), "escalate")
