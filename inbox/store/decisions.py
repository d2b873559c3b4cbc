"""Decisions and the revisions of the rulebook that made them, kept as they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ConversationId, DecisionId, MessageId
from inbox.domain.scope import Scope
from inbox.store.scoped import within
from inbox.store.tables import contact, conversation, decision, revision, rule_hit
from inbox.store.tables import message as t_message
from inbox.store.unit import Unit


def put_revision(unit: Unit, digest: str, files: Mapping[str, str], now: datetime) -> None:
    """Keep a rulebook's files under their digest; the same again only moves the instant at which it went live."""
    if not unit.insert_new(revision, digest=digest, live_at=now, files=dict(files)):
        unit.execute(sa.update(revision).where(revision.c.digest == digest).values(live_at=now))


def last_revision(unit: Unit) -> tuple[str, dict[str, str]] | None:
    """The rulebook that went live last: what a site with a broken file starts with."""
    query = sa.select(revision.c.digest, revision.c.files).order_by(revision.c.live_at.desc()).limit(1)
    row = unit.execute(query).first()
    return None if row is None else (row[0], dict(row[1]))


@dataclass(frozen=True, slots=True)
class Revision:
    """A stored rulebook: its digest, when it went live last, its rule files by name."""

    digest: str
    live_at: datetime
    files: Mapping[str, str]


def revisions(unit: Unit, most: int = 100) -> list[Revision]:
    """The stored rulebooks, what went live last first."""
    query = sa.select(revision.c.digest, revision.c.live_at, revision.c.files).order_by(revision.c.live_at.desc())
    return [Revision(row[0], row[1], dict(row[2])) for row in unit.execute(query.limit(most))]


def like(unit: Unit, begins: str, most: int = 10) -> list[Revision]:
    """The stored rulebooks whose digests begin so, what went live last first."""
    c = revision.c
    query = sa.select(c.digest, c.live_at, c.files).where(c.digest.startswith(begins, autoescape=True))
    return [
        Revision(row[0], row[1], dict(row[2])) for row in unit.execute(query.order_by(c.live_at.desc()).limit(most))
    ]


def add(
    unit: Unit,
    conversation: ConversationId,
    message: MessageId | None,
    revision_: str,
    body: str,
    now: datetime,
    rules: Sequence[str] = (),
) -> DecisionId:
    """Store what one run of the rulebook did, as the rulebook's own JSON, and which `rules` matched in it."""
    id = unit.insert(decision, conversation_id=conversation, message_id=message, at=now, revision=revision_, body=body)
    unit.add(rule_hit, *({"rule": rule, "at": now, "decision_id": id} for rule in rules))
    return DecisionId(id)


def about(unit: Unit, message: MessageId) -> str | None:
    """The latest decision on a message, as the rulebook's own JSON."""
    matter = sa.select(t_message.c.conversation_id).where(t_message.c.id == message).scalar_subquery()
    query = sa.select(decision.c.body).where(decision.c.message_id == message, decision.c.conversation_id == matter)
    found: str | None = unit.execute(query.order_by(decision.c.id.desc()).limit(1)).scalar_one_or_none()
    return found


def read_about(unit: Unit, scope: Scope, message: MessageId) -> str | None:
    """The same for somebody who reads: None also where the conversation lies outside their scope."""
    c = t_message.c
    mine = sa.select(c.id).join_from(t_message, conversation, c.conversation_id == conversation.c.id)
    there = unit.execute(mine.where(c.id == message, *within(scope))).first()
    return about(unit, message) if there is not None else None


def reactions(unit: Unit, conversation: ConversationId, since: datetime) -> int:
    """How often rules ran on a conversation since then, on anything but a message."""
    c = decision.c
    query = sa.select(sa.func.count()).where(c.conversation_id == conversation, c.message_id.is_(None), c.at > since)
    return int(unit.execute(query).scalar_one())


@dataclass(frozen=True, slots=True)
class Stored:
    """A decision as it was stored."""

    id: DecisionId
    message: MessageId | None
    at: datetime
    revision: str
    body: str


def of(unit: Unit, conversation: ConversationId) -> list[Stored]:
    """The decisions on a conversation, oldest first."""
    c = decision.c
    query = sa.select(c.id, c.message_id, c.at, c.revision, c.body).where(c.conversation_id == conversation)
    return [Stored(*row) for row in unit.execute(query.order_by(c.id))]


def one(unit: Unit, conversation: ConversationId, id: DecisionId) -> Stored | None:
    """A decision on that conversation; None where it has none of that number."""
    c = decision.c
    query = sa.select(c.id, c.message_id, c.at, c.revision, c.body)
    row = unit.execute(query.where(c.id == id, c.conversation_id == conversation)).first()
    return None if row is None else Stored(*row)


@dataclass(frozen=True, slots=True)
class Window:
    """Which decisions: from an instant until another, on one channel or (empty) on all."""

    since: datetime
    until: datetime
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Conversations by their numbers: those behind one, down to another (None: to the end)."""

    after: ConversationId = ConversationId(0)
    until: ConversationId | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """A stored decision with the conversation that it was about."""

    id: DecisionId
    conversation: ConversationId
    reference: str
    at: datetime
    body: str


START = (ConversationId(0), DecisionId(0))
"""Where the first page begins."""
EVERY = Stretch()


_SEEN = (sa.not_(sa.exists().where(contact.c.id == conversation.c.contact_id, contact.c.forgotten_at.is_not(None))),)
"""What rules saw of somebody who was forgotten is gone: their decisions cannot be taken again."""


def last_conversation(unit: Unit) -> ConversationId:
    """The highest number of a conversation; 0 where there is none."""
    return ConversationId(unit.execute(sa.select(sa.func.max(conversation.c.id))).scalar_one() or 0)


def page(
    unit: Unit,
    window: Window,
    after: tuple[ConversationId, DecisionId] = START,
    most: int = 500,
    stretch: Stretch = EVERY,
) -> list[Past]:
    """Some decisions of a window, those on one conversation together and oldest first; `after`: where the page before ended."""
    c, matter = decision.c, conversation.c
    begin = max(after, (stretch.after + 1, 0))
    behind = sa.tuple_(c.conversation_id, c.id) > sa.tuple_(*(sa.literal(one) for one in begin))
    query = (
        sa.select(c.id, c.conversation_id, matter.reference, c.at, c.body)
        .join_from(decision, conversation, c.conversation_id == matter.id)
        .where(behind, c.at >= window.since, c.at < window.until, *_SEEN)
        .order_by(c.conversation_id, c.id)
        .limit(most)
    )
    if stretch.until is not None:
        query = query.where(c.conversation_id <= stretch.until)
    if window.channel:
        query = query.where(matter.channel == window.channel)
    return [Past(*row) for row in unit.execute(query)]


def latest(unit: Unit, most: int) -> list[Past]:
    """The latest decisions of all, those on one conversation together and oldest first."""
    c, matter = decision.c, conversation.c
    query = (
        sa.select(c.id, c.conversation_id, matter.reference, c.at, c.body)
        .join_from(decision, conversation, c.conversation_id == matter.id)
        .where(*_SEEN)
        .order_by(c.id.desc())
        .limit(most)
    )
    return sorted((Past(*row) for row in unit.execute(query)), key=lambda one: (one.conversation, one.id))
