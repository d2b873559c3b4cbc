"""A promise: a time told to a customer, with all that it rested on when it was told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inbox.domain.ids import ConversationId, MessageId, PromiseId


class PromiseState(StrEnum):
    """How a promise stands: judged once, by its own instant."""

    OPEN = "open"
    KEPT = "kept"
    LATE = "late"
    WITHDRAWN = "withdrawn"


class PromiseKind(StrEnum):
    """What was promised by the instant: an answer, or (where we are unsure) at least news of how things stand."""

    ANSWER = "answer"
    UPDATE = "update"


AT_RISK = 0.8
"""The share of its time after which a promise is at risk."""
BY_HAND = "agent"
"""The basis of a promise that an agent made: nothing was computed."""
OUTAGE = "outage"
"""The basis of one of news about something that is known to be down."""

PROMISE_MOVES: dict[PromiseState, frozenset[PromiseState]] = {
    PromiseState.OPEN: frozenset({PromiseState.KEPT, PromiseState.LATE, PromiseState.WITHDRAWN}),
    PromiseState.KEPT: frozenset({PromiseState.OPEN}),
    PromiseState.LATE: frozenset(),
    PromiseState.WITHDRAWN: frozenset({PromiseState.OPEN}),
}
"""`kept -> open`: the reply that kept it could not be delivered after all; `withdrawn -> open`: the message that told it, which
had failed, was sent after all, or what ended the matter was undone."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A time told. `text` is the very wording; `inputs` is what the estimate can be computed from again (JSON)."""

    id: PromiseId
    conversation: ConversationId
    message: MessageId
    kind: PromiseKind
    told_at: datetime
    due_at: datetime
    text: str
    basis: str
    percentile: float | None
    sample_size: int
    inputs: str
    state: PromiseState = PromiseState.OPEN
    replaces: PromiseId | None = None
    judged_at: datetime | None = None
    risk_at: datetime | None = None
    """When so much of its time has passed that it is at risk; None once that was told."""

    @property
    def computed(self) -> bool:
        """Whether it was reckoned from `inputs`, or somebody said it."""
        return self.basis not in (BY_HAND, OUTAGE)
