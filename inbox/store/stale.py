"""What told a customer a time and could not leave: acknowledgements and new times that have waited too long in the outbox."""

from datetime import datetime

import sqlalchemy as sa

from inbox.domain.deliveries import Delivery, DeliveryState
from inbox.domain.ids import ChannelName
from inbox.domain.outgoing import Purpose
from inbox.store import deliveries
from inbox.store.tables import delivery
from inbox.store.types import fixed
from inbox.store.unit import Unit

TELLING = (Purpose.ACKNOWLEDGEMENT.value, Purpose.RENEWAL.value)


def queued_since(unit: Unit, before: datetime, channel: ChannelName | None = None) -> list[Delivery]:
    """Those that have been queued since before that instant, the oldest first; on one channel, or on all."""
    c = delivery.c
    query = sa.select(c.id).where(
        c.state == fixed(DeliveryState.QUEUED.value), c.purpose.in_(TELLING), c.created_at < before
    )
    if channel is not None:
        query = query.where(c.channel == channel)
    found = unit.execute(query.order_by(c.id).with_for_update(skip_locked=True)).scalars().all()
    return [d for id in found if (d := deliveries.one(unit, id))]
