"""What happened lately, counted from the event log behind a number: the log is followed, and nothing is counted twice.

The log tells of every message, decision and promise already; counting it where it is told costs the way in nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import EventId
from inbox.store import tables as t
from inbox.store.unit import Unit

MOST = 2_000
"""Events of one look."""
TOLD = ("received", "decided", "promise_judged", "clock_breached", "replied")
"""The kinds that are counted."""
_E, _M, _C = t.event.c, t.message.c, t.conversation.c


@dataclass(frozen=True, slots=True)
class Lately:
    """Counts of one look. Old mail that was brought in is in none of them."""

    upto: EventId
    """Where the next look begins."""
    more: bool = False
    """There is more behind it already."""
    received: Mapping[str, int] = field(default_factory=dict)
    """Messages by channel."""
    lags: Sequence[float] = ()
    """Seconds from the arrival to the stored message, each."""
    rules: Mapping[str, int] = field(default_factory=dict)
    """How often each rule matched."""
    judged: Mapping[str, int] = field(default_factory=dict)
    """Promises by outcome."""
    breached: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Clocks that passed their due instant: by metric and by the conversation's priority."""
    first_replies: Sequence[float] = ()
    """Seconds from a conversation's first message to its first answer, each."""


def newest(unit: Unit) -> EventId:
    """The newest event there is; 0 where there is none."""
    return EventId(unit.execute(sa.select(sa.func.max(_E.id))).scalar_one() or 0)


def lately(unit: Unit, after: EventId, most: int = MOST) -> Lately:
    """What is behind an event. On PostgreSQL only what nobody can still write before, as in `events.since`."""
    query = sa.select(_E.id, _E.conversation_id, _E.version, _E.at, _E.kind, _E.payload).where(_E.id > after)
    if unit.connection.dialect.name == "postgresql":
        query = query.where(_E.transaction < sa.text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
    rows = unit.execute(query.order_by(_E.id).limit(most)).all()
    if not rows:
        return Lately(after)
    by = {kind: [row for row in rows if row.kind == kind and not row.payload.get("history")] for kind in TOLD}
    received, lags = _received(unit, by["received"])
    return Lately(
        EventId(rows[-1].id),
        len(rows) == most,
        received,
        lags,
        Counter(rule for row in by["decided"] for rule in row.payload.get("rules", ())),
        Counter(row.payload["outcome"] for row in by["promise_judged"]),
        _breached(unit, by["clock_breached"]),
        _first_replies(unit, by["replied"]),
    )


def _received(unit: Unit, rows: Sequence[Any]) -> tuple[Counter[str], list[float]]:
    ids = [row.payload["message"] for row in rows]
    channels = unit.execute(sa.select(_M.channel).where(_M.id.in_(ids), _M.channel.is_not(None))) if ids else ()
    came = ((row.at, datetime.fromisoformat(row.payload["received_at"])) for row in rows)
    return Counter(row[0] for row in channels), [max(0.0, (at - came_at).total_seconds()) for at, came_at in came]


def _breached(unit: Unit, rows: Sequence[Any]) -> Counter[tuple[str, str]]:
    ids = [row.conversation_id for row in rows]
    query = sa.select(_C.id, _C.priority).where(_C.id.in_(ids))
    priority = {row.id: row.priority for row in unit.execute(query)} if ids else {}
    return Counter((row.payload["metric"], priority.get(row.conversation_id, "")) for row in rows)


def _first_replies(unit: Unit, rows: Sequence[Any]) -> list[float]:
    """A conversation that we began ourselves has no first answer."""
    ids = [row.conversation_id for row in rows]
    first = (
        sa.select(_E.conversation_id, _E.kind, sa.func.min(_E.version), sa.func.min(_E.at))
        .where(_E.conversation_id.in_(ids), _E.kind.in_(("received", "replied")))
        .group_by(_E.conversation_id, _E.kind)
    )
    begun = {(row[0], row[1]): (row[2], row[3]) for row in unit.execute(first)} if ids else {}
    replied = {(matter, version) for (matter, kind), (version, _) in begun.items() if kind == "replied"}
    firsts = [row for row in rows if (row.conversation_id, row.version) in replied]
    asked = ((row, begun.get((row.conversation_id, "received"))) for row in firsts)
    return [(row.at - came[1]).total_seconds() for row, came in asked if came is not None and came[0] < row.version]
