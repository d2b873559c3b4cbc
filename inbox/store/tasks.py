"""Tasks: what is to be done in a conversation by an instant, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ConversationId, TaskId, TeamId
from inbox.domain.scope import Scope
from inbox.store.scoped import within
from inbox.store.tables import conversation, task
from inbox.store.unit import Unit

_C, _M = task.c, conversation.c
_FIELDS = (_C.id, _C.conversation_id, _C.due_at, _C.text, _C.rule)
_REST = (_C.done_at, _C.agent_id, _C.before_at, _C.phone, _C.wish, _C.tries)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done. `rule`: which made it; `agent`: whose it is, None: whoever has the conversation; `before_at`: when they are
    told ahead of it. `phone`: it is a call, `tries` of which reached nobody; `wish`: the hours in which the customer wants it."""

    id: TaskId
    conversation: ConversationId
    due_at: datetime
    text: str
    rule: str = ""
    reference: str = ""
    """Of the conversation, where tasks are listed."""
    done_at: datetime | None = None
    agent: AgentId | None = None
    before_at: datetime | None = None
    phone: str = ""
    wish: str = ""
    tries: int = 0

    @property
    def call(self) -> bool:
        """Whether it is done by calling somebody."""
        return bool(self.phone)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose tasks: an agent's own, and those in conversations of these teams or of whoever is in them; neither: everybody's."""

    agent: AgentId | None = None
    teams: Sequence[TeamId] = ()
    members: Sequence[AgentId] = ()


def add(
    unit: Unit,
    conversation: ConversationId,
    due_at: datetime,
    text: str,
    rule: str,
    now: datetime,
    *,
    agent: AgentId | None = None,
    before_at: datetime | None = None,
    phone: str = "",
    wish: str = "",
) -> TaskId:
    """Make a task."""
    more = {"agent_id": agent, "before_at": before_at, "phone": phone, "wish": wish}
    values = {"conversation_id": conversation, "made_at": now, "due_at": due_at, "text": text, "rule": rule}
    return TaskId(unit.insert(task, **values, **more))


def due(unit: Unit, now: datetime, most: int = 50) -> list[Task]:
    """Tasks whose instant has come and of which nobody was told, the longest due first."""
    query = _all().where(_C.told_at.is_(None), _C.due_at <= now).order_by(_C.due_at, _C.id).limit(most)
    return [_task(row) for row in unit.execute(query)]


def told(unit: Unit, id: TaskId, now: datetime) -> None:
    """The conversation was told that its instant has come."""
    unit.execute(sa.update(task).where(_C.id == id).values(told_at=now, before_at=None))


def coming(unit: Unit, now: datetime, most: int = 50) -> list[Task]:
    """Tasks of which somebody is to be told ahead by now."""
    query = _all().where(_C.before_at.is_not(None), _C.before_at <= now).order_by(_C.before_at, _C.id).limit(most)
    return [_task(row) for row in unit.execute(query)]


def told_ahead(unit: Unit, id: TaskId) -> None:
    """They were."""
    unit.execute(sa.update(task).where(_C.id == id).values(before_at=None))


def next_due(unit: Unit) -> datetime | None:
    """When the next one is due, or somebody is to be told ahead of one."""
    due = unit.execute(sa.select(sa.func.min(_C.due_at)).where(_C.told_at.is_(None))).scalar_one()
    ahead = unit.execute(sa.select(sa.func.min(_C.before_at)).where(_C.before_at.is_not(None))).scalar_one()
    return min((at for at in (due, ahead) if at is not None), default=None)


def one(unit: Unit, id: TaskId) -> Task | None:
    """One task."""
    row = unit.execute(_all().where(_C.id == id)).first()
    return None if row is None else _task(row)


def finish(unit: Unit, id: TaskId, now: datetime) -> bool:
    """It is done, and nobody need be told any more that it is due; False where it was done already."""
    told_at = sa.func.coalesce(_C.told_at, sa.literal(now, _C.told_at.type))
    mine = (_C.id == id, _C.done_at.is_(None))
    done = sa.update(task).where(*mine).values(done_at=now, told_at=told_at, before_at=None)
    return unit.execute(done).rowcount > 0


def move(unit: Unit, id: TaskId, due_at: datetime, **more: Any) -> bool:
    """It is due then, and told of then, whatever was told before; False where it is done. `more`: by column."""
    mine = (_C.id == id, _C.done_at.is_(None))
    return unit.execute(sa.update(task).where(*mine).values(due_at=due_at, told_at=None, **more)).rowcount > 0


def listing(
    unit: Unit,
    scope: Scope,
    *,
    matter: ConversationId | None = None,
    assignee: AgentId | None = None,
    whose: Whose | None = None,
    most: int = 100,
) -> list[Task]:
    """What is not done within a scope, in one conversation or by one agent, what is due first before the rest."""
    query = _all(_M.reference).join(conversation, _M.id == _C.conversation_id).where(_C.done_at.is_(None))
    query = query.where(*within(scope))
    if matter is not None:
        query = query.where(_C.conversation_id == matter)
    if assignee is not None:
        query = query.where(_theirs([assignee]))
    if whose is not None:
        query = query.where(_whose(whose))
    return [_task(row) for row in unit.execute(query.order_by(_C.due_at, _C.id).limit(most))]


def _whose(whose: Whose) -> sa.ColumnElement[bool]:
    if whose.agent is not None:
        return _theirs([whose.agent])
    return sa.or_(_M.team_id.in_(whose.teams), _theirs(whose.members)) if whose.teams else sa.true()


def _theirs(agents: Sequence[AgentId]) -> sa.ColumnElement[bool]:
    """Theirs by name or, where it is nobody's, because they have the conversation."""
    return sa.or_(_C.agent_id.in_(agents), sa.and_(_C.agent_id.is_(None), _M.assignee_id.in_(agents)))


def _all(reference: sa.ColumnElement[Any] | None = None) -> sa.Select[Any]:
    return sa.select(*_FIELDS, sa.literal("") if reference is None else reference, *_REST).select_from(task)


def _task(row: Any) -> Task:
    return Task(TaskId(row[0]), ConversationId(row[1]), *row[2:])
