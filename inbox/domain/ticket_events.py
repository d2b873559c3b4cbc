"""The ticket side of a conversation as events: whose it is, how urgent, in which state, its tags and fields."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from inbox.domain.assigning import Candidate
from inbox.domain.ids import AgentId, TeamId


@dataclass(frozen=True, slots=True)
class PrioritySet:
    """How urgent it is from now on."""

    kind: Literal["priority_set"]
    priority: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who answers it from now on; None: nobody. `why`: a Reason, or words; `considered`: among whom a rule chose."""

    kind: Literal["assigned"]
    agent: AgentId | None
    why: str = ""
    considered: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamSet:
    """Whose queue it stands in from now on."""

    kind: Literal["team_set"]
    team: TeamId | None


@dataclass(frozen=True, slots=True)
class Tagged:
    """Tags came and went."""

    kind: Literal["tagged"]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldSet:
    """A custom field has a value, or with None has none any more."""

    kind: Literal["field_set"]
    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The customer chose, by a button or in its words; the field has that value unless a person of ours set it."""

    kind: Literal["chosen"]
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Which policy its clocks follow."""

    kind: Literal["policy_set"]
    policy: str


@dataclass(frozen=True, slots=True)
class StateSet:
    """Open, waiting, snoozed until an instant, done, spam."""

    kind: Literal["state_set"]
    state: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SubjectSet:
    """The matter has another heading."""

    kind: Literal["subject_set"]
    subject: str
