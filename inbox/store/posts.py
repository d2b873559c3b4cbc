"""Posts: what is shown at a desk one after the other; worked on by claims with an epoch."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.desks import Button, Card, Post, PostState
from inbox.domain.ids import CardId, ChannelName, ConversationId, DeskId, MessageId, NetworkKey, PostId
from inbox.domain.outgoing import Purpose
from inbox.ports.wake import AGENTS
from inbox.store.tables import card, desk, message, post
from inbox.store.types import fixed
from inbox.store.unit import Unit

_C = post.c
_FIELDS = (
    _C.id,
    _C.desk_id,
    _C.kind,
    _C.state,
    _C.card_id,
    _C.message_id,
    _C.version,
    sa.case((_C.thread != "", _C.thread), else_=sa.func.coalesce(card.c.thread, "")),
    _C.about,
    _C.shown,
    _C.key,
    _C.facts,
    _C.buttons,
    _C.held,
    _C.attempts,
    _C.epoch,
    _C.error,
    _C.at,
    _C.settled_at,
)
_WHOLE = sa.select(*_FIELDS).outerjoin_from(post, card, card.c.id == _C.card_id)
SILENT = (Purpose.ACKNOWLEDGEMENT.value, Purpose.RENEWAL.value, Purpose.NOTICE.value, Purpose.BROADCAST.value)
"""What the house says by itself and the head of the card tells better."""
LATEST = 10
"""Messages of a conversation that a new card begins with."""


_NAMES = tuple(one.name for one in fields(Post))


def _post(row: Any) -> Post:
    values = dict(zip(_NAMES, row, strict=True))
    buttons = tuple(Button(**one) for one in values["buttons"])
    return Post(**values | {"state": PostState(values["state"]), "buttons": buttons})


def add(unit: Unit, one: Post, now: datetime) -> PostId:
    """Something to be shown. Wakes AGENTS."""
    unit.wake(AGENTS)
    return PostId(unit.insert(post, **_values(one), due_at=now, at=now))


def add_message(unit: Unit, at: DeskId, mine: CardId, said: MessageId, version: int, now: datetime) -> None:
    """A message of the card's conversation, once."""
    one = Post(PostId(0), at, "message", card=mine, message=said, version=version)
    unit.insert_new(post, **_values(one), due_at=now, at=now)


def add_here(
    unit: Unit, at: DeskId, mine: CardId, said: MessageId, version: int, key: NetworkKey, since: datetime
) -> PostId:
    """A message that an agent wrote at the desk: it stands there already."""
    one = Post(PostId(0), at, "message", PostState.HERE, mine, said, version, shown=key)
    return PostId(unit.insert(post, **_values(one), at=since, settled_at=since))


def _values(one: Post) -> dict[str, Any]:
    return {
        "desk_id": one.desk,
        "card_id": one.card,
        "message_id": one.message,
        "kind": one.kind,
        "state": one.state.value,
        "version": one.version,
        "thread": one.thread,
        "about": one.about,
        "shown": one.shown,
        "key": one.key,
        "facts": _plain(one.facts),
        "buttons": [asdict(button) for button in one.buttons],
        "held": one.held,
    }


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: one if isinstance(one, int | float | bool) else str(one) for name, one in facts.items()}


def latest(unit: Unit, matter: ConversationId) -> list[MessageId]:
    """The newest messages of a conversation that are shown at desks, in order."""
    c = message.c
    loud = sa.or_(c.purpose.not_in(SILENT), c.purpose.is_(None))
    query = sa.select(c.id).where(c.conversation_id == matter, loud).order_by(c.id.desc()).limit(LATEST)
    return [MessageId(row[0]) for row in reversed(unit.execute(query).all())]


def of_message(unit: Unit, said: MessageId) -> list[Post]:
    """Where a message is shown."""
    return [_post(row) for row in unit.execute(_WHOLE.where(_C.message_id == said))]


def one(unit: Unit, id: PostId) -> Post | None:
    """One post."""
    row = unit.execute(_WHOLE.where(_C.id == id)).first()
    return None if row is None else _post(row)


def words_about(unit: Unit, mine: CardId, key: NetworkKey) -> list[Post]:
    """The sentences that were said to what stands under a name."""
    query = _WHOLE.where(_C.card_id == mine, _C.kind == "word", _C.about == key).order_by(_C.id)
    return [_post(row) for row in unit.execute(query)]


def of_card(unit: Unit, mine: CardId) -> list[Post]:
    """All posts of a card, in order."""
    return [_post(row) for row in unit.execute(_WHOLE.where(_C.card_id == mine).order_by(_C.id))]


def caught_up(unit: Unit, mine: Card, until: datetime) -> int:
    """The version of the conversation that whoever looked at the card at that instant had before them; 0: none of it. What an
    agent wrote there stands before what has not been shown yet, and shows nothing of it."""
    there = sa.and_(_C.settled_at.is_not(None), _C.settled_at <= until, _C.state != PostState.FAILED.value)
    ours = (_C.card_id == mine.id, _C.kind.in_(("message", "edit")))
    lacking = unit.execute(sa.select(sa.func.min(_C.version)).where(*ours, ~there)).scalar_one()
    known = [_C.version <= mine.wanted, *([_C.version < lacking] if lacking is not None else [])]
    return int(
        unit.execute(sa.select(sa.func.coalesce(sa.func.max(_C.version), 0)).where(*ours, there, *known)).scalar_one()
    )


STRANGER = "desk.stranger"
"""The sentence for whoever is not linked."""


