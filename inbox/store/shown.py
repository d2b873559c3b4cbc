"""One conversation whole, as people read it: messages with their files and deliveries, timeline, clocks and promises."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.conversations import Conversation, Priority
from inbox.domain.deliveries import DeliveryState
from inbox.domain.events import Event, Noted, PassedOn, Replied
from inbox.domain.ids import ConversationId, DeliveryId, MessageId
from inbox.domain.messages import Direction, Message, StoredAttachment, Version
from inbox.domain.people import Contact, Identity
from inbox.domain.promises import Promise
from inbox.domain.scope import Scope
from inbox.store import conversations, edits, events, messages, people, promises
from inbox.store import tables as t
from inbox.store.outward import outward
from inbox.store.prepared import Prepared, PreparedAmong
from inbox.store.scoped import sees
from inbox.store.unit import Unit
from inbox.store.veiled import veiled

MESSAGES = 100
"""Messages that are shown of one conversation, the newest; `Shown.earlier` counts the others."""
TIMELINE = 300
"""Events that are shown, the newest."""
TEXT = 20_000
"""Characters of one message that are shown; all of it stays in the store."""
_MERGES = 10


@dataclass(frozen=True, slots=True)
class ShownDelivery:
    """How one hand-over of a message of ours stands. `error` and `receipt` are the network's own words."""

    id: DeliveryId
    message: MessageId
    state: DeliveryState
    recipients: tuple[str, ...]
    attempts: int
    error: str
    receipt: str
    not_before: datetime
    settled_at: datetime | None
    copy: bool = False
    """Of a message that goes another way already."""


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """One message with what belongs to it; its HTML is left out, its texts end after 20,000 characters."""

    message: Message
    author: str
    """The name of who said it: contact or agent; empty for what the house said by itself."""
    files: tuple[StoredAttachment, ...]
    deliveries: tuple[ShownDelivery, ...]
    shortened: bool
    edits: tuple[Version, ...] = ()
    """What its sender made of it later, oldest first."""
    kind: str = ""
    """The kind of the channel by which it went; empty for a note."""
    has_html: bool = False
    """It came, or went, as HTML too."""
    via: str = ""
    """The surface from which an agent said it; empty for what nobody of us said, and where it is too long ago."""

    @property
    def words(self) -> str:
        """What people read of it: as its sender last put it, without quotes and signature where it came so."""
        return self.edits[-1].text if self.edits else self.message.reply_text or self.message.text

    def kept_back(self, stored: StoredAttachment) -> bool:
        """The file was never to be had: it is larger than its network gives out."""
        return stored.file.state == "gone" and not stored.error and "file-too-large" in self.message.defects


