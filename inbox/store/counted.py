"""What happened in a period, counted for the lead's board: first replies, and what came in and was done, by the quarter of an hour.

Each number is read by an index on its own instant, so that the cost is that of the period and not of everything before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from inbox.domain.conversations import State
from inbox.domain.ids import ChannelName, TeamId
from inbox.sla.clocks import Ending
from inbox.sla.metrics import Metric
from inbox.store import tables as t
from inbox.store.types import EPOCH, MICROSECOND, fixed
from inbox.store.unit import Unit

MOST = 50_000
"""So many first replies are looked at, the latest; a percentile of more would not be another."""
QUARTER = 900_000_000
"""Microseconds: whatever a zone's offset is, a local day begins with one of these."""

_K, _C = t.clock.c, t.conversation.c


@dataclass(frozen=True, slots=True)
class FirstReply:
    """How long a customer waited for the first answer of a person: in all, and of it while we work; seconds."""

    calendar: float
    working: float | None
    """None where no calendar was known to count by."""


def first_replies(unit: Unit, since: datetime, until: datetime) -> list[FirstReply]:
    """Of conversations that began in the period and were answered in it, the latest MOST."""
    query = (
        sa.select(_K.started_at, _K.stopped_at, _K.worked_seconds)
        .where(
            _K.metric == fixed(Metric.FIRST_REPLY.value),
            _K.stopped_at >= since,
            _K.stopped_at < until,
            _K.started_at >= since,
            _K.ended == Ending.REPLY.value,
        )
        .order_by(_K.stopped_at.desc())
        .limit(MOST)
    )
    return [FirstReply((stop - start).total_seconds(), worked) for start, stop, worked in unit.execute(query)]


@dataclass(frozen=True, slots=True)
class Flow:
    """So many conversations of one team and channel within a quarter of an hour, told by its beginning."""

    what: Literal["in", "done"]
    at: datetime
    team: TeamId | None
    channel: ChannelName
    count: int


def flow(unit: Unit, since: datetime, until: datetime) -> list[Flow]:
    """What began in the period (spam and old mail that was brought in left out), and what was done in it and still is."""
    return [*_flow(unit, "in", _C.opened_at, since, until), *_flow(unit, "done", _C.done_at, since, until)]


def _flow(
    unit: Unit, what: Literal["in", "done"], column: sa.Column[Any], since: datetime, until: datetime
) -> Iterator[Flow]:
    quarter = (sa.type_coerce(column, sa.BigInteger) / fixed(QUARTER)).label("quarter")
    state = _C.state == State.DONE.value if what == "done" else _C.state != State.SPAM.value
    query = (
        sa.select(quarter, _C.team_id, _C.channel, sa.func.count())
        .where(column >= since, column < until, state, sa.not_(_C.history), _C.merged_into_id.is_(None))
        .group_by(quarter, _C.team_id, _C.channel)
    )
    for at, team, channel, count in unit.execute(query):
        instant = EPOCH + int(at) * QUARTER * MICROSECOND
        yield Flow(what, instant, None if team is None else TeamId(team), ChannelName(channel), int(count))
