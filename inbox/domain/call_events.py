"""What the event log tells of talk that is no answer: a call on which nobody spoke, a request for courtesy."""

from dataclasses import dataclass
from typing import Literal

from inbox.domain.ids import AgentId, MessageId


@dataclass(frozen=True, slots=True)
class CallUnanswered:
    """An agent called the customer, and nobody spoke: `outcome` says how that ended. It ends no wait."""

    kind: Literal["call_unanswered"]
    message: MessageId
    agent: AgentId | None
    excerpt: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Warned:
    """An agent asked the customer for courtesy, in a message of its own; it answers nothing and stops no clock."""

    kind: Literal["warned"]
    message: MessageId
    agent: AgentId
    address: str
