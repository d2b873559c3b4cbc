"""What was taken over from other help desks: under which of their numbers it stands here, and how much of an export is here."""

from collections.abc import Sequence

import sqlalchemy as sa

from inbox.domain.act_events import TakenOver
from inbox.domain.ids import ContactId, ConversationId, IdentityId, MessageId, NetworkKey
from inbox.store.events import PAYLOADS
from inbox.store.messages import Known
from inbox.store.prepared import Prepared, PreparedAmong
from inbox.store.tables import attachment, channel, event, identity, message_key, organization, participant
from inbox.store.unit import Unit

_K = message_key.c


def matter_key(id: int) -> NetworkKey:
    """The key, on the kind that is called as their product is, of what was said first in their matter of that number."""
    return NetworkKey(f"#{id}")


def words_key(matter: int, number: str) -> NetworkKey:
    """The key of one thing said in it."""
    return NetworkKey(f"{matter}/{number}")


def number_key(number: str) -> NetworkKey:
    """The key, on our own kind of channel, under which a subject with their number in brackets finds the conversation."""
    return NetworkKey(f"#{number}")


_LAST = Prepared(
    sa.select(event.c.payload)
    .where(event.c.conversation_id == sa.bindparam("matter"), event.c.kind == "taken_over")
    .order_by(event.c.version.desc())
    .limit(1)
)


def last_told(unit: Unit, conversation: ConversationId) -> TakenOver | None:
    """How it stood there when that was told last."""
    found = unit.run(_LAST, matter=conversation)
    payload = PAYLOADS.validate_python({"kind": "taken_over", **found[0][0]}) if found else None
    return payload if isinstance(payload, TakenOver) else None


_ENCLOSED = PreparedAmong(
    lambda ids: (
        sa.select(sa.func.count().label("files")).select_from(attachment).where(attachment.c.message_id.in_(ids))
    )
)


def files(unit: Unit, ids: Sequence[MessageId]) -> int:
    """How many files belong to these messages."""
    if not ids:
        return 0
    statement, among = _ENCLOSED.of(ids)
    return int(unit.run(statement, **among)[0][0])


def addresses(unit: Unit, kind: str, several: Sequence[str]) -> set[str]:
    """Which of these addresses belong to somebody whom we know."""
    known = sa.select(identity.c.address).where(identity.c.kind == kind, identity.c.address.in_(list(several)))
    return {row[0] for row in unit.execute(known)} if several else set()


def organizations(unit: Unit, names: Sequence[str]) -> int:
    """How many organizations are called by one of these names."""
    known = sa.select(sa.func.count()).select_from(organization).where(organization.c.name.in_(list(names)))
    return int(unit.execute(known).scalar_one()) if names else 0


def holder(unit: Unit, kind: str, address: str) -> ContactId | None:
    """Whose an address is."""
    known = sa.select(identity.c.contact_id).where(identity.c.kind == kind, identity.c.address == address)
    found = unit.execute(known).scalar_one_or_none()
    return None if found is None else ContactId(found)


def numbered(unit: Unit, kind: str, numbers: Sequence[str], who: IdentityId) -> list[Known]:
    """The messages under these numbers of theirs, in conversations in which this address takes part."""
    mine = sa.select(participant.c.conversation_id).where(participant.c.identity_id == who)
    query = sa.select(_K.key, _K.message_id, _K.conversation_id, _K.ours).where(
        _K.kind == kind, _K.key.in_([number_key(one) for one in numbers]), _K.conversation_id.in_(mine)
    )
    rows = unit.execute(query.order_by(_K.message_id)) if numbers else ()
    return [Known(NetworkKey(r[0]), MessageId(r[1]), ConversationId(r[2]), bool(r[3])) for r in rows]


def of_number(number: str) -> sa.Select[tuple[int]]:
    """The conversations that were called by this number elsewhere."""
    kinds = sa.select(channel.c.kind).distinct()
    return sa.select(_K.conversation_id).where(_K.kind.in_(kinds), _K.key == number_key(number))
