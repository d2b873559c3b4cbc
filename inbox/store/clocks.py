"""Clock rows: the clocks that a conversation's events come to, kept beside them so that what is due next is a look-up."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import ChannelName, ClockId, ConversationId
from inbox.sla.clocks import ClockState, Ending, Pause
from inbox.sla.durations import parse
from inbox.sla.handling import Reply
from inbox.sla.policy import Metric, Target
from inbox.store.prepared import Prepared
from inbox.store.tables import ARMED, clock, conversation, message, promise, site
from inbox.store.types import EPOCH, MICROSECOND, Id, Instant, fixed, to_microseconds
from inbox.store.unit import Unit

_C = clock.c
FIELDS = tuple(
    _C[n]
    for n in (
        "metric",
        "cycle",
        "started_at",
        "target",
        "hours",
        "due_at",
        "pauses",
        "stopped_at",
        "ended",
        "reply",
        "provisional",
        "breached_at",
    )
)
"""What a clock is made of."""


def _values(id: ConversationId, s: ClockState, worked: float | None) -> dict[str, Any]:
    return {
        "conversation_id": id,
        "metric": s.metric.value,
        "cycle": s.cycle,
        "started_at": s.started_at,
        "target": str(s.target.duration) if s.target else "",
        "hours": s.target.hours if s.target else "",
        "due_at": s.due_at,
        "pauses": [[to_microseconds(p.since), to_microseconds(p.until) if p.until else None] for p in s.pauses],
        "paused": s.paused,
        "stopped_at": s.stopped_at,
        "ended": s.ended.value if s.ended else "",
        "reply": s.reply,
        "provisional": s.provisional,
        "breached_at": s.breached_at,
        "worked_seconds": worked,
    }


def state_of(row: Sequence[Any]) -> ClockState:
    """The clock that a row of FIELDS stands for."""
    metric, cycle, started, target, hours, due, pauses, stopped, ended, reply, provisional, breached = row
    return ClockState(
        Metric(metric),
        cycle,
        started,
        Target(parse(target, "clock.target"), hours) if target else None,
        due,
        tuple(Pause(_instant(since), None if until is None else _instant(until)) for since, until in pauses),
        stopped,
        Ending(ended) if ended else None,
        reply,
        provisional,
        breached,
    )


def _instant(microseconds: int) -> datetime:
    return EPOCH + microseconds * MICROSECOND


def put(unit: Unit, id: ConversationId, before: Sequence[ClockState], after: Sequence[ClockState], worked: Any) -> None:
    """Write what changed: new clocks in one statement, changed ones each; what is no more (a reply that failed began it)
    is removed. `worked(state)` gives the working seconds that a stopped clock ran, or None."""
    known = {(s.metric, s.cycle): s for s in before}
    changed = [s for s in after if known.get((s.metric, s.cycle)) != s]
    new = [s for s in changed if (s.metric, s.cycle) not in known]
    unit.add(clock, *(_values(id, s, worked(s)) for s in new))
    for s in changed:
        if (s.metric, s.cycle) in known:
            unit.execute(sa.update(clock).where(*_same(id, s)).values(**_values(id, s, worked(s))))
    for key in known.keys() - {(s.metric, s.cycle) for s in after}:
        unit.execute(sa.delete(clock).where(*_same(id, known[key])))


def _same(id: ConversationId, s: ClockState) -> tuple[sa.ColumnElement[bool], ...]:
    return (_C.conversation_id == id, _C.metric == s.metric.value, _C.cycle == s.cycle)


_OF = Prepared(sa.select(*FIELDS).where(_C.conversation_id == sa.bindparam("matter")).order_by(_C.id))


def of(unit: Unit, id: ConversationId) -> tuple[ClockState, ...]:
    """All clocks of a conversation, oldest first."""
    return tuple(state_of(row) for row in unit.run(_OF, matter=id))


_ARMED = (sa.text(ARMED),)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A clock whose due instant has passed while it ran."""

    id: ClockId
    conversation: ConversationId
    metric: str
    cycle: int
    due_at: datetime


def overdue(unit: Unit, now: datetime, most: int = 200) -> list[Overdue]:
    """Running clocks that are due and of which nobody was told yet, the oldest first."""
    fields = (_C.id, _C.conversation_id, _C.metric, _C.cycle, _C.due_at)
    rows = unit.execute(sa.select(*fields).where(*_ARMED, _C.due_at < now).order_by(_C.due_at, _C.id).limit(most))
    return [Overdue(ClockId(r[0]), ConversationId(r[1]), r[2], r[3], r[4]) for r in rows]


def mark_breached(unit: Unit, clock_: Overdue) -> None:
    """The breach is on record: it is told of once, whatever the target becomes later."""
    unit.execute(sa.update(clock).where(_C.id == clock_.id).values(breached_at=clock_.due_at))


def next_due(unit: Unit) -> datetime | None:
    """When the next running clock is due."""
    found: datetime | None = unit.execute(sa.select(sa.func.min(_C.due_at)).where(*_ARMED)).scalar_one()
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """How far a walk over running clocks has come: when the matter began, and which it is."""

    started_at: datetime
    conversation: ConversationId


