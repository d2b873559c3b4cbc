"""Notifications: what an agent is told of, until they have read it; one decision tells an agent once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ConversationId, DecisionId, NotificationId
from inbox.domain.scope import Scope
from inbox.store.scoped import within
from inbox.store.tables import contact, conversation, notification
from inbox.store.unit import Unit

MANY = 100
"""Unread ones are counted up to this many."""
_C = notification.c


@dataclass(frozen=True, slots=True)
class Notification:
    """One thing that an agent is told of. `kind`: an event as rules name it; `rule`: which one tells it."""

    id: NotificationId
    reference: str
    subject: str
    contact: str
    kind: str
    rule: str
    at: datetime
    read_at: datetime | None


def add(
    unit: Unit,
    whom: Sequence[AgentId],
    matter: ConversationId,
    decision: DecisionId,
    kind: str,
    rule: str,
    now: datetime,
) -> None:
    """Tell these agents, none of whom this decision has told yet."""
    told = {"conversation_id": matter, "decision_id": decision, "kind": kind, "rule": rule, "at": now}
    unit.add(notification, *({"agent_id": one, **told} for one in whom))


def unread(unit: Unit, scope: Scope) -> int:
    """How many an agent has not read, of conversations that they may see; counted up to 100."""
    query = _mine(scope, _C.id).where(_C.read_at.is_(None)).limit(MANY)
    return int(unit.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one())


def listing(unit: Unit, scope: Scope, most: int, before: NotificationId | None = None) -> list[Notification]:
    """The newest of an agent, of conversations that they may see; with `before` those behind that one."""
    c = conversation.c
    fields = (_C.id, c.reference, c.subject, contact.c.name, _C.kind, _C.rule, _C.at, _C.read_at)
    query = _mine(scope, *fields).join(contact, contact.c.id == c.contact_id)
    if before is not None:
        query = query.where(_C.id < before)
    return [Notification(*row) for row in unit.execute(query.order_by(_C.id.desc()).limit(most))]


def read(unit: Unit, agent: AgentId, now: datetime, only: NotificationId | None = None) -> int:
    """They have read one of theirs, or all; how many they had not read before."""
    query = sa.update(notification).where(_C.agent_id == agent, _C.read_at.is_(None))
    if only is not None:
        query = query.where(_C.id == only)
    return unit.execute(query.values(read_at=now)).rowcount


def seen(unit: Unit, agent: AgentId, matter: ConversationId, now: datetime) -> int:
    """They look at the conversation, so they have read what they were told of it; how many that were."""
    here = (_C.agent_id == agent, _C.conversation_id == matter, _C.read_at.is_(None))
    return unit.execute(sa.update(notification).where(*here).values(read_at=now)).rowcount


def _mine(scope: Scope, *fields: Any) -> sa.Select[Any]:
    joined = sa.select(*fields).join_from(notification, conversation, conversation.c.id == _C.conversation_id)
    return joined.where(_C.agent_id == scope.agent, *within(scope))
