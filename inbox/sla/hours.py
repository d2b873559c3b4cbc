"""Hours: a named calendar of when we work, and working time counted on it; the only file that knows local time.

The law: an instant is open exactly when the wall clock of the zone then reads a time inside one of the day's spans.
So a span that lies in a skipped hour is shorter, one that lies in a repeated hour is longer, and nothing else decides.
A span belongs to the day on which it starts: the night shift of Thursday ends on Friday, even when Friday is a holiday.
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from inbox.domain.problems import Misconfigured

DAY_MINUTES = 24 * 60
LOOK_AHEAD = timedelta(days=400)
"""A calendar that stays closed for longer than this is a mistake, and saying so beats searching for ever."""

ZERO = timedelta(0)
ONE_DAY = timedelta(days=1)
_PROBE = timedelta(hours=6)  # no zone has two changes within six hours (a test walks all of them)
_MARGIN = timedelta(days=4)  # offsets reach 14 hours, spans reach two days: what a year's edge days can touch
_YEARS_KEPT = 8


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One stretch of a day, in minutes after its local midnight; `end` beyond 1440 lies on the next day."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off by name. `estimated`: its date may still move by a day (moon sighting). `spans`: open all the same."""

    name: str
    estimated: bool = False
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """When we work. `week` holds the spans of Monday to Sunday; a closure (date to reason) wins over all else.

    `always` is 24x7: week, holidays and closures are not looked at. `version` is a hash of the content without the name.
    """

    name: str
    zone: str
    week: tuple[tuple[Span, ...], ...] = ((),) * 7
    holidays: Mapping[date, Holiday] = field(default_factory=dict, hash=False)
    closures: Mapping[date, str] = field(default_factory=dict, hash=False)
    always: bool = False
    version: str = field(init=False)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError(f"a week has 7 days, not {len(self.week)}")
        object.__setattr__(self, "version", _version(self))

    def spans(self, day: date) -> tuple[Span, ...]:
        """The spans that start on this local day."""
        if self.always:
            return (Span(0, DAY_MINUTES),)
        if day in self.closures:
            return ()
        holiday = self.holidays.get(day)
        return self.week[day.weekday()] if holiday is None else holiday.spans


def _version(hours: Hours) -> str:
    content = {
        "zone": hours.zone,
        "always": hours.always,
        "week": [[(s.start, s.end) for s in day] for day in hours.week],
        "holidays": [
            (day.isoformat(), h.name, h.estimated, [(s.start, s.end) for s in h.spans])
            for day, h in sorted(hours.holidays.items())
        ],
        "closures": [(day.isoformat(), reason) for day, reason in sorted(hours.closures.items())],
    }
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:12]


Interval = tuple[datetime, datetime]
"""Two UTC instants, the first one in, the second one out."""

Stretch = tuple[datetime, datetime, timedelta]
"""Two UTC instants, and the offset from UTC that the zone keeps between them."""


@dataclass(frozen=True, slots=True)
class _Year:
    """One UTC year of a calendar: its open intervals in order and the working time that lies before each.

    `days`: the open intervals of the spans that start on each local day, from three days before the year to three after it.
    """

    end: datetime
    days: Mapping[date, tuple[Interval, ...]]
    starts: list[datetime]
    ends: list[datetime]
    before: list[timedelta]
    total: timedelta

    def worked(self, at: datetime) -> timedelta:
        """Working time from the beginning of the year until `at`."""
        i = bisect_right(self.starts, at) - 1
        return self.before[i] + (min(at, self.ends[i]) - self.starts[i]) if i >= 0 else ZERO

    def next_open(self, at: datetime) -> datetime | None:
        """`at` if it is open, else the next start in this year."""
        i = bisect_right(self.ends, at)
        return max(at, self.starts[i]) if i < len(self.starts) else None

    def reach(self, worked: timedelta) -> datetime:
        """The first instant by which `worked` (more than 0, at most `total`) has been worked: a closing time, not the next opening."""
        i = bisect_left(self.before, worked) - 1
        return self.starts[i] + (worked - self.before[i])


