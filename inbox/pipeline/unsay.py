"""Unsaying: what was written by itself and has not left yet is not sent, and the conversation says why."""

from inbox.domain.deliveries import DeliveryState
from inbox.domain.events import DeliverySettled
from inbox.domain.ids import MessageId
from inbox.domain.outgoing import Purpose
from inbox.pipeline.turn import Turn
from inbox.store import deliveries


def unsay(turn: Turn, why: str, *purposes: Purpose) -> list[MessageId]:
    """The messages for these purposes that still waited here, and are dropped."""
    dropped = deliveries.drop_unsent(turn.unit, turn.conversation.id, turn.now, *purposes)
    for delivery, message in dropped:
        turn.tell(DeliverySettled("delivery_settled", delivery, message, DeliveryState.DROPPED.value, why))
    return [message for _, message in dropped]
