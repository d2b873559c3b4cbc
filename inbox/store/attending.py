"""One look for all agents who have pages open: which conversations changed, who is at them, what is unread, whose session stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from inbox.domain.attention import Present
from inbox.domain.ids import AgentId, ConversationId, EventId
from inbox.domain.scope import Scope
from inbox.store import article_notices, entry, notifications, presence
from inbox.store.prepared import Prepared
from inbox.store.scoped import whole, within
from inbox.store.tables import conversation, event, notification
from inbox.store.unit import Unit

MOST = 500
"""Events of one look; what lies behind them is looked at next."""

_E, _C, _N = event.c, conversation.c, notification.c


@dataclass(frozen=True, slots=True)
class Changed:
    """A conversation of which something was told, and the version that it has come to."""

    id: ConversationId
    reference: str
    version: int


@dataclass(frozen=True, slots=True)
class Look:
    """What is new behind an event. `seen`: of the conversations in it, those within each scope; a scope that is not there sees
    all. `living`: the sessions that stand, of those that were asked for."""

    upto: EventId
    changed: tuple[Changed, ...] = ()
    here: tuple[Present, ...] = ()
    unread: Mapping[AgentId, int] | None = None
    seen: Mapping[Scope, frozenset[ConversationId]] | None = None
    living: frozenset[str] = frozenset()
    more: bool = False
    """There was too much for one look: the next one finds more at once."""

    def sees(self, scope: Scope, id: ConversationId) -> bool:
        """Whether a conversation of this look lies within a scope."""
        limited = (self.seen or {}).get(scope)
        return limited is None or id in limited


def latest(unit: Unit) -> EventId:
    """The newest event that nobody can get in front of."""
    return EventId(unit.run(_latest(unit.connection.dialect.name))[0][0] or 0)


def look(
    unit: Unit, after: EventId, scopes: Collection[Scope], sessions: Collection[str], now: datetime, most: int = MOST
) -> Look:
    """What is new behind that event, for those who look through these scopes."""
    query = sa.select(_E.id, _C.id, _C.reference, _E.version).join_from(
        event, conversation, _C.id == _E.conversation_id
    )
    rows = list(
        unit.execute(_settled(unit.connection.dialect.name, query.where(_E.id > after)).order_by(_E.id).limit(most))
    )
    changed = {row[1]: Changed(ConversationId(row[1]), row[2], row[3]) for row in rows}
    here = presence.here(unit, now)
    known = {*changed, *(one.conversation for one in here)}
    return Look(
        EventId(rows[-1][0]) if rows else after,
        tuple(changed.values()),
        here,
        _unread(unit, scopes),
        {scope: _seen(unit, scope, known) for scope in scopes if not whole(scope)},
        entry.living(unit, sessions, now),
        len(rows) == most,
    )


@cache
def _latest(dialect: str) -> Prepared:
    return Prepared(_settled(dialect, sa.select(sa.func.max(_E.id))))


def _settled(dialect: str, query: sa.Select[tuple[int]]) -> sa.Select[tuple[int]]:
    """On PostgreSQL an id may be drawn before a smaller one is committed: as with the change feed, only what is below the oldest
    running transaction is looked at."""
    if dialect != "postgresql":
        return query
    return query.where(_E.transaction < sa.text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))


def _unread(unit: Unit, scopes: Collection[Scope]) -> dict[AgentId, int]:
    """Only whoever has anything unread is counted as their own page counts."""
    mine = {scope.agent: scope for scope in scopes if scope.agent is not None}
    query = sa.select(_N.agent_id).where(_N.agent_id.in_(list(mine)), _N.read_at.is_(None)).distinct()
    some = {AgentId(row[0]) for row in unit.execute(query)} | article_notices.with_unread(unit, mine) if mine else set()
    return {agent: notifications.unread(unit, scope) if agent in some else 0 for agent, scope in mine.items()}


def _seen(unit: Unit, scope: Scope, ids: Collection[int]) -> frozenset[ConversationId]:
    rows = unit.execute(sa.select(_C.id).where(_C.id.in_(list(ids)), *within(scope))) if ids else ()
    return frozenset(ConversationId(row[0]) for row in rows)