class Calendar:
    """Working-time arithmetic on one `Hours`. Build one a calendar and keep it: years are laid out once.

    Instants go in aware and come out in UTC; a naive one is a ValueError. Safe to share between threads.
    """

    def __init__(self, hours: Hours) -> None:
        self.hours = hours
        self._zone = zone_named(hours.zone, hours.name)
        self._estimated = sorted(day for day, holiday in hours.holidays.items() if holiday.estimated)
        self._years: dict[int, _Year] = {}

    def local(self, instant: datetime) -> datetime:
        """The same instant as the wall clock of the zone shows it."""
        return utc(instant).astimezone(self._zone)

    def at(self, day: date, minute: int) -> datetime:
        """The UTC instant at which the wall clock reads `minute` after midnight of `day`; of two, the first."""
        wall = datetime.combine(day, time.min) + timedelta(minutes=minute)
        return wall.replace(tzinfo=self._zone).astimezone(UTC)

    def open_intervals(self, day: date) -> tuple[Interval, ...]:
        """The open UTC intervals of the spans that start on this local day, in order."""
        return self._year(day.year).days[day]

    def is_open(self, instant: datetime) -> bool:
        """Whether we work at this instant (a closing time is closed)."""
        at = utc(instant)
        return self.hours.always or self._year(at.year).next_open(at) == at

    def covers(self, instant: datetime) -> bool:
        """Whether something can fall due then: open, or a closing time."""
        return self.is_open(instant) or self.is_open(utc(instant) - timedelta(microseconds=1))

    def next_open(self, instant: datetime) -> datetime:
        """`instant` if it is open, else the next opening. Misconfigured when none comes within 400 days."""
        at = utc(instant)
        if self.hours.always:
            return at
        limit = at + LOOK_AHEAD
        for year in range(at.year, limit.year + 1):
            found = self._year(year).next_open(at)
            if found is not None and found <= limit:
                return found
        raise Misconfigured("sla.never_open", where=self.hours.name, date=at.date().isoformat())

    def add_working(self, start: datetime, amount: timedelta) -> datetime:
        """The first instant at which `amount` of working time has passed since `start`; nothing: the next opening.

        Due at closing time means that closing time, not the next opening. A negative amount is a ValueError.
        """
        if amount < ZERO:
            raise ValueError(f"cannot add {amount}")
        at = self.next_open(start)
        if self.hours.always or not amount:
            return at + amount
        while True:
            year = self._year(at.year)
            goal = year.worked(at) + amount
            if goal <= year.total:
                return year.reach(goal)
            amount = goal - year.total
            at = self.next_open(year.end)

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """The same wall-clock time `days` working days later; where that is closed, the next opening.

        A start outside the calendar counts as the next opening. A working day is a local day on which a span starts.
        """
        if days < 0:
            raise ValueError(f"cannot add {days} days")
        at = self.next_open(start)
        if not days:
            return at
        first = self.working_day(at)
        wall = self.local(at).replace(tzinfo=None) - datetime.combine(first, time.min)
        target = datetime.combine(self._days_on(first, days), time.min) + wall
        due = target.replace(tzinfo=self._zone).astimezone(UTC)
        return due if self.covers(due) else self.next_open(due)

    def working_day(self, instant: datetime) -> date:
        """The local day whose span is open at `instant`: after midnight, a night shift is still yesterday's."""
        at = utc(instant)
        today = self.local(at).date()
        for day in (today, today - ONE_DAY):
            if any(start <= at < end for start, end in self.open_intervals(day)):
                return day
        raise ValueError(f"{self.hours.name} is closed at {at}")

    def working_between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from `a` to `b`; negative when `b` comes first."""
        a, b = utc(a), utc(b)
        if b < a:
            return -self.working_between(b, a)
        if self.hours.always:
            return b - a
        whole = sum((self._year(y).total for y in range(a.year, b.year)), ZERO)
        return whole + self._year(b.year).worked(b) - self._year(a.year).worked(a)

    def estimated_holiday_between(self, a: datetime, b: datetime) -> date | None:
        """The first estimated holiday that, moved by one day, could change the working time from `a` to `b`.

        A day on which we have already opened is settled: no holiday can move onto it any more.
        """
        if self.hours.always:
            return None
        first, last = self.local(a).date(), self.local(b).date()
        if any(start <= utc(a) for start, _ in self.open_intervals(first)):
            first += ONE_DAY
        if first > last:
            return None
        at = bisect_left(self._estimated, first - ONE_DAY)
        return next((day for day in self._estimated[at : at + 1] if day <= last + ONE_DAY), None)

    def _days_on(self, day: date, days: int) -> date:
        for _ in range(days):
            limit = day + LOOK_AHEAD
            day += ONE_DAY
            while not self.open_intervals(day):
                day += ONE_DAY
                if day > limit:
                    raise Misconfigured("sla.never_open", where=self.hours.name, date=day.isoformat())
        return day

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            found = self._lay_out(year)
            kept = dict(list(self._years.items())[1 - _YEARS_KEPT :])
            self._years = {**kept, year: found}  # a new dict each time: another thread may be reading the old one
        return found

    def _lay_out(self, year: int) -> _Year:
        begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
        offsets = self._offsets(begin - _MARGIN, end + _MARGIN)
        dates = (begin.date() + timedelta(days=n) for n in range(-3, 369))
        days = {day: tuple(self._laid(day, offsets)) for day in dates}
        pieces = sorted(piece for laid in days.values() for piece in laid)
        open_ones = merged([(max(a, begin), min(b, end)) for a, b in pieces if a < end and b > begin])
        before, total = [], ZERO
        for a, b in open_ones:
            before.append(total)
            total += b - a
        return _Year(end, days, [a for a, _ in open_ones], [b for _, b in open_ones], before, total)

    def _laid(self, day: date, offsets: list[Stretch]) -> list[Interval]:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)  # the wall clock, read as if it were UTC
        laid = []
        for span in self.hours.spans(day):
            wall = midnight + timedelta(minutes=span.start), midnight + timedelta(minutes=span.end)
            for begin, end, offset in offsets:
                a, b = max(wall[0] - offset, begin), min(wall[1] - offset, end)
                if a < b:
                    laid.append((a, b))
        return merged(sorted(laid))

    def _offsets(self, begin: datetime, end: datetime) -> list[Stretch]:
        """The stretches of constant offset from UTC between two instants."""
        stretches = []
        since, offset, at = begin, self._offset(begin), begin
        while at < end:
            later = min(at + _PROBE, end)
            if self._offset(later) != offset:
                change = self._change(at, later)
                stretches.append((since, change, offset))
                since, offset = change, self._offset(change)
            at = later
        return [*stretches, (since, end, offset)]

    def _change(self, low: datetime, high: datetime) -> datetime:
        """The first instant after `low` with another offset than at `low`; zone changes fall on whole seconds."""
        old = self._offset(low)
        seconds = int((high - low).total_seconds())
        first = bisect_left(range(seconds), True, key=lambda s: self._offset(low + timedelta(seconds=s)) != old)
        return low + timedelta(seconds=first)

    def _offset(self, at: datetime) -> timedelta:
        return at.astimezone(self._zone).utcoffset() or ZERO


def merged(pieces: list[Interval]) -> list[Interval]:
    """Sorted intervals with those that touch or overlap made into one."""
    joined: list[Interval] = []
    for a, b in pieces:
        if joined and a <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return joined


def zone_named(name: str, where: str) -> ZoneInfo:
    """The zone of that name; Misconfigured with the nearest one when tzdata does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = get_close_matches(name, available_timezones(), n=1) or ["Asia/Tehran"]
        raise Misconfigured("sla.unknown_zone", where=where, zone=name, near=near[0]) from error


def utc(instant: datetime) -> datetime:
    """The same instant in UTC; a naive one is a ValueError."""
    if instant.tzinfo is UTC:
        return instant
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no zone")
    return instant.astimezone(UTC)


def wall_clock(instant: datetime, zone: str) -> datetime:
    """What the clocks on the walls of a zone show at an instant; the zone was checked when it was read."""
    return instant.astimezone(ZoneInfo(zone))
