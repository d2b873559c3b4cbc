"""What the store knows of the ways in and out of one conversation: its arrivals with their verdicts, and each hand-over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.deliveries import DeliveryState
from inbox.domain.events import Event
from inbox.domain.ids import ArrivalId, ChannelName, ConversationId, DeliveryId, EventId, MessageId
from inbox.domain.outgoing import Purpose
from inbox.domain.scope import Scope
from inbox.store import decisions, events
from inbox.store import tables as t
from inbox.store.prepared import Prepared, PreparedAmong
from inbox.store.scoped import sees
from inbox.store.unit import Unit
from inbox.store.veiled import ADDRESSES, MASK, event

MOST = 2_000
"""Messages whose arrivals and hand-overs are looked up, the newest."""
_A, _M, _D, _R = t.arrival.c, t.message.c, t.delivery.c, t.recipient.c


@dataclass(frozen=True, slots=True)
class Came:
    """One arrival, and the message that it became (or changed). `machine`: what the screen took its sender for, or empty."""

    id: ArrivalId
    channel: ChannelName
    received_at: datetime
    size: int
    verdict: str
    reason: str
    judged_at: datetime | None
    tries: int
    message: MessageId
    machine: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one recipient's server said."""

    address: str
    state: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Went:
    """One hand-over, as far as it came. `lane`: the address that it goes to."""

    id: DeliveryId
    message: MessageId
    channel: ChannelName
    purpose: Purpose
    part: int
    lane: str
    state: DeliveryState
    created_at: datetime
    not_before: datetime
    attempts: int
    stage: str
    stage_at: datetime | None
    repeated: bool
    copy: bool
    error: str
    receipt: str
    settled_at: datetime | None
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Traced:
    """All of it, each oldest first."""

    came: tuple[Came, ...]
    events: tuple[Event, ...]
    decisions: tuple[decisions.Stored, ...]
    """None for those from whom addresses are kept: what rules saw is full of them."""
    went: tuple[Went, ...]


def traced(unit: Unit, scope: Scope, id: ConversationId) -> Traced | None:
    """What this reader may know; None where the conversation lies outside their scope, or they may not read notes."""
    if not scope.notes or not sees(unit, scope, id):
        return None
    said = [
        row[0]
        for row in unit.execute(sa.select(_M.id).where(_M.conversation_id == id).order_by(_M.id.desc()).limit(MOST))
    ]
    masked = ADDRESSES in scope.hides
    went = _went(unit, id)
    return Traced(
        tuple(_came(unit, said)),
        tuple(event(one, scope.hides) for one in events.of(unit, id)),
        () if masked else tuple(decisions.of(unit, id)),
        tuple(_masked(one) for one in went) if masked else went,
    )


def _masked(one: Went) -> Went:
    return replace(one, lane=MASK, error="", receipt="", answers=())


def _came(unit: Unit, said: Sequence[int]) -> list[Came]:
    columns = (_A.id, _A.channel, _A.received_at, _A.size, _A.verdict, _A.reason, _A.judged_at, _A.tries)
    wrote = sa.select(*columns, _M.id, _M.automatic).join_from(t.message, t.arrival, _A.id == _M.arrival_id)
    changed = sa.select(*columns, t.edit.c.message_id, sa.null()).join_from(
        t.edit, t.arrival, _A.id == t.edit.c.arrival_id
    )
    rows = [
        *unit.execute(wrote.where(_M.id.in_(said))),
        *unit.execute(changed.where(t.edit.c.message_id.in_(said))),
    ]
    return sorted((_one(row) for row in rows), key=lambda one: one.id)


def _one(row: Sequence[Any]) -> Came:
    id, channel, at, size, verdict, reason, judged, tries, message, machine = row
    return Came(id, channel, at, size, verdict or "pending", reason, judged, tries, message, machine or "")