def running(unit: Unit, after: Place | None, most: int) -> list[Place]:
    """The conversations with running clocks, the youngest first: while any clock of one runs, that of its resolution does.

    From the young to the old, since whatever changes meanwhile can only become older, and is still met.
    """
    query = sa.select(_C.started_at, _C.conversation_id).where(
        _C.metric == Metric.RESOLUTION.value, _C.stopped_at.is_(None)
    )
    if after is not None:
        place = sa.tuple_(_C.started_at, _C.conversation_id)
        query = query.where(
            place < sa.tuple_(sa.literal(after.started_at, Instant), sa.literal(after.conversation, Id))
        )
    rows = unit.execute(query.order_by(_C.started_at.desc(), _C.conversation_id.desc()).limit(most))
    return [Place(row[0], ConversationId(row[1])) for row in rows]


_COUNTED = "clocks"
"""Under this name stands by which terms clocks are counted, and how far a walk over them has come."""


@dataclass(frozen=True, slots=True)
class Counted:
    """By which terms clocks are counted; `done`: all of them, else those from the youngest down to `place`."""

    terms: str = ""
    done: bool = False
    place: Place | None = None


def counted(unit: Unit) -> Counted:
    """How far it has come."""
    found = unit.execute(sa.select(site.c.value).where(site.c.name == _COUNTED)).scalar_one_or_none()
    if found is None:
        return Counted()
    terms, done, place = json.loads(found)
    return Counted(terms, done, Place(_instant(place[0]), ConversationId(place[1])) if place else None)


def set_counted(unit: Unit, now: Counted) -> None:
    """It has come so far."""
    place = [to_microseconds(now.place.started_at), now.place.conversation] if now.place else None
    value = json.dumps([now.terms, now.done, place])
    if not unit.insert_new(site, name=_COUNTED, value=value):
        unit.execute(sa.update(site).where(site.c.name == _COUNTED).values(value=value))


@dataclass(frozen=True, slots=True)
class Asked:
    """A first reply, asked for `since` and given `at` an instant; None while it is owed. `inputs` (JSON): what the first time
    that was told for it rested on; empty where none was told."""

    since: datetime
    at: datetime | None
    priority: str
    inputs: str


_TOLD = (
    sa.select(promise.c.inputs)
    .where(promise.c.conversation_id == _C.conversation_id)
    .order_by(promise.c.id)
    .limit(1)
    .scalar_subquery()
)
_ASKED = (
    sa.select(_C.started_at, _C.stopped_at, conversation.c.priority, _TOLD)
    .select_from(clock.join(conversation, conversation.c.id == _C.conversation_id))
    .where(_C.metric == fixed(Metric.FIRST_REPLY.value))
)


LATEST = 5_000
"""So many first replies of all channels are looked through for those of one: a rare channel does not cost a whole quarter."""


def first_replies(unit: Unit, channel: ChannelName, now: datetime, days: int = 90, most: int = 300) -> list[Asked]:
    """The latest first replies of people in conversations of a channel, among the LATEST of all."""
    over = (
        _C.metric == fixed(Metric.FIRST_REPLY.value),
        _C.stopped_at > now - timedelta(days=days),
        _C.ended == Ending.REPLY.value,
    )
    latest = sa.select(_C.id).where(*over).order_by(_C.stopped_at.desc()).limit(LATEST)
    query = _ASKED.where(_C.id.in_(latest), conversation.c.channel == channel)
    return [_asked(row) for row in unit.execute(query.order_by(_C.stopped_at.desc()).limit(most))]


def still_waiting(unit: Unit, channel: ChannelName, most: int = 300) -> list[Asked]:
    """Those first replies in conversations of a channel that are still owed: observations that are not over (censored), the
    newest first."""
    query = _ASKED.where(conversation.c.channel == channel, _C.stopped_at.is_(None))
    return [_asked(row) for row in unit.execute(query.order_by(_C.started_at.desc()).limit(most))]


def _asked(row: Any) -> Asked:
    since, at, priority, inputs = row
    return Asked(since, at, priority, inputs or "")


_REPLIES_OF = sa.select(message.c.agent_id, conversation.c.team_id, _C.started_at, _C.stopped_at).select_from(
    clock.join(message, message.c.id == sa.cast(sa.func.nullif(_C.reply, ""), Id)).join(
        conversation, conversation.c.id == _C.conversation_id
    )
)


def replies(unit: Unit, now: datetime, days: int = 90, most: int = 300) -> list[Reply]:
    """The latest answers of people, first and later ones: of whom, in which team's conversation, to a question of when."""
    found: list[Reply] = []
    for metric in (Metric.FIRST_REPLY, Metric.NEXT_REPLY):
        query = _REPLIES_OF.where(
            _C.metric == metric.value,
            _C.stopped_at > now - timedelta(days=days),
            _C.ended == Ending.REPLY.value,
            message.c.agent_id.is_not(None),
        )
        found += [Reply(*row) for row in unit.execute(query.order_by(_C.stopped_at.desc()).limit(most))]
    return sorted(found, key=lambda one: one.at)


_MEASURED = Prepared(
    sa.select(*FIELDS, _C.worked_seconds).where(_C.conversation_id == sa.bindparam("matter")).order_by(_C.id)
)


def measured(unit: Unit, id: ConversationId) -> list[tuple[ClockState, float | None]]:
    """The same, each with the working seconds that it ran until it stopped."""
    return [(state_of(row[:-1]), row[-1]) for row in unit.run(_MEASURED, matter=id)]
