"""The periods of a contract: months, quarters and years of either calendar, counted from the contract's own first day.

The law: the n-th period begins n times its months after the first day, each counted from that first day and never from the one
before it, so that nothing drifts. Where the calendar's month has no such day (31, or 30 Esfand and 29 February), it is its last one.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, takewhile

from inbox.domain.contracts import Almanac, Cadence, Contract
from inbox.text.jalali import from_gregorian
from inbox.text.months import Month

_DAY = timedelta(days=1)
_SHORTEST = {Cadence.MONTH: 28, Cadence.QUARTER: 89, Cadence.YEAR: 365}
"""Days that a period has at the least."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From a day until before another."""

    since: date
    until: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.until - _DAY

    @property
    def days(self) -> int:
        """How many it has."""
        return (self.until - self.since).days


def months_after(first: date, months: int, almanac: Almanac) -> date:
    """The day so many months of a calendar after another one, in their last day where they have none of its number."""
    year, month, day = from_gregorian(first) if almanac == "jalali" else (first.year, first.month, first.day)
    years, index = divmod(month - 1 + months, 12)
    days = Month(year + years, index + 1, jalali=almanac == "jalali").days()
    return days[min(day, len(days)) - 1]


def period_of(first: date, day: date, cadence: Cadence, almanac: Almanac) -> Period:
    """The period in which a day lies; ValueError for one before the first."""
    if day < first:
        raise ValueError(f"{day} lies before {first}")
    begins = [
        months_after(first, n * cadence.months, almanac) for n in range((day - first).days // _SHORTEST[cadence] + 2)
    ]
    at = bisect_right(begins, day)
    return Period(begins[at - 1], begins[at])


def periods(contract: Contract, until: date) -> Iterator[Period]:
    """Those of its payments that began by a day, in order. The last of a contract that is over ends with it."""
    over = contract.until
    begins = (months_after(contract.first, n * contract.period.months, contract.almanac) for n in count())
    previous = next(begins)
    stop = until if over is None else min(until, over)
    for following in begins:
        if previous > stop:
            return
        yield Period(previous, following if over is None else min(following, over + _DAY))
        previous = following


def share_of(contract: Contract, period: Period) -> tuple[int, int]:
    """How many days of a whole period it has, and how many that would have: less only where the contract ended within it."""
    whole = period_of(contract.first, period.since, contract.period, contract.almanac)
    return period.days, whole.days


def finished(contract: Contract, day: date) -> list[Period]:
    """The periods that are over by a day: those of which a statement can be made for good."""
    return list(takewhile(lambda one: one.until <= day, periods(contract, day)))
