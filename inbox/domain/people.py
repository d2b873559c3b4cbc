"""The people: contacts and their identities on the networks, agents and their teams, shifts, absences and closures."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from inbox.domain.ids import AgentId, ContactId, IdentityId, LinkId, OrganizationId, TeamId
from inbox.domain.scope import Scope


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who writes to us; `language` is what they last wrote in."""

    id: ContactId
    name: str
    language: str | None = None
    organization: OrganizationId | None = None
    tags: tuple[str, ...] = ()
    role: str = ""
    """What they are at their organization, in words of ours."""
    fields: tuple[tuple[str, str], ...] = ()
    placed: bool = False
    """A person said which organization they belong to, or that they belong to none."""
    merged_into: ContactId | None = None
    """They are the same as another contact, who has all that they had."""

    @property
    def called(self) -> str:
        """What people read: the name, else the number."""
        return self.name or f"#{self.id}"


@dataclass(frozen=True, slots=True)
class Organization:
    """The company that contacts belong to. `merged_into`: it is the same as another one, which has all that it had."""

    id: OrganizationId
    name: str
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    merged_into: OrganizationId | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """One address of a contact on one kind of channel: claimed (seen in a From) until `verified` (answered a code)."""

    id: IdentityId
    contact: ContactId
    kind: str
    address: str
    name: str = ""
    verified_at: datetime | None = None
    unreachable: str = ""

    @property
    def name_in_full(self) -> str:
        """`kind:address`, by which people name it."""
        return f"{self.kind}:{self.address}"


How = Literal["proof", "agent", "vouched"]
"""Why an address belongs to a contact: it answered a code, an agent said so, a site said so under its signature."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address went from the contact that it had to another one. Undone, it is back. `number` counts those of one identity.

    `verified`: the link brought the proof of the address, which goes with it.
    """

    id: LinkId
    identity: IdentityId
    number: int
    had: ContactId
    now: ContactId
    how: How
    verified: bool
    agent: AgentId | None
    at: datetime
    undone_at: datetime | None = None


Role = Literal["agent", "lead", "admin"]


@dataclass(frozen=True, slots=True)
class Agent:
    """One of us who answers. `capacity`: open conversations they take by themselves; None means no limit. A `lead` sees rules and
    what they did, an `admin` people and settings as well."""

    id: AgentId
    handle: str
    name: str
    address: str = ""
    language: str = "en"
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    capacity: int | None = None
    lead: bool = False
    disabled: bool = False
    admin: bool = False
    company: str = ""
    """The outside company that they work for; empty: us. They read the conversations of their teams and their own, and lead nothing."""

    @property
    def called(self) -> str:
        """What people read: the name, else the handle."""
        return self.name or self.handle

    @property
    def role(self) -> Role:
        """The most that they may."""
        return "admin" if self.admin else "lead" if self.lead else "agent"

    @property
    def leads(self) -> bool:
        """Whether they may what leads may. Who is told what leads are told is `lead` alone."""
        return self.lead or self.admin


@dataclass(frozen=True, slots=True)
class Shift:
    """A weekly stretch of duty in local time; `weekday` 0 is Monday. Ending before it starts, it ends the day after."""

    agent: AgentId
    weekday: int
    start: time
    end: time
    zone: str


@dataclass(frozen=True, slots=True)
class Absence:
    """An agent is away from an instant until another."""

    agent: AgentId
    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """A day on which nobody of us works, and why, in the calendar of these hours; without a name in all that ever close."""

    day: date
    reason: str
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """A set of agents who share a queue."""

    id: TeamId
    name: str
    title: str = ""
    members: tuple[AgentId, ...] = ()

    @property
    def called(self) -> str:
        """What people read: the title, else the name."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Roster:
    """Everyone of us at one moment: small, read whole, cached by its generation."""

    generation: int = 0
    agents: tuple[Agent, ...] = ()
    teams: tuple[Team, ...] = ()
    shifts: tuple[Shift, ...] = ()
    absences: tuple[Absence, ...] = ()
    closures: tuple[Closure, ...] = ()
    webhooks: tuple[str, ...] = ()
    """The names of the programs that rules may tell of something."""

    def agent(self, handle: str) -> Agent | None:
        """The agent of that handle or mail address."""
        return next((a for a in self.agents if handle and handle in (a.handle, a.address)), None)

    def agent_by_id(self, id: AgentId) -> Agent | None:
        """The agent of that id."""
        return next((a for a in self.agents if a.id == id), None)

    def called(self, id: AgentId) -> str:
        """What people read of the agent of that id; the number, where nobody of it is known."""
        found = self.agent_by_id(id)
        return found.called if found else f"#{id}"

    def marked(self, id: AgentId) -> str:
        """As `called`, for us: whoever works for an outside company has its name behind theirs."""
        found = self.agent_by_id(id)
        return f"{found.called} ({found.company})" if found and found.company else self.called(id)

    def scope(self, id: AgentId, hides: frozenset[str] = frozenset()) -> Scope:
        """What an agent may read: all; of an outside company the conversations of their teams, and their own, without what the site
        `hides` from such."""
        found = self.agent_by_id(id)
        if found is None or not found.company:
            return Scope.of_agent(id)
        return Scope.of_agent(id, frozenset(team.id for team in self.teams if id in team.members), hides)

    def team(self, name: str) -> Team | None:
        """The team of that name."""
        return next((t for t in self.teams if t.name == name), None)

    def team_by_id(self, id: TeamId) -> Team | None:
        """The team of that id."""
        return next((t for t in self.teams if t.id == id), None)
