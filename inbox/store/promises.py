"""The promise ledger."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import ConversationId, MessageId, PromiseId
from inbox.domain.promises import Promise, PromiseKind, PromiseState
from inbox.store.prepared import Prepared
from inbox.store.tables import promise
from inbox.store.types import fixed
from inbox.store.unit import Unit

_COLUMNS = {"conversation": "conversation_id", "message": "message_id", "replaces": "replaces_id"}
_NAMES = tuple(f.name for f in fields(Promise))
_FIELDS = tuple(promise.c[_COLUMNS.get(name, name)] for name in _NAMES)


def _promise(row: Any) -> Promise:
    values = dict(zip(_NAMES, row, strict=True))
    return Promise(**values | {"kind": PromiseKind(values["kind"]), "state": PromiseState(values["state"])})


def add(unit: Unit, told: Promise) -> Promise:
    """Enter a promise; the same with its id."""
    values = {_COLUMNS.get(name, name): getattr(told, name) for name in _NAMES if name != "id"}
    return replace(told, id=PromiseId(unit.insert(promise, **values)))


_OF = Prepared(
    sa.select(*_FIELDS).where(promise.c.conversation_id == sa.bindparam("conversation")).order_by(promise.c.id)
)


def of(unit: Unit, conversation: ConversationId) -> list[Promise]:
    """All that was promised in a conversation, oldest first."""
    return [_promise(row) for row in unit.run(_OF, conversation=conversation)]


def open_ones(unit: Unit, conversation: ConversationId) -> list[Promise]:
    """Those not judged yet."""
    return [p for p in of(unit, conversation) if p.state is PromiseState.OPEN]


def judge(unit: Unit, id: PromiseId, state: PromiseState, now: datetime, by: MessageId | None = None) -> None:
    """Kept (by a message), late or withdrawn; or open again."""
    judged = None if state is PromiseState.OPEN else now
    values = {"state": state.value, "judged_at": judged, "judged_by": by}
    unit.execute(sa.update(promise).where(promise.c.id == id).values(**values))


def kept_by(unit: Unit, message: MessageId) -> list[Promise]:
    """The promises that a message of ours kept, provisionally until it is sent."""
    query = sa.select(*_FIELDS).where(promise.c.judged_by == message, promise.c.state == PromiseState.KEPT.value)
    return [_promise(row) for row in unit.execute(query)]


def overdue(unit: Unit, now: datetime, most: int = 200) -> list[Promise]:
    """Open promises whose instant has passed, the oldest first."""
    query = (
        sa.select(*_FIELDS)
        .where(promise.c.state == fixed("open"), promise.c.due_at < now)
        .order_by(promise.c.due_at, promise.c.id)
    )
    return [_promise(row) for row in unit.execute(query.limit(most))]


def at_risk(unit: Unit, now: datetime, most: int = 200) -> list[Promise]:
    """Open promises of which most of the time has passed, as nobody was told yet; the longest so first."""
    query = sa.select(*_FIELDS).where(promise.c.state == fixed("open"), promise.c.risk_at.is_not(None))
    rows = unit.execute(query.where(promise.c.risk_at <= now).order_by(promise.c.risk_at, promise.c.id).limit(most))
    return [_promise(row) for row in rows]


def warned(unit: Unit, id: PromiseId) -> None:
    """It is told that the promise is at risk."""
    unit.execute(sa.update(promise).where(promise.c.id == id).values(risk_at=None))


def next_risk(unit: Unit) -> datetime | None:
    """When the next promise comes to be at risk."""
    found: datetime | None = unit.execute(
        sa.select(sa.func.min(promise.c.risk_at)).where(
            promise.c.state == fixed("open"), promise.c.risk_at.is_not(None)
        )
    ).scalar_one()
    return found


def next_due(unit: Unit) -> datetime | None:
    """The instant of the open promise that is due first."""
    found: datetime | None = unit.execute(
        sa.select(sa.func.min(promise.c.due_at)).where(promise.c.state == fixed("open"))
    ).scalar_one()
    return found
