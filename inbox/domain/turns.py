"""An agent's turn: words that came over a network, and that are proved to be theirs. What they mean, the actions' reader says."""

from dataclasses import dataclass

from inbox.domain.ids import AgentId, ArrivalId, ConversationId
from inbox.domain.outgoing import File


@dataclass(frozen=True, slots=True)
class AgentTurn:
    """Who says it, in which conversation, and where. `seen`: the version that they had before them; None: nobody can tell.

    `plainly`: whom words are for that nothing is said of.
    """

    arrival: ArrivalId
    agent: AgentId
    conversation: ConversationId
    via: str
    words: str
    seen: int | None
    once: str
    """The same for the same words, however often they come."""
    files: tuple[File, ...] = ()
    plainly: str = "reply"
