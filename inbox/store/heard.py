"""From where the people of a conversation write to us, and to what they referred before they took part."""

from collections.abc import Sequence

import sqlalchemy as sa

from inbox.domain.ids import ConversationId, IdentityId, MessageId, NetworkKey
from inbox.domain.messages import Direction, Message
from inbox.store.messages import FIELDS, OUTSIDE, from_row
from inbox.store.prepared import Prepared, PreparedAmong
from inbox.store.tables import awaited, channel, message, message_key, participant
from inbox.store.unit import Unit

HEARD = 50
"""Messages of a conversation that are looked at for where its people write from, the newest."""
_M = message.c


_HEARD = Prepared(
    sa.select(channel.c.kind, *FIELDS)
    .join_from(message, channel, channel.c.name == _M.channel)
    .where(
        _M.conversation_id == sa.bindparam("matter"),
        _M.direction == Direction.INBOUND.value,
        _M.purpose != OUTSIDE,
    )
    .order_by(_M.automatic.is_not(None), _M.at.desc(), _M.id.desc())
    .limit(HEARD)
)
_ADDRESSED = Prepared(
    sa.select(channel.c.kind, _M.to)
    .join_from(message, channel, channel.c.name == _M.channel)
    .where(
        _M.conversation_id == sa.bindparam("matter"),
        _M.direction == Direction.OUTBOUND.value,
        _M.purpose == "reply",
        _M.agent_id.is_not(None),
    )
    .order_by(_M.at.desc(), _M.id.desc())
    .limit(HEARD)
)


def heard(unit: Unit, conversation: ConversationId) -> list[tuple[str, Message]]:
    """What was said to us in a conversation and on which kind of network, the newest first; what machines said behind it."""
    return [(row[0], from_row(row[1:])) for row in unit.run(_HEARD, matter=conversation)]


def addressed(unit: Unit, conversation: ConversationId) -> list[tuple[str, str]]:
    """Where agents wrote to in a conversation (kind and address), the latest first: they chose it, whoever proved what."""
    return [(kind, address) for kind, to in unit.run(_ADDRESSED, matter=conversation) for address, _ in to]


def refused(
    unit: Unit, conversation: ConversationId, identity: IdentityId
) -> list[tuple[ConversationId, str, NetworkKey]]:
    """Younger conversations in which this address referred to a message of this one without taking part here, oldest first;
    with the kind of network and the key of that message."""
    k, p = message_key.c, participant.c
    query = (
        sa.select(awaited.c.conversation_id, awaited.c.kind, awaited.c.key)
        .join(message_key, sa.and_(k.kind == awaited.c.kind, k.key == awaited.c.key))
        .join(participant, p.conversation_id == awaited.c.conversation_id)
        .where(k.conversation_id == conversation, p.identity_id == identity, awaited.c.conversation_id > conversation)
        .distinct()
        .order_by(awaited.c.conversation_id)
    )
    return [(ConversationId(row[0]), row[1], NetworkKey(row[2])) for row in unit.execute(query)]


_PASSED_ON = PreparedAmong(lambda ids: sa.select(*FIELDS).where(_M.purpose == "forward", _M.id.in_(ids)))


def passed_on(unit: Unit, ids: Sequence[MessageId]) -> list[Message]:
    """Those of these messages with which something was passed on to an outsider."""
    if not ids:
        return []
    statement, among = _PASSED_ON.of(ids)
    return [from_row(row) for row in unit.run(statement, **among)]
