"""The outbox: deliveries, claimed one lane at a time, settled once, and never sent twice blindly."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from inbox.domain.deliveries import MOVES, Delivery, DeliveryState
from inbox.domain.ids import ChannelName, ConversationId, DeliveryId, MessageId, NetworkKey
from inbox.domain.outgoing import FrozenPart, Purpose, Receipt, Refusal
from inbox.ports.channel import HANDED
from inbox.ports.wake import outbox_of
from inbox.store.prepared import Prepared, PreparedAmong
from inbox.store.tables import delivery, delivery_body, recipient, screen_body
from inbox.store.types import fixed
from inbox.store.unit import Unit

_C = delivery.c
_FIELDS = (
    _C.id,
    sa.func.coalesce(_C.message_id, fixed(0)),
    sa.func.coalesce(_C.conversation_id, fixed(0)),
    _C.channel,
    _C.purpose,
    _C.part,
    _C.key,
    _C.lane,
    _C.sender,
    _C.recipients,
    sa.func.coalesce(delivery_body.c.body, screen_body.c.body),
    _C.state,
    _C.not_before,
    _C.created_at,
    _C.attempts,
    _C.epoch,
    _C.stage,
    _C.repeated,
    _C.copy,
)

_WHOLE = (
    sa.select(*_FIELDS)
    .outerjoin_from(
        delivery,
        delivery_body,
        sa.and_(delivery_body.c.message_id == _C.message_id, delivery_body.c.part == _C.part),
    )
    .outerjoin(screen_body, screen_body.c.delivery_id == _C.id)
)


def _delivery(row: Sequence[Any]) -> Delivery:
    id, message, conversation, channel, purpose, number, key, lane, sender, recipients, body = row[:11]
    part = FrozenPart(number, NetworkKey(key), lane, sender, tuple(recipients), body or b"")
    return Delivery(id, message, conversation, channel, Purpose(purpose), part, DeliveryState(row[11]), *row[12:])


def queue(
    unit: Unit,
    message: MessageId,
    conversation: ConversationId,
    channel: ChannelName,
    purpose: Purpose,
    parts: Sequence[FrozenPart],
    digests: Sequence[str],
    cause: str,
    now: datetime,
    *,
    not_before: datetime | None = None,
    copy: bool = False,
) -> None:
    """Put the frozen parts of a message into the outbox. `cause` names what made us speak: the same cause speaks to the
    same lane only once, whatever runs again. `copy`: of a message that goes another way already. Wakes the channel's outbox."""
    unit.add(
        delivery,
        *(
            {
                "message_id": message,
                "conversation_id": conversation,
                "channel": channel,
                "purpose": purpose.value,
                "rank": purpose.rank,
                "part": part.number,
                "lane": part.lane,
                "cause": cause,
                "key": part.key,
                "sender": part.sender,
                "recipients": list(part.recipients),
                "digest": digest,
                "copy": copy,
                "not_before": not_before or now,
                "created_at": now,
            }
            for part, digest in zip(parts, digests, strict=True)
        ),
    )
    unit.add(delivery_body, *({"message_id": message, "part": part.number, "body": part.body} for part in parts))
    unit.wake(outbox_of(channel))


_QUEUED, _SENDING, _UNKNOWN, _PARKED = (fixed(word) for word in ("queued", "sending", "unknown", "parked"))
_ON_THE_WAY = (_QUEUED, _SENDING, _UNKNOWN)
"""As the index of the lanes has it."""
_BUSY = _C.state.in_([fixed(word) for word in ("sending", "unknown", "parked", "failed")])
"""As the index of what people look at has it."""
_earlier = delivery.alias("earlier")
_IS_HEAD = (
    ~sa.exists().where(
        _earlier.c.lane == _C.lane,
        _earlier.c.channel == _C.channel,
        _earlier.c.id < _C.id,
        _earlier.c.state.in_(_ON_THE_WAY),
        _earlier.c.state.in_((_QUEUED, _SENDING)),
        sa.or_(~_earlier.c.copy, _earlier.c.not_before <= sa.bindparam("now")),  # what is held back holds up nobody
    ),
    ~sa.exists().where(
        _earlier.c.message_id == _C.message_id,
        _earlier.c.part < _C.part,
        _earlier.c.copy == _C.copy,
        _earlier.c.state.not_in((fixed("sent"), fixed("dropped"))),
    ),
)
"""Nothing of its lane, and no earlier part of its message, goes before it."""
_WAITING = (_C.channel == sa.bindparam("channel"), _C.state == _QUEUED, *_IS_HEAD)
_HEADS = (
    _WHOLE.where(*_WAITING, _C.rank <= sa.bindparam("worst"), _C.not_before <= sa.bindparam("now"))
    .order_by(_C.rank, _C.id)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True, of=delivery)
)


