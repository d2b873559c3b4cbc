"""What rules did towards people, as events of a conversation: whom they answered, or why not; whom they told; and that they were stopped."""

from dataclasses import dataclass
from typing import Literal

from inbox.domain.ids import AgentId, MessageId


@dataclass(frozen=True, slots=True)
class RuleReplied:
    """A rule answered the customer with a template. Nobody's wait ends by it."""

    kind: Literal["rule_replied"]
    message: MessageId
    template: str


@dataclass(frozen=True, slots=True)
class RuleSilent:
    """A rule wanted to answer with a template, and it was not written; why: a catalogue key such as `silent.machine`."""

    kind: Literal["rule_silent"]
    template: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notified:
    """A rule told these agents that something happened here."""

    kind: Literal["notified"]
    agents: tuple[AgentId, ...]


@dataclass(frozen=True, slots=True)
class RulesHalted:
    """Rules ran here so often within an hour that something must be wrong: they rest, messages apart, until it is over."""

    kind: Literal["rules_halted"]
    runs: int


CallStep = Literal["first", "again", "team_leads", "leads"]
"""Whom a page calls: those on call, once more, the leads of their team, every lead."""


@dataclass(frozen=True, slots=True)
class Paged:
    """These agents were called, until somebody says that they have it."""

    kind: Literal["paged"]
    agents: tuple[AgentId, ...]
    step: CallStep


@dataclass(frozen=True, slots=True)
class PageAcknowledged:
    """Whoever did it has what the rule of this name paged for; the house: it was over by itself."""

    kind: Literal["page_acknowledged"]
    rule: str


@dataclass(frozen=True, slots=True)
class PageGivenUp:
    """Nobody said that they have what the rule of this name paged for, and there is nobody left to call."""

    kind: Literal["page_given_up"]
    rule: str
