"""Webhooks in rows: the endpoints, the calls that are owed to them, and how far the change feed has been told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import CallId, EventId, WebhookId
from inbox.domain.webhooks import Call, CallState, Webhook
from inbox.store import attending
from inbox.store.generation import changed
from inbox.store.tables import site, webhook, webhook_call
from inbox.store.unit import Unit

UPTO = "webhooks_upto"
_W, _C, _S = webhook.c, webhook_call.c, site.c
_FIELDS = (
    _W.id,
    _W.name,
    _W.url,
    _W.events,
    _W.secret,
    _W.old_secret,
    _W.old_until,
    _W.disabled,
    _W.why,
    _W.created_at,
)
_CALL = tuple(_C[name] for name in ("id", "webhook_id", *Call.__slots__[2:]))


# -- endpoints ---------------------------------------------------------------------------------------------------------
def every(unit: Unit, now: datetime) -> list[Webhook]:
    """All that were not removed, by their names."""
    rows = unit.execute(sa.select(*_FIELDS).where(_W.removed_at.is_(None)).order_by(_W.name))
    return [_webhook(row, now) for row in rows]


def named(unit: Unit, name: str, now: datetime) -> Webhook | None:
    """The one of that name."""
    return next((one for one in every(unit, now) if one.name == name), None)


def names(unit: Unit) -> list[str]:
    """Their names, for whoever reads rules."""
    return [row[0] for row in unit.execute(sa.select(_W.name).where(_W.removed_at.is_(None)).order_by(_W.name))]


def _webhook(row: Any, now: datetime) -> Webhook:
    both = row.old_secret and row.old_until is not None and row.old_until > now
    secrets = (row.secret, *((row.old_secret,) if both else ()))
    id, name, url = WebhookId(row.id), row.name, row.url
    return Webhook(id, name, url, tuple(row.events), secrets, row.disabled, row.why, row.created_at)


def add(unit: Unit, name: str, url: str, events: Sequence[str], secret: str, now: datetime) -> bool:
    """An endpoint that is told what happens from now on; False where there is one of that name."""
    first = not names(unit)
    values = {"name": name, "url": url, "events": list(events), "secret": secret, "created_at": now}
    if not unit.insert_new(webhook, **values):
        return False
    changed(unit)
    if first:
        _reached(unit, attending.latest(unit))
    return True


def rotate(unit: Unit, id: WebhookId, secret: str, old_until: datetime) -> None:
    """Another secret signs; the old one too until an instant."""
    old = sa.select(_W.secret).where(_W.id == id).scalar_subquery()
    values = {"old_secret": old, "secret": secret, "old_until": old_until}
    unit.execute(sa.update(webhook).where(_W.id == id).values(**values))


def switch(unit: Unit, id: WebhookId, *, off: bool, why: str = "") -> None:
    """It is told nothing any more, or again. What it is still owed waits."""
    unit.execute(sa.update(webhook).where(_W.id == id).values(disabled=off, why=why))


def remove(unit: Unit, id: WebhookId, now: datetime) -> None:
    """Gone, with its secrets; what it was still owed is dropped."""
    gone = {"removed_at": now, "secret": "", "old_secret": ""}
    unit.execute(sa.update(webhook).where(_W.id == id).values(**gone))
    over = {"state": CallState.DROPPED.value, "settled_at": now}
    owed = (_C.webhook_id == id, _C.state == CallState.QUEUED.value)
    unit.execute(sa.update(webhook_call).where(*owed).values(**over))
    changed(unit)


# -- the feed ----------------------------------------------------------------------------------------------------------
def upto(unit: Unit) -> EventId:
    """The event up to which everybody has been told."""
    found = unit.execute(sa.select(_S.value).where(_S.name == UPTO)).scalar_one_or_none()
    return EventId(int(found or 0))


def _reached(unit: Unit, id: EventId) -> None:
    if not unit.insert_new(site, name=UPTO, value=str(id)):
        unit.execute(sa.update(site).where(_S.name == UPTO).values(value=str(id)))


def reached(unit: Unit, id: EventId) -> None:
    """Everybody has been told, or is owed it in rows."""
    _reached(unit, id)


# -- calls -------------------------------------------------------------------------------------------------------------
def owe(unit: Unit, id: WebhookId, cause: str, kind: str, body: str, now: datetime) -> bool:
    """An endpoint is told this, once for its cause."""
    key = f"msg_{unit.entropy.token(f'call {id} {cause}')}"
    values = {"webhook_id": id, "cause": cause, "key": key, "kind": kind, "body": body}
    return unit.insert_new(webhook_call, **values, not_before=now, created_at=now)


def due(unit: Unit, now: datetime, but: Sequence[WebhookId], most: int) -> list[Call]:
    """What is owed now to endpoints that are on, apart from some, the longest due first."""
    on = (_W.disabled.is_(False), _W.removed_at.is_(None), _W.id.not_in(list(but)))
    query = sa.select(*_CALL).join_from(webhook_call, webhook, _C.webhook_id == _W.id)
    query = query.where(_C.state == sa.literal_column("'queued'"), _C.not_before <= now, *on)
    return [_call(row) for row in unit.execute(query.order_by(_C.not_before, _C.id).limit(most))]


def next_due(unit: Unit) -> datetime | None:
    """When the next call may be made; None: nothing is owed."""
    query = sa.select(sa.func.min(_C.not_before)).join_from(webhook_call, webhook, _C.webhook_id == _W.id)
    owed = (_C.state == sa.literal_column("'queued'"), _W.disabled.is_(False), _W.removed_at.is_(None))
    found: datetime | None = unit.execute(query.where(*owed)).scalar_one()
    return found


def one(unit: Unit, id: CallId) -> Call | None:
    """The call of that number."""
    row = unit.execute(sa.select(*_CALL).where(_C.id == id)).first()
    return None if row is None else _call(row)


def last(unit: Unit, id: WebhookId, most: int = 50) -> list[Call]:
    """The calls to an endpoint, the newest first."""
    query = sa.select(*_CALL).where(_C.webhook_id == id).order_by(_C.id.desc()).limit(most)
    return [_call(row) for row in unit.execute(query)]


def settle(
    unit: Unit,
    call: Call,
    state: CallState,
    now: datetime,
    *,
    status: int | None = None,
    error: str = "",
    again: datetime | None = None,
) -> bool:
    """What came of one more try; False where somebody else has told so meanwhile. `again`: when it may be tried once more."""
    values = {
        "state": state.value,
        "attempts": call.attempts + 1,
        "not_before": again or call.not_before,
        "settled_at": None if state is CallState.QUEUED else now,
        "status": status,
        "error": error,
    }
    same = (_C.id == call.id, _C.attempts == call.attempts, _C.state == CallState.QUEUED.value)
    return unit.execute(sa.update(webhook_call).where(*same).values(**values)).rowcount > 0


def postpone(unit: Unit, id: WebhookId, until: datetime) -> None:
    """What else is owed to an endpoint waits, too."""
    sooner = (_C.webhook_id == id, _C.state == CallState.QUEUED.value, _C.not_before < until)
    unit.execute(sa.update(webhook_call).where(*sooner).values(not_before=until))


def replay(unit: Unit, now: datetime, *, id: CallId | None = None, webhook_id: WebhookId | None = None) -> int:
    """One call once more, or all of an endpoint that failed; under the keys that they had. How many."""
    which = [_C.id == id] if id is not None else [_C.webhook_id == webhook_id, _C.state == CallState.FAILED.value]
    fresh = {"state": CallState.QUEUED.value, "attempts": 0, "not_before": now, "settled_at": None, "error": ""}
    some = sa.update(webhook_call).where(*which, _C.state != CallState.DROPPED.value)
    return unit.execute(some.values(**fresh)).rowcount


def _call(row: Any) -> Call:
    id, whose, key, kind, body, state, *rest = row
    return Call(CallId(id), WebhookId(whose), key, kind, body, CallState(state), *rest)