def _next(*more: sa.ColumnElement[bool]) -> sa.Select[tuple[datetime | None]]:
    """Now, where a head is due, which the first one often is; only where none is, all that wait for their time are looked at."""
    due = sa.exists().where(*_WAITING, *more, _C.not_before <= sa.bindparam("now"))
    earliest = sa.select(sa.func.min(_C.not_before)).where(*_WAITING, *more).scalar_subquery()
    return sa.select(sa.case((due, sa.bindparam("now", type_=_C.not_before.type)), else_=earliest))


_HEADS_NOW, _NEXT_NOW = Prepared(_HEADS), Prepared(_next())
"""Where no lane rests, as nearly always."""


_TAKING = PreparedAmong(
    lambda among: (
        sa.update(delivery)
        .where(_C.id.in_(among))
        .values(
            state="sending",
            owner=sa.bindparam("whose"),
            epoch=_C.epoch + 1,
            attempts=_C.attempts + 1,
            stage="claimed",
            stage_at=sa.bindparam("at"),
        )
    )
)


def claim(
    unit: Unit,
    channel: ChannelName,
    owner: str,
    now: datetime,
    most: int,
    worst: Purpose = Purpose.BROADCAST,
    resting: Sequence[str] = (),
) -> list[Delivery]:
    """Take the heads of the lanes that are due, the best rank first and none below `worst`, those of `resting` lanes left
    out: each is `sending`, under a new epoch. Run again after a commit whose answer got lost, it gives what that run took."""
    owner = f"{owner} {unit.entropy.token('claim')[:8]}"
    taken_before = _of_owner(unit, owner)
    if taken_before:
        return taken_before
    asked = {"channel": channel, "now": now, "most": most, "worst": worst.rank}
    if resting:
        heads = [_delivery(row) for row in unit.execute(_HEADS.where(_C.lane.not_in(list(resting))), asked)]
    else:
        heads = [_delivery(row) for row in unit.run(_HEADS_NOW, **asked)]
    if heads:
        taking, ids = _TAKING.of([d.id for d in heads])
        unit.count(taking, whose=owner, at=now, **ids)
    return [_claimed(d) for d in heads]


def _of_owner(unit: Unit, owner: str) -> list[Delivery]:
    """What this very hand-over has taken; on a file the answer to a commit cannot get lost."""
    if unit.connection.dialect.name == "sqlite":
        return []
    query = _WHOLE.where(_BUSY, _C.state == _SENDING, _C.owner == owner).order_by(_C.rank, _C.id)
    return [_delivery(row) for row in unit.execute(query)]


def _claimed(d: Delivery) -> Delivery:
    return replace(d, state=DeliveryState.SENDING, attempts=d.attempts + 1, epoch=d.epoch + 1, stage="claimed")


def next_due(unit: Unit, channel: ChannelName, now: datetime, resting: Sequence[str] = ()) -> datetime | None:
    """When the next head of a channel's lanes may go, `now` where one is due; those of `resting` lanes left out."""
    asked = {"channel": channel, "now": now}
    if not resting:
        return cast("datetime | None", unit.run(_NEXT_NOW, **asked)[0][0])
    return cast("datetime | None", unit.execute(_next(_C.lane.not_in(list(resting))), asked).scalar_one())


_STAGED = Prepared(
    sa.update(delivery)
    .where(_C.id == sa.bindparam("row"), _C.epoch == sa.bindparam("mine"), _C.state == "sending")
    .values(stage=sa.bindparam("reached"), stage_at=sa.bindparam("at"))
)


