"""Messages and their attachments; the network keys by which later messages find them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.choices import Offer
from inbox.domain.happenings import Address, Attachment, InboundMessage
from inbox.domain.ids import (
    AgentId,
    ArrivalId,
    AttachmentId,
    ChannelName,
    ContactId,
    ConversationId,
    MessageId,
    NetworkKey,
    ThreadId,
)
from inbox.domain.messages import Direction, Message, StoredAttachment
from inbox.ports.wake import FILES
from inbox.store import search
from inbox.store.prepared import Prepared, PreparedAmong
from inbox.store.tables import attachment, channel, collecting, message, message_key
from inbox.store.unit import Unit

_SEEN = Prepared(
    sa.select(message.c.id).where(
        message.c.channel == sa.bindparam("channel"), message.c.fingerprint == sa.bindparam("fingerprint")
    )
)


_SAME = PreparedAmong(
    lambda ids: sa.select(message.c.id).where(
        message.c.fingerprint == sa.bindparam("fingerprint"), message.c.id.in_(ids)
    )
)


def same(unit: Unit, ids: Sequence[MessageId], fingerprint: str) -> bool:
    """Whether one of these messages has this fingerprint, on whatever channel it came."""
    if not ids:
        return False
    statement, among = _SAME.of(ids)
    return bool(unit.run(statement, fingerprint=fingerprint, **among))


def seen(unit: Unit, channel: ChannelName, fingerprint: str) -> MessageId | None:
    """The message that these bytes already became on this channel."""
    found = unit.run(_SEEN, channel=channel, fingerprint=fingerprint)
    return MessageId(found[0][0]) if found else None


OUTSIDE = "outside"
"""The purpose of what an outsider answered to whom something was passed on: no answer goes there by itself."""
CALL = "call"
"""The purpose of a telephone call on which two people spoke, or one of ours tried to: its recording is for us."""


def add_inbound(
    unit: Unit,
    conversation: ConversationId,
    thread: ThreadId | None,
    contact: ContactId,
    channel: ChannelName,
    arrival: ArrivalId,
    said: InboundMessage,
    at: datetime,
    purpose: str = "",
) -> MessageId:
    """Store what a customer said, with its attachments. `purpose`: OUTSIDE for what somebody else did, CALL for a talk."""
    whose = {
        "direction": Direction.INBOUND.value,
        "purpose": purpose,
        "contact_id": contact,
        "automatic": said.automatic,
    }
    return _arrived(unit, conversation, thread, channel, arrival, said, at, whose)


def add_old(
    unit: Unit,
    conversation: ConversationId,
    thread: ThreadId | None,
    channel: ChannelName,
    arrival: ArrivalId,
    said: InboundMessage,
    purpose: str,
    at: datetime,
    *,
    direction: Direction = Direction.OUTBOUND,
    agent: AgentId | None = None,
) -> MessageId:
    """Store what we said before the house kept it, or elsewhere: its bytes are those of the arrival, and no delivery belongs to it. `agent`: who
    of us, where that is known; a note is what they said to one another."""
    whose = {"direction": direction.value, "purpose": purpose, "agent_id": agent}
    return _arrived(unit, conversation, thread, channel, arrival, said, at, whose)


def _arrived(
    unit: Unit,
    conversation: ConversationId,
    thread: ThreadId | None,
    channel: ChannelName,
    arrival: ArrivalId,
    said: InboundMessage,
    at: datetime,
    whose: dict[str, Any],
) -> MessageId:
    id = unit.insert(
        message,
        conversation_id=conversation,
        at=at,
        channel=channel,
        thread_id=thread,
        key=said.key,
        fingerprint=said.fingerprint,
        subject=said.subject,
        text=said.text,
        reply_text=said.reply_text,
        html=said.html,
        language=said.language,
        sender=_people([said.sender])[0],
        to=_people(said.to),
        cc=_people(said.cc),
        reply_to=_people(said.reply_to),
        sent_at=said.sent_at,
        arrival_id=arrival,
        defects=list(said.defects),
        **whose,
    )
    unit.add(attachment, *({"message_id": id, **asdict(file)} for file in said.attachments if file.state != "wanted"))
    _want(unit, id, channel, [file for file in said.attachments if file.state == "wanted"], at)
    sender = (said.sender,) if whose["direction"] == Direction.INBOUND.value else ()
    people = _people((*sender, *said.to, *said.cc))
    names = [file.filename for file in said.attachments]
    note = whose["direction"] == Direction.NOTE.value
    search.add(unit, conversation, id, (said.subject, said.reply_text or said.text), people, names, note=note)
    return MessageId(id)


def _want(unit: Unit, id: int, channel: ChannelName, files: Sequence[Attachment], at: datetime) -> None:
    """Files that only the network has are to be fetched. Wakes FILES."""
    for file in files:
        row = unit.insert(attachment, message_id=id, **asdict(file))
        unit.add(collecting, {"attachment_id": row, "channel": channel, "not_before": at})
    if files:
        unit.wake(FILES)


@dataclass(frozen=True, slots=True)
class Said:
    """Something of ours, ready to be stored: a reply, an acknowledgement, a notice or a note."""

    direction: Direction
    text: str
    purpose: str = ""
    channel: ChannelName | None = None
    thread: ThreadId | None = None
    agent: AgentId | None = None
    key: NetworkKey = NetworkKey("")
    subject: str = ""
    html: str | None = None
    language: str | None = None
    sender: Address = Address("")
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    files: tuple[Attachment, ...] = ()
    offers: tuple[Offer, ...] = ()
    reply_text: str = ""
    """What of `text` was newly written; all of it where empty."""


def add_ours(unit: Unit, conversation: ConversationId, said: Said, at: datetime) -> MessageId:
    """Store what we said, with its files."""
    id = unit.insert(
        message,
        conversation_id=conversation,
        direction=said.direction.value,
        at=at,
        channel=said.channel,
        thread_id=said.thread,
        agent_id=said.agent,
        purpose=said.purpose,
        key=said.key,
        subject=said.subject,
        text=said.text,
        reply_text=said.reply_text or said.text,
        html=said.html,
        language=said.language,
        sender=_people([said.sender])[0],
        to=_people(said.to),
        cc=_people(said.cc),
        reply_to=[],
        defects=[],
        offers=[[offer.label, offer.data] for offer in said.offers],
    )
    unit.add(attachment, *({"message_id": id, **asdict(file)} for file in said.files))
    if search.searchable(said.purpose):
        people, names = _people((*said.to, *said.cc)), [file.filename for file in said.files]
        texts = (said.subject, said.reply_text or said.text)
        search.add(unit, conversation, id, texts, people, names, note=said.direction is Direction.NOTE)
    return MessageId(id)


def _people(people: Iterable[Address]) -> list[list[str]]:
    return [[p.address, p.name] for p in people]


# -- how messages find one another -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Known:
    """A network key that one of our messages has."""

    key: NetworkKey
    message: MessageId
    conversation: ConversationId
    ours: bool


REPLY_ADDRESS = "reply address"
"""The kind under which the tokens of our reply addresses stand among the keys."""


def name(
    unit: Unit, keys: Iterable[tuple[str, NetworkKey]], id: MessageId, conversation: ConversationId, *, ours: bool
) -> None:
    """This message has these keys, each on its kind of network; two messages may claim the same one."""
    rows = (
        {"kind": kind, "key": key, "message_id": id, "conversation_id": conversation, "ours": ours}
        for kind, key in keys
        if key
    )
    unit.add(message_key, *rows)


_LOOK_UP = PreparedAmong(
    lambda keys: sa.select(
        message_key.c.key, message_key.c.message_id, message_key.c.conversation_id, message_key.c.ours
    ).where(message_key.c.kind == sa.bindparam("kind"), message_key.c.key.in_(keys))
)


def look_up(unit: Unit, kind: str, keys: Sequence[NetworkKey]) -> list[Known]:
    """The messages that have one of these keys, in the order of the keys."""
    if not keys:
        return []
    statement, among = _LOOK_UP.of(keys)
    rows = unit.run(statement, kind=kind, **among)
    found = [Known(NetworkKey(r[0]), MessageId(r[1]), ConversationId(r[2]), bool(r[3])) for r in rows]
    return sorted(found, key=lambda k: (keys.index(k.key), -k.message))


def of_token(unit: Unit, tokens: Sequence[str]) -> Known | None:
    """The message that one of these tokens of ours was made for, the newest."""
    found = look_up(unit, REPLY_ADDRESS, [NetworkKey(token) for token in tokens])
    return max(found, key=lambda known: known.message, default=None)


_OF_KIND = sa.or_(
    sa.bindparam("kind") == "",
    message.c.channel.in_(sa.select(channel.c.name).where(channel.c.kind == sa.bindparam("kind"))),
)
_KEYS = (
    sa.select(message.c.key)
    .where(message.c.conversation_id == sa.bindparam("matter"), message.c.key != "", _OF_KIND)
    .order_by(message.c.at.desc(), message.c.id.desc())
    .limit(sa.bindparam("most"))
)


_FIRST_KEY = (
    sa.select(message.c.key)
    .where(message.c.conversation_id == sa.bindparam("matter"), message.c.key != "", _OF_KIND)
    .order_by(message.c.id)
    .limit(1)
)


def keys_of(unit: Unit, conversation: ConversationId, most: int = 30, *, kind: str = "") -> list[NetworkKey]:
    """The network keys of a conversation's messages, oldest first: the References of what we say next. `kind`: only those
    on such networks; a key of another one means nothing there.

    Of more than `most` the first and the newest: mail programs know a thread by the one that began it.
    """
    asked = {"matter": conversation, "kind": kind}
    keys = [NetworkKey(row[0]) for row in unit.execute(_KEYS, {**asked, "most": most})][::-1]
    if len(keys) < most:
        return keys
    ((first,),) = unit.execute(_FIRST_KEY, asked)
    return [NetworkKey(first), *keys[1:]]


# -- reading -----------------------------------------------------------------------------------------------------------
_C = message.c
_NAMES = tuple(Message.__slots__)
_COLUMNS = {
    "conversation": "conversation_id",
    "thread": "thread_id",
    "contact": "contact_id",
    "agent": "agent_id",
    "arrival": "arrival_id",
}
FIELDS = tuple(_C[_COLUMNS.get(name, name)] for name in _NAMES)


def from_row(row: Any) -> Message:
    """A row of FIELDS as the noun."""
    values = dict(zip(_NAMES, row, strict=True))
    values["direction"] = Direction(values["direction"])
    values["sender"] = Address(*values["sender"])
    for name_ in ("to", "cc", "reply_to"):
        values[name_] = tuple(Address(*pair) for pair in values[name_])
    values["defects"] = tuple(values["defects"])
    values["offers"] = tuple(Offer(*pair) for pair in values["offers"])
    return Message(**values)


def of(unit: Unit, conversation: ConversationId, *, notes: bool = True) -> list[Message]:
    """Everything said in a conversation, oldest first; without the notes for those who may not read them."""
    query = sa.select(*FIELDS).where(_C.conversation_id == conversation).order_by(_C.at, _C.id)
    if not notes:
        query = query.where(_C.direction != Direction.NOTE.value)
    return [from_row(row) for row in unit.execute(query)]


def one(unit: Unit, id: MessageId) -> Message:
    """One message."""
    return from_row(unit.execute(sa.select(*FIELDS).where(_C.id == id)).one())


def within(unit: Unit, conversation: ConversationId, id: MessageId) -> Message | None:
    """The message of that id, if it is one of the conversation."""
    row = unit.execute(sa.select(*FIELDS).where(_C.id == id, _C.conversation_id == conversation)).first()
    return None if row is None else from_row(row)


def last_by(unit: Unit, conversation: ConversationId, agent: AgentId) -> Message | None:
    """The last answer that an agent gave in a conversation."""
    mine = (_C.agent_id == agent, _C.direction == Direction.OUTBOUND.value)
    query = sa.select(*FIELDS).where(_C.conversation_id == conversation, *mine).order_by(_C.id.desc()).limit(1)
    row = unit.execute(query).first()
    return None if row is None else from_row(row)


_LAST_INBOUND = Prepared(
    sa.select(*FIELDS)
    .where(
        _C.conversation_id == sa.bindparam("matter"),
        _C.direction == Direction.INBOUND.value,
        _C.purpose != OUTSIDE,
    )
    .order_by(_C.automatic.is_not(None), _C.at.desc(), _C.id.desc())
    .limit(1)
)


def first_inbound(unit: Unit, conversation: ConversationId) -> Message | None:
    """What the customer began with, as far as a person wrote it."""
    theirs = (_C.direction == Direction.INBOUND.value, _C.purpose != OUTSIDE, _C.automatic.is_(None))
    query = sa.select(*FIELDS).where(_C.conversation_id == conversation, *theirs).order_by(_C.at, _C.id).limit(1)
    row = unit.execute(query).first()
    return None if row is None else from_row(row)


def last_inbound(unit: Unit, conversation: ConversationId) -> Message | None:
    """The customer's latest message: what a reply answers. Machine-made ones only where there is no other."""
    found = unit.run(_LAST_INBOUND, matter=conversation)
    return from_row(found[0]) if found else None


_ATTACHED = PreparedAmong(
    lambda ids: (
        sa.select(attachment.c.id, attachment.c.message_id, collecting.c.blob, collecting.c.error)
        .add_columns(*(attachment.c[name] for name in Attachment.__slots__))
        .outerjoin_from(attachment, collecting, collecting.c.attachment_id == attachment.c.id)
        .where(attachment.c.message_id.in_(ids))
        .order_by(attachment.c.id)
    )
)


def attachments(unit: Unit, ids: Sequence[MessageId]) -> list[StoredAttachment]:
    """The files of these messages."""
    if not ids:
        return []
    statement, among = _ATTACHED.of(ids)
    rows = unit.run(statement, **among)
    return [StoredAttachment(AttachmentId(r[0]), MessageId(r[1]), Attachment(*r[4:]), r[2], r[3] or "") for r in rows]
