"""What the event log tells of clocks: breaches, due times that were counted anew, steps of an escalation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class ClockBreached:
    """A clock passed its due instant."""

    kind: Literal["clock_breached"]
    metric: str
    cycle: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Recount:
    """One clock that is due at another instant now; None: nothing is owed by it."""

    metric: str
    cycle: int
    old: datetime | None
    new: datetime | None


@dataclass(frozen=True, slots=True)
class ClocksRecounted:
    """Hours or policies are others than when these clocks were counted. What was told to the customer does not move."""

    kind: Literal["clocks_recounted"]
    clocks: tuple[Recount, ...]


@dataclass(frozen=True, slots=True)
class Escalated:
    """A clock reached a step of its policy's escalation, which then did what it says: once in a cycle."""

    kind: Literal["escalated"]
    policy: str
    metric: str
    cycle: int
    step: str
    """As it is told apart from the others: `80%`, or `2 working hours`, which is after the target."""