def stage(unit: Unit, id: DeliveryId, epoch: int, reached: str, now: datetime) -> bool:
    """How far a hand-over has come; False where the claim is lost: then the sender must not go on."""
    return unit.count(_STAGED, row=id, mine=epoch, reached=reached, at=now) == 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a claim ended: the new state, when to try again, what the network or the error said."""

    state: DeliveryState
    error: str = ""
    not_before: datetime | None = None
    receipt: Receipt | None = None
    repeated: bool = False
    gone: str = ""
    """Why nothing will reach its address any more, where the network proved that."""


_SETTLED = Prepared(
    sa.update(delivery).where(
        _C.id == sa.bindparam("row"), _C.epoch == sa.bindparam("mine"), _C.state == sa.bindparam("was")
    )
)


def settle(unit: Unit, d: Delivery, outcome: Outcome, now: datetime) -> bool:
    """End a claim, fenced by its epoch: False where somebody else has settled or taken it."""
    if outcome.state not in MOVES[d.state]:
        raise ValueError(f"a delivery cannot go from {d.state} to {outcome.state}")
    values: dict[str, Any] = {"state": outcome.state.value, "error": outcome.error, "stage_at": now}
    if outcome.state is DeliveryState.QUEUED:
        values |= {"not_before": outcome.not_before or now, "stage": "", "owner": ""}
        if outcome.repeated:
            values["repeated"] = True
    else:
        values["settled_at"] = now
    if outcome.receipt is not None:
        values["receipt"] = outcome.receipt.note
    if not unit.count(_SETTLED, row=d.id, mine=d.epoch, was=d.state.value, **values):
        return False
    _per_recipient(unit, d, outcome)
    if _frees(unit, d, outcome.state):
        unit.wake(outbox_of(d.channel))
    return True


def _frees(unit: Unit, d: Delivery, now_is: DeliveryState) -> bool:
    """Whether others than who had it in hand, and looks again anyway, may have something to send now."""
    if now_is is DeliveryState.UNKNOWN:
        return False
    return now_is is DeliveryState.QUEUED or d.state is not DeliveryState.SENDING or _waited_for(unit, d)


_BEHIND = Prepared(
    sa.select(
        sa.or_(
            sa.exists().where(
                _C.channel == sa.bindparam("channel"),
                _C.lane == sa.bindparam("lane"),
                _C.state.in_(_ON_THE_WAY),
                _C.state.in_((_QUEUED, _SENDING)),
            ),
            sa.exists().where(_C.message_id == sa.bindparam("message"), _C.state == _QUEUED),
        )
    )
)


def _waited_for(unit: Unit, d: Delivery) -> bool:
    """Whether this one held anything up: in its lane, or of its message."""
    return bool(unit.run(_BEHIND, channel=d.channel, lane=d.part.lane, message=d.message)[0][0])


def _per_recipient(unit: Unit, d: Delivery, outcome: Outcome) -> None:
    refused = {r.recipient: r for r in (outcome.receipt.refused if outcome.receipt else ())}
    if len(d.part.recipients) < 2 and not refused:
        return  # one recipient fares as the delivery does
    unit.execute(sa.delete(recipient).where(recipient.c.delivery_id == d.id))
    unit.add(recipient, *(_recipient(d, address, refused.get(address), outcome) for address in d.part.recipients))


def _recipient(d: Delivery, address: str, refusal: Refusal | None, outcome: Outcome) -> dict[str, Any]:
    if refusal is None:
        return {"delivery_id": d.id, "address": address, "state": outcome.state.value, "code": "", "text": ""}
    state = "failed" if refusal.permanent else "refused"
    return {"delivery_id": d.id, "address": address, "state": state, "code": refusal.code, "text": refusal.text}


def drop_unsent(
    unit: Unit, conversation: ConversationId, now: datetime, *purposes: Purpose
) -> list[tuple[DeliveryId, MessageId]]:
    """What still waits to go out for these purposes has nothing left to say."""
    query = (
        sa.update(delivery)
        .where(
            _C.conversation_id == conversation,
            _C.state == _QUEUED,
            _C.purpose.in_([purpose.value for purpose in purposes]),
        )
        .values(state="dropped", settled_at=now, error="")
        .returning(_C.id, _C.message_id)
    )
    return [(DeliveryId(r[0]), MessageId(r[1])) for r in unit.execute(query)]


def spoken(unit: Unit, cause: str) -> bool:
    """Whether that cause has made us speak, whatever became of it."""
    return unit.execute(sa.select(_C.id).where(_C.cause == cause).limit(1)).first() is not None


def queued_to(unit: Unit, channel: ChannelName, address: str) -> list[Delivery]:
    """What waits to go to an address, in order."""
    query = _WHOLE.where(_C.channel == channel, _C.lane == address, _C.state == _QUEUED, _C.state.in_(_ON_THE_WAY))
    return [_delivery(row) for row in unit.execute(query.order_by(_C.id).with_for_update(of=delivery))]


_MAY_GO = ("queued", "sending", "unknown", "parked", "failed")
"""The states from which a delivery may still go out, if only by a person's word."""


