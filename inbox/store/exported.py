"""What an export reads: the conversations of a scope in order, and of each the messages with where their bytes are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.conversations import Conversation
from inbox.domain.deliveries import Delivery
from inbox.domain.events import Event
from inbox.domain.ids import ArrivalId, ConversationId
from inbox.domain.messages import Message, StoredAttachment, Version
from inbox.domain.people import Contact, Identity
from inbox.domain.scope import Scope
from inbox.store import conversations, deliveries, edits, events, messages, people
from inbox.store.scoped import within
from inbox.store.tables import arrival, arrival_raw, conversation
from inbox.store.unit import Unit

_C = conversation.c


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant (included) until another (not included); None: no bound."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it lies within."""
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Bytes:
    """The bytes that an arrival came as: here, or the digest of a blob."""

    raw: bytes | None
    blob: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """One message with all that belongs to it. `bytes` None: it did not come in; then its `deliveries` have what went out."""

    message: Message
    bytes: Bytes | None
    deliveries: tuple[Delivery, ...]
    files: tuple[StoredAttachment, ...]
    edits: tuple[Version, ...] = ()
    """What its sender made of it later."""


@dataclass(frozen=True, slots=True)
class Whole:
    """One conversation as it is exported, its messages in the order in which they were said."""

    conversation: Conversation
    contact: Contact
    identities: tuple[Identity, ...]
    messages: tuple[Kept, ...]
    events: tuple[Event, ...]


def matters(
    unit: Unit, scope: Scope, references: Sequence[str], after: ConversationId, most: int
) -> list[ConversationId]:
    """The conversations of a scope behind an id, in order; of these references only, where there are any."""
    query = sa.select(_C.id).where(*within(scope), _C.id > after, _C.version > 0).order_by(_C.id).limit(most)
    if references:
        query = query.where(_C.reference.in_(list(references)))
    return [ConversationId(row[0]) for row in unit.execute(query)]


def unseen(unit: Unit, scope: Scope, references: Sequence[str]) -> list[str]:
    """Those of the references that name nothing within the scope."""
    query = sa.select(_C.reference).where(*within(scope), _C.version > 0, _C.reference.in_(list(references)))
    there = {row[0] for row in unit.execute(query)}
    return [one for one in references if one not in there]


def whole(unit: Unit, id: ConversationId, scope: Scope, period: Period, *, notes: bool) -> Whole:
    """One conversation with what was said in a period; notes where they are wanted and may be read."""
    found = conversations.peek(unit, id)
    said = [m for m in messages.of(unit, id, notes=notes and scope.notes) if period.holds(m.at)]
    ids = [m.id for m in said]
    files = messages.attachments(unit, ids)
    changed = edits.of(unit, ids)
    sent = deliveries.of_messages(unit, ids)
    kept = tuple(
        Kept(
            m,
            None if m.arrival is None else bytes_of(unit, m.arrival),
            tuple(d for d in sent if d.message == m.id),
            tuple(f for f in files if f.message == m.id),
            tuple(e for e in changed if e.message == m.id),
        )
        for m in said
    )
    told = events.of(unit, id) if scope.notes else []
    return Whole(
        found,
        people.contact(unit, found.contact),
        tuple(people.identities(unit, found.contact)),
        kept,
        tuple(e for e in told if period.holds(e.at)),
    )


def bytes_of(unit: Unit, id: ArrivalId) -> Bytes:
    """Where the bytes are that an arrival came as."""
    query = sa.select(arrival_raw.c.raw, arrival.c.blob).outerjoin_from(
        arrival, arrival_raw, arrival_raw.c.arrival_id == arrival.c.id
    )
    row = unit.execute(query.where(arrival.c.id == id)).one()
    return Bytes(row[0], row[1])
