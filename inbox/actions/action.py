"""An action: its name, who may do it, what it takes, where it is offered, and the verb that does it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from inbox.actions.phrases import Typed
from inbox.domain.events import Actor
from inbox.domain.ids import ConversationId, MessageId
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.turn import Turn
from inbox.store import conversations
from inbox.store.unit import Unit

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Surface(StrEnum):
    """A place from which agents act."""

    WEB = "web"
    MAIL = "mail"
    BOT = "bot"
    CLI = "cli"
    API = "api"


class Permission(StrEnum):
    """Who may do it."""

    AGENT = "agent"
    LEAD = "lead"
    HOUSE = "house"
    """Agents who work for no outside company."""


class Denied(Problem):
    """This agent may not do this."""


class Arguments(BaseModel):
    """What an action takes: checked, and nothing else accepted."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: Any) -> Any:
        """Texts without NUL and halves of characters: no database keeps them, no network carries them."""
        return {name: _clean(value) for name, value in given.items()} if isinstance(given, dict) else given


def _clean(value: object) -> object:
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_clean(one) for one in value)
    return _UNSTORABLE.sub("", value) if isinstance(value, str) else value


class Nothing(Arguments):
    """No arguments."""


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does it to which conversation, through which surface, and when. `scope`: what of the house they see; what else they name,
    another conversation or a contact by a number, is not there for them outside of it."""

    agent: Agent
    conversation: ConversationId
    via: Surface
    playbook: Playbook
    now: datetime
    scope: Scope = field(default_factory=Scope.house)

    @property
    def actor(self) -> Actor:
        """The agent as events name them."""
        return Actor("agent", self.agent.id, self.agent.name)

    def turn(self, unit: Unit) -> Turn:
        """The conversation, in hand."""
        return Turn.of(unit, self.conversation, self.via, self.playbook.terms, self.now)

    def reference(self, unit: Unit) -> str:
        """Its reference."""
        return conversations.peek(unit, self.conversation).reference


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: the sentence for the agent (a catalogue key and its facts), and the message that came of it."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)
    message: MessageId | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One thing an agent can do. `absent`: the surfaces that do not offer it, each with its reason. `typed`: how people say it
    where they only have words; whatever mail or bot offers has it."""

    name: str
    arguments: type[Arguments]
    run: Callable[[Unit, Doing, Any], Done]
    permission: Permission = Permission.AGENT
    absent: Mapping[Surface, str] = field(default_factory=dict)
    typed: Typed | None = None

    @property
    def surfaces(self) -> frozenset[Surface]:
        """Where it is offered."""
        return frozenset(Surface) - frozenset(self.absent)
