"""How the customer's latest message in a conversation sounds, and the words that say so; nothing of it is kept of a person."""

from collections.abc import Sequence

import sqlalchemy as sa

from inbox.domain.ids import ConversationId, MessageId
from inbox.store.prepared import Prepared
from inbox.store.tables import message_tone
from inbox.store.unit import Unit

Heard = tuple[str, tuple[str, ...]]
"""A tone, and the words that say so."""
_C = message_tone.c
_GONE = Prepared(sa.delete(message_tone).where(_C.conversation_id == sa.bindparam("matter")))
_OF = Prepared(
    sa.select(_C.tone, _C.words, _C.message_id).where(_C.conversation_id == sa.bindparam("matter")).order_by(_C.tone)
)


def put(unit: Unit, matter: ConversationId, message: MessageId, heard: Sequence[Heard]) -> None:
    """The latest message sounds so, whatever the one before it did."""
    unit.count(_GONE, matter=matter)
    unit.add(
        message_tone,
        *({"conversation_id": matter, "message_id": message, "tone": tone, "words": list(w)} for tone, w in heard),
    )


def of(unit: Unit, matter: ConversationId) -> list[tuple[str, tuple[str, ...], MessageId]]:
    """Tones with their words, and the message that they are in."""
    return [(row[0], tuple(row[1]), MessageId(row[2])) for row in unit.run(_OF, matter=matter)]
