"""Tasks: what is to be done in a conversation by an instant."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ConversationId, TaskId
from inbox.store.tables import task
from inbox.store.unit import Unit

_C = task.c


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done. `rule`: which made it."""

    id: TaskId
    conversation: ConversationId
    due_at: datetime
    text: str
    rule: str = ""


def add(unit: Unit, conversation: ConversationId, due_at: datetime, text: str, rule: str, now: datetime) -> TaskId:
    """Make a task."""
    return TaskId(unit.insert(task, conversation_id=conversation, made_at=now, due_at=due_at, text=text, rule=rule))


def due(unit: Unit, now: datetime, most: int = 50) -> list[Task]:
    """Tasks whose instant has come and of which nobody was told, the longest due first."""
    fields = (_C.id, _C.conversation_id, _C.due_at, _C.text, _C.rule)
    query = sa.select(*fields).where(_C.told_at.is_(None), _C.due_at <= now).order_by(_C.due_at, _C.id).limit(most)
    return [Task(TaskId(r[0]), ConversationId(r[1]), r[2], r[3], r[4]) for r in unit.execute(query)]


def told(unit: Unit, id: TaskId, now: datetime) -> None:
    """The conversation was told that its instant has come."""
    unit.execute(sa.update(task).where(_C.id == id).values(told_at=now))


def next_due(unit: Unit) -> datetime | None:
    """When the next one is due."""
    found: datetime | None = unit.execute(sa.select(sa.func.min(_C.due_at)).where(_C.told_at.is_(None))).scalar_one()
    return found
