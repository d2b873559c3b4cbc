"""How long things took, learnt also from those that are not over yet: the Kaplan-Meier estimate.

E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", Journal of the American Statistical
Association 53 (1958), 457-481. A conversation that nobody has answered yet tells that its answer takes longer than it
has waited. Leaving it out would make a growing backlog look like a fast team.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

_order = attrgetter("working_seconds", "censored")


@dataclass(frozen=True, slots=True)
class Sample:
    """Working seconds until it happened; or, `censored`, working seconds so far, and it has not happened yet."""

    working_seconds: float
    censored: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """Samples made into a curve: by `times[i]` working seconds, the share `reached[i]` was over. Build it with `of`."""

    times: tuple[float, ...] = ()
    reached: tuple[float, ...] = ()
    size: int = 0
    open: int = 0

    @classmethod
    def of(cls, samples: Iterable[Sample]) -> "History":
        """The curve of these samples, in any order. At equal times what happened counts before what is still open."""
        ordered = sorted(samples, key=_order)
        at_risk, left = len(ordered), 1.0
        times, reached = [], []
        for seconds, group in groupby(ordered, key=attrgetter("working_seconds")):
            here = list(group)
            happened = sum(not sample.censored for sample in here)
            if happened:
                left *= 1 - happened / at_risk
                times.append(seconds)
                reached.append(1 - left)
            at_risk -= len(here)
        return cls(tuple(times), tuple(reached), len(ordered), sum(sample.censored for sample in ordered))

    @property
    def answered(self) -> int:
        """How many of the samples are over: what a quantile really rests on."""
        return self.size - self.open

    @property
    def mean(self) -> float | None:
        """The mean of working seconds, as far as the curve tells; None where nothing is over."""
        if not self.times:
            return None
        before = (0.0, *self.reached[:-1])
        steps = zip(self.times, self.reached, before, strict=True)
        return sum(at * (share - was) for at, share, was in steps) / self.reached[-1]

    def quantile(self, share: float, waited: float = 0.0) -> float | None:
        """The shortest working seconds by which at least `share` (0 to 1) was over; None if the curve never gets there.

        With `waited`, of those only that took longer than so many seconds, and counted from there.
        """
        over = bisect_right(self.times, waited) if waited > 0 else 0
        before = self.reached[over - 1] if over else 0.0
        wanted = before + share * (1 - before)
        i = bisect_left(self.reached, wanted - 1e-12, lo=over)  # 1 - (1 - 1/5) * (1 - 1/4) ... is not exact in binary
        return self.times[i] - max(waited, 0.0) if i < len(self.times) else None
