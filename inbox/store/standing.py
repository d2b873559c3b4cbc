"""How the house stands now, counted: open conversations by whose they are, and each channel's state with its backlog.

Looks at open conversations and at what waits, never at old ones; what is asked of the latest is looked for among the last
LATEST rows only, so that a channel on which nothing happens costs no walk through everything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from inbox.domain.conversations import State
from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import AgentId, ChannelName, TeamId
from inbox.store import tables as t
from inbox.store.channels import ChannelRow, seen
from inbox.store.types import fixed
from inbox.store.unit import Unit

SOON = timedelta(hours=1)
"""What is due within this is at risk."""
LATEST = 5_000
_BUSY = ("sending", "unknown", "parked", "failed")
"""The states of an index, to be asked for as it stands there; of them `sending` is no trouble."""

_C, _A, _D = t.conversation.c, t.arrival.c, t.delivery.c


@dataclass(frozen=True, slots=True)
class Open:
    """The open conversations of one team that one agent has (None: nobody's)."""

    team: TeamId | None
    agent: AgentId | None
    count: int
    late: int
    """Their due instant has passed."""
    soon: int
    """It comes within SOON."""
    oldest: datetime | None
    """Since when the customer of one of them waits, the longest."""


def opened(unit: Unit, now: datetime) -> list[Open]:
    """All that are open, merged ones left out: one pass.

    Here and below nothing is grouped by a bare column: its index would lead through all rows that there ever were.
    """
    late = sa.case((_C.due_at < now, 1), else_=0)
    soon = sa.case((sa.and_(_C.due_at >= now, _C.due_at < now + SOON), 1), else_=0)
    team, agent = (sa.func.coalesce(column, fixed(0)).label(column.name) for column in (_C.team_id, _C.assignee_id))
    query = (
        sa.select(
            team,
            agent,
            sa.func.count(),
            sa.func.sum(late),
            sa.func.sum(soon),
            sa.func.min(_C.waiting_since),
        )
        .where(_C.state == State.OPEN.value, _C.merged_into_id.is_(None))
        .group_by(team, agent)
    )
    return [_open(row) for row in unit.execute(query)]


def _open(row: Any) -> Open:
    team, agent, count, late, soon, oldest = row
    return Open(
        TeamId(team) if team else None, AgentId(agent) if agent else None, int(count), int(late), int(soon), oldest
    )


@dataclass(frozen=True, slots=True)
class Due:
    """One open conversation that is late or will be soon."""

    reference: str
    subject: str
    contact: str
    team: TeamId | None
    agent: AgentId | None
    due_at: datetime


def due(unit: Unit, since: datetime | None, until: datetime, most: int = 20) -> list[Due]:
    """Open ones that are due before `until` (and not before `since`), the soonest first."""
    columns = (_C.reference, _C.subject, t.contact.c.name, _C.team_id, _C.assignee_id, _C.due_at)
    query = (
        sa.select(*columns)
        .join_from(t.conversation, t.contact, _C.contact_id == t.contact.c.id)
        .where(_C.state == State.OPEN.value, _C.due_at < until, _C.merged_into_id.is_(None))
        .order_by(_C.due_at, _C.id)
        .limit(most)
    )
    query = query if since is None else query.where(_C.due_at >= since)
    return [Due(*row) for row in unit.execute(query)]


@dataclass(frozen=True, slots=True)
class Health:
    """How one channel stands. An instant that is None lies further back than the last LATEST rows, or nothing ever happened."""

    row: ChannelRow
    last_in: datetime | None
    last_out: datetime | None
    unread: int
    """Arrivals that have no verdict yet."""
    unsent: int
    """Deliveries that wait to go out."""
    oldest_unsent: datetime | None
    trouble: int
    """Deliveries that failed, are parked, or whose outcome nobody knows."""


def health(unit: Unit) -> list[Health]:
    """Each channel that was ever configured."""
    unread = _counted(unit, _A.channel, _A.verdict.is_(None))
    queued = (
        sa.select(_D.channel, sa.func.count(), sa.func.min(_D.created_at))
        .where(_D.state == fixed(DeliveryState.QUEUED.value))
        .group_by(_D.channel)
    )
    unsent = {row[0]: (int(row[1]), row[2]) for row in unit.execute(queued)}
    told = _D.conversation_id.is_not(None)  # what becomes of a screen is no trouble of anybody's
    busy = sa.and_(_D.state.in_([fixed(state) for state in _BUSY]), _D.state != DeliveryState.SENDING.value, told)
    trouble = _counted(unit, _D.channel, busy)
    came, went = _latest(unit, t.arrival, _A.received_at), _latest(unit, t.delivery, _D.settled_at)
    return [
        Health(
            row,
            came.get(row.name),
            went.get(row.name),
            unread.get(row.name, 0),
            *unsent.get(row.name, (0, None)),
            trouble.get(row.name, 0),
        )
        for row in seen(unit)
    ]


def _counted(unit: Unit, channel: sa.Column[Any], which: sa.ColumnElement[bool]) -> dict[ChannelName, int]:
    name = sa.func.coalesce(channel, fixed("")).label("name")
    query = sa.select(name, sa.func.count()).where(which).group_by(name)
    return {ChannelName(row[0]): int(row[1]) for row in unit.execute(query)}


def _latest(unit: Unit, table: sa.Table, at: sa.Column[Any]) -> dict[ChannelName, datetime]:
    """The last instant on each channel among the newest rows of a table."""
    newest = sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0) - LATEST).scalar_subquery()
    name = sa.func.coalesce(table.c.channel, fixed("")).label("name")
    query = sa.select(name, sa.func.max(at)).where(table.c.id > newest).group_by(name)
    if table is t.delivery:
        query = query.where(table.c.state == DeliveryState.SENT.value)
    return {ChannelName(row[0]): row[1] for row in unit.execute(query) if row[1] is not None}
