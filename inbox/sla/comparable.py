"""Which past first replies are comparable with what is owed now: of the same priority, and asked under a similar load."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log

from inbox.sla.survival import History, Sample

NEAREST = 3
"""Times the least number of samples: how many of the most similar are taken where there are more."""


@dataclass(frozen=True, slots=True)
class Past:
    """One first reply of the channel. `load`: places in the queue up to it, shared by the agents on shift, when it was asked;
    None where nobody counted."""

    sample: Sample
    priority: str
    load: float | None = None


def load_of(queue: int, on_shift: int) -> float:
    """The places in the queue up to a question that `queue` others stand before, shared by the agents on shift."""
    return (queue + 1) / max(1, on_shift)


def comparable(past: Sequence[Past], priority: str, load: float | None, enough: int) -> History:
    """The curve of those that compare. The priority counts where at least `enough` of it are over, else all do; and of these
    the nearest by load are taken. Without a `load` every load is alike."""
    same = [one for one in past if one.priority == priority]
    chosen = same if sum(not one.sample.censored for one in same) >= enough else past
    if load is not None:
        chosen = sorted(chosen, key=lambda one: _apart(one.load, load))[: NEAREST * enough]
    return History.of(one.sample for one in chosen)


def _apart(one: float | None, other: float) -> float:
    """Loads are compared by how many times one is the other: 1 and 2 lie as far apart as 10 and 20."""
    return inf if one is None else abs(log(one) - log(other))
