"""The promise ledger of a period, counted by all that a report asks for: one statement, however many there are."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.promises import PromiseKind, PromiseState
from inbox.sla.calibration import Told
from inbox.store.tables import conversation, promise
from inbox.store.unit import Unit

_P, _C = promise.c, conversation.c


def counted(unit: Unit, since: datetime, until: datetime, channel: str = "") -> list[Told]:
    """The promises told from `since` to before `until`, in conversations of one channel or of all; as they stand at `until`.

    Of those that are still open, the ones whose instant has passed by then are told apart.
    """
    return [_told(row) for row in unit.execute(statement(since, until, channel))]


def statement(since: datetime, until: datetime, channel: str = "") -> sa.Select[Any]:
    """Reads the promises of the period by an index, and no others."""
    waits = _P.state == PromiseState.OPEN.value
    overdue = sa.case((sa.and_(waits, _P.due_at < until), 1), else_=0)
    renewed = sa.case((_P.replaces_id.is_not(None), 1), else_=0)
    alike = (_P.kind, _P.basis, _C.channel, _C.priority, _P.percentile, _P.state, overdue, renewed)
    query = (
        sa.select(*alike, sa.func.count())
        .select_from(promise.join(conversation, _C.id == _P.conversation_id))
        .where(_P.told_at >= since, _P.told_at < until)
        .group_by(*(sa.text(str(n)) for n in range(1, len(alike) + 1)))
    )
    return query.where(_C.channel == channel) if channel else query


def _told(row: Any) -> Told:
    kind, basis, channel, priority, percentile, state, overdue, renewed, count = row
    return Told(
        PromiseKind(kind),
        basis,
        channel,
        priority,
        percentile,
        PromiseState(state),
        bool(overdue),
        bool(renewed),
        count,
    )
