"""Actions on what is to be done in a conversation by an instant: set for an agent, moved, done."""

from datetime import datetime

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done, Surface
from inbox.actions.limits import LAST
from inbox.actions.matters import somebody
from inbox.actions.phrases import Typed, task
from inbox.domain.events import TaskDone, TaskMoved, TaskSet
from inbox.domain.ids import AgentId, TaskId
from inbox.pipeline.reply import Refused
from inbox.pipeline.times import instant
from inbox.pipeline.turn import Turn
from inbox.store import people, tasks
from inbox.store.tasks import Task as Todo
from inbox.store.unit import Unit
from inbox.text.when import lead_time

NUMBERED = "tasks are named by their numbers, which only pages and commands show"


class Task(Arguments):
    """`text`: what is to be done; `by`: until when, as people type a time. `agent`: whose it is, a handle or `me`; empty: whoever has
    the conversation. `before`: how long before that they are told ("2h"), or when."""

    text: str = Field(min_length=1, max_length=1_000)
    by: str = Field(min_length=1, max_length=100)
    agent: str = Field(default="", max_length=200)
    before: str = Field(default="", max_length=100)


class Move(Arguments):
    """The number of the task and its new time; `agent`: whose it is from now on, empty: as it was."""

    task: int = Field(ge=1, le=LAST)
    by: str = Field(min_length=1, max_length=100)
    agent: str = Field(default="", max_length=200)


class Finish(Arguments):
    """The number of the task."""

    task: int = Field(ge=1, le=LAST)


def actions() -> tuple[Action, ...]:
    """What is done with tasks."""
    numbered = {Surface.MAIL: NUMBERED, Surface.BOT: NUMBERED}
    return (
        Action("task", Task, _set, typed=Typed(task, needed=True)),
        Action("task_move", Move, _move, absent=numbered),
        Action("task_done", Finish, _finish, absent=numbered),
    )


def _set(unit: Unit, doing: Doing, wanted: Task) -> Done:
    by, agent = _ahead(wanted.by, doing), whose(unit, doing, wanted.agent)
    before = _before(wanted.before, by, doing)
    turn = doing.turn(unit)
    text = wanted.text.strip()
    id = tasks.add(unit, doing.conversation, by, text, "", doing.now, agent=agent, before_at=before)
    turn.tell(TaskSet("task_set", id, by, text, agent), doing.actor)
    turn.close()
    facts = {"reference": turn.conversation.reference, "task": text, "by": by.isoformat()}
    if agent is None:
        return Done("done.task", facts)
    return Done("done.task_for", {**facts, "agent": people.roster(unit).called(agent)})


def _move(unit: Unit, doing: Doing, wanted: Move) -> Done:
    by, agent = _ahead(wanted.by, doing), whose(unit, doing, wanted.agent)
    turn = doing.turn(unit)
    found = _found(unit, doing, turn, wanted.task)
    more = {} if agent is None else {"agent_id": agent}
    if not tasks.move(unit, found.id, by, before_at=None, **more):
        raise Refused("task.over", reference=turn.conversation.reference, number=wanted.task)
    turn.tell(TaskMoved("task_moved", found.id, by, found.text, agent), doing.actor)
    turn.close()
    return Done("done.task_move", {"reference": turn.conversation.reference, "task": found.text, "by": by.isoformat()})


def _finish(unit: Unit, doing: Doing, wanted: Finish) -> Done:
    turn = doing.turn(unit)
    found = _found(unit, doing, turn, wanted.task)
    if tasks.finish(unit, found.id, doing.now):
        turn.tell(TaskDone("task_done", found.id, found.text), doing.actor)
        turn.close()
    return Done("done.task_done", {"reference": turn.conversation.reference, "task": found.text})


def whose(unit: Unit, doing: Doing, handle: str) -> AgentId | None:
    """The agent of that handle, or whoever does it. Raises Refused for nobody of ours."""
    if handle.strip() == "me":
        return doing.agent.id
    found = somebody(unit, handle.strip().lstrip("@"))
    return None if found is None else found.id


def _found(unit: Unit, doing: Doing, turn: Turn, number: int) -> Todo:
    found = tasks.one(unit, TaskId(number))
    if found is None or found.conversation != doing.conversation:
        raise Refused("task.no_such", reference=turn.conversation.reference, number=number)
    return found


def _ahead(typed: str, doing: Doing) -> datetime:
    by = instant(typed, doing.playbook, doing.now)
    if by <= doing.now:
        raise Refused("snooze.not_ahead", until=typed)
    return by


def _before(typed: str, by: datetime, doing: Doing) -> datetime | None:
    """When they are told ahead. Raises Refused where that is not between now and then."""
    if not typed.strip():
        return None
    lead = lead_time(typed)
    at = by - lead if lead is not None else instant(typed, doing.playbook, doing.now)
    if not doing.now < at < by:
        raise Refused("task.not_before", before=typed)
    return at
