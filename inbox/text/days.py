"""A day as people write it in a form, in either calendar and language: "2026-11-26", "26 Nov 2026", «۵ آذر ۱۴۰۵», «۵/۹/۱۴۰۵»."""

import re
from datetime import date

from inbox.text.calendars import ENGLISH, PERSIAN
from inbox.text.cleaning import strip_controls
from inbox.text.dates import parse_day
from inbox.text.fold import fold, latin_digits, squeeze

_MONTHS = {
    squeeze(name): number
    for tongue in (ENGLISH, PERSIAN)
    for names in (tongue.gregorian_months, tongue.jalali_months)
    for number, name in enumerate(names, 1)
} | {name[:3].lower(): number for number, name in enumerate(ENGLISH.gregorian_months, 1)}
_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.? (\D+?)\.?,? (\d{4})", re.ASCII)
_MONTH_FIRST = re.compile(r"(\D+?)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.ASCII)
_FIRST_GREGORIAN_YEAR = 1700


def parse_day_in_words(typed: str) -> date | None:
    """The day that somebody wrote, or None. A year before 1700 is Jalali.

    Numbers with the year last are read day first; in the Gregorian calendar, where others write the month first, only if no other
    day could be meant. The month's name says which calendar it is; the year has to agree.
    """
    line = " ".join(latin_digits(strip_controls(typed)).split())
    if (day := parse_day(line)) is not None:
        return day
    if found := _LAST.fullmatch(line):
        return _numbers(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(fold(line)):
        return _named(found[3], found[2], found[1])
    found = _MONTH_FIRST.fullmatch(fold(line))
    return _named(found[3], found[1], found[2]) if found else None


def _numbers(first: int, second: int, year: int) -> date | None:
    if year < _FIRST_GREGORIAN_YEAR:
        return parse_day(f"{year}-{second}-{first}")
    if first != second and max(first, second) <= 12:
        return None
    day, month = (first, second) if second <= 12 else (second, first)
    return parse_day(f"{year}-{month}-{day}")


def _named(year: str, name: str, day: str) -> date | None:
    word = squeeze(name)
    jalali = any(word in map(squeeze, tongue.jalali_months) for tongue in (ENGLISH, PERSIAN))
    if word not in _MONTHS or jalali != (int(year) < _FIRST_GREGORIAN_YEAR):
        return None
    return parse_day(f"{year}-{_MONTHS[word]}-{day}")
