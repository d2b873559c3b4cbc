"""Screens: what a bot shows of its menu, as deliveries of no message. The last ones tell where somebody is in it, and for how long."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ChannelName, DeliveryId, NetworkKey
from inbox.domain.messages import Direction
from inbox.domain.outgoing import FrozenPart, Purpose
from inbox.ports.wake import outbox_of
from inbox.store.tables import delivery, message, recipient, screen_body, thread
from inbox.store.types import fixed
from inbox.store.unit import Unit

_C, _M, _T = delivery.c, message.c, thread.c
_OF = "screen"
_AUTOMATIC = _C.rank > fixed(0)  # as the index has it
_IS_ONE = _C.purpose == fixed(Purpose.SCREEN.value)


@dataclass(frozen=True, slots=True)
class Shown:
    """One that was shown in a chat. `data`: what the button says that leads there; `key`: the network's name of it, once known."""

    data: str
    at: datetime
    key: NetworkKey


def queue(unit: Unit, channel: ChannelName, part: FrozenPart, cause: str, data: str, now: datetime) -> bool:
    """Put one into the outbox; False where the same cause (the fingerprint of a press or of words) has shown one already.
    Wakes the channel's outbox."""
    values = {
        "channel": channel,
        "purpose": Purpose.SCREEN.value,
        "rank": Purpose.SCREEN.rank,
        "part": part.number,
        "lane": part.lane,
        "cause": f"{_OF} {cause} {data}",
        "key": part.key,
        "sender": part.sender,
        "recipients": list(part.recipients),
        "digest": hashlib.sha256(part.body).hexdigest(),
        "not_before": now,
        "created_at": now,
    }
    if not unit.insert_new(delivery, **values):
        return False
    same = (_C.cause == values["cause"], _C.lane == part.lane, _C.part == part.number)
    id = unit.execute(sa.select(_C.id).where(*same)).scalar_one()
    unit.add(screen_body, {"delivery_id": id, "body": part.body})
    unit.wake(outbox_of(channel))
    return True


def name(unit: Unit, id: DeliveryId, key: NetworkKey) -> None:
    """The network has a name for it."""
    unit.execute(sa.update(delivery).where(_C.id == id).values(key=key))


def lately(unit: Unit, channel: ChannelName, lane: str, since: datetime, most: int = 100) -> list[Shown]:
    """Those that were shown in a chat since then, the newest first."""
    query = (
        sa.select(_C.cause, _C.created_at, _C.key)
        .where(_C.lane == lane, _C.created_at > since, _AUTOMATIC, _IS_ONE, _C.channel == channel)
        .order_by(_C.created_at.desc(), _C.id.desc())
        .limit(most)
    )
    return [Shown(row[0].split(" ", 2)[2], row[1], NetworkKey(row[2])) for row in unit.execute(query)]


def written_since(unit: Unit, channel: ChannelName, chat: str, since: datetime, before: datetime) -> bool:
    """Whether a message came from a chat behind one instant and before another."""
    query = (
        sa.select(_M.id)
        .join_from(message, thread, _T.id == _M.thread_id)
        .where(_T.channel == channel, _T.key == chat, _M.direction == Direction.INBOUND.value)
        .where(_M.at > since, _M.at < before)
        .limit(1)
    )
    return unit.execute(query).first() is not None


def forget(unit: Unit, before: datetime) -> int:
    """Remove those that ended before then, with their bytes; how many."""
    ended = sa.select(_C.id).where(_IS_ONE, _C.settled_at < before)
    unit.execute(sa.delete(screen_body).where(screen_body.c.delivery_id.in_(ended)))
    unit.execute(sa.delete(recipient).where(recipient.c.delivery_id.in_(ended)))
    return unit.execute(sa.delete(delivery).where(_IS_ONE, _C.settled_at < before)).rowcount
