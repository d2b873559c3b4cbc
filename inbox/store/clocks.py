"""Clock rows: one target on one conversation, kept beside the events so that what is due next is a look-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import ClockId, ConversationId, MessageId
from inbox.store.tables import clock, conversation
from inbox.store.unit import Unit

_C = clock.c


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A clock as stored. `due_at` None: its policy has no target for it, and it only measures.

    `target` is the policy's duration as written, `calendar` the hours it counts on, with the version they had.
    """

    conversation: ConversationId
    metric: str
    cycle: int
    policy: str
    priority: str
    calendar: str
    calendar_version: str
    target: str
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None = None
    stopped_by: MessageId | None = None
    worked_seconds: float | None = None
    breached_at: datetime | None = None
    paused_at: datetime | None = None
    id: ClockId | None = None


_NAMES = tuple(ClockRow.__slots__)
_FIELDS = tuple(_C["conversation_id" if n == "conversation" else n] for n in _NAMES)


def _values(row: ClockRow) -> dict[str, Any]:
    return {("conversation_id" if n == "conversation" else n): getattr(row, n) for n in _NAMES if n != "id"}


def put(unit: Unit, rows: Sequence[ClockRow]) -> None:
    """Write new clocks and changed ones (those that have an id)."""
    unit.add(clock, *(_values(row) for row in rows if row.id is None))
    for row in rows:
        if row.id is not None:
            unit.execute(sa.update(clock).where(_C.id == row.id).values(**_values(row)))


_OF = sa.select(*_FIELDS).where(_C.conversation_id == sa.bindparam("matter")).order_by(_C.id)


def of(unit: Unit, id: ConversationId) -> list[ClockRow]:
    """All clocks of a conversation, oldest first."""
    return [ClockRow(*row) for row in unit.execute(_OF, {"matter": id})]


_ARMED = (_C.stopped_at.is_(None), _C.breached_at.is_(None), _C.paused_at.is_(None))


def overdue(unit: Unit, now: datetime, most: int = 200) -> list[ClockRow]:
    """Running clocks whose due instant has passed and that nobody was told of yet."""
    rows = unit.execute(sa.select(*_FIELDS).where(*_ARMED, _C.due_at < now).order_by(_C.due_at).limit(most))
    return [ClockRow(*row) for row in rows]


def next_due(unit: Unit) -> datetime | None:
    """When the next running clock is due."""
    found: datetime | None = unit.execute(sa.select(sa.func.min(_C.due_at)).where(*_ARMED)).scalar_one()
    return found


@dataclass(frozen=True, slots=True)
class Waited:
    """How long one customer waited for the first reply, in seconds of working time; `censored`: so far, and still waits."""

    seconds: float
    censored: bool


def first_replies(unit: Unit, now: datetime, days: int = 90, most: int = 300) -> list[Waited]:
    """The latest first replies, for the estimator."""
    query = (
        sa.select(_C.worked_seconds)
        .where(_C.metric == "first_reply", _C.stopped_at > now - timedelta(days=days), _C.worked_seconds.is_not(None))
        .order_by(_C.stopped_at.desc())
        .limit(most)
    )
    return [Waited(row[0], censored=False) for row in unit.execute(query)]


def still_waiting(unit: Unit, most: int = 300) -> list[datetime]:
    """When those conversations began that have no first reply yet: observations that are not over (censored)."""
    query = (
        sa.select(_C.started_at)
        .join_from(clock, conversation, conversation.c.id == _C.conversation_id)
        .where(_C.metric == "first_reply", _C.stopped_at.is_(None), conversation.c.waiting_since.is_not(None))
        .order_by(_C.started_at)
        .limit(most)
    )
    return [row[0] for row in unit.execute(query)]
