"""How conversations stand: what a conversation has one of, after each of its decisions, under either rules."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

STANDS = ("priority", "team", "assignee", "policy", "state")
"""What a conversation has one of, and what is counted: by how many have which."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stands after a decision, in the words of `replay.outcome`."""

    priority: str
    team: str
    assignee: str
    policy: str
    state: str


Step = tuple[datetime, Standing, Standing]
"""A decision's instant, how it left the conversation, and how other rules would have left it."""


def standing(stands: Mapping[str, str]) -> Standing:
    """The standing among all that an outcome tells."""
    return Standing(*(stands[name] for name in STANDS))


def stood(steps: Sequence[Step], at: datetime) -> tuple[Standing | None, Standing | None]:
    """How a conversation stood once the message at `at` was decided on, under either rules; None where no decision is known."""
    if not steps:
        return None, None
    place = min(bisect_left(steps, at, key=lambda step: step[0]), len(steps) - 1)
    _, before, after = steps[place]
    return before, after
