"""A **broadcast** is one text, in its languages, that we tell many contacts who did not ask: each of them once, in a conversation of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inbox.domain.ids import AgentId, BroadcastId


class Stage(StrEnum):
    """How far a broadcast is."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


STEPS: Mapping[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.RUNNING, Stage.STOPPED}),
    Stage.RUNNING: frozenset({Stage.PAUSED, Stage.STOPPED, Stage.DONE}),
    Stage.PAUSED: frozenset({Stage.RUNNING, Stage.STOPPED}),
    Stage.STOPPED: frozenset(),
    Stage.DONE: frozenset(),
}
"""From where it may go where; what is stopped or done is over."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom it is for: contacts that meet all of what is said, or who have one of these addresses. Nothing said: nobody; `everybody`
    has to be asked for."""

    tag: str = ""
    organization: str = ""
    name: str = ""
    """Contacts in whose name or addresses that stands."""
    addresses: tuple[str, ...] = ()
    """`kind:address`, addresses alone, or numbers of contacts."""
    everybody: bool = False

    @property
    def empty(self) -> bool:
        """Whether nobody is meant."""
        return not (self.tag or self.organization or self.name or self.addresses or self.everybody)


@dataclass(frozen=True, slots=True)
class Text:
    """What is told in one language."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`channel`: the only one over which it goes; empty: each contact by their own way. `next_at`: when the next ones are told."""

    id: BroadcastId
    name: str
    stage: Stage
    agent: AgentId | None
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    next_at: datetime | None
    channel: str
    audience: Audience
    texts: Mapping[str, Text]
    per_minute: int

    def said_in(self, language: str) -> tuple[str, Text]:
        """The language in which somebody is told it, and the text: theirs, else the first that there is."""
        chosen = language if language in self.texts else next(iter(self.texts))
        return chosen, self.texts[chosen]
