"""What went before with a contact: counts that rules may look at, and who of us answered them last."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ContactId
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


_ANSWERED = Prepared(
    sa.select(message.c.agent_id)
    .select_from(conversation.join(message, message.c.conversation_id == conversation.c.id))
    .where(_MINE, message.c.direction == "outbound", message.c.agent_id.is_not(None))
    .where(message.c.at >= sa.bindparam("since"))
    .order_by(message.c.at.desc(), message.c.id.desc())
    .limit(1)
)


def answered_last(unit: Unit, id: ContactId, since: datetime) -> AgentId | None:
    """Who wrote the latest answer to a contact, in whichever conversation, unless that was before an instant."""
    return next((AgentId(row[0]) for row in unit.run(_ANSWERED, contact=id, since=since)), None)
