"""Durations as people write them: how long, said together with the calendar they are counted on; a bare "1d" is none."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from inbox.text.fold import fold_spaced, persian_digits


class NoDuration(ValueError):
    """The text is no duration. `key` is the sentence of the catalogues that says why, `facts` what it tells besides the text."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


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


def read(text: str) -> Duration:
    """Read "4 working hours", "2 working days", "30 minutes (24x7)", «۴ ساعت کاری» or «۳۰ دقیقه (شبانه‌روزی)».

    Raises NoDuration, which says what to write instead.
    """
    folded = " ".join(fold_spaced(text).split())
    amount = _AMOUNT.fullmatch(folded)
    if amount is None:
        raise NoDuration("sla.duration_unread")
    count, rest = int(amount[1]), amount[2]
    if english := _ENGLISH.fullmatch(rest):
        working, unit, always = english[1], _UNITS[english[2]], english[3]
    elif persian := _PERSIAN.fullmatch(rest):
        unit, working, always = _UNITS[persian[1]], persian[2], persian[3]
    else:
        raise NoDuration("sla.duration_unread")
    return _named(count, unit, bool(working), bool(always))


def _named(count: int, unit: Unit, working: bool, always: bool) -> Duration:
    plain = Duration(count, unit, Counting.WORKING if working else Counting.ALWAYS)
    if working == always:
        either = Duration(count, unit, Counting.WORKING), Duration(count, unit, Counting.ALWAYS)
        raise NoDuration("sla.duration_bare", working=str(either[0]), always=str(either[1]))
    if not count:
        raise NoDuration("sla.duration_zero")
    if plain.length > LONGEST:
        raise NoDuration("sla.duration_long", days=LONGEST.days)
    return plain


_SPOKEN = {Unit.MINUTES: "دقیقه", Unit.HOURS: "ساعت", Unit.DAYS: "روز"}


def spoken(duration: Duration, language: str) -> str:
    """A duration in words of a language, as `read` would read it back: «۵ روز کاری», "5 working days"."""
    if not language.lower().startswith("fa"):
        return str(duration)
    counting = "کاری" if duration.counting is Counting.WORKING else "(شبانه\u200cروزی)"
    return f"{persian_digits(str(duration.amount))} {_SPOKEN[duration.unit]} {counting}"
