"""Instants as people of each language read them: Jalali in Persian, Gregorian in English, the other one on request.

Every instant is an aware datetime and is told in the zone that is handed in; a naive one is refused with ValueError.
Customers are told absolute local times; relative words are for live chat and lists only.
"""

import re
from datetime import date, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from inbox.text.bidi import isolate_foreign
from inbox.text.calendars import PERSIAN, Tongue, tongue
from inbox.text.cleaning import strip_controls
from inbox.text.fold import latin_digits, persian_digits
from inbox.text.jalali import from_gregorian, to_gregorian

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SPANS = (("year", 365 * _DAY), ("month", 30 * _DAY), ("day", _DAY), ("hour", _HOUR), ("minute", _MINUTE))
# From here on a duration reads better in days; below it "30 h" says more than "1 d 6 h".
_DAYS_FROM = 48 * _HOUR
_FIRST_GREGORIAN_YEAR = 1700
_TYPED_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_OFFSET_ZONE = re.compile(r"Etc/GMT([+-])(\d{1,2})")


def moment(instant: datetime, language: str, zone: ZoneInfo, *, year: bool = True) -> str:
    """«سه‌شنبه ۳ آذر ۱۴۰۵ ساعت ۱۰:۳۰» or "Tuesday 24 November 2026, 10:30"; the year can be left out where it is plain."""
    said = tongue(language)
    return _moment(instant, said, zone, jalali=said.jalali, year=year)


def other_calendar(instant: datetime, language: str, zone: ZoneInfo) -> str:
    """The same moment in the same language by the other calendar: for `title` attributes and readers we do not know."""
    said = tongue(language)
    return _moment(instant, said, zone, jalali=not said.jalali, year=True)


def day(instant: datetime, language: str, zone: ZoneInfo, *, year: bool = True) -> str:
    """«سه‌شنبه ۳ آذر ۱۴۰۵» or "Tuesday 24 November 2026": the local day of an instant."""
    return day_of(_local(instant, zone).date(), language, year=year)


def day_of(on: date, language: str, *, year: bool = True) -> str:
    """The same for a calendar day that has no instant, such as a holiday."""
    said = tongue(language)
    return _day(on, said, jalali=said.jalali, year=year)


def clock_time(instant: datetime, language: str, zone: ZoneInfo) -> str:
    """«۱۰:۳۰» or "10:30", 24 hours."""
    return _digits(f"{_local(instant, zone):%H:%M}", tongue(language))


def table(instant: datetime, language: str, zone: ZoneInfo) -> str:
    """Numbers only, for columns: «۱۴۰۵/۰۹/۰۳ ۱۰:۳۰» or "2026-11-24 10:30"."""
    said = tongue(language)
    local = _local(instant, zone)
    year, month, number = _parts(local.date(), jalali=said.jalali)
    return _digits(f"{said.table_day.format(year=year, month=month, day=number)} {local:%H:%M}", said)


def day_table(on: date, *, jalali: bool) -> str:
    """A day in numbers, by either calendar, in Latin digits: "1405-09-03", "2026-11-24"."""
    year, month, number = _parts(on, jalali=jalali)
    return f"{year:04}-{month:02}-{number:02}"


def relative(instant: datetime, now: datetime, language: str) -> str:
    """«۵ دقیقه پیش», "in 2 hours"; whole units, rounded towards now, "just now" within a minute."""
    said = tongue(language)
    seconds = (instant - now).total_seconds()
    for name, length in _SPANS:
        if count := int(abs(seconds) // length):
            one, many = said.spans[name]
            span = (one if count == 1 else many).format(n=count)
            return _digits((said.future if seconds > 0 else said.past).format(span=span), said)
    return said.now


def duration(seconds: float, language: str) -> str:
    """ "1 h 20 m" or «۱ ساعت و ۲۰ دقیقه»: the two greatest units, rounded down; the sign is left to the sentence around it.

    Days from 48 hours on, seconds only below a minute.
    """
    said = tongue(language)
    whole = int(abs(seconds))
    if whole < _MINUTE:
        parts = [("second", whole)]
    elif whole < _DAYS_FROM:
        parts = [("hour", whole // _HOUR), ("minute", whole % _HOUR // _MINUTE)]
    else:
        parts = [("day", whole // _DAY), ("hour", whole % _DAY // _HOUR)]
    told = [said.units[name].format(n=count) for name, count in parts if count or len(parts) == 1]
    return _digits(said.joint.join(told), said)


@cache
def spoken_zone(zone: ZoneInfo, language: str) -> str:
    """«به وقت تهران» or "Tehran time", from the zone's city (CLDR); UTC and fixed offsets by their own names."""
    said = tongue(language)
    key = zone.key or "UTC"
    if key in {"UTC", "Etc/UTC", "Etc/UCT", "Etc/Zulu", "Zulu", "UCT", "GMT", "Etc/GMT", "Universal", "Etc/Universal"}:
        return said.utc
    if offset := _OFFSET_ZONE.fullmatch(key):
        # POSIX signs run the other way: Etc/GMT-3 is three hours ahead.
        city = f"UTC{'-' if offset[1] == '+' else '+'}{offset[2]}"
    else:
        from babel.dates import get_timezone_location  # here, for a start names no zone

        city = get_timezone_location(zone, locale="fa" if said is PERSIAN else "en", return_city=True).split("/")[-1]
    return said.zone.format(city=isolate_foreign(city, "rtl" if said is PERSIAN else "ltr"))


@lru_cache(maxsize=4096)
def both_calendars(instant: datetime, language: str, zone: ZoneInfo) -> str:
    """The moment in the calendar of the language and in the other one. A page says the same instants many times: what happened
    together, and what is shown again."""
    return f"{moment(instant, language, zone)} · {other_calendar(instant, language, zone)}"


def parse_day(typed: str) -> date | None:
    """The day that somebody typed as year, month, day ("1405-09-03", «۱۴۰۵/۹/۳», "2026.11.24"), or None.

    Any digits, either calendar: a year before 1700 is Jalali.
    """
    found = _TYPED_DAY.fullmatch(latin_digits(strip_controls(typed)).strip())
    if found is None:
        return None
    year, month, number = (int(part) for part in found.groups())
    try:
        return to_gregorian(year, month, number) if year < _FIRST_GREGORIAN_YEAR else date(year, month, number)
    except ValueError:
        return None


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"an instant without a zone: {instant!r}")
    return instant.astimezone(zone)


def _parts(on: date, *, jalali: bool) -> tuple[int, int, int]:
    return from_gregorian(on) if jalali else (on.year, on.month, on.day)


def _day(on: date, said: Tongue, *, jalali: bool, year: bool) -> str:
    in_year, month, number = _parts(on, jalali=jalali)
    months = said.jalali_months if jalali else said.gregorian_months
    told = said.day.format(
        weekday=said.weekdays[on.weekday()], day=number, month=months[month - 1], year=f" {in_year}" if year else ""
    )
    return _digits(told, said)


def _moment(instant: datetime, said: Tongue, zone: ZoneInfo, *, jalali: bool, year: bool) -> str:
    local = _local(instant, zone)
    on = _day(local.date(), said, jalali=jalali, year=year)
    return _digits(said.moment.format(day=on, time=f"{local:%H:%M}"), said)


def _digits(text: str, said: Tongue) -> str:
    return persian_digits(text) if said is PERSIAN else text
