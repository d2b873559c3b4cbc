"""What belongs to a message and is asked for by itself: a file of it, its HTML with the pictures in it; within a scope."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from inbox.domain.ids import AttachmentId, ChannelName, ConversationId, MessageId
from inbox.domain.messages import Message, StoredAttachment
from inbox.domain.scope import Scope
from inbox.store import conversations, deliveries, messages
from inbox.store.exported import Bytes, bytes_of
from inbox.store.outward import outward
from inbox.store.scoped import within
from inbox.store.shown import find
from inbox.store.tables import attachment, conversation, message
from inbox.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file, the channel by which it came or went, and the bytes that it is a range of; `whole` None: it is a blob of its own."""

    stored: StoredAttachment
    channel: ChannelName | None
    whole: Bytes | None


@dataclass(frozen=True, slots=True)
class Markup:
    """The HTML of a message as it is stored, and the files that it may show."""

    html: str
    pictures: tuple[Enclosed, ...]


def file(unit: Unit, scope: Scope, reference: str, id: AttachmentId) -> Enclosed | None:
    """A file of a conversation; None where it is not there for that scope."""
    matter = find(unit, scope, reference)
    said = None if matter is None else _owner(unit, scope, matter, id)
    if said is None:
        return None
    stored = next(one for one in messages.attachments(unit, [said.id]) if one.id == id)
    return _enclosed(unit, said, [stored])[0]


def markup(unit: Unit, scope: Scope, reference: str, id: MessageId) -> Markup | None:
    """The HTML of a message of a conversation; None where it has none, or is not there for that scope."""
    matter = find(unit, scope, reference)
    said = None if matter is None else messages.within(unit, matter, id)
    if said is None or said.html is None or not scope.notes:  # customers read texts
        return None
    pictures = [one for one in messages.attachments(unit, [id]) if one.file.content_id and one.file.state == "here"]
    return Markup(said.html, tuple(_enclosed(unit, said, pictures)))


def past(unit: Unit, scope: Scope, matter: ConversationId, most: int) -> list[tuple[str, str, str, object]]:
    """The newest other conversations of the same contact: reference, subject, state, and when it was opened."""
    c = conversation.c
    same = sa.select(c.contact_id).where(c.id == matter).scalar_subquery()
    query = sa.select(c.reference, c.subject, c.state, c.opened_at).where(
        *within(scope), c.contact_id == same, c.id != matter, c.merged_into_id.is_(None), c.version > 0
    )
    return [(row[0], row[1], row[2], row[3]) for row in unit.execute(query.order_by(c.id.desc()).limit(most))]


def _owner(unit: Unit, scope: Scope, matter: ConversationId, id: AttachmentId) -> Message | None:
    query = sa.select(message.c.id).join_from(attachment, message, attachment.c.message_id == message.c.id)
    among = [attachment.c.id == id, message.c.conversation_id == matter]
    if not scope.notes:
        among.append(outward(conversations.peek(unit, matter).contact, scope))
    row = unit.execute(query.where(*among)).first()
    return None if row is None else messages.one(unit, MessageId(row[0]))


def _enclosed(unit: Unit, said: Message, files: Sequence[StoredAttachment]) -> list[Enclosed]:
    whole = _whole(unit, said) if any(one.blob is None for one in files) else None
    return [Enclosed(one, said.channel, None if one.blob is not None else whole) for one in files]


def _whole(unit: Unit, said: Message) -> Bytes:
    """The bytes as they came, or as they are frozen to go out."""
    if said.arrival is not None:
        return bytes_of(unit, said.arrival)
    return Bytes(next((d.part.body for d in deliveries.of_messages(unit, [said.id]) if d.part.body), b""), None)
