"""A choice: who of a team gets a conversation, for what reason, and why each other member did not."""

from dataclasses import dataclass
from enum import StrEnum


class Obstacle(StrEnum):
    """Why somebody cannot be given a conversation; of several, the first in this order is told."""

    UNKNOWN = "unknown"
    """A rule names them, and there is nobody of that handle."""
    DISABLED = "disabled"
    AWAY = "away"
    OFF_DUTY = "off-duty"
    SKILL = "skill"
    LANGUAGE = "language"
    FULL = "full"


class Reason(StrEnum):
    """What decided. `NAMED`: the rule names them; `KEPT`: they have it already."""

    NAMED = "named"
    KEPT = "kept"
    STICKY = "sticky"
    ROUND_ROBIN = "round-robin"
    LEAST_BUSY = "least-busy"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who was considered: their open work as it was weighed, and the obstacle if there was one."""

    handle: str
    load: int = 0
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The handle of whoever gets it, empty where nobody can; `reason` is a Reason, as a decision stores it."""

    agent: str
    reason: str
    considered: tuple[Candidate, ...] = ()
