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
from inbox.store import people
from inbox.store import tables as t
from inbox.store.scoped import within
from inbox.store.shown import Shown, shown
from inbox.store.types import EPOCH, MICROSECOND, to_microseconds
from inbox.store.unit import Unit

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
    most: int = 50,
    after: Place | None = None,
) -> list[Row]:
    """One page: due soonest first, then who waits longest, then the newest of the rest. `after`: the last row's place.

    `most` is capped at 100. What was merged into another conversation is not listed.
    """
    most = max(1, min(most, MOST))
    conditions = [*within(scope), _C.merged_into_id.is_(None), *_assigned(assignee)]
    ranks: tuple[Rank, ...] = (0, 1, 2)
    found: list[tuple[Place, Any]] = []
    for rank in ranks:
        if len(found) < most and (after is None or after.rank <= rank):
            start = after if after is not None and after.rank == rank else None
            found += _ranked(unit, rank, states, conditions, most - len(found), start)
    return _rows(unit, scope, found)


def _assigned(assignee: Assignee) -> list[sa.ColumnElement[bool]]:
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
) -> list[tuple[Place, Any]]:
    """The rows of one rank. Each state is asked on its own, so that an index gives them in order, and then merged."""
    among, order = _rank(rank, start)
    found: list[tuple[Place, Any]] = []
    for state in dict.fromkeys(states):
        query = _ROW.where(_C.state == state.value, *conditions, *among).order_by(*order).limit(most)
        found += ((_place(rank, row), row) for row in unit.execute(query))
    way = -1 if rank == 2 else 1
    return sorted(found, key=lambda one: (way * one[0].at, way * one[0].id))[:most]


def _rank(rank: Rank, start: Place | None) -> tuple[list[sa.ColumnElement[bool]], tuple[sa.ColumnElement[Any], ...]]:
    """What belongs to a rank (behind `start`), and its order."""
    among: list[sa.ColumnElement[bool]]
    if rank == 2:
        among = [_C.due_at.is_(None), _C.waiting_since.is_(None)]
        if start is not None:  # by the opening and not by the id: old mail that was brought in is no news
            at = start.instant
            among += [_C.opened_at <= at, sa.or_(_C.opened_at < at, _C.id < start.id)]
        return among, (_C.opened_at.desc(), _C.id.desc())
    column: sa.Column[Any] = _C.due_at if rank == 0 else _C.waiting_since
    among = [column.is_not(None)] if rank == 0 else [_C.due_at.is_(None), column.is_not(None)]
    if start is not None:
        at = start.instant
        among += [column >= at, sa.or_(column > at, _C.id > start.id)]
    return among, (column, _C.id)


def _place(rank: Rank, row: Any) -> Place:
    at = (row.due_at, row.waiting_since, row.opened_at)[rank]
    return Place(rank, 0 if at is None else to_microseconds(at), row.id)


def _rows(unit: Unit, scope: Scope, found: Sequence[tuple[Place, Any]]) -> list[Row]:
    roster = people.roster(unit)
    agents = {a.id: a.name or a.handle for a in roster.agents}
    teams = {team.id: team.title or team.name for team in roster.teams}
    troubled = _troubled(unit, [row.id for _, row in found])
    addresses = _addresses(unit, [row.contact_id for _, row in found if not row.name])
    rows = [
        Row(
            id=ConversationId(row.id),
            reference=row.reference,
            subject=row.subject,
            excerpt=row.excerpt,
            contact=row.name or addresses.get(row.contact_id, ""),
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
        )
        for place, row in found
    ]
    return rows if scope.notes else [_outside(row) for row in rows]


def _outside(row: Row) -> Row:
    """What a customer may know of a row."""
    return replace(row, priority=Priority.NORMAL, assignee="", team="", tags=(), due_at=None, trouble=False)


def _troubled(unit: Unit, ids: Sequence[int]) -> set[int]:
    c = t.delivery.c
    query = sa.select(c.conversation_id).where(c.conversation_id.in_(ids), c.state.in_(_TROUBLE)).distinct()
    return {row[0] for row in unit.execute(query)}


def _addresses(unit: Unit, contacts: Sequence[int]) -> dict[int, str]:
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
    """The numbers beside the lists. The open ones are looked at once; only where there are many is each number asked for."""
    conditions = [*within(scope), _C.merged_into_id.is_(None)]
    # Not the bare column: its index would lead through everything that an agent ever had, the list's only through open ones.
    whose = sa.func.coalesce(_C.assignee_id, 0)
    mine = sa.false() if scope.agent is None else whose == scope.agent
    parts = (sa.true(), mine, whose == 0, sa.and_(_C.due_at.is_not(None), _C.due_at < now))

    def some(state: State, *more: sa.ColumnElement[bool]) -> sa.Subquery:
        columns = (sa.case((part, 1), else_=0).label(f"part{n}") for n, part in enumerate(parts))
        return sa.select(*columns).where(_C.state == state.value, *conditions, *more).limit(MANY).subquery()

    def count(state: State, *more: sa.ColumnElement[bool]) -> int:
        return int(unit.execute(sa.select(sa.func.count()).select_from(some(state, *more))).scalar_one())

    once = some(State.OPEN)
    sums = sa.select(*(sa.func.coalesce(sa.func.sum(once.c[f"part{n}"]), 0) for n in range(len(parts))))
    numbers = [int(n) for n in unit.execute(sums).one()]
    if numbers[0] == MANY:
        numbers[1:] = [count(State.OPEN, part) for part in parts[1:]]
    first = sa.select(_C.id).where(*within(scope)).limit(1)
    return Counts(
        open=numbers[0],
        waiting=count(State.WAITING),
        snoozed=count(State.SNOOZED),
        mine=numbers[1],
        unassigned=numbers[2] if scope.notes else 0,
        late=numbers[3] if scope.notes else 0,
        empty=unit.execute(first).first() is None,
    )
