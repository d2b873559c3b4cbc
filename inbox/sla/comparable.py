"""Which past first replies are comparable with what is owed now: of the same priority, and asked in a similar situation, which
is a similar load at a similar hour of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log2

from inbox.sla.survival import History, Sample

NEAREST = 3
"""Times the least number of samples: how many of the most similar are taken where there are more."""

NOON = 12
HOURS_TO_DOUBLE = 6.0
"""Questions so many hours of the day apart are as unlike as two of which one was asked under twice the load."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a question is asked. `doublings` of the load: loads are compared by how many times one is the other, so that 1 and 2
    lie as far apart as 10 and 20. `hour`: of the local day, 0 to 24, compared around the clock."""

    doublings: float
    hour: float

    @classmethod
    def of(cls, load: float, hour: float) -> "Moment":
        """`load`: places in the queue up to the question, shared by the agents on shift."""
        return cls(log2(load), hour)

    def apart(self, other: "Moment") -> float:
        """How unlike, squared."""
        hours = abs(self.hour - other.hour)
        hours = (hours if hours <= NOON else 24 - hours) / HOURS_TO_DOUBLE
        doublings = self.doublings - other.doublings
        return doublings * doublings + hours * hours


@dataclass(frozen=True, slots=True)
class Past:
    """One first reply of the channel. `asked`: when its question was; None where nobody counted the queue."""

    sample: Sample
    priority: str
    asked: Moment | None = None


def load_of(queue: int, on_shift: int) -> float:
    """The places in the queue up to a question that `queue` others stand before, shared by the agents on shift."""
    return (queue + 1) / max(1, on_shift)


def comparable(past: Sequence[Past], priority: str, asked: Moment | None, enough: int) -> History:
    """The curve of those that compare. The priority counts where at least `enough` of it are over, else all do; and of these
    the most alike are taken. Without a moment all are alike."""
    same = [one for one in past if one.priority == priority]
    chosen = same if sum(not one.sample.censored for one in same) >= enough else past
    if asked is not None:
        chosen = sorted(chosen, key=lambda one: inf if one.asked is None else asked.apart(one.asked))[
            : NEAREST * enough
        ]
    return History.of(one.sample for one in chosen)
