"""What a contact did before: counts that rules may look at."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ContactId
from inbox.store.prepared import Prepared
from inbox.store.tables import conversation, message
from inbox.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Past:
    """A contact's counts, the present message and conversation included."""

    messages: int
    messages_today: int
    conversations: int
    conversations_open: int


_MINE = conversation.c.contact_id == sa.bindparam("contact")
_INBOUND = (
    sa.select(sa.func.count())
    .select_from(conversation.join(message, message.c.conversation_id == conversation.c.id))
    .where(_MINE, message.c.direction == "inbound")
)
_PAST = Prepared(
    sa.select(
        _INBOUND.scalar_subquery(),
        _INBOUND.where(message.c.at >= sa.bindparam("midnight")).scalar_subquery(),
        sa.select(sa.func.count()).where(_MINE).scalar_subquery(),
        sa.select(sa.func.count()).where(_MINE, conversation.c.state == "open").scalar_subquery(),
    )
)


def of_contact(unit: Unit, id: ContactId, midnight: datetime) -> Past:
    """The counts of a contact; `midnight`: when the site's day began."""
    return Past(*unit.run(_PAST, contact=id, midnight=midnight)[0])
