"""Months of either calendar: as people type them, the days that they have, and what a language calls them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from inbox.text.calendars import PERSIAN, tongue
from inbox.text.cleaning import strip_controls
from inbox.text.fold import latin_digits, persian_digits
from inbox.text.jalali import from_gregorian, to_gregorian

_TYPED = re.compile(r"(\d{4})[-/.](\d{1,2})", re.ASCII)
_FIRST_GREGORIAN_YEAR = 1700
_EARLIEST, _LATEST = 1200, 2400


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one calendar."""

    year: int
    number: int
    jalali: bool

    def days(self) -> list[date]:
        """Its days in order."""
        later = (self.year + 1, 1) if self.number == 12 else (self.year, self.number + 1)
        first, after = self._first(self.year, self.number), self._first(*later)
        return [first + timedelta(days=n) for n in range((after - first).days)]

    def title(self, language: str) -> str:
        """«آذر ۱۴۰۵», "December 2026"."""
        said = tongue(language)
        names = said.jalali_months if self.jalali else said.gregorian_months
        text = f"{names[self.number - 1]} {self.year}"
        return persian_digits(text) if said is PERSIAN else text

    def _first(self, year: int, number: int) -> date:
        return to_gregorian(year, number, 1) if self.jalali else date(year, number, 1)


def parse_month(typed: str) -> Month | None:
    """The month that somebody typed ("1405-09", «۱۴۰۵/۹», "2026.12"), or None; a year before 1700 is Jalali."""
    found = _TYPED.fullmatch(latin_digits(strip_controls(typed)).strip())
    if found is None:
        return None
    year, number = int(found[1]), int(found[2])
    if not 1 <= number <= 12 or not _EARLIEST <= year <= _LATEST:
        return None
    return Month(year, number, year < _FIRST_GREGORIAN_YEAR)


def month_of(day: date, language: str) -> Month:
    """The month of a day, in the calendar of the language."""
    if tongue(language).jalali:
        year, number, _ = from_gregorian(day)
        return Month(year, number, jalali=True)
    return Month(day.year, day.month, jalali=False)


def begins_week(day: date, language: str) -> bool:
    """Whether a week begins on that day, where it is printed in this language: Saturday in Persian, Monday in English."""
    return day.weekday() == tongue(language).week_starts


def in_week(weekday: int, language: str) -> int:
    """The place of a weekday (0 is Monday) in a week as this language prints it."""
    return (weekday - tongue(language).week_starts) % 7
