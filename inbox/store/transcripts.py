"""What the people of a live channel may see of their own thread, and when there is something new to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import AttachmentId, ChannelName, MessageId, ThreadId
from inbox.domain.messages import Direction, Message, StoredAttachment
from inbox.ports.wake import VISITORS
from inbox.store import deliveries, messages
from inbox.store.exported import Bytes, bytes_of
from inbox.store.tables import delivery, message, thread
from inbox.store.unit import Unit

MOST = 100
"""Lines that are shown, the newest."""

_M, _D, _T = message.c, delivery.c, thread.c
VISIBLE = (DeliveryState.SENT, DeliveryState.UNKNOWN)
"""The states in which a hand-over to our own page can be seen; that nobody noted its end does not take it back."""

_WENT_OUT = (
    sa.select(sa.func.min(_D.stage_at))
    .where(_D.message_id == _M.id, _D.channel == _M.channel, _D.state.in_([state.value for state in VISIBLE]))
    .scalar_subquery()
)
_VISIBLE = sa.case((_M.direction == Direction.OUTBOUND.value, _WENT_OUT), else_=_M.at)
_LINES = (
    sa.select(*messages.FIELDS, _VISIBLE.label("visible"))
    .join_from(message, thread, thread.c.id == _M.thread_id)
    .where(
        _T.channel == sa.bindparam("channel"),
        _T.key == sa.bindparam("visitor"),
        _M.thread_id.is_not(None),
        _M.direction != Direction.NOTE.value,
        _VISIBLE.is_not(None),
    )
    .order_by(_M.id.desc())
    .limit(MOST)
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message that can be seen, `at` when it first could be, with its files."""

    message: Message
    at: datetime
    files: tuple[StoredAttachment, ...]


def of(unit: Unit, channel: ChannelName, visitor: str) -> list[Spoken]:
    """The newest lines of a thread, in the order in which they could be seen. Never a note, nor what has not gone out."""
    rows = list(unit.execute(_LINES, {"channel": channel, "visitor": visitor}))
    said = [(messages.from_row(row[:-1]), row.visible) for row in rows]
    files = messages.attachments(unit, [m.id for m, _ in said]) if said else []
    found = [Spoken(m, at, tuple(f for f in files if f.message == m.id)) for m, at in said]
    return sorted(found, key=lambda one: (one.at, one.message.id))


def touch(unit: Unit, id: ThreadId, now: datetime) -> None:
    """The people of this thread have something new to see. Wakes VISITORS."""
    unit.execute(sa.update(thread).where(_T.id == id).values(spoken_at=now))
    unit.wake(VISITORS)


def shown(unit: Unit, id: MessageId, now: datetime) -> None:
    """A message of ours can be seen from now on by the people of its thread, where it has one. Wakes VISITORS."""
    of_message = sa.select(_M.thread_id).where(_M.id == id).scalar_subquery()
    if unit.execute(sa.update(thread).where(_T.id == of_message).values(spoken_at=now)).rowcount:
        unit.wake(VISITORS)


def changed(unit: Unit, channels: Sequence[ChannelName], since: datetime) -> dict[tuple[ChannelName, str], datetime]:
    """The threads of these channels that have got something new to see since an instant, each with when it last did."""
    query = sa.select(_T.channel, _T.key, _T.spoken_at).where(
        _T.channel.in_(list(channels)), _T.spoken_at.is_not(None), _T.spoken_at >= since
    )
    return {(ChannelName(row[0]), row[1]): row[2] for row in unit.execute(query)}


def file(
    unit: Unit, channel: ChannelName, visitor: str, id: AttachmentId
) -> tuple[StoredAttachment, Bytes | None] | None:
    """A file in what the visitor can see, and the bytes that it is a range of (None: they came apart, as a blob of its own);
    None where it is not theirs to see."""
    for spoken in of(unit, channel, visitor):
        for one in spoken.files:
            if one.id == id:
                return one, None if one.blob is not None else _bytes(unit, spoken.message)
    return None


def _bytes(unit: Unit, said: Message) -> Bytes:
    if said.arrival is not None:
        return bytes_of(unit, said.arrival)
    return Bytes(next((d.part.body for d in deliveries.of_messages(unit, [said.id]) if d.part.body), b""), None)