def hinted(unit: Unit, at: DeskId, whom: str) -> bool:
    """Whether somebody who is not linked was told so there already."""
    told = _C.key == fixed(STRANGER)  # as the index has it
    query = sa.select(_C.id).where(_C.desk_id == at, _C.held == whom, told).limit(1)
    return unit.execute(query).first() is not None


def claim(unit: Unit, channel: ChannelName, now: datetime, resting: Sequence[str] = ()) -> Post | None:
    """Take what is due the longest and has a place to stand; the posts of one card go in their order."""
    before = post.alias("before")
    ahead = sa.exists().where(before.c.card_id == _C.card_id, before.c.id < _C.id, before.c.due_at.is_not(None))
    stands = sa.or_(_C.card_id.is_(None), sa.and_(card.c.thread != "", card.c.head != ""))
    query = _WHOLE.join(desk, desk.c.id == _C.desk_id)
    query = query.where(desk.c.channel == channel, _C.due_at.is_not(None), _C.due_at <= now, stands, ~ahead)
    query = query.where(desk.c.chat.not_in(list(resting))) if resting else query
    row = unit.execute(query.order_by(_C.due_at, _C.id).limit(1)).first()
    if row is None:
        return None
    found = _post(row)
    taken = replace(found, epoch=found.epoch + 1, attempts=found.attempts + 1)
    values = {"epoch": taken.epoch, "attempts": taken.attempts, "stage": "claimed"}
    unit.execute(sa.update(post).where(_C.id == taken.id).values(**values))
    return taken


def stage(unit: Unit, mine: Post, reached: str) -> bool:
    """How far the call in hand has come; False where somebody else has it by now."""
    query = sa.update(post).where(_C.id == mine.id, _C.epoch == mine.epoch, _C.stage != "")
    return bool(unit.execute(query.values(stage=reached)).rowcount)


def keep(
    unit: Unit, mine: Post, state: PostState, now: datetime, key: NetworkKey | None = None, error: str = ""
) -> bool:
    """It is shown (under that name, where it has one), or never will be and why. False where the claim is lost."""
    same = _C.key == mine.key  # else it is to say something else since it was claimed
    at = sa.bindparam("now", now, type_=_C.due_at.type)
    values: dict[str, Any] = {"stage": "", "error": error, "attempts": 0}
    values |= {"state": sa.case((same, state.value), else_=PostState.CHANGED.value)}
    values |= {"due_at": sa.case((same, None), else_=at)}
    values |= {"settled_at": now, **({"shown": key} if key else {})}
    return bool(unit.execute(sa.update(post).where(_C.id == mine.id, _C.epoch == mine.epoch).values(**values)).rowcount)


def later(unit: Unit, mine: Post, due_at: datetime, error: str) -> None:
    """It could not be shown now, and why."""
    values = {"due_at": due_at, "stage": "", "error": error}
    unit.execute(sa.update(post).where(_C.id == mine.id, _C.epoch == mine.epoch).values(**values))


def change(
    unit: Unit,
    id: PostId,
    key: str,
    facts: Mapping[str, object],
    now: datetime,
    buttons: Sequence[Button] = (),
    held: str = "",
) -> None:
    """What is shown is to say something else: nothing at all where `key` is empty. Wakes AGENTS."""
    says = {"key": key, "facts": _plain(facts), "buttons": [asdict(one) for one in buttons], "held": held}
    unshown = sa.case((_C.shown == "", PostState.QUEUED.value), else_=PostState.CHANGED.value)
    unit.execute(sa.update(post).where(_C.id == id).values(**says, state=unshown, due_at=now))
    unit.wake(AGENTS)


def replaced(unit: Unit, mine: Post, now: datetime) -> None:
    """What stands there is said anew: what was told of it goes, and nothing more is."""
    unit.execute(sa.update(post).where(_C.id == mine.id).values(state=PostState.SENT.value, shown=""))
    if mine.card is not None:
        for told in words_about(unit, mine.card, mine.shown):
            change(unit, told.id, "", {}, now)


def again(unit: Unit, mine: CardId, now: datetime) -> None:
    """The topic was lost: the newest messages are shown once more where the card stands next, and all else is forgotten."""
    newest = sa.select(_C.id).where(_C.card_id == mine, _C.kind == "message").order_by(_C.id.desc()).limit(LATEST)
    kept = [row[0] for row in unit.execute(newest)]
    cleared = {"due_at": None, "stage": "", "shown": "", "epoch": _C.epoch + 1}
    unit.execute(sa.update(post).where(_C.card_id == mine).values(**cleared))
    queued = {"state": PostState.QUEUED.value, "due_at": now, "about": ""}
    unit.execute(sa.update(post).where(_C.id.in_(kept)).values(**queued))


def adopt(unit: Unit, channel: ChannelName, now: datetime) -> None:
    """What the last runner of this channel had in hand is free again; it may be shown twice."""
    there = sa.select(desk.c.id).where(desk.c.channel == channel)
    unit.execute(sa.update(post).where(_C.desk_id.in_(there), _C.stage != "").values(stage="", due_at=now))


def next_due(unit: Unit, channel: ChannelName, resting: Sequence[str] = ()) -> datetime | None:
    """When the next post of a channel is due."""
    query = sa.select(sa.func.min(_C.due_at)).join_from(post, desk, desk.c.id == _C.desk_id)
    query = query.where(desk.c.channel == channel, _C.due_at.is_not(None))
    query = query.where(desk.c.chat.not_in(list(resting))) if resting else query
    found: datetime | None = unit.execute(query).scalar_one()
    return found
