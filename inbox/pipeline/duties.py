"""When each agent works, laid out over a stretch of time: shifts without absences, as spans that time can be counted on."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from inbox.domain.people import Absence, Agent, Roster, Shift
from inbox.sla.hours import ONE_DAY, Calendar

Span = tuple[float, float]
"""Two instants in seconds since 1970, the first one in, the second one out."""

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Duty:
    """The spans in which somebody works, in order and apart. Instants are seconds since 1970."""

    spans: tuple[Span, ...]
    starts: list[float] = field(init=False)
    before: list[float] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", [start for start, _ in self.spans])
        object.__setattr__(self, "before", [0.0, *accumulate(end - start for start, end in self.spans)])

    def from_(self, at: float) -> float:
        """`at` if it is a time of work, else the next beginning of one; NEVER where none comes."""
        place = bisect_right(self.starts, at) - 1
        if place >= 0 and at < self.spans[place][1]:
            return at
        return self.starts[place + 1] if place + 1 < len(self.spans) else NEVER

    def worked(self, at: float) -> float:
        """Seconds of work until `at`."""
        place = bisect_right(self.starts, at) - 1
        if place < 0:
            return 0.0
        start, end = self.spans[place]
        return self.before[place] + min(at, end) - start

    def after(self, at: float, seconds: float) -> float:
        """The instant by which so many seconds of work have passed since `at`; NEVER beyond what is laid out."""
        goal = self.worked(at) + seconds
        place = bisect_right(self.before, goal) - 1
        if place >= len(self.spans):
            place = len(self.spans) - 1
            if place < 0 or goal > self.before[-1]:
                return NEVER
        if goal == self.before[place] and place and seconds:
            return self.spans[place - 1][1]  # done at closing time, and not at the next opening
        return self.spans[place][0] + goal - self.before[place]


def duty(roster: Roster, agent: Agent, usual: Calendar | None, since: datetime, until: datetime) -> Duty:
    """When an agent works between two instants. Somebody without shifts works in the `usual` hours, or always without any.

    A disabled agent never works.
    """
    if agent.disabled:
        return Duty(())
    shifts = [one for one in roster.shifts if one.agent == agent.id]
    days = [since.date() + ONE_DAY * n for n in range(-1, (until - since).days + 3)]
    if shifts:
        spans = [span for day in days for span in _on(shifts, day)]
    elif usual is None or usual.hours.always:
        spans = [(since.timestamp(), until.timestamp())]
    else:
        spans = [(a.timestamp(), b.timestamp()) for day in days for a, b in usual.open_intervals(day)]
    away = [one for one in roster.absences if one.agent == agent.id]
    return Duty(tuple(_without(_joined(sorted(spans)), away)))


def _on(shifts: Iterable[Shift], day: date) -> Iterator[Span]:
    for one in shifts:
        if one.weekday == day.weekday():
            zone = ZoneInfo(one.zone)
            ends = day if one.start < one.end else day + timedelta(days=1)
            start = datetime.combine(day, one.start, zone).timestamp()
            yield start, datetime.combine(ends, one.end, zone).timestamp()


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return joined


def _without(spans: list[Span], away: Iterable[Absence]) -> list[Span]:
    for one in away:
        gone, back = one.start.timestamp(), one.end.timestamp()
        cut = (((a, min(b, gone)), (max(a, back), b)) for a, b in spans)
        spans = [(a, b) for pieces in cut for a, b in dict.fromkeys(pieces) if a < b]
    return spans
