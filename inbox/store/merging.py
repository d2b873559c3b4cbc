"""What a conversation holds, moved into the one that it goes into; its events and clocks stay its own."""

import sqlalchemy as sa

from inbox.domain.ids import ConversationId
from inbox.store import search
from inbox.store import tables as t
from inbox.store.unit import Unit, insert_ignore

_MOVES = (t.message, t.message_key, t.awaited, t.thread, t.decision, t.delivery, t.promise, t.notification)


def move(unit: Unit, gone: ConversationId, into: ConversationId) -> None:
    """Messages with their keys, threads, decisions, deliveries, promises, what agents are told or have begun, and who takes part."""
    with search.moving(unit, t.message.c.conversation_id == gone):
        for table in _MOVES:
            unit.execute(sa.update(table).where(table.c.conversation_id == gone).values(conversation_id=into))
    _drafts(unit, gone, into)
    _mark(unit, gone, into)
    p = t.participant
    theirs = sa.select(sa.literal(into), p.c.identity_id, p.c.since).where(p.c.conversation_id == gone)
    names = ["conversation_id", "identity_id", "since"]
    unit.execute(insert_ignore(unit.connection.dialect.name, p).from_select(names, theirs))
    unit.execute(sa.delete(p).where(p.c.conversation_id == gone))


def _drafts(unit: Unit, gone: ConversationId, into: ConversationId) -> None:
    """What an agent has begun in both stays where it is, and is gone: they have the other one before them."""
    d = t.draft.c
    there = sa.select(d.agent_id).where(d.conversation_id == into)
    unit.execute(sa.delete(t.draft).where(d.conversation_id == gone, d.agent_id.in_(there)))
    unit.execute(sa.update(t.draft).where(d.conversation_id == gone).values(conversation_id=into))


def _mark(unit: Unit, gone: ConversationId, into: ConversationId) -> None:
    """What the one held stands in the other now."""
    c = t.conversation.c
    held = unit.execute(sa.select(c.with_file, c.with_note).where(c.id == gone)).one()
    marks = {name: True for name, there in zip(("with_file", "with_note"), held, strict=True) if there}
    if marks:
        unit.execute(sa.update(t.conversation).where(c.id == into).values(marks))
