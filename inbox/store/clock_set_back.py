"""What was put off by a clock that was ahead, once it is set right: nothing may wait for the year to which it was set."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from inbox.ports.wake import OUTBOX
from inbox.store.tables import collecting, delivery, webhook_call
from inbox.store.types import fixed
from inbox.store.unit import Unit

SLACK = timedelta(minutes=15)
"""Clocks of several nodes may differ by so much; what was written further ahead was written by a clock that was wrong."""
FARTHEST = timedelta(days=2)
"""Beyond this no try of a file or of a call is ever put off."""
_D, _W, _F = delivery.c, webhook_call.c, collecting.c
_LIVE = _D.state.in_([fixed(word) for word in ("queued", "sending", "unknown")])
"""As the index of the lanes has it; what is being sent is settled by whoever sends it."""


def set_right(unit: Unit, now: datetime) -> int:
    """Deliveries that a wrong clock wrote down are as if written now, with the pause that they had; calls and files that wait
    for an instant which only such a clock can have named are due. How many things that are. Wakes OUTBOX."""
    written = sa.func.coalesce(_D.stage_at, _D.created_at)
    query = sa.select(_D.id, _D.not_before, _D.created_at, sa.type_coerce(written, _D.created_at.type)).where(
        _LIVE, _D.state != fixed("sending"), written > now + SLACK
    )
    rows = unit.execute(query.with_for_update(skip_locked=True)).all()
    for id, not_before, created, at in rows:
        pause = max(not_before - at, timedelta(0))
        values = {"not_before": now + pause, "stage_at": now, "created_at": min(created, now)}
        unit.execute(sa.update(delivery).where(_D.id == id).values(**values))
    if rows:
        unit.wake(OUTBOX)
    calls = sa.update(webhook_call).where(_W.state == fixed("queued"), _W.not_before > now + FARTHEST)
    files = sa.update(collecting).where(_F.not_before.is_not(None), _F.not_before > now + FARTHEST)
    return len(rows) + sum(unit.execute(one.values(not_before=now)).rowcount for one in (calls, files))
