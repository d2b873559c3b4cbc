"""Pieces of messages that wait for the others of the same whole; the first of them holds back its arrival until then."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import ArrivalId, ChannelName
from inbox.ports.wake import INTAKE
from inbox.store.prepared import Prepared
from inbox.store.tables import fragment
from inbox.store.unit import Unit

_MESSAGES: TypeAdapter[InboundMessage] = TypeAdapter(InboundMessage)
_C = fragment.c


@dataclass(frozen=True, slots=True)
class Head:
    """The first piece of a whole, and when it came."""

    arrival: ArrivalId
    at: datetime


def head(unit: Unit, channel: ChannelName, whole: str) -> Head | None:
    """The first piece of this whole that waits; None where none does."""
    mine = (_C.channel == channel, _C.whole == whole, _C.due_at.is_not(None))
    row = unit.execute(sa.select(_C.arrival_id, _C.at).where(*mine).order_by(_C.arrival_id).limit(1)).first()
    return None if row is None else Head(ArrivalId(row[0]), row[1])


def add(
    unit: Unit,
    arrival: ArrivalId,
    channel: ChannelName,
    whole: str,
    piece: InboundMessage,
    now: datetime,
    due_at: datetime | None,
) -> None:
    """Keep a piece; `due_at` for the first one: until then its arrival is not pending."""
    body = _MESSAGES.dump_json(piece).decode()
    unit.insert_new(fragment, arrival_id=arrival, channel=channel, whole=whole, at=now, due_at=due_at, body=body)


def wait_until(unit: Unit, head: ArrivalId, due_at: datetime) -> None:
    """Another piece came: the first waits on."""
    unit.execute(sa.update(fragment).where(_C.arrival_id == head).values(due_at=due_at))


def whole(unit: Unit, head: ArrivalId, now: datetime) -> None:
    """All pieces are here: the first waits no more. Wakes INTAKE."""
    wait_until(unit, head, now)
    unit.wake(INTAKE)


def count(unit: Unit, channel: ChannelName, whole: str) -> int:
    """How many pieces of a whole are here."""
    mine = (_C.channel == channel, _C.whole == whole)
    found: int = unit.execute(sa.select(sa.func.count()).select_from(fragment).where(*mine)).scalar_one()
    return found


def take(unit: Unit, channel: ChannelName, whole: str) -> list[InboundMessage]:
    """All pieces of a whole in the order in which they arrived; they wait no more."""
    mine = (_C.channel == channel, _C.whole == whole)
    rows = unit.execute(sa.select(_C.body).where(*mine).order_by(_C.arrival_id)).all()
    unit.execute(sa.delete(fragment).where(*mine))
    return [_MESSAGES.validate_json(row[0]) for row in rows]


_NEXT = Prepared(sa.select(sa.func.min(_C.due_at)).where(_C.due_at > sa.bindparam("now")))


def next_due(unit: Unit, now: datetime) -> datetime | None:
    """When the next whole will be looked at that still waits."""
    found: datetime | None = unit.run(_NEXT, now=now)[0][0]
    return found
