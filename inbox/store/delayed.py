"""What agents wrote and the network has not taken for long: each delivery is looked at once, behind a mark that moves on."""

from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ConversationId, DeliveryId, MessageId
from inbox.domain.outgoing import Purpose
from inbox.store.tables import delivery, site
from inbox.store.types import fixed
from inbox.store.unit import Unit

_C = delivery.c
_MARK = "delayed"
"""Under this name stands up to which instant of queueing all was looked at."""
_LIVE = _C.state.in_([fixed(word) for word in ("queued", "sending", "unknown")])
"""As the index of the lanes has it: what is here is little, however much was ever sent."""
_WRITTEN = [purpose.value for purpose in Purpose if not purpose.automatic]


def delayed(unit: Unit, before: datetime) -> list[tuple[DeliveryId, ConversationId, MessageId]]:
    """What people wrote before that instant and is still to go, as far as it was not handed back before; the next call leaves
    it out. Copies are left out: the message went the other way."""
    found = unit.execute(sa.select(site.c.value).where(site.c.name == _MARK)).scalar_one_or_none()
    mark = None if found is None else datetime.fromisoformat(found)
    query = sa.select(_C.id, _C.conversation_id, _C.message_id, _C.created_at).where(
        _LIVE, _C.state != fixed("unknown"), _C.purpose.in_(_WRITTEN), ~_C.copy, _C.created_at <= before
    )
    if mark is not None and mark <= before:  # else the clock was ahead when it was made: it says nothing
        query = query.where(_C.created_at > mark)
    rows = unit.execute(query.order_by(_C.id)).all()
    if rows:
        value = before.isoformat()
        if not unit.insert_new(site, name=_MARK, value=value):
            unit.execute(sa.update(site).where(site.c.name == _MARK).values(value=value))
    return [(DeliveryId(row[0]), ConversationId(row[1]), MessageId(row[2])) for row in rows]
