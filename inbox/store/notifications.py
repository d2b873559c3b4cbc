"""Notifications: what an agent is told of, until they have read it; one decision tells an agent once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from inbox.domain.attention import Place
from inbox.domain.ids import AgentId, ConversationId, DecisionId, NotificationId
from inbox.domain.scope import Scope
from inbox.ports.wake import AGENTS
from inbox.store import article_notices, preferences
from inbox.store.prepared import Prepared
from inbox.store.scoped import whole, within
from inbox.store.tables import agent_address, contact, conversation, notification
from inbox.store.unit import Unit

LATER = timedelta(minutes=3)
"""What is read on the page within this time is not mailed."""
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
    decision: DecisionId | None,
    kind: str,
    rule: str,
    now: datetime,
) -> None:
    """Tell these agents, none of whom this decision has told yet, where each of them likes to be told; None: no rule tells
    them. Wakes AGENTS."""
    told = {"conversation_id": matter, "decision_id": decision, "kind": kind, "rule": rule, "at": now}
    unit.add(notification, *_wanted(unit, whom, told))
    unit.wake(AGENTS)


def _wanted(unit: Unit, whom: Sequence[AgentId], told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each who wants to be told somewhere; where not on the page, it counts as read there from the beginning, and is
    mailed at once, or told by bot."""
    for agent in whom:
        likes, by_rule, now = preferences.of(unit, agent), bool(told["rule"]), told["at"]
        page, mail, bot = (likes.wants(told["kind"], place, rule=by_rule) for place in Place)
        if page or mail or bot:
            later = now + LATER if page else now
            yield {
                "agent_id": agent,
                **told,
                "read_at": None if page else now,
                "mail_at": later if mail else None,
                "bot_at": later if bot else None,
            }


def call(unit: Unit, whom: Sequence[AgentId], matter: ConversationId, kind: str, rule: str, now: datetime) -> None:
    """Tell these agents on the page and by bot whatever they like: a rule calls them, or what it called them for is over. Wakes
    AGENTS."""
    told = {"conversation_id": matter, "kind": kind, "rule": rule, "at": now, "bot_at": now}
    unit.add(notification, *({"agent_id": agent, **told} for agent in whom))
    unit.wake(AGENTS)


def called_off(unit: Unit, matter: ConversationId, kind: str, now: datetime) -> None:
    """What they were called for is over: it counts as read. Wakes AGENTS."""
    here = (_C.conversation_id == matter, _C.kind == kind, _C.read_at.is_(None))
    unit.execute(sa.update(notification).where(*here).values(read_at=now))
    unit.wake(AGENTS)


def _unread(*among: sa.ColumnElement[bool]) -> sa.Select[Any]:
    joined = sa.select(_C.id).join_from(notification, conversation, conversation.c.id == _C.conversation_id)
    mine = joined.where(_C.agent_id == sa.bindparam("agent"), _C.read_at.is_(None), *among).limit(MANY)
    return sa.select(sa.func.count()).select_from(mine.subquery())


_UNREAD = Prepared(_unread())


def unread(unit: Unit, scope: Scope) -> int:
    """How many an agent has not read, of articles and of conversations that they may see; counted up to 100."""
    if scope.agent is None:
        return 0
    of_articles = article_notices.unread(unit, scope.agent)
    if whole(scope):
        return min(MANY, of_articles + int(unit.run(_UNREAD, agent=scope.agent)[0][0]))
    found = unit.execute(_unread(*within(scope)), {"agent": scope.agent}).scalar_one()
    return min(MANY, of_articles + int(found))


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
    unit.wake(AGENTS)
    return unit.execute(query.values(read_at=now, mail_at=None, bot_at=None)).rowcount


def seen(unit: Unit, agent: AgentId, matter: ConversationId, now: datetime) -> int:
    """They look at the conversation, so they have read what they were told of it; how many that were."""
    here = (_C.agent_id == agent, _C.conversation_id == matter)
    unit.wake(AGENTS)
    waits = sa.or_(_C.mail_at.is_not(None), _C.bot_at.is_not(None))
    unit.execute(sa.update(notification).where(*here, waits).values(mail_at=None, bot_at=None))
    return unit.execute(sa.update(notification).where(*here, _C.read_at.is_(None)).values(read_at=now)).rowcount


@dataclass(frozen=True, slots=True)
class Letter:
    """What an agent is to be told by mail."""

    id: NotificationId
    agent: AgentId
    matter: ConversationId
    kind: str
    rule: str
    at: datetime


def letters(unit: Unit, now: datetime, most: int = 50) -> list[Letter]:
    """What is due to be told by mail, the longest due first."""
    fields = (_C.id, _C.agent_id, _C.conversation_id, _C.kind, _C.rule, _C.at)
    query = sa.select(*fields).where(_C.mail_at.is_not(None), _C.mail_at <= now).order_by(_C.mail_at, _C.id)
    return [Letter(*row) for row in unit.execute(query.limit(most))]


def next_letter(unit: Unit) -> datetime | None:
    """When the next one is due."""
    found: datetime | None = unit.execute(
        sa.select(sa.func.min(_C.mail_at)).where(_C.mail_at.is_not(None))
    ).scalar_one()
    return found


def mailed(unit: Unit, ids: Sequence[NotificationId], again: datetime | None = None) -> None:
    """They were told by mail, or will not be; or only from `again` on."""
    unit.execute(sa.update(notification).where(_C.id.in_(ids)).values(mail_at=again))


def by_bot(unit: Unit, kind: str, now: datetime, most: int = 50) -> list[Letter]:
    """What is due to be told by bot on such a network, the longest due first; what is for agents who are linked nowhere is among
    it, and what is for those who are linked elsewhere alone is not."""
    fields = (_C.id, _C.agent_id, _C.conversation_id, _C.kind, _C.rule, _C.at)
    query = sa.select(*fields).where(_C.bot_at.is_not(None), _C.bot_at <= now, _theirs(kind))
    return [Letter(*row) for row in unit.execute(query.order_by(_C.bot_at, _C.id).limit(most))]


def next_by_bot(unit: Unit, kind: str) -> datetime | None:
    """When the next one is due on such a network."""
    query = sa.select(sa.func.min(_C.bot_at)).where(_C.bot_at.is_not(None), _theirs(kind))
    found: datetime | None = unit.execute(query).scalar_one()
    return found


def _theirs(kind: str) -> sa.ColumnElement[bool]:
    linked = sa.exists().where(agent_address.c.agent_id == _C.agent_id)
    return sa.or_(linked.where(agent_address.c.kind == kind), ~linked)


def told_by_bot(unit: Unit, ids: Sequence[NotificationId], again: datetime | None = None) -> None:
    """They were told by bot, or will not be; or only from `again` on."""
    unit.execute(sa.update(notification).where(_C.id.in_(ids)).values(bot_at=again))


def _mine(scope: Scope, *fields: Any) -> sa.Select[Any]:
    joined = sa.select(*fields).join_from(notification, conversation, conversation.c.id == _C.conversation_id)
    return joined.where(_C.agent_id == scope.agent, *within(scope))
