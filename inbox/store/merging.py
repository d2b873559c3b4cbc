"""What a conversation holds, moved into the one that it goes into, all of it or some messages; events and clocks stay."""

from collections.abc import Sequence

import sqlalchemy as sa

from inbox.domain.ids import ConversationId, MessageId, PromiseId
from inbox.domain.messages import Direction
from inbox.store import articles_parts, pages, search
from inbox.store import tables as t
from inbox.store.unit import Unit, insert_ignore

_MOVES = (t.message, t.message_key, t.awaited, t.thread, t.decision, t.delivery, t.promise, t.notification, t.task)


def move(unit: Unit, gone: ConversationId, into: ConversationId) -> None:
    """Messages with their keys, threads, decisions, deliveries, promises, tasks, drafts, what agents are told and called for, which part
    articles had, who takes part, which colleagues speak, and who watches."""
    with search.moving(unit, t.message.c.conversation_id == gone):
        for table in _MOVES:
            unit.execute(sa.update(table).where(table.c.conversation_id == gone).values(conversation_id=into))
    pages.move(unit, gone, into)
    articles_parts.move(unit, gone, into)
    _drafts(unit, gone, into)
    _mark(unit, gone, into)
    _tones(unit, gone, into)
    for table, whose in ((t.participant, "identity_id"), (t.watching, "agent_id"), (t.colleague, "contact_id")):
        theirs = sa.select(sa.literal(into), table.c[whose], table.c.since).where(table.c.conversation_id == gone)
        names = ["conversation_id", whose, "since"]
        unit.execute(insert_ignore(unit.connection.dialect.name, table).from_select(names, theirs))
        unit.execute(sa.delete(table).where(table.c.conversation_id == gone))


def _drafts(unit: Unit, gone: ConversationId, into: ConversationId) -> None:
    """What an agent has begun in both stays where it is, and is gone: they have the other one before them."""
    d = t.draft.c
    there = sa.select(d.agent_id).where(d.conversation_id == into)
    unit.execute(sa.delete(t.draft).where(d.conversation_id == gone, d.agent_id.in_(there)))
    unit.execute(sa.update(t.draft).where(d.conversation_id == gone).values(conversation_id=into))


def _tones(unit: Unit, gone: ConversationId, into: ConversationId) -> None:
    """How the newer of the two latest messages sounds."""
    c = t.message_tone.c
    here = sa.select(sa.func.max(c.message_id)).where(c.conversation_id == into).scalar_subquery()
    newer = sa.select(sa.func.max(c.message_id)).where(c.conversation_id == gone).scalar_subquery()
    later = unit.execute(sa.select(sa.func.coalesce(newer, 0) > sa.func.coalesce(here, 0))).scalar_one()
    unit.execute(sa.delete(t.message_tone).where(c.conversation_id == (into if later else gone)))
    unit.execute(sa.update(t.message_tone).where(c.conversation_id == gone).values(conversation_id=into))


def _mark(unit: Unit, gone: ConversationId, into: ConversationId) -> None:
    """What the one held stands in the other now."""
    c = t.conversation.c
    held = unit.execute(sa.select(c.with_file, c.with_note).where(c.id == gone)).one()
    marks = {name: True for name, there in zip(("with_file", "with_note"), held, strict=True) if there}
    if marks:
        unit.execute(sa.update(t.conversation).where(c.id == into).values(marks))


def split(unit: Unit, ids: Sequence[MessageId], into: ConversationId) -> None:
    """These messages, with their keys and the references that wait for others, are in another conversation; and whoever spoke there
    as a colleague does here."""
    spoke = sa.select(sa.literal(into), t.colleague.c.contact_id, t.colleague.c.since).join_from(
        t.colleague, t.message, t.message.c.conversation_id == t.colleague.c.conversation_id
    )
    theirs = spoke.where(t.message.c.id.in_(list(ids))).distinct()
    names = ["conversation_id", "contact_id", "since"]
    unit.execute(insert_ignore(unit.connection.dialect.name, t.colleague).from_select(names, theirs))
    with search.moving(unit, search.of(ids)):
        unit.execute(sa.update(t.message).where(t.message.c.id.in_(list(ids))).values(conversation_id=into))
    unit.execute(
        sa.update(t.message_tone).where(t.message_tone.c.message_id.in_(list(ids))).values(conversation_id=into)
    )
    for table in (t.message_key, t.awaited):
        unit.execute(sa.update(table).where(table.c.message_id.in_(list(ids))).values(conversation_id=into))
    m, a = t.message.c, t.attachment.c
    notes = sa.exists().where(m.id.in_(list(ids)), m.direction == Direction.NOTE.value)
    marks = {"with_note": notes, "with_file": sa.exists().where(a.message_id.in_(list(ids)))}
    unit.execute(sa.update(t.conversation).where(t.conversation.c.id == into).values(**marks))


def hand_promises(unit: Unit, ids: Sequence[PromiseId], into: ConversationId) -> None:
    """These promises are about what another conversation holds now."""
    unit.execute(sa.update(t.promise).where(t.promise.c.id.in_(list(ids))).values(conversation_id=into))
