"""Durations: how long, said together with the calendar they are counted on; a bare "1d" is refused."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from inbox.domain.problems import Misconfigured
from inbox.sla.hours import Calendar, utc
from inbox.text.fold import fold_spaced


class Unit(StrEnum):
    """What is counted. A working day runs to the same time on the next working day, however long that day is."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


class Counting(StrEnum):
    """Which time counts: only while the calendar is open, or all of it."""

    WORKING = "working"
    ALWAYS = "always"


LONGEST = timedelta(days=366)
"""A longer target is a slip of the pen, and would make the calendars walk years ahead."""

_LENGTH = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1), Unit.DAYS: timedelta(days=1)}
_UNITS = {
    "minute": Unit.MINUTES,
    "min": Unit.MINUTES,
    "دقیقه": Unit.MINUTES,
    "hour": Unit.HOURS,
    "h": Unit.HOURS,
    "ساعت": Unit.HOURS,
    "day": Unit.DAYS,
    "d": Unit.DAYS,
    "روز": Unit.DAYS,
}
_AMOUNT = re.compile(r"(\d{1,9}) *(.*)")
_ENGLISH = re.compile(r"(?:(working) )?(minute|min|hour|h|day|d)s?(?: *(\(24[x×/]7\)))?")
_PERSIAN = re.compile(r"(دقیقه|ساعت|روز)(?: (کاری))?(?: *(\((?:24[x×/]7|7[x×/]24|شبانه *روزی)\)))?")


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of a unit on a kind of time; `str()` is the text that `parse` reads back."""

    amount: int
    unit: Unit
    counting: Counting

    @property
    def length(self) -> timedelta:
        """The plain length; of working days only a count, for they are not all equally long."""
        return self.amount * _LENGTH[self.unit]

    def __str__(self) -> str:
        unit = self.unit.value[:-1] if self.amount == 1 else self.unit.value
        if self.counting is Counting.WORKING:
            return f"{self.amount} working {unit}"
        return f"{self.amount} {unit} (24x7)"


def parse(text: str, where: str) -> Duration:
    """Read "4 working hours", "2 working days", "30 minutes (24x7)", «۴ ساعت کاری» or «۳۰ دقیقه (شبانه‌روزی)».

    `where` names the key for the error. Misconfigured says what to write instead.
    """
    folded = " ".join(fold_spaced(text).split())
    amount = _AMOUNT.fullmatch(folded)
    if amount is None:
        raise Misconfigured("sla.duration_unread", where=where, text=text)
    count, rest = int(amount[1]), amount[2]
    if english := _ENGLISH.fullmatch(rest):
        working, unit, always = english[1], _UNITS[english[2]], english[3]
    elif persian := _PERSIAN.fullmatch(rest):
        unit, working, always = _UNITS[persian[1]], persian[2], persian[3]
    else:
        raise Misconfigured("sla.duration_unread", where=where, text=text)
    return _named(count, unit, bool(working), bool(always), text, where)


def _named(count: int, unit: Unit, working: bool, always: bool, text: str, where: str) -> Duration:
    plain = Duration(count, unit, Counting.WORKING if working else Counting.ALWAYS)
    if working == always:
        either = Duration(count, unit, Counting.WORKING), Duration(count, unit, Counting.ALWAYS)
        raise Misconfigured("sla.duration_bare", where=where, text=text, working=str(either[0]), always=str(either[1]))
    if not count:
        raise Misconfigured("sla.duration_zero", where=where, text=text)
    if plain.length > LONGEST:
        raise Misconfigured("sla.duration_long", where=where, text=text, days=LONGEST.days)
    return plain


def after(calendar: Calendar, start: datetime, duration: Duration) -> datetime:
    """The UTC instant that lies `duration` after `start`; working time is counted on `calendar`."""
    if duration.counting is Counting.ALWAYS:
        return utc(start) + duration.length
    if duration.unit is Unit.DAYS:
        return calendar.add_working_days(start, duration.amount)
    return calendar.add_working(start, duration.length)
