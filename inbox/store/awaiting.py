"""Keys of messages that were answered and are not here: whoever brings one of them belongs into the conversation that waits."""

from collections.abc import Sequence

import sqlalchemy as sa

from inbox.domain.ids import ConversationId, MessageId, NetworkKey
from inbox.store.prepared import Prepared, PreparedAmong
from inbox.store.tables import awaited
from inbox.store.unit import Unit


def begin(unit: Unit, kind: str, keys: Sequence[NetworkKey], id: MessageId, conversation: ConversationId) -> None:
    """These messages were answered, and that proved nothing: perhaps they are still on their way."""
    rows = ({"kind": kind, "key": k, "message_id": id, "conversation_id": conversation} for k in dict.fromkeys(keys))
    unit.add(awaited, *rows)


_AWAITING = PreparedAmong(
    lambda keys: (
        sa.select(awaited.c.conversation_id)
        .where(awaited.c.kind == sa.bindparam("kind"), awaited.c.key.in_(keys))
        .distinct()
        .order_by(awaited.c.conversation_id)
    )
)


def conversations(unit: Unit, kind: str, keys: Sequence[NetworkKey]) -> list[ConversationId]:
    """Conversations in which someone answered one of these messages before we saw it, oldest first."""
    if not keys:
        return []
    statement, among = _AWAITING.of(keys)
    return [ConversationId(row[0]) for row in unit.run(statement, kind=kind, **among)]


_ARRIVED = Prepared(
    sa.delete(awaited).where(
        awaited.c.kind == sa.bindparam("network"),
        awaited.c.key == sa.bindparam("name"),
        awaited.c.conversation_id == sa.bindparam("matter"),
    )
)


def end(unit: Unit, kind: str, key: NetworkKey, conversation: ConversationId) -> None:
    """A message for which this conversation waited is here; others may go on waiting for it."""
    unit.count(_ARRIVED, network=kind, name=key, matter=conversation)
