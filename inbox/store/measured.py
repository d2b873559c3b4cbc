"""What is measured, in rows: the facts of each conversation and their sums, and how far the change feed has been counted.

The sums move with the facts, in one unit: measuring a conversation again, or twice at once, leaves what measuring it once does.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import ChannelName, ConversationId, EventId
from inbox.domain.measures import FactKey, Measure, Measured
from inbox.store.inserts import insert
from inbox.store.prepared import Prepared
from inbox.store.tables import conversation, event, measured, measured_fact, measured_tag, message, rolled, site
from inbox.store.unit import Unit

_M, _T, _F, _R, _E, _S = measured.c, measured_tag.c, measured_fact.c, rolled.c, event.c, message.c
_FACT = ("measure", "day", "agent_id", "name", "value")
_CELL = ("measure", "day", "channel", "team_id", "agent_id", "name", "value")
_AT: sa.BindParameter[Any] = sa.bindparam("matter")
_HEAD = Prepared(sa.select(_M.version, _M.channel, _M.team_id, _M.organization_id).where(_M.conversation_id == _AT))
_TAGS = Prepared(sa.select(_T.tag).where(_T.conversation_id == _AT).order_by(_T.tag))
_FACTS = Prepared(sa.select(*(_F[name] for name in _FACT), _F.n).where(_F.conversation_id == _AT))
_STATE = "measured"


# -- one conversation --------------------------------------------------------------------------------------------------
def of(unit: Unit, id: ConversationId) -> Measured | None:
    """What is on record of a conversation; None: it was never measured."""
    head = unit.run(_HEAD, matter=id)
    if not head:
        return None
    version, channel, team, organization = head[0]
    tags = tuple(row[0] for row in unit.run(_TAGS, matter=id))
    facts = {row[:5]: int(row[5]) for row in unit.run(_FACTS, matter=id)}
    return Measured(id, int(version), ChannelName(channel), int(team), int(organization), tags, facts)


def put(unit: Unit, new: Measured) -> bool:
    """Record it in place of what was on record; False where that is of a later version."""
    id, old = new.conversation, of(unit, new.conversation)
    if old is not None and old.version > new.version:
        return False
    if old == new:
        return True
    _facts(unit, id, {} if old is None else old.facts, new.facts)
    if old is None or old.tags != new.tags:
        unit.execute(sa.delete(measured_tag).where(_T.conversation_id == id))
        unit.add(measured_tag, *({"tag": tag, "conversation_id": id} for tag in new.tags))
    head = {"version": new.version, "channel": new.channel, "team_id": new.team, "organization_id": new.organization}
    if old is None:
        unit.add(measured, {"conversation_id": id, **head})
    else:
        unit.execute(sa.update(measured).where(_M.conversation_id == id).values(**head))
    _roll(unit, old, new)
    return True


def _facts(unit: Unit, id: ConversationId, old: Mapping[FactKey, int], new: Mapping[FactKey, int]) -> None:
    for key in [key for key, n in old.items() if new.get(key) != n]:
        same = [_F[name] == value for name, value in zip(_FACT, key, strict=True)]
        unit.execute(sa.delete(measured_fact).where(_F.conversation_id == id, *same))
    fresh = [(key, n) for key, n in new.items() if old.get(key) != n]
    unit.add(
        measured_fact, *({"conversation_id": id, **dict(zip(_FACT, key, strict=True)), "n": n} for key, n in fresh)
    )


def _cells(one: Measured | None, sign: int) -> Iterable[tuple[tuple[Any, ...], int]]:
    if one is not None:
        for (measure, day, agent, name, value), n in one.facts.items():
            yield (measure, day, one.channel, one.team, agent, name, value), n * sign


def _roll(unit: Unit, old: Measured | None, new: Measured) -> None:
    moved: Counter[tuple[Any, ...]] = Counter()
    for key, n in (*_cells(old, -1), *_cells(new, 1)):
        moved[key] += n
    for key, n in sorted(moved.items()):
        if n:
            unit.count(_rolling(unit.connection.dialect.name), **dict(zip(_CELL, key, strict=True)), n=n)
            if n < 0 or key[0] == Measure.BACKLOG:
                unit.count(_SPENT, **{f"_{name}": value for name, value in zip(_CELL, key, strict=True)})


_SPENT = Prepared(
    sa.delete(rolled).where(*(_R[name] == sa.bindparam(f"_{name}", type_=_R[name].type) for name in _CELL), _R.n == 0)
)


@cache
def _rolling(dialect: str) -> Prepared:
    made = insert(dialect, rolled).inline()
    more = made.on_conflict_do_update(index_elements=list(_CELL), set_={"n": _R.n + made.excluded.n})
    return Prepared(more)


# -- how far it has come -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Progress:
    """`upto`: the event up to which everything is counted; `zone`: in whose days; `after`: while those that there were are
    measured for the first time, the last of them (None: that is over); `kind`: what `Measure` meant then."""

    zone: str = ""
    upto: EventId = EventId(0)
    after: ConversationId | None = ConversationId(0)
    kind: int = 0


def progress(unit: Unit) -> Progress | None:
    """How far it has come; None before the beginning."""
    found = unit.execute(sa.select(site.c.value).where(site.c.name == _STATE)).scalar_one_or_none()
    if found is None:
        return None
    zone, upto, after, kind = json.loads(found)
    return Progress(zone, EventId(upto), None if after is None else ConversationId(after), kind)


def came(unit: Unit, now: Progress) -> None:
    """It has come so far."""
    value = json.dumps([now.zone, now.upto, now.after, now.kind])
    if not unit.insert_new(site, name=_STATE, value=value):
        unit.execute(sa.update(site).where(site.c.name == _STATE).values(value=value))


def begin(unit: Unit, zone: str, upto: EventId, kind: int) -> None:
    """Everything is measured anew, in the days of a zone; what happened up to an event is in what is found then."""
    for table in (rolled, measured_fact, measured_tag, measured):
        unit.execute(sa.delete(table))
    came(unit, Progress(zone, upto, ConversationId(0), kind))


def moved_on(unit: Unit, since: Progress, **values: Any) -> bool:
    """From one place to another; False where somebody else has begun anew or gone on meanwhile."""
    if progress(unit) != since:
        return False
    came(unit, replace(since, **values))
    return True


def changed(unit: Unit, after: EventId, most: int) -> tuple[EventId, list[ConversationId]]:
    """The conversations of the next events of the change feed, and the last of these events; as `events.since` does, only below
    the oldest running transaction on PostgreSQL."""
    query = sa.select(_E.id, _E.conversation_id).where(_E.id > after)
    if unit.connection.dialect.name == "postgresql":
        query = query.where(_E.transaction < sa.text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
    rows: Sequence[Any] = unit.execute(query.order_by(_E.id).limit(most)).all()
    ids = dict.fromkeys(ConversationId(row[1]) for row in rows)
    return (EventId(rows[-1][0]) if rows else after), list(ids)


# -- all of it ---------------------------------------------------------------------------------------------------------
_SUMMED = (
    sa.select(_F.measure, _F.day, _M.channel, _M.team_id, _F.agent_id, _F.name, _F.value, sa.func.sum(_F.n).label("n"))
    .join_from(measured_fact, measured, _F.conversation_id == _M.conversation_id)
    .group_by(_F.measure, _F.day, _M.channel, _M.team_id, _F.agent_id, _F.name, _F.value)
    .having(sa.func.sum(_F.n) != 0)
)


def roll_up(unit: Unit) -> None:
    """Make the sums again from the facts."""
    unit.execute(sa.delete(rolled))
    unit.execute(sa.insert(rolled).from_select([*_CELL, "n"], _SUMMED))


def counted(unit: Unit) -> tuple[int, int]:
    """How many conversations are measured, and how many are not, or not as they are by now."""
    both = sa.select(sa.func.count(), sa.func.count(_M.conversation_id)).select_from(
        conversation.outerjoin(
            measured, sa.and_(_M.conversation_id == conversation.c.id, _M.version == conversation.c.version)
        )
    )
    every, mine = unit.execute(both).one()
    return int(mine), int(every) - int(mine)


def misrolled(unit: Unit) -> int:
    """How many sums are not what the facts come to."""
    columns = [_R[name] for name in (*_CELL, "n")]
    summed, kept = sa.select(_SUMMED.subquery()), sa.select(*columns)
    both = [
        sa.select(sa.func.count()).select_from(one.subquery()) for one in (summed.except_(kept), kept.except_(summed))
    ]
    return sum(int(unit.execute(query).scalar_one()) for query in both)


# -- beside ------------------------------------------------------------------------------------------------------------
_CHANNELS = Prepared(
    sa.select(_S.channel)
    .where(_S.conversation_id == _AT, _S.direction == "inbound", _S.channel.is_not(None))
    .distinct()
)


def channels(unit: Unit, id: ConversationId) -> list[str]:
    """Over which channels its customer wrote."""
    return [str(row[0]) for row in unit.run(_CHANNELS, matter=id)]


def told_at(unit: Unit, id: EventId) -> datetime | None:
    """The instant of an event."""
    found: datetime | None = unit.execute(sa.select(_E.at).where(_E.id == id)).scalar_one_or_none()
    return found
