"""What a conversation holds, moved into the one that it goes into; its events and clocks stay its own."""

import sqlalchemy as sa

from inbox.domain.ids import ConversationId
from inbox.store import tables as t
from inbox.store.unit import Unit, insert_ignore

_MOVES = (t.message, t.message_key, t.awaited, t.thread, t.decision, t.delivery, t.promise, t.notification)


def move(unit: Unit, gone: ConversationId, into: ConversationId) -> None:
    """Messages with their keys, threads, decisions, deliveries, promises, what agents are told, and whoever takes part."""
    for table in _MOVES:
        unit.execute(sa.update(table).where(table.c.conversation_id == gone).values(conversation_id=into))
    p = t.participant
    theirs = sa.select(sa.literal(into), p.c.identity_id, p.c.since).where(p.c.conversation_id == gone)
    names = ["conversation_id", "identity_id", "since"]
    unit.execute(insert_ignore(unit.connection.dialect.name, p).from_select(names, theirs))
    unit.execute(sa.delete(p).where(p.c.conversation_id == gone))
