"""Broadcasts: what was made, whom each is for, who was told, and who was left out and why."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.broadcasts import Audience, Broadcast, Stage, Text
from inbox.domain.ids import AgentId, BroadcastId, ContactId, ConversationId, MessageId
from inbox.domain.outgoing import Purpose
from inbox.store.tables import broadcast, broadcast_to, delivery
from inbox.store.unit import Unit

_B, _T, _D = broadcast.c, broadcast_to.c, delivery.c
WAITING, TOLD, LEFT_OUT = "waiting", "told", "left_out"


@dataclass(frozen=True, slots=True)
class Addressee:
    """One contact of a broadcast. `why`: a catalogue key, they were left out."""

    id: int
    broadcast: BroadcastId
    contact: ContactId
    state: str
    why: str = ""
    address: str = ""
    conversation: ConversationId | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """So many are in that state, for that reason."""

    state: str
    why: str
    count: int


def add(unit: Unit, made: Broadcast, now: datetime) -> BroadcastId:
    """A draft; number, state and times of `made` are not looked at."""
    texts = {language: asdict(text) for language, text in made.texts.items()}
    values = {"agent_id": made.agent, "channel": made.channel, "per_minute": made.per_minute, "made_at": now}
    audience = asdict(made.audience)
    return BroadcastId(
        unit.insert(broadcast, name=made.name, state=Stage.DRAFT.value, audience=audience, texts=texts, **values)
    )


def one(unit: Unit, id: BroadcastId) -> Broadcast | None:
    """By its number."""
    row = unit.execute(_FIELDS.where(_B.id == id)).first() if id.bit_length() < 63 else None
    return None if row is None else _broadcast(row)


def listing(unit: Unit, most: int = 50) -> list[Broadcast]:
    """The newest first."""
    return [_broadcast(row) for row in unit.execute(_FIELDS.order_by(_B.id.desc()).limit(most))]


def put(unit: Unit, id: BroadcastId, was: Stage, stage: Stage, **values: Any) -> bool:
    """It is at that stage, as long as it was at the other one till now; of two who do so at once, one is told False."""
    mine = (_B.id == id, _B.state == was.value)
    return unit.execute(sa.update(broadcast).where(*mine).values(state=stage.value, **values)).rowcount > 0


def put_off(unit: Unit, id: BroadcastId, until: datetime) -> None:
    """The next ones are told then, as long as it runs."""
    running = (_B.id == id, _B.state == Stage.RUNNING.value)
    unit.execute(sa.update(broadcast).where(*running).values(next_at=until))


def due(unit: Unit, now: datetime, most: int = 5) -> list[Broadcast]:
    """Those of which somebody is to be told by now."""
    query = _FIELDS.where(_B.next_at.is_not(None), _B.next_at <= now).order_by(_B.next_at, _B.id).limit(most)
    return [_broadcast(row) for row in unit.execute(query)]


def next_due(unit: Unit) -> datetime | None:
    """When the next one is to be told something."""
    query = sa.select(sa.func.min(_B.next_at)).where(_B.next_at.is_not(None))
    found: datetime | None = unit.execute(query).scalar_one()
    return found


# -- whom ----------------------------------------------------------------------------------------------------------------
def enlist(unit: Unit, id: BroadcastId, whom: Iterable[tuple[ContactId, str]], now: datetime) -> None:
    """Whom it is for, each once whoever says so how often: to be told, or left out with the reason."""
    for contact, why in whom:
        state = LEFT_OUT if why else WAITING
        unit.insert_new(
            broadcast_to, broadcast_id=id, contact_id=contact, state=state, why=why, at=now if why else None
        )


def waiting(unit: Unit, id: BroadcastId, most: int) -> list[Addressee]:
    """Who is to be told next."""
    query = _THOSE.where(_T.broadcast_id == id, _T.state == WAITING).order_by(_T.id).limit(most)
    return [_addressee(row) for row in unit.execute(query)]


def tell(unit: Unit, id: int, address: str, matter: ConversationId, message: MessageId, now: datetime) -> bool:
    """This one was told; False where they no longer waited for it."""
    values = {"address": address, "conversation_id": matter, "message_id": message, "at": now}
    query = sa.update(broadcast_to).where(_T.id == id, _T.state == WAITING).values(state=TOLD, **values)
    return unit.execute(query).rowcount > 0


def leave(unit: Unit, id: int, why: str, now: datetime) -> None:
    """This one is left out."""
    query = sa.update(broadcast_to).where(_T.id == id, _T.state == WAITING)
    unit.execute(query.values(state=LEFT_OUT, why=why, at=now))


def leave_out(unit: Unit, contact: ContactId, why: str, now: datetime) -> None:
    """The contact is left out of everything that they wait for."""
    query = sa.update(broadcast_to).where(_T.contact_id == contact, _T.state == WAITING)
    unit.execute(query.values(state=LEFT_OUT, why=why, at=now))


def told_since(unit: Unit, id: BroadcastId, after: datetime) -> list[datetime]:
    """When contacts of it were told since then, oldest first."""
    query = sa.select(_T.at).where(_T.broadcast_id == id, _T.state == TOLD, _T.at > after).order_by(_T.at)
    return [row[0] for row in unit.execute(query)]


def last_told(unit: Unit, contact: ContactId) -> datetime | None:
    """When a contact was last told any."""
    query = sa.select(sa.func.max(_T.at)).where(_T.contact_id == contact, _T.state == TOLD)
    found: datetime | None = unit.execute(query).scalar_one()
    return found


def unsent(unit: Unit, contact: ContactId) -> list[ConversationId]:
    """The conversations in which something of a broadcast to a contact has not left yet."""
    query = (
        sa.select(_T.conversation_id)
        .join(delivery, _D.message_id == _T.message_id)
        .where(_T.contact_id == contact, _D.state == "queued", _D.purpose == Purpose.BROADCAST.value)
    )
    return [ConversationId(row[0]) for row in unit.execute(query.distinct().order_by(_T.conversation_id))]


def to(unit: Unit, id: BroadcastId, contact: ContactId) -> Addressee | None:
    """What became of one contact of it."""
    row = unit.execute(_THOSE.where(_T.broadcast_id == id, _T.contact_id == contact)).first()
    return None if row is None else _addressee(row)


def begun(unit: Unit, matter: ConversationId) -> Addressee | None:
    """The one of a broadcast with whom a conversation began; None where it began otherwise."""
    row = unit.execute(_THOSE.where(_T.conversation_id == matter)).first()
    return None if row is None else _addressee(row)


def counts(unit: Unit, id: BroadcastId) -> list[Count]:
    """How many are in which state, and why."""
    query = sa.select(_T.state, _T.why, sa.func.count()).where(_T.broadcast_id == id).group_by(_T.state, _T.why)
    return [Count(*row) for row in unit.execute(query.order_by(_T.state, _T.why))]


def addressees(unit: Unit, id: BroadcastId, state: str, most: int = 100) -> list[Addressee]:
    """Those in a state, the latest first."""
    query = _THOSE.where(_T.broadcast_id == id, _T.state == state).order_by(_T.at.desc(), _T.id.desc()).limit(most)
    return [_addressee(row) for row in unit.execute(query)]


def settled(unit: Unit, id: BroadcastId) -> dict[str, int]:
    """What became of the deliveries of it, by state."""
    query = (
        sa.select(_D.state, sa.func.count())
        .join(broadcast_to, _T.message_id == _D.message_id)
        .where(_T.broadcast_id == id)
        .group_by(_D.state)
    )
    return {row[0]: row[1] for row in unit.execute(query)}


_FIELDS = sa.select(
    _B.id,
    _B.name,
    _B.state,
    _B.agent_id,
    _B.made_at,
    _B.started_at,
    _B.ended_at,
    _B.next_at,
    _B.channel,
    _B.audience,
    _B.texts,
    _B.per_minute,
)
_THOSE = sa.select(_T.id, _T.broadcast_id, _T.contact_id, _T.state, _T.why, _T.address, _T.conversation_id, _T.at)


def _broadcast(row: Any) -> Broadcast:
    id, name, stage, agent, made, started, ended, coming, channel, kept, texts, pace = row
    audience = Audience(**{**kept, "addresses": tuple(kept.get("addresses", ()))})
    said = {language: Text(**text) for language, text in texts.items()}
    whose = None if agent is None else AgentId(agent)
    return Broadcast(
        BroadcastId(id), name, Stage(stage), whose, made, started, ended, coming, channel, audience, said, pace
    )


def _addressee(row: Any) -> Addressee:
    id, told, contact, state, why, address, matter, at = row
    conversation = None if matter is None else ConversationId(matter)
    return Addressee(id, BroadcastId(told), ContactId(contact), state, why, address, conversation, at)