@dataclass(frozen=True, slots=True)
class ShownClock:
    """One clock: running while neither `stopped_at` nor `paused`."""

    metric: str
    cycle: int
    started_at: datetime
    due_at: datetime | None
    paused: bool
    stopped_at: datetime | None
    breached_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a reader may know of one conversation."""

    conversation: Conversation
    kind: str
    """The kind of its channel."""
    contact: Contact
    identities: tuple[Identity, ...]
    organization: str
    """The name of the organization that the contact belongs to."""
    assignee: str
    team: str
    messages: tuple[ShownMessage, ...]
    """Oldest first."""
    earlier: int
    """Older messages that are not among them."""
    events: tuple[Event, ...]
    clocks: tuple[ShownClock, ...]
    promises: tuple[Promise, ...]
    due_at: datetime | None


def shown(
    unit: Unit,
    scope: Scope,
    reference: str,
    *,
    most: int = MESSAGES,
    before: MessageId | None = None,
    only: MessageId | None = None,
) -> Shown | None:
    """The conversation of that reference, or the one that it was merged into; None where there is none within the scope.

    `most`: how many messages, the newest of those that were said before the message `before`; `only`: that one alone.
    """
    id = find(unit, scope, reference)
    if id is None:
        return None
    conversation = conversations.peek(unit, id)
    contact = people.contact(unit, conversation.contact)
    among = () if only is None else (_M.id == only,)
    said, earlier = _messages(unit, conversation, contact, most, before, among, scope)
    roster = people.roster(unit)
    assignee = roster.agent_by_id(conversation.assignee) if conversation.assignee else None
    team = roster.team_by_id(conversation.team) if conversation.team else None
    told = tuple(events.of(unit, id, after=max(0, conversation.version - TIMELINE))) if scope.notes else ()
    surfaces = _surfaces(told)
    whole = Shown(
        conversation=conversation,
        kind=_kinds(unit)[conversation.channel],
        contact=contact,
        identities=tuple(people.identities(unit, contact.id)),
        organization=_organization(unit, contact),
        assignee="" if assignee is None else assignee.called,
        team="" if team is None else team.called,
        messages=tuple(replace(m, via=surfaces.get(m.message.id, "")) for m in said),
        earlier=earlier,
        events=told,
        clocks=_clocks(unit, id) if scope.notes else (),
        promises=tuple(promises.of(unit, id)),
        due_at=unit.run(_DUE, id=id)[0][0],
    )
    return veiled(whole, scope.hides) if scope.notes else _outside(whole)


def _surfaces(told: Sequence[Event]) -> dict[MessageId, str]:
    """From where agents said what they said."""
    return {
        event.payload.message: event.via
        for event in told
        if event.actor.kind == "agent" and isinstance(event.payload, Replied | Noted | PassedOn)
    }


_FOUND = sa.select(t.conversation.c.id, t.conversation.c.merged_into_id)
_CALLED = Prepared(_FOUND.where(t.conversation.c.reference == sa.bindparam("reference")))
_MERGED = Prepared(_FOUND.where(t.conversation.c.id == sa.bindparam("id")))


def find(unit: Unit, scope: Scope, reference: str) -> ConversationId | None:
    """Follows merges first and asks the scope last: nobody learns that something was merged out of their sight."""
    row = next(iter(unit.run(_CALLED, reference=reference)), None)
    for _ in range(_MERGES):
        if row is None or row[1] is None:
            break
        row = next(iter(unit.run(_MERGED, id=row[1])), None)
    if row is None:
        return None
    found = ConversationId(row[0])
    return found if sees(unit, scope, found) else None


_DUE = Prepared(sa.select(t.conversation.c.due_at).where(t.conversation.c.id == sa.bindparam("id")))
_KINDS = Prepared(sa.select(t.channel.c.name, t.channel.c.kind))


def _kinds(unit: Unit) -> dict[str, str]:
    """The kind of every channel that ever was, by its name."""
    return dict(unit.run(_KINDS))


def _organization(unit: Unit, contact: Contact) -> str:
    if contact.organization is None:
        return ""
    c = t.organization.c
    return str(unit.execute(sa.select(c.name).where(c.id == contact.organization)).scalar_one())


def _outside(whole: Shown) -> Shown:
    """What a customer may know, and who has it: nothing else that is between us, nor how our network answered."""
    conversation = replace(
        whole.conversation, priority=Priority.NORMAL, assignee=None, team=None, policy="", tags=(), fields=(), pinned=()
    )
    said = tuple(replace(m, deliveries=()) for m in whole.messages)
    return replace(whole, conversation=conversation, team="", messages=said, due_at=None)


# -- messages ----------------------------------------------------------------------------------------------------------
_M = t.message.c
_TEXTS = ("text", "reply_text")
_FIELDS = tuple(
    sa.null().label("html")
    if field is _M.html
    else sa.func.substr(field, 1, TEXT + 1).label(field.name)
    if field.name in _TEXTS
    else field
    for field in messages.FIELDS
)


_LATEST = (_M.at.desc(), _M.id.desc())


def _said(newest: sa.Select[tuple[int]]) -> sa.Select[Any]:
    return sa.select(*_FIELDS, _M.html.is_not(None)).where(_M.id.in_(newest)).order_by(_M.at, _M.id)


_NEWEST = Prepared(
    _said(
        sa.select(_M.id)
        .where(_M.conversation_id == sa.bindparam("matter"))
        .order_by(*_LATEST)
        .limit(sa.bindparam("most", type_=sa.Integer))
    )
)


def _messages(
    unit: Unit,
    conversation: Conversation,
    contact: Contact,
    most: int,
    before: MessageId | None,
    those: Sequence[sa.ColumnElement[bool]],
    scope: Scope,
) -> tuple[tuple[ShownMessage, ...], int]:
    """The newest messages of those, oldest first, and how many there are before them."""
    among = [_M.conversation_id == conversation.id, *those]
    if not scope.notes:
        among.append(outward(conversation.contact, scope))
    if before is not None:
        at = sa.select(_M.at).where(_M.id == before, _M.conversation_id == conversation.id).scalar_subquery()
        among.append(sa.or_(_M.at < at, sa.and_(_M.at == at, _M.id < before)))
    newest = sa.select(_M.id).where(*among).order_by(*_LATEST).limit(most)
    if scope.notes and before is None:
        rows: Sequence[Sequence[Any]] = unit.run(_NEWEST, matter=conversation.id, most=most)
    else:
        rows = unit.execute(_said(newest)).all()
    found = [messages.from_row(row[:-1]) for row in rows]
    marked_up = {message.id for message, row in zip(found, rows, strict=True) if row[-1]}
    earlier = 0
    if len(found) == most:
        every = sa.select(sa.func.count()).where(*among)
        earlier = int(unit.execute(every).scalar_one()) - len(found)
    ids = [m.id for m in found]
    files = messages.attachments(unit, ids)
    handed = _deliveries(unit, ids)
    changed = edits.of(unit, ids, TEXT + 1)
    roster = people.roster(unit)
    agents = {a.id: roster.marked(a.id) if scope.notes else a.called for a in roster.agents}
    kinds = _kinds(unit)
    return tuple(
        ShownMessage(
            message=replace(m, text=m.text[:TEXT], reply_text=m.reply_text[:TEXT]),
            author=agents.get(m.agent, "") if m.agent else _contact_name(m, contact),
            files=tuple(f for f in files if f.message == m.id),
            deliveries=tuple(d for d in handed if d.message == m.id),
            shortened=any(
                len(one) > TEXT for one in (m.text, m.reply_text, *(e.text for e in changed if e.message == m.id))
            ),
            edits=tuple(replace(e, text=e.text[:TEXT]) for e in changed if e.message == m.id),
            kind=kinds.get(m.channel, "") if m.channel else "",
            has_html=m.id in marked_up,
        )
        for m in found
    ), earlier


def _contact_name(said: Message, contact: Contact) -> str:
    if (
        said.direction is not Direction.INBOUND
    ):  # old mail of our own names who wrote it; what the house says is its own
        return "" if said.arrival is None else said.sender.name or said.sender.address
    own = contact.name if said.contact in (None, contact.id) else ""
    return own or said.sender.name or said.sender.address


_D = t.delivery.c
_HANDED = PreparedAmong(
    lambda ids: (
        sa.select(
            _D.id,
            _D.message_id,
            _D.state,
            _D.recipients,
            _D.attempts,
            _D.error,
            _D.receipt,
            _D.not_before,
            _D.settled_at,
            _D.copy,
        )
        .where(_D.message_id.in_(ids))
        .order_by(_D.id)
    )
)


def _deliveries(unit: Unit, ids: Sequence[MessageId]) -> list[ShownDelivery]:
    if not ids:
        return []
    statement, among = _HANDED.of(ids)
    rows = unit.run(statement, **among)
    return [ShownDelivery(DeliveryId(r[0]), MessageId(r[1]), DeliveryState(r[2]), tuple(r[3]), *r[4:]) for r in rows]


# -- clocks ------------------------------------------------------------------------------------------------------------
_K = t.clock.c
_CLOCKS = Prepared(
    sa.select(_K.metric, _K.cycle, _K.started_at, _K.due_at, _K.paused, _K.stopped_at, _K.breached_at)
    .where(_K.conversation_id == sa.bindparam("matter"))
    .order_by(_K.id)
)


def _clocks(unit: Unit, id: ConversationId) -> tuple[ShownClock, ...]:
    return tuple(ShownClock(*row) for row in unit.run(_CLOCKS, matter=id))
