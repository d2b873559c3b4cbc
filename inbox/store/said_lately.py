"""What was said lately, for networks that count it: whoever of us sent it, by the rows that it left."""

from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ChannelName
from inbox.store.tables import delivery
from inbox.store.unit import Unit

RECENT = 3_000
"""As many deliveries are looked at, the newest: the fastest of networks takes thirty a second."""
_C = delivery.c


def sent(unit: Unit, channel: ChannelName, since: datetime) -> list[tuple[str, datetime]]:
    """What was sent on a channel since then, the oldest first: its lane, and when."""
    newest = sa.select(_C.id).order_by(_C.id.desc()).limit(RECENT).subquery()
    query = sa.select(_C.lane, _C.settled_at).where(
        _C.id.in_(sa.select(newest.c.id)), _C.channel == channel, _C.state == "sent", _C.settled_at > since
    )
    return [(lane, at) for lane, at in unit.execute(query.order_by(_C.settled_at, _C.id))]
