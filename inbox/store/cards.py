"""Cards: one conversation at one desk, what is wanted of it and what is shown; worked on by claims with an epoch."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.desks import Card
from inbox.domain.ids import CardId, ChannelName, ConversationId, DeskId, MessageId, NetworkKey, PostId
from inbox.ports.wake import AGENTS
from inbox.store.tables import card, card_key, conversation, desk
from inbox.store.unit import Unit

_C = card.c
_FIELDS = (
    _C.id,
    _C.desk_id,
    _C.conversation_id,
    desk.c.chat,
    _C.thread,
    _C.head,
    _C.pinned,
    _C.title,
    _C.look,
    _C.wanted,
    _C.shown,
    _C.attempts,
    _C.epoch,
    _C.doubtful,
    _C.error,
)
_WHOLE = sa.select(*_FIELDS).join_from(card, desk, desk.c.id == _C.desk_id)


def _card(row: Any) -> Card:
    return Card(CardId(row[0]), DeskId(row[1]), ConversationId(row[2]), row[3], row[4], NetworkKey(row[5]), *row[6:])


def of(unit: Unit, at: DeskId, matter: ConversationId) -> Card | None:
    """The card of a conversation at a desk."""
    row = unit.execute(_WHOLE.where(_C.desk_id == at, _C.conversation_id == matter)).first()
    return None if row is None else _card(row)


def one(unit: Unit, id: CardId) -> Card:
    """One card."""
    return _card(unit.execute(_WHOLE.where(_C.id == id)).one())


def at_thread(unit: Unit, channel: ChannelName, thread: str) -> Card | None:
    """The card whose own topic that is."""
    query = _WHOLE.where(_C.thread == thread, _C.thread != desk.c.chat, desk.c.channel == channel)
    row = unit.execute(query.order_by(_C.id.desc()).limit(1)).first()
    return None if row is None else _card(row)


def of_reference(unit: Unit, at: DeskId, reference: str) -> Card | None:
    """The card of the conversation with that reference."""
    query = _WHOLE.join(conversation, conversation.c.id == _C.conversation_id)
    row = unit.execute(query.where(_C.desk_id == at, conversation.c.reference == reference)).first()
    return None if row is None else _card(row)


def of_desk(unit: Unit, at: DeskId, most: int = 100) -> list[Card]:
    """The newest cards of a desk."""
    rows = unit.execute(_WHOLE.where(_C.desk_id == at).order_by(_C.id.desc()).limit(most))
    return [_card(row) for row in rows]


def put(unit: Unit, at: DeskId, matter: ConversationId, wanted: int, now: datetime) -> CardId:
    """A new card, to be shown. Wakes AGENTS."""
    unit.wake(AGENTS)
    return CardId(unit.insert(card, desk_id=at, conversation_id=matter, wanted=wanted, due_at=now))


def want(unit: Unit, id: CardId, wanted: int, now: datetime) -> None:
    """There is something newer to show; a card that waits after a trouble goes on waiting. Wakes AGENTS."""
    due = sa.func.coalesce(_C.due_at, sa.bindparam("now", now, type_=_C.due_at.type))
    unit.execute(sa.update(card).where(_C.id == id).values(wanted=wanted, due_at=due))
    unit.wake(AGENTS)


def _due(channel: ChannelName, now: datetime, resting: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    where = [desk.c.channel == channel, _C.due_at.is_not(None), _C.due_at <= now]
    return [*where, desk.c.chat.not_in(list(resting))] if resting else where


def claim(unit: Unit, channel: ChannelName, now: datetime, resting: Sequence[str] = (), *, placed: bool) -> Card | None:
    """Take the card that is due the longest, of those that stand somewhere already or of those that do not."""
    stands = sa.and_(_C.thread != "", _C.head != "")
    query = _WHOLE.where(*_due(channel, now, resting), stands if placed else ~stands)
    row = unit.execute(query.order_by(_C.due_at, _C.id).limit(1)).first()
    if row is None:
        return None
    taken = replace(_card(row), epoch=row[12] + 1, attempts=row[11] + 1)
    values = {"epoch": taken.epoch, "attempts": taken.attempts, "stage": "claimed"}
    unit.execute(sa.update(card).where(_C.id == taken.id).values(**values))
    return taken


def stage(unit: Unit, mine: Card, reached: str) -> bool:
    """How far the call in hand has come; False where somebody else has it by now."""
    query = sa.update(card).where(_C.id == mine.id, _C.epoch == mine.epoch, _C.stage != "")
    return bool(unit.execute(query.values(stage=reached)).rowcount)


def keep(unit: Unit, mine: Card, now: datetime, **shown: object) -> bool:
    """What a call achieved; the card is looked at once more, until there is nothing to call for. False where the claim is
    lost."""
    values = {"stage": "", "attempts": 0, "error": "", "due_at": now, **shown}
    return bool(unit.execute(sa.update(card).where(_C.id == mine.id, _C.epoch == mine.epoch).values(**values)).rowcount)


def rest(unit: Unit, mine: Card, now: datetime) -> None:
    """All that is wanted is shown, as it was when the card was claimed."""
    due = sa.case((_C.wanted > mine.wanted, sa.bindparam("now", now, type_=_C.due_at.type)), else_=None)
    values = {"shown": mine.wanted, "due_at": due, "stage": "", "attempts": 0, "error": ""}
    unit.execute(sa.update(card).where(_C.id == mine.id, _C.epoch == mine.epoch).values(**values))


def later(unit: Unit, mine: Card, due_at: datetime, error: str, *, doubtful: bool = False) -> None:
    """It could not be shown now, and why."""
    values = {"due_at": due_at, "stage": "", "error": error, "doubtful": _C.doubtful + int(doubtful)}
    unit.execute(sa.update(card).where(_C.id == mine.id, _C.epoch == mine.epoch).values(**values))


def lost(unit: Unit, id: CardId, now: datetime, *, head_only: bool = False) -> None:
    """Its topic is gone, or with `head_only` only the message that told how it stands: it is made anew."""
    gone: dict[str, object] = {"head": "", "look": "", "pinned": False}
    if not head_only:
        gone |= {"thread": "", "title": ""}
        unit.execute(sa.delete(card_key).where(card_key.c.card_id == id))
    unit.execute(sa.update(card).where(_C.id == id).values(**gone, due_at=now, stage="", attempts=0))
    unit.wake(AGENTS)


def adopt(unit: Unit, channel: ChannelName, now: datetime) -> int:
    """What the last runner of this channel had in hand is free again. Where a topic may have been made without our hearing of
    it, one more will be: how many these are."""
    there = sa.select(desk.c.id).where(desk.c.channel == channel)
    left = (_C.desk_id.in_(there), _C.stage != "")
    making = (*left, _C.stage == "handed", _C.thread == "")
    unsure = unit.execute(sa.update(card).where(*making).values(doubtful=_C.doubtful + 1)).rowcount
    unit.execute(sa.update(card).where(*left).values(stage="", due_at=now))
    return unsure


def next_due(unit: Unit, channel: ChannelName, resting: Sequence[str] = ()) -> datetime | None:
    """When the next card of a channel is worked on."""
    query = sa.select(sa.func.min(_C.due_at)).join_from(card, desk, desk.c.id == _C.desk_id)
    query = query.where(desk.c.channel == channel, _C.due_at.is_not(None))
    query = query.where(desk.c.chat.not_in(list(resting))) if resting else query
    found: datetime | None = unit.execute(query).scalar_one()
    return found


def name(
    unit: Unit,
    at: tuple[ChannelName, DeskId],
    keys: Sequence[NetworkKey],
    mine: CardId | None,
    shown: PostId | None = None,
    message: MessageId | None = None,
) -> None:
    """What is shown under these names."""
    channel, where = at
    for key in keys:
        values = {"desk_id": where, "card_id": mine, "post_id": shown, "message_id": message}
        unit.insert_new(card_key, channel=channel, key=key, **values)


def named(unit: Unit, channel: ChannelName, key: NetworkKey) -> tuple[CardId | None, PostId | None, MessageId | None]:
    """What is shown under that name; nothing where nobody knows it."""
    k = card_key.c
    query = sa.select(k.card_id, k.post_id, k.message_id).where(k.channel == channel, k.key == key)
    row = unit.execute(query).first()
    return (None, None, None) if row is None else (row[0], row[1], row[2])


def key_of(unit: Unit, channel: ChannelName, at: DeskId, message: MessageId) -> NetworkKey:
    """The network's name of a message as it is shown at that desk; empty where it is not."""
    k = card_key.c
    query = sa.select(k.key).where(k.channel == channel, k.desk_id == at, k.message_id == message).limit(1)
    return NetworkKey(unit.execute(query).scalar_one_or_none() or "")


def rename(unit: Unit, channel: ChannelName, key: NetworkKey, what: tuple[DeskId, CardId, PostId, MessageId]) -> None:
    """What stands under that name is something else from now on."""
    k = card_key.c
    unit.execute(sa.delete(card_key).where(k.channel == channel, k.key == key))
    desk_id, mine, shown, message = what
    name(unit, (channel, desk_id), [key], mine, shown, message)