def redirect(unit: Unit, channel: ChannelName, old: str, new: str) -> None:
    """Whatever may still go to an address goes to another one, in its lane; the frozen bytes stay. Wakes the channel's outbox."""
    where = (_C.channel == channel, _C.lane == old, _C.state.in_(_MAY_GO))
    for id, recipients in unit.execute(sa.select(_C.id, _C.recipients).where(*where)).all():
        following = [new if one == old else one for one in recipients]
        unit.execute(sa.update(delivery).where(_C.id == id).values(lane=new, recipients=following))
    unit.wake(outbox_of(channel))


def orphans(unit: Unit, channel: ChannelName) -> list[Delivery]:
    """What was in hand when the channel's last sender ended. For whoever begins to send on it, and nobody else may then."""
    query = _WHOLE.where(_BUSY, _C.state == _SENDING, _C.channel == channel).order_by(_C.id)
    return [_delivery(row) for row in unit.execute(query.with_for_update(of=delivery))]


def unknown_since(unit: Unit, before: datetime) -> list[Delivery]:
    """Deliveries of which nobody has known since `before` at the latest whether they arrived."""
    query = _WHOLE.where(_BUSY, _C.state == _UNKNOWN, _C.stage_at <= before)
    return [
        _delivery(row) for row in unit.execute(query.order_by(_C.id).with_for_update(skip_locked=True, of=delivery))
    ]


def explain(unit: Unit, id: DeliveryId, error: str) -> None:
    """Say more clearly why it ended as it did."""
    unit.execute(sa.update(delivery).where(_C.id == id).values(error=error))


def was_handed(d: Delivery) -> bool:
    """Past the point of no return: the network may have it."""
    return d.stage == HANDED


def one(unit: Unit, id: DeliveryId) -> Delivery | None:
    """One delivery."""
    row = unit.execute(_WHOLE.where(_C.id == id)).first()
    return None if row is None else _delivery(row)


def doubtful(unit: Unit, messages: Sequence[MessageId]) -> list[Delivery]:
    """Those deliveries of these messages of which nobody knows whether they arrived."""
    if not messages:
        return []
    query = _WHOLE.where(_BUSY, _C.state.in_((_UNKNOWN, _PARKED)), _C.message_id.in_(list(messages)))
    return [_delivery(row) for row in unit.execute(query.order_by(_C.id))]


def of_messages(unit: Unit, messages: Sequence[MessageId]) -> list[Delivery]:
    """All deliveries of these messages."""
    query = _WHOLE.where(_C.message_id.in_(list(messages))).order_by(_C.id)
    return [_delivery(row) for row in unit.execute(query)] if messages else []


def next_part(unit: Unit, d: Delivery) -> Delivery | None:
    """The part of the same message that goes next, as long as it is queued."""
    following = (_C.message_id == d.message, _C.part == d.part.number + 1, _C.copy == d.copy)
    query = _WHOLE.where(*following, _C.state == _QUEUED)
    row = unit.execute(query).first()
    return None if row is None else _delivery(row)
