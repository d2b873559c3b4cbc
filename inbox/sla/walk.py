"""The walk: how a due time came about, day by day, for people who want to see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from inbox.sla.durations import Counting, Duration, after
from inbox.sla.hours import ONE_DAY, ZERO, Calendar, merged, utc


class Note(StrEnum):
    """What kind of day it was; the sentences stand in the catalogues under `sla_day.`."""

    OPEN = "open"
    ALWAYS = "always"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    ESTIMATED_HOLIDAY = "estimated_holiday"
    HALF_DAY = "half_day"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of a walk. `day` is the local day; `since` and `until` are UTC, equal on a day that counted nothing.

    `counted` is the working time of the stretch; `name` tells the holiday or the reason of the closure.
    """

    day: date
    since: datetime
    until: datetime
    counted: timedelta
    note: Note
    name: str = ""


def walk(calendar: Calendar, start: datetime, duration: Duration) -> list[Step]:
    """The stretches from `start` until the time is up; the last one ends at `durations.after` of the same arguments.

    A count of working days is walked the same way: its end is set by the days, and the working time shown is what they held.
    """
    begin, due = utc(start), after(calendar, start, duration)
    if duration.counting is Counting.ALWAYS or calendar.hours.always:
        return [Step(calendar.local(begin).date(), begin, due, due - begin, Note.ALWAYS)]
    steps = list(_days(calendar, begin, due))
    if steps[-1].until != due:  # due at an opening: nothing of that stretch counted, but it is where the walk ends
        arrival = Step(steps[-1].day, due, due, ZERO, Note.OPEN)
        steps = [*(steps if steps[-1].counted else steps[:-1]), arrival]
    return steps


def _days(calendar: Calendar, begin: datetime, due: datetime) -> Iterator[Step]:
    # What is due at midnight was worked for on the day before it.
    day, last = calendar.local(begin).date(), calendar.local(max(begin, due - timedelta(microseconds=1))).date()
    while day <= last:
        # A day is walked from midnight to midnight, so that a night shift shows on both of the days it touches.
        since, until = max(begin, calendar.at(day, 0)), min(due, calendar.at(day + ONE_DAY, 0))
        yield from _day(calendar, day, since, until)
        day += ONE_DAY


def _day(calendar: Calendar, day: date, since: datetime, until: datetime) -> Iterator[Step]:
    note, name = noted(calendar, day)
    near = [piece for n in (-1, 0) for piece in calendar.open_intervals(day + n * ONE_DAY)]
    shown = ((max(a, since), min(b, until)) for a, b in merged(sorted(near)))
    counted = [(a, b) for a, b in shown if a < b]
    for a, b in counted:
        yield Step(day, a, b, b - a, note if note in (Note.OPEN, Note.HALF_DAY) else Note.OPEN, name)
    if not counted:
        yield Step(day, since, since, ZERO, note if note is not Note.OPEN else Note.CLOSED, name)


def noted(calendar: Calendar, day: date) -> tuple[Note, str]:
    """What kind of day a local day is, and the name of its holiday or the reason of its closure."""
    hours = calendar.hours
    if day in hours.closures:
        return Note.CLOSURE, hours.closures[day]
    holiday = hours.holidays.get(day)
    if holiday is None:
        return (Note.OPEN if hours.spans(day) else Note.CLOSED), ""
    if holiday.spans:
        return Note.HALF_DAY, holiday.name
    return (Note.ESTIMATED_HOLIDAY if holiday.estimated else Note.HOLIDAY), holiday.name