def _went(unit: Unit, id: ConversationId) -> tuple[Went, ...]:
    names = [name for name in Went.__slots__ if name not in ("answers", "message")]
    query = sa.select(_D.message_id, *(_D[name] for name in names)).where(_D.conversation_id == id).order_by(_D.id)
    found = [(row[0], dict(zip(names, row[1:], strict=True))) for row in unit.execute(query)]
    answers: dict[int, list[Answer]] = {}
    ids = [one["id"] for _, one in found]
    for row in unit.execute(
        sa.select(_R.delivery_id, _R.address, _R.state, _R.code, _R.text).where(_R.delivery_id.in_(ids))
    ):
        answers.setdefault(row[0], []).append(Answer(*row[1:]))
    return tuple(
        Went(
            message=message,
            **{**one, "purpose": Purpose(one["purpose"]), "state": DeliveryState(one["state"])},
            answers=tuple(answers.get(one["id"], ())),
        )
        for message, one in found
    )


TOLD = ("decided", "acknowledged", "not_acknowledged")


@dataclass(frozen=True, slots=True)
class Became:
    """What an arrival came to, for the log: the conversation, the message in it, the rules that matched, and whether a first
    answer was written: `acknowledged`, the reason why not, or empty where neither was told."""

    reference: str
    message: MessageId
    rules: tuple[str, ...] = ()
    first: str = ""


_SINCE = Prepared(
    sa.select(
        t.event.c.id,
        t.event.c.conversation_id,
        t.conversation.c.reference,
        t.event.c.kind,
        t.event.c.payload,
    )
    .join_from(t.event, t.conversation, t.conversation.c.id == t.event.c.conversation_id)
    .where(t.event.c.id > sa.bindparam("after"))
    .order_by(t.event.c.id)
    .limit(MOST)
)
_BROUGHT = PreparedAmong(
    lambda among: sa.select(_M.id, _M.arrival_id).where(_M.id.in_(among), _M.arrival_id.is_not(None))
)


def became(unit: Unit, after: EventId | None) -> tuple[EventId, dict[ArrivalId, Became]]:
    """Of each arrival that was received behind this event; and where the next look begins. What another node writes meanwhile
    may be missed: it is that node's to tell."""
    found: dict[int, Became] = {}
    last: dict[int, int] = {}
    upto = EventId(after or 0)
    for id, matter, reference, kind, payload in unit.run(_SINCE, after=after or 0):
        upto = EventId(id)
        if kind == "received":
            last[matter] = payload["message"]
            found[payload["message"]] = Became(reference, payload["message"])
        elif matter in last and kind in TOLD:
            found[last[matter]] = _told(found[last[matter]], kind, payload)
    if not found:
        return upto, {}
    brought, among = _BROUGHT.of(list(found))
    rows = unit.run(brought, **among)
    return upto, {ArrivalId(arrival): found[message] for message, arrival in rows}


def _told(one: Became, kind: str, payload: Any) -> Became:
    if kind == "decided":
        return replace(one, rules=(*one.rules, *payload.get("rules", ())))
    return replace(one, first="acknowledged" if kind == "acknowledged" else payload.get("reason", ""))


_EARLIER = t.message.alias("earlier")
_BEFORE = (
    sa.select(_EARLIER.c.arrival_id)
    .where(
        _EARLIER.c.conversation_id == _M.conversation_id,
        _EARLIER.c.id < _M.id,
        _EARLIER.c.direction == "inbound",
        _EARLIER.c.arrival_id.is_not(None),
    )
    .order_by(_EARLIER.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_FOLLOWED = PreparedAmong(
    lambda among: sa.select(_M.id, sa.func.coalesce(_M.arrival_id, _BEFORE)).where(_M.id.in_(among))
)


def followed(unit: Unit, said: Sequence[MessageId]) -> dict[MessageId, ArrivalId]:
    """Of each message (one at least) the arrival that it follows from: its own, else that of what was said to us before it."""
    query, among = _FOLLOWED.of(said)
    return {MessageId(row[0]): ArrivalId(row[1]) for row in unit.run(query, **among) if row[1] is not None}
