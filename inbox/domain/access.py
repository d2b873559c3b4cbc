"""An access token: what a program shows to read, and to act as an agent; its limits, never the token itself."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from inbox.domain.ids import AccessId, AgentId, TeamId
from inbox.domain.people import Agent
from inbox.domain.scope import Scope


class Reach(StrEnum):
    """What a token may be used for: to read, to act as its agent, to change what the site is connected to."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Access:
    """What is kept of one token. Without an agent it only reads. `teams`: whose conversations it sees, None for all of them; those
    of its own agent besides."""

    id: AccessId
    name: str
    agent: AgentId | None
    reach: tuple[Reach, ...]
    teams: tuple[TeamId, ...] | None
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    """When it was last used, to some minutes."""

    def stands(self, now: datetime) -> bool:
        """Whether it is neither revoked nor over."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who shows a token: nobody, or an agent who may still come in."""

    access: Access
    agent: Agent | None
    reads: Scope = field(default_factory=Scope.house)
    """What its agent may read."""

    @property
    def scope(self) -> Scope:
        """What may be read with it."""
        teams = None if self.access.teams is None else frozenset(self.access.teams)
        if self.agent is None:
            return Scope.house(teams)
        if teams is None:
            return self.reads
        return replace(self.reads, teams=teams if self.reads.teams is None else teams & self.reads.teams)

    def may(self, reach: Reach) -> bool:
        """Whether it reaches so far: `admin` as long as its agent is one."""
        return reach in self.access.reach and (
            reach is not Reach.ADMIN or (self.agent is not None and self.agent.admin)
        )
