"""Lists of conversations as people read them: within a scope, in order of what is due, always bounded.

The same results serve the command line, the web and the API. Whoever may not read notes is told nothing that is between
us either: no tags, no priority, no assignee, no clocks. One conversation whole is `shown`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from inbox.domain.conversations import Priority, State
from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import AgentId, ChannelName, ConversationId
from inbox.domain.scope import Scope
from inbox.store import drafts, people, seen
from inbox.store import tables as t
from inbox.store.prepared import Prepared, PreparedAmong
from inbox.store.scoped import whole, within
from inbox.store.shown import Shown, shown
from inbox.store.types import EPOCH, MICROSECOND, fixed, to_microseconds
from inbox.store.unit import Unit
from inbox.store.veiled import ADDRESSES, MASK

__all__ = ["Assignee", "Counts", "Place", "Row", "Shown", "counts", "listing", "shown"]

MOST = 100
"""Rows of one page of a list, at most."""
MANY = 1000
"""Counting stops here: more is "many" to every reader."""

_TROUBLE = tuple(s.value for s in (DeliveryState.FAILED, DeliveryState.PARKED, DeliveryState.UNKNOWN))
_FAR = 10**17  # microseconds: the year 5138
_C = t.conversation.c

Rank = Literal[0, 1, 2]
Assignee = AgentId | Literal["anybody", "nobody"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list ended: what is due comes first (0), then who waits (1), then the rest (2)."""

    rank: Rank
    at: int
    """Microseconds since 1970: of the due instant, of the waiting, or of the opening."""
    id: int

    def __str__(self) -> str:
        return f"{self.rank}.{self.at}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Place":
        """The place that `str()` wrote. ValueError for anything else."""
        rank, at, id = (int(part) for part in text[:60].split("."))
        if rank not in (0, 1, 2) or not (0 <= at < _FAR and 0 < id < _FAR):
            raise ValueError(f"no place in a list: {text[:60]!r}")
        return cls(0 if rank == 0 else 1 if rank == 1 else 2, at, id)

    @property
    def instant(self) -> datetime:
        """`at` as an instant."""
        return EPOCH + self.at * MICROSECOND


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in a list."""

    id: ConversationId
    reference: str
    subject: str
    excerpt: str
    contact: str
    """The contact's name, or an address of theirs."""
    channel: ChannelName
    kind: str
    """The kind of the channel."""
    state: State
    priority: Priority
    assignee: str
    team: str
    tags: tuple[str, ...]
    due_at: datetime | None
    """The next instant by which we owe something."""
    waiting_since: datetime | None
    """Since when the customer waits for us; None when we owe nothing."""
    opened_at: datetime | None
    changed_at: datetime | None
    messages: int
    trouble: bool
    """A delivery of it failed, or its outcome is unknown."""
    place: Place
    unread: bool = False
    """It has messages that the agent who looks has not seen."""
    begun: bool = False
    """The agent who looks has begun to write something in it."""


_ROW = (
    sa.select(
        _C.id,
        _C.reference,
        _C.subject,
        _C.excerpt,
        t.contact.c.name,
        _C.channel,
        t.channel.c.kind,
        _C.state,
        _C.priority,
        _C.tags,
        _C.due_at,
        _C.waiting_since,
        _C.opened_at,
        _C.changed_at,
        _C.messages,
        _C.contact_id,
        _C.assignee_id,
        _C.team_id,
    )
    .join_from(t.conversation, t.contact, _C.contact_id == t.contact.c.id)
    .join(t.channel, _C.channel == t.channel.c.name)
)


def listing(
    unit: Unit,
    scope: Scope,
    *,
    states: Sequence[State] = (State.OPEN,),
    assignee: Assignee = "anybody",
    among: Sequence[sa.ColumnElement[bool]] = (),
    most: int = 50,
    after: Place | None = None,
    back: bool = False,
) -> list[Row]:
    """One page: due soonest first, then who waits longest, then the newest of the rest. `after`: the last row's place; with
    `back` the first row's, and the page is the one before it. `among`: what else a conversation has to meet.

    `most` is capped at 100. What was merged into another conversation is not listed.
    """
    most = max(1, min(most, MOST))
    conditions = [*within(scope), _C.merged_into_id.is_(None), *assigned(assignee), *among]
    ranks: tuple[Rank, ...] = (2, 1, 0) if back else (0, 1, 2)
    found: list[tuple[Place, Any]] = []
    for rank in ranks:
        if len(found) < most and (after is None or (after.rank >= rank if back else after.rank <= rank)):
            start = after if after is not None and after.rank == rank else None
            found += _ranked(unit, rank, states, conditions, most - len(found), start, back)
    return _rows(unit, scope, found[::-1] if back else found)


