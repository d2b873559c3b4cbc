"""The time that somebody typed, in either language and calendar: "tuesday 15:00", «فردا ساعت ۱۰», "1405-09-10", "2h"."""

import re
from datetime import date, datetime, time, timedelta

from inbox.text.calendars import ENGLISH, PERSIAN
from inbox.text.dates import parse_day
from inbox.text.fold import fold, latin_digits, squeeze

_TIME = re.compile(r"(?:^|\s)(?:at |ساعت )?(\d{1,2})(?::(\d{2}))?$", re.ASCII)
_AFTER = re.compile(
    r"(?:in )?(\d{1,4}) ?(m|min|minutes?|h|hours?|d|days?|w|weeks?|دقیقه|ساعت|روز|هفته)(?: دیگر| بعد)?", re.ASCII
)
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "د": timedelta(minutes=1),
    "س": timedelta(hours=1),
    "ر": timedelta(days=1),
    "ه": timedelta(weeks=1),
}
_NEAR = {"today": 0, "tomorrow": 1, "امروز": 0, "فردا": 1, "پسفردا": 2}
_WEEKDAYS = {squeeze(name): n for tongue in (ENGLISH, PERSIAN) for n, name in enumerate(tongue.weekdays)}


def parse_when(typed: str, now: datetime) -> datetime | date | None:
    """An instant, or a day where no time of day was typed; None for what is no time.

    `now` is an aware local time, whose zone counts. A time alone is the next one of the clock, a weekday the next such day,
    never today. Any digits; a day as year, month, day in either calendar.
    """
    words = fold(latin_digits(typed)).strip()
    if after := _AFTER.fullmatch(words):
        return now + int(after[1]) * _UNITS[after[2][0]]
    at = _TIME.search(words)
    day = _day(words, now)
    if day is not None or at is None:
        return day
    clock = _clock(at)
    if clock is None:
        return None
    if rest := words[: at.start()].strip():
        day = _day(rest, now)
        return None if day is None else datetime.combine(day, clock, now.tzinfo)
    today = datetime.combine(now.date(), clock, now.tzinfo)
    return today if today > now else datetime.combine(now.date() + timedelta(days=1), clock, now.tzinfo)


def lead_time(typed: str) -> timedelta | None:
    """How long before something, as people type it ("2h", «۳۰ دقیقه»); None for what is no length."""
    after = _AFTER.fullmatch(fold(latin_digits(typed)).strip())
    return int(after[1]) * _UNITS[after[2][0]] if after else None


def _clock(found: re.Match[str]) -> time | None:
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(words: str, now: datetime) -> date | None:
    word = squeeze(words)
    if word in _NEAR:
        return now.date() + timedelta(days=_NEAR[word])
    if word in _WEEKDAYS:
        return now.date() + timedelta(days=(_WEEKDAYS[word] - now.weekday() - 1) % 7 + 1)
    return parse_day(words)
