"""The outbox as people see it: what is on its way, what failed, what nobody knows, and what a person decides about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import ChannelName, DeliveryId
from inbox.domain.scope import Scope
from inbox.store.scoped import within
from inbox.store.tables import conversation, delivery
from inbox.store.unit import Unit
from inbox.store.veiled import ADDRESSES, MASK

LIVE = (
    DeliveryState.QUEUED,
    DeliveryState.SENDING,
    DeliveryState.UNKNOWN,
    DeliveryState.PARKED,
    DeliveryState.FAILED,
)
"""What a person may want to look at; the rest is history."""


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery. `error` is a stored problem or empty, `receipt` the network's own words."""

    id: DeliveryId
    reference: str
    channel: ChannelName
    purpose: str
    lane: str
    state: str
    not_before: datetime
    attempts: int
    error: str
    receipt: str


_C = delivery.c


def lines(
    unit: Unit, states: Sequence[DeliveryState] = LIVE, most: int = 100, *, scope: Scope | None = None, after: int = 0
) -> list[Line]:
    """The oldest deliveries in these states, behind a number; `scope`: those of conversations within it, with what
    of them its reader may see."""
    among = [] if scope is None else within(scope)
    query = (
        sa.select(
            _C.id,
            conversation.c.reference,
            _C.channel,
            _C.purpose,
            _C.lane,
            _C.state,
            _C.not_before,
            _C.attempts,
            _C.error,
            _C.receipt,
        )
        .join_from(delivery, conversation, conversation.c.id == _C.conversation_id)
        .where(_C.state.in_([s.value for s in states]), _C.id > after, *among)
        .order_by(_C.id)
        .limit(most)
    )
    found = [Line(*row) for row in unit.execute(query)]
    if scope is not None and ADDRESSES in scope.hides:
        return [replace(one, lane=MASK, error="", receipt="") for one in found]
    return found


def tally(unit: Unit) -> dict[str, int]:
    """How many deliveries of conversations are in which state."""
    query = sa.select(_C.state, sa.func.count()).where(_C.conversation_id.is_not(None))
    rows = unit.execute(query.group_by(_C.state))
    return {row[0]: row[1] for row in rows}