def rows(unit: Unit, scope: Scope, ids: Sequence[int]) -> list[Row]:
    """These conversations in this order; those of them that lie within the scope."""
    found = {row.id: row for row in unit.execute(_ROW.where(_C.id.in_(list(ids)), *within(scope)))}
    return _rows(unit, scope, [(_place(2, found[id]), found[id]) for id in ids if id in found])


def next_due(unit: Unit, scope: Scope, now: datetime) -> datetime | None:
    """The next instant by which something is due, of all that is not over; None where nothing is, or not for this reader."""
    if not scope.notes:
        return None
    there = (*within(scope), _C.merged_into_id.is_(None), _C.due_at >= now)
    found = [
        unit.execute(sa.select(_C.due_at).where(_C.state == state.value, *there).order_by(_C.due_at).limit(1)).scalar()
        for state in (State.OPEN, State.WAITING, State.SNOOZED)
    ]
    return min((at for at in found if at is not None), default=None)


def count(
    unit: Unit, scope: Scope, states: Sequence[State], among: Sequence[sa.ColumnElement[bool]], most: int = MANY
) -> int:
    """How many conversations a list has, `most` at most."""
    conditions = (*within(scope), _C.merged_into_id.is_(None), *among)
    some = sa.select(_C.id).where(_C.state.in_([state.value for state in states]), *conditions).limit(most).subquery()
    return int(unit.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def assigned(assignee: Assignee) -> list[sa.ColumnElement[bool]]:
    """Whose a conversation has to be."""
    if assignee == "anybody":
        return []
    return [_C.assignee_id.is_(None) if assignee == "nobody" else _C.assignee_id == assignee]


def _ranked(
    unit: Unit,
    rank: Rank,
    states: Sequence[State],
    conditions: Sequence[sa.ColumnElement[bool]],
    most: int,
    start: Place | None,
    back: bool,
) -> list[tuple[Place, Any]]:
    """The rows of one rank. Each state is asked on its own, so that an index gives them in order, and then merged."""
    among, order = _rank(rank, start, back)
    found: list[tuple[Place, Any]] = []
    for state in dict.fromkeys(states):
        query = _ROW.where(_C.state == state.value, *conditions, *among).order_by(*order).limit(most)
        found += ((_place(rank, row), row) for row in unit.execute(query))
    way = -1 if (rank == 2) is not back else 1
    return sorted(found, key=lambda one: (way * one[0].at, way * one[0].id))[:most]


def _rank(
    rank: Rank, start: Place | None, back: bool
) -> tuple[list[sa.ColumnElement[bool]], tuple[sa.ColumnElement[Any], ...]]:
    """What belongs to a rank (behind `start`, or before it), and its order."""
    # By the opening and not by the id: old mail that was brought in is no news.
    column: sa.Column[Any] = (_C.due_at, _C.waiting_since, _C.opened_at)[rank]
    among: list[sa.ColumnElement[bool]] = [_C.due_at.is_(None)] if rank else [_C.due_at.is_not(None)]
    if rank:
        among.append(_C.waiting_since.is_not(None) if rank == 1 else _C.waiting_since.is_(None))
    falling = (rank == 2) is not back
    if start is not None and falling:
        among += [column <= start.instant, sa.or_(column < start.instant, _C.id < start.id)]
    elif start is not None:
        among += [column >= start.instant, sa.or_(column > start.instant, _C.id > start.id)]
    order: tuple[sa.ColumnElement[Any], ...] = (column.desc(), _C.id.desc()) if falling else (column, _C.id)
    return among, order


def _place(rank: Rank, row: Any) -> Place:
    at = (row.due_at, row.waiting_since, row.opened_at)[rank]
    return Place(rank, 0 if at is None else to_microseconds(at), row.id)


def _rows(unit: Unit, scope: Scope, found: Sequence[tuple[Place, Any]]) -> list[Row]:
    roster = people.roster(unit)
    agents = {a.id: a.called for a in roster.agents}
    teams = {team.id: team.called for team in roster.teams}
    troubled = _troubled(unit, [row.id for _, row in found])
    addresses = _addresses(unit, [row.contact_id for _, row in found if not row.name])
    read = seen.of(unit, scope.agent, [row.id for _, row in found])
    begun = drafts.begun(unit, scope.agent, [row.id for _, row in found])
    rows = [
        Row(
            id=ConversationId(row.id),
            reference=row.reference,
            subject=row.subject,
            excerpt=row.excerpt,
            contact=row.name or (MASK if ADDRESSES in scope.hides else addresses.get(row.contact_id, "")),
            channel=ChannelName(row.channel),
            kind=row.kind,
            state=State(row.state),
            priority=Priority(row.priority),
            assignee=agents.get(row.assignee_id, ""),
            team=teams.get(row.team_id, ""),
            tags=tuple(row.tags),
            due_at=row.due_at,
            waiting_since=row.waiting_since,
            opened_at=row.opened_at,
            changed_at=row.changed_at,
            messages=row.messages,
            trouble=row.id in troubled,
            place=place,
            unread=scope.agent is not None and row.messages > read.get(row.id, 0),
            begun=row.id in begun,
        )
        for place, row in found
    ]
    return rows if scope.notes else [_outside(row) for row in rows]


def _outside(row: Row) -> Row:
    """What a customer may know of a row."""
    return replace(row, priority=Priority.NORMAL, assignee="", team="", tags=(), due_at=None, trouble=False)


_IN_TROUBLE = PreparedAmong(
    lambda ids: (
        sa.select(t.delivery.c.conversation_id)
        .where(t.delivery.c.conversation_id.in_(ids), t.delivery.c.state.in_([fixed(one) for one in _TROUBLE]))
        .distinct()
    )
)


def _troubled(unit: Unit, ids: Sequence[int]) -> set[int]:
    if not ids:
        return set()
    statement, among = _IN_TROUBLE.of(ids)
    return {row[0] for row in unit.run(statement, **among)}


def _addresses(unit: Unit, contacts: Sequence[int]) -> dict[int, str]:
    if not contacts:
        return {}
    c = t.identity.c
    query = sa.select(c.contact_id, sa.func.min(c.address)).where(c.contact_id.in_(contacts)).group_by(c.contact_id)
    return {row[0]: row[1] for row in unit.execute(query)}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many conversations wait for something, and of the open ones whose they are; 1,000 stands for many."""

    open: int
    waiting: int
    snoozed: int
    mine: int
    """0 for a scope that is no agent's."""
    unassigned: int
    late: int
    """Open ones whose due instant has passed."""
    empty: bool
    """There is no conversation at all, in whatever state."""


def counts(unit: Unit, scope: Scope, now: datetime) -> Counts:
    """The numbers beside the lists."""
    asked = {"agent": scope.agent or 0, "now": now, "many": MANY}
    if whole(scope):
        row: Sequence[Any] = unit.run(_COUNTS, **asked)[0]
    else:
        row = unit.execute(_counting(within(scope)), asked).one()
    opened, waiting, snoozed, mine, unassigned, late, some = row
    if not scope.notes:
        unassigned = late = 0
    return Counts(opened, waiting, snoozed, mine, unassigned, late, empty=not some)


def _counting(among: Sequence[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    """All numbers in one statement, each by the index that leads to just those."""
    many = sa.bindparam("many", type_=sa.Integer)

    def number(most: int | sa.BindParameter[int], *more: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
        some = sa.select(_C.id).where(*among, *more).limit(most).subquery()
        return sa.select(sa.func.count()).select_from(some).scalar_subquery()

    def of(state: State, *more: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
        return number(many, _C.state == state.value, _C.merged_into_id.is_(None), *more)

    return sa.select(
        of(State.OPEN),
        of(State.WAITING),
        of(State.SNOOZED),
        of(State.OPEN, _C.assignee_id == sa.bindparam("agent")),
        of(State.OPEN, _C.assignee_id.is_(None)),
        of(State.OPEN, _C.due_at.is_not(None), _C.due_at < sa.bindparam("now", type_=_C.due_at.type)),
        number(1),
    )


_COUNTS = Prepared(_counting(()))
