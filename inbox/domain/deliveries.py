"""The life of a delivery: one hand-over to a network, as a table of states and the moves between them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inbox.domain.ids import ChannelName, ConversationId, DeliveryId, MessageId
from inbox.domain.outgoing import FrozenPart, Purpose


class DeliveryState(StrEnum):
    """Where a delivery stands. `unknown` is a state of its own: the network may or may not have it."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    PARKED = "parked"
    CANCELLED = "cancelled"
    DROPPED = "dropped"


Q, S = DeliveryState.QUEUED, DeliveryState.SENDING
MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    Q: frozenset({S, DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.DROPPED, DeliveryState.PARKED}),
    S: frozenset({DeliveryState.SENT, DeliveryState.FAILED, Q, DeliveryState.UNKNOWN}),
    DeliveryState.UNKNOWN: frozenset({DeliveryState.SENT, Q, DeliveryState.PARKED, DeliveryState.DROPPED}),
    DeliveryState.PARKED: frozenset({DeliveryState.SENT, Q, DeliveryState.DROPPED}),
    DeliveryState.FAILED: frozenset({Q}),
    DeliveryState.SENT: frozenset({DeliveryState.FAILED}),
    DeliveryState.CANCELLED: frozenset(),
    DeliveryState.DROPPED: frozenset(),
}
"""`parked` and `failed` go on only by a person's word; `sent -> failed` is a bounce that came later. What is queued is parked
or cancelled when an earlier part of its message was parked or failed: `FOLLOWS`."""

FOLLOWS: dict[DeliveryState, DeliveryState] = {
    DeliveryState.FAILED: DeliveryState.CANCELLED,
    DeliveryState.CANCELLED: DeliveryState.CANCELLED,
    DeliveryState.PARKED: DeliveryState.PARKED,
    DeliveryState.DROPPED: DeliveryState.DROPPED,
}
"""What becomes of a message's next part, still queued, when one ends so: a gap would be worse, and what waits for ever
stands in everybody's way."""

UNSETTLED = frozenset({Q, S, DeliveryState.UNKNOWN})
"""The outbox: deliveries that are not final and that the house itself still works on."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One frozen part on its way. `epoch` counts the claims: a sender that lost its claim cannot settle it."""

    id: DeliveryId
    message: MessageId
    conversation: ConversationId
    channel: ChannelName
    purpose: Purpose
    part: FrozenPart
    state: DeliveryState
    not_before: datetime
    created_at: datetime
    attempts: int = 0
    epoch: int = 0
    stage: str = ""
    repeated: bool = False
    """An unknown one that was sent once more: never a second time."""
    copy: bool = False
    """Of a message that goes another way already: what becomes of it decides nothing."""

    @property
    def screen(self) -> bool:
        """Whether a bot shows it: nobody waits for it for long."""
        return self.purpose is Purpose.SCREEN

    @property
    def alone(self) -> bool:
        """Whether it is of no message and no conversation (both are 0): what becomes of it is told in none."""
        return self.purpose in (Purpose.SCREEN, Purpose.REPORT)
