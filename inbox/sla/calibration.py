"""Calibration: how often announced times were kept, and whether the percentile that was claimed is the share that came true.

The interval is that of E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
American Statistical Association 22 (1927), 209-212: it stays honest where little is known and near 0 and 1.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from inbox.domain.promises import PromiseKind, PromiseState
from inbox.sla.promise import Basis

Z = 1.959964
"""The normal quantile of a two-sided interval of 95 %."""
TOO_WIDE = 0.2
"""An interval that is wider says nothing: the claim may well lie in it by accident."""


@dataclass(frozen=True, slots=True)
class Told:
    """So many promises that are alike. `overdue`: still open though their instant has passed; `renewed`: told in place of
    an earlier time."""

    kind: PromiseKind
    basis: str
    channel: str
    priority: str
    percentile: float | None
    state: PromiseState
    overdue: bool
    renewed: bool
    count: int

    @property
    def outcome(self) -> PromiseState:
        """What has become of them: whoever still waits after the instant was told it in vain, judged or not."""
        return PromiseState.LATE if self.overdue else self.state

    @property
    def estimated(self) -> bool:
        """Whether the time came from past replies or the queue, so that the percentile is what was claimed of it."""
        return self.kind is PromiseKind.ANSWER and self.basis in (Basis.HISTORY, Basis.QUEUE)


@dataclass(frozen=True, slots=True)
class Kept:
    """How promises ended. The rate leaves out those that were withdrawn and those that are not due yet."""

    kept: int = 0
    late: int = 0
    withdrawn: int = 0
    open: int = 0

    @property
    def n(self) -> int:
        """Those that were judged."""
        return self.kept + self.late

    @property
    def rate(self) -> float | None:
        """The promise-kept rate, 0 to 1; None where nothing was judged."""
        return self.kept / self.n if self.n else None


class Verdict(StrEnum):
    """What the figures say of the house; the sentences stand in the catalogues under `calibration.`."""

    NOTHING = "nothing"
    UNCLEAR = "unclear"
    TOO_MUCH = "too_much"
    TOO_LITTLE = "too_little"
    FITS = "fits"


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Of `n` promises of which `claimed` (0 to 1) was said, `kept` came true; `low` to `high`: the 95 % interval of the share."""

    claimed: float
    kept: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """What came true."""
        return self.kept / self.n if self.n else 0.0

    @property
    def verdict(self) -> Verdict:
        """Too much only where the share is surely less than was claimed, too little only where it is surely more."""
        if not self.n:
            return Verdict.NOTHING
        if self.high < self.claimed:
            return Verdict.TOO_MUCH
        if self.low > self.claimed:
            return Verdict.TOO_LITTLE
        return Verdict.UNCLEAR if self.high - self.low > TOO_WIDE else Verdict.FITS


def wilson(kept: int, n: int, z: float = Z) -> tuple[float, float]:
    """The interval in which the true share lies; (0, 1) where nothing is known."""
    if not n:
        return 0.0, 1.0
    p, zz = kept / n, z * z
    middle = (p + zz / (2 * n)) / (1 + zz / n)
    half = z * sqrt(p * (1 - p) / n + zz / (4 * n * n)) / (1 + zz / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def kept(told: Iterable[Told]) -> Kept:
    """How these ended."""
    counts: Counter[PromiseState] = Counter()
    for one in told:
        counts[one.outcome] += one.count
    return Kept(**{state.value: counts[state] for state in PromiseState})


def by(told: Iterable[Told], key: Callable[[Told], str]) -> dict[str, Kept]:
    """How these ended, for each value of `key`, in order."""
    groups: dict[str, list[Told]] = {}
    for one in told:
        groups.setdefault(key(one), []).append(one)
    return {name: kept(groups[name]) for name in sorted(groups)}


def calibrated(told: Iterable[Told]) -> Calibrated:
    """All of these that were estimated, against the mean of what was claimed of them."""
    judged = [one for one in told if one.estimated and one.outcome in (PromiseState.KEPT, PromiseState.LATE)]
    n = sum(one.count for one in judged)
    claimed = sum((one.percentile or 0.0) * one.count for one in judged) / n if n else 0.0
    came = sum(one.count for one in judged if one.outcome is PromiseState.KEPT)
    return Calibrated(claimed, came, n, *wilson(came, n))


def calibration(told: Iterable[Told]) -> dict[tuple[str, float], Calibrated]:
    """The same by basis and claimed percentile, in order."""
    groups: dict[tuple[str, float], list[Told]] = {}
    for one in told:
        if one.estimated:
            groups.setdefault((one.basis, one.percentile or 0.0), []).append(one)
    found = {key: calibrated(groups[key]) for key in sorted(groups)}
    return {key: row for key, row in found.items() if row.n}
