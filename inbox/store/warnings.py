"""Warnings: when somebody was asked for courtesy, as the event log has it; no count is kept of anybody."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ContactId, ConversationId
from inbox.store.prepared import Prepared
from inbox.store.tables import conversation, event
from inbox.store.unit import Unit

_E, _C = event.c, conversation.c


@dataclass(frozen=True, slots=True)
class Warning:
    """When, in which conversation, and by whom (as they are called)."""

    at: datetime
    reference: str
    who: str


_THEIRS = Prepared(
    sa.select(_E.at, _C.reference, _E.actor_name)
    .join_from(event, conversation, _C.id == _E.conversation_id)
    .where(_C.contact_id == sa.bindparam("contact"), _E.kind == "warned")
    .order_by(_E.id)
)
_HERE = Prepared(
    sa.select(sa.func.count()).where(
        _E.conversation_id == sa.bindparam("matter"),
        _E.kind == "warned",
        _E.at >= sa.bindparam("since", type_=_E.at.type),
    )
)


def of_contact(unit: Unit, contact: ContactId) -> list[Warning]:
    """Those in all conversations that are theirs now, oldest first."""
    return [Warning(*row) for row in unit.run(_THEIRS, contact=contact)]


def since(unit: Unit, matter: ConversationId, at: datetime) -> bool:
    """Whether there was one in a conversation since then."""
    return bool(unit.run(_HERE, matter=matter, since=at)[0][0])
