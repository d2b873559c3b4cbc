"""A delivery that is stuck, and what a person decides about it: once more, not at all, or it did arrive."""

from datetime import datetime

from inbox.domain.deliveries import MOVES, DeliveryState
from inbox.domain.ids import ConversationId, DeliveryId
from inbox.domain.problems import Problem
from inbox.pipeline.outcome import settle
from inbox.pipeline.playbook import Playbook
from inbox.store import deliveries
from inbox.store.deliveries import Outcome
from inbox.store.unit import Unit


def decide(
    unit: Unit,
    id: DeliveryId,
    to: DeliveryState,
    playbook: Playbook,
    now: datetime,
    *,
    within: ConversationId | None = None,
) -> DeliveryState:
    """Move it on; the state that it was in. `within`: the conversation that it must belong to. Sent once more, it may reach the
    customer twice. Raises Problem where there is none, or where it cannot go from its state to that one."""
    found = deliveries.one(unit, id)
    if found is None or within not in (None, found.conversation):
        raise Problem("cli.no_such_delivery", id=str(id))
    if to not in MOVES[found.state] or found.state is DeliveryState.SENDING:
        raise Problem("cli.delivery_not_so", id=str(id), state=found.state.value, to=to.value)
    settle(unit, found, Outcome(to, repeated=to is DeliveryState.QUEUED), playbook, now)
    return found.state
