"""Tasks: what is to be done in a conversation by an instant."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ConversationId, TaskId
from inbox.domain.scope import Scope
from inbox.store.scoped import within
from inbox.store.tables import conversation, task
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
    reference: str = ""
    """Of the conversation, where tasks are listed."""
    done_at: datetime | None = None


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


def one(unit: Unit, id: TaskId) -> Task | None:
    """One task."""
    fields = (_C.id, _C.conversation_id, _C.due_at, _C.text, _C.rule, sa.literal(""), _C.done_at)
    row = unit.execute(sa.select(*fields).where(_C.id == id)).first()
    return None if row is None else Task(TaskId(row[0]), ConversationId(row[1]), *row[2:])


def finish(unit: Unit, id: TaskId, now: datetime) -> bool:
    """It is done, and nobody need be told any more that it is due; False where it was done already."""
    told_at = sa.func.coalesce(_C.told_at, sa.literal(now, _C.told_at.type))
    mine = (_C.id == id, _C.done_at.is_(None))
    return unit.execute(sa.update(task).where(*mine).values(done_at=now, told_at=told_at)).rowcount > 0


def listing(
    unit: Unit,
    scope: Scope,
    *,
    matter: ConversationId | None = None,
    assignee: AgentId | None = None,
    most: int = 100,
) -> list[Task]:
    """What is not done within a scope, in one conversation or in those of one agent, what is due first before the rest."""
    c = conversation.c
    fields = (_C.id, _C.conversation_id, _C.due_at, _C.text, _C.rule, c.reference, _C.done_at)
    query = sa.select(*fields).join_from(task, conversation, c.id == _C.conversation_id)
    query = query.where(_C.done_at.is_(None), *within(scope))
    if matter is not None:
        query = query.where(_C.conversation_id == matter)
    if assignee is not None:
        query = query.where(c.assignee_id == assignee)
    rows = unit.execute(query.order_by(_C.due_at, _C.id).limit(most))
    return [Task(TaskId(r[0]), ConversationId(r[1]), *r[2:]) for r in rows]
