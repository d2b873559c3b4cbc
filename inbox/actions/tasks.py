"""Actions on what is to be done in a conversation by an instant."""

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done, Surface
from inbox.actions.limits import LAST
from inbox.actions.phrases import Typed, task
from inbox.domain.events import TaskDone, TaskSet
from inbox.domain.ids import TaskId
from inbox.pipeline.reply import Refused
from inbox.pipeline.times import instant
from inbox.store import tasks
from inbox.store.unit import Unit


class Task(Arguments):
    """`text`: what is to be done; `by`: until when, as people type a time."""

    text: str = Field(min_length=1, max_length=1_000)
    by: str = Field(min_length=1, max_length=100)


class Finish(Arguments):
    """The number of the task."""

    task: int = Field(ge=1, le=LAST)


def actions() -> tuple[Action, ...]:
    """What is done with tasks."""
    reason = "tasks are named by their numbers, which only pages and commands show"
    return (
        Action("task", Task, _set, typed=Typed(task, needed=True)),
        Action("task_done", Finish, _finish, absent={Surface.MAIL: reason, Surface.BOT: reason}),
    )


def _set(unit: Unit, doing: Doing, wanted: Task) -> Done:
    by = instant(wanted.by, doing.playbook, doing.now)
    if by <= doing.now:
        raise Refused("snooze.not_ahead", until=wanted.by)
    turn = doing.turn(unit)
    text = wanted.text.strip()
    id = tasks.add(unit, doing.conversation, by, text, "", doing.now)
    turn.tell(TaskSet("task_set", id, by, text), doing.actor)
    turn.close()
    return Done("done.task", {"reference": turn.conversation.reference, "task": text, "by": by.isoformat()})


def _finish(unit: Unit, doing: Doing, wanted: Finish) -> Done:
    found = tasks.one(unit, TaskId(wanted.task))
    turn = doing.turn(unit)
    facts = {"reference": turn.conversation.reference}
    if found is None or found.conversation != doing.conversation:
        raise Refused("task.no_such", **facts, number=wanted.task)
    if tasks.finish(unit, found.id, doing.now):
        turn.tell(TaskDone("task_done", found.id, found.text), doing.actor)
        turn.close()
    return Done("done.task_done", {**facts, "task": found.text})
