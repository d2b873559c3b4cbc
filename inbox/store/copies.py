"""Copies: deliveries of a message over another channel than its own, held back until it has lain there unseen for a while."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ChannelName, ContactId, ConversationId, MessageId, NetworkKey, ThreadId
from inbox.store.tables import channel, colleague, conversation, delivery, identity, message, thread
from inbox.store.unit import Unit

_C = delivery.c
_original = delivery.alias("original")
_NEVER = ("dropped", "cancelled")


def keys(unit: Unit, conversation: ConversationId, kind: str) -> list[NetworkKey]:
    """The keys of the copies in a conversation that a kind of network has or will have, oldest first."""
    there = sa.select(channel.c.name).where(channel.c.kind == kind)
    query = sa.select(_C.key).where(_C.conversation_id == conversation, _C.copy, _C.channel.in_(there), _C.key != "")
    return [NetworkKey(row[0]) for row in unit.execute(query.where(_C.state.not_in(_NEVER)).order_by(_C.id))]


def see(unit: Unit, name: ChannelName, key: str, upto: MessageId) -> tuple[ThreadId, MessageId] | None:
    """Whoever looks into this container has seen it up to that message, or to the newest before it: it and the message; None
    where nothing was said."""
    t, m = thread.c, message.c
    row = unit.execute(sa.select(t.id, t.seen_to).where(t.channel == name, t.key == key)).first()
    if row is None:
        return None
    newest = sa.select(sa.func.max(m.id)).where(m.thread_id == row[0], m.id <= upto)
    seen = unit.execute(newest).scalar_one()
    if seen is None:
        return None
    if row[1] is None or row[1] < seen:
        forward = sa.or_(t.seen_to.is_(None), t.seen_to < seen)
        unit.execute(sa.update(thread).where(t.id == row[0], forward).values(seen_to=seen))
    # Also where that is no news: an older message of ours may have become visible only since.
    return ThreadId(row[0]), MessageId(seen)


def drop(unit: Unit, thread_: ThreadId, upto: MessageId, now: datetime) -> int:
    """Copies of what was seen in a container up to that message, as far as it could be seen there, have nothing left to say."""
    seen = sa.select(message.c.id).where(message.c.thread_id == thread_, message.c.id <= upto)
    o = _original.c
    shown = sa.exists().where(o.message_id == _C.message_id, ~o.copy, o.state.in_(("sent", "unknown")))
    where = (_C.copy, _C.state == "queued", _C.message_id.in_(seen), shown)
    return unit.execute(sa.update(delivery).where(*where).values(state="dropped", settled_at=now, error="")).rowcount


def withdraw(unit: Unit, contacts: Sequence[ContactId], now: datetime) -> int:
    """Copies that wait, in conversations with these contacts, to go to an address that is none of that contact's (any more), nor of
    somebody who speaks there by their right to."""
    c, i = conversation.c, identity.c
    matters = sa.select(c.id).where(c.contact_id.in_(list(contacts)))
    k = colleague.c
    speaks = sa.exists().where(k.conversation_id == c.id, k.contact_id == i.contact_id)
    whose = sa.or_(i.contact_id == c.contact_id, speaks)
    theirs = sa.exists().where(c.id == _C.conversation_id, whose, i.address == _C.lane)
    where = (_C.copy, _C.state == "queued", _C.conversation_id.in_(matters), ~theirs)
    return unit.execute(sa.update(delivery).where(*where).values(state="dropped", settled_at=now, error="")).rowcount
