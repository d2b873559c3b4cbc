"""An agent's turn: words that came over a network, and that are proved to be theirs. What they mean, the actions' reader says."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

from pydantic import TypeAdapter

from inbox.domain.happenings import Attachment
from inbox.domain.ids import AgentId, ArrivalId, CardId, ConversationId, DeskId, NetworkKey
from inbox.domain.outgoing import File


@dataclass(frozen=True, slots=True)
class AgentTurn:
    """Who says it, in which conversation, and where. `seen`: the version that they had before them; None: nobody can tell."""

    arrival: ArrivalId
    agent: AgentId
    conversation: ConversationId
    via: str
    words: str
    seen: int | None
    once: str
    """The same for the same words, however often they come."""
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskTurn:
    """What an agent does at a desk: says something, presses a button, or changes what they said. Who they are is proved by the
    network's own id of them, which they linked.

    `card`: the conversation that it stands by, where it does. `about`: what they answer, or pressed under. `seen`: the
    version of the conversation that was before them.
    """

    arrival: ArrivalId
    agent: AgentId
    desk: DeskId
    kind: Literal["words", "press", "edit"]
    key: NetworkKey
    thread: str
    at: datetime
    card: CardId | None = None
    about: NetworkKey = NetworkKey("")
    words: str = ""
    files: tuple[Attachment, ...] = ()
    seen: int | None = None
    data: str = ""
    query: str = ""
    decided: Literal["", "anyway", "asnote"] = ""
    """What they said of words that would have gone over somebody's head."""
    forwarded: bool = False
    """Somebody else wrote it, and they only pass it on."""


@cache
def _turns() -> TypeAdapter[DeskTurn]:
    return TypeAdapter(DeskTurn)


def frozen(turn: DeskTurn) -> str:
    """A turn that waits, as JSON."""
    return _turns().dump_json(turn).decode()


def thawed(held: str) -> DeskTurn:
    """The turn that waited."""
    return _turns().validate_json(held)


def attached(held: str) -> tuple[Attachment, ...]:
    """The files of a turn that waits for them."""
    return thawed(held).files
