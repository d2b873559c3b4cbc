"""Reads `rules/hours.toml` into Hours; the schema stands in docs/hours-and-policies.md."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import pairwise

from inbox.sla.hours import DAY_MINUTES, Holiday, Hours, Span, zone_named
from inbox.sla.reading import Reading, Table
from inbox.sla.suggested import suggested
from inbox.text.dates import parse_day
from inbox.text.fold import latin_digits

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KEYS = ("zone", "always", "open", "holidays_from", "holidays", "closures")
_LATER = ("icalendar",)
_HOLIDAY_KEYS = ("name", "open", "estimated")
_SPAN = re.compile(r"(\d{1,2}):(\d{2}) *[-–] *(\d{1,2}):(\d{2})", re.ASCII)

Suggest = Callable[[str, str], dict[date, Holiday]]
"""From a country code and the key it stands at to the holidays by date."""


def load_hours(tables: Table, where: str, suggest: Suggest = suggested) -> dict[str, Hours]:
    """Every calendar of the file by name. `tables` is the parsed TOML, `where` the file's name for errors.

    Raises an ExceptionGroup of Misconfigured with everything that is wrong.
    """
    reading = Reading(where)
    reading.format(tables)
    reading.known(tables, "", ("format", "hours"))
    found = {}
    for name, table in reading.table(tables.get("hours", {}), "hours").items():
        path = f"hours.{name}"
        hours = _hours(reading, name, reading.table(table, path), path, suggest)
        if hours is not None:
            found[name] = hours
    reading.finish()
    return found


def _hours(reading: Reading, name: str, table: Table, path: str, suggest: Suggest) -> Hours | None:
    before = len(reading.problems)
    reading.known(table, path, _KEYS, _LATER)
    zone = reading.text(table.get("zone", ""), f"{path}.zone")
    always = reading.truth(table.get("always", False), f"{path}.always")
    week = _week(reading, reading.table(table.get("open", {}), f"{path}.open"), f"{path}.open")
    holidays = _holidays(reading, table, path, suggest)
    closures = _closures(reading, reading.table(table.get("closures", {}), f"{path}.closures"), f"{path}.closures")
    if always and set(table) & {"open", "holidays_from", "holidays", "closures"}:
        reading.wrong("sla.always_and_open", path)
    elif not always and not any(week) and len(reading.problems) == before:
        reading.wrong("sla.no_opening", path)
    if len(reading.problems) > before or zone is None:
        return None
    if not reading.attempt(partial(zone_named, zone, reading.place(f"{path}.zone"))):
        return None
    return Hours(name, zone, week, holidays, closures, always)


def _week(reading: Reading, table: Table, path: str) -> tuple[tuple[Span, ...], ...]:
    reading.known(table, path, WEEK)
    return tuple(_spans(reading, table.get(day, []), f"{path}.{day}") for day in WEEK)


def _spans(reading: Reading, value: object, path: str) -> tuple[Span, ...]:
    """The spans of a list like ["08:30-12:00", "13:00-17:00"], in order; "22:00-02:00" runs past midnight."""
    if not isinstance(value, list):
        reading.wrong("sla.not_spans", path, value=value)
        return ()
    spans = sorted(span for text in value if (span := _span(reading, text, path)) is not None)
    for one, other in pairwise(spans):
        if other.start < one.end:
            reading.wrong("sla.spans_overlap", path, one=_told(one), other=_told(other))
    return tuple(spans)


def _span(reading: Reading, text: object, path: str) -> Span | None:
    found = _SPAN.fullmatch(latin_digits(text).strip()) if isinstance(text, str) else None
    if found is not None:
        h1, m1, h2, m2 = (int(part) for part in found.groups())
        start, end = h1 * 60 + m1, h2 * 60 + m2
        if m1 < 60 and m2 < 60 and start < DAY_MINUTES and end <= DAY_MINUTES and start != end:
            return Span(start, end if end > start else end + DAY_MINUTES)
    reading.wrong("sla.not_span", path, value=text)
    return None


def _told(span: Span) -> str:
    start, end = divmod(span.start, 60), divmod((span.end - 1) % DAY_MINUTES + 1, 60)
    return f"{start[0]:02}:{start[1]:02}-{end[0]:02}:{end[1]:02}"


def _holidays(reading: Reading, table: Table, path: str, suggest: Suggest) -> dict[date, Holiday]:
    """The suggestions of the country with the site's own list laid over them; `false` takes a suggestion away."""
    found: dict[date, Holiday] = {}
    if "holidays_from" in table:
        place = reading.text(table["holidays_from"], f"{path}.holidays_from")
        if place is not None:
            found = reading.attempt(partial(suggest, place, reading.place(f"{path}.holidays_from"))) or {}
    own = reading.table(table.get("holidays", {}), f"{path}.holidays")
    for typed, value in own.items():
        day = _day(reading, typed, f"{path}.holidays")
        if day is None:
            continue
        if value is False:
            found.pop(day, None)
        elif (holiday := _holiday(reading, value, f"{path}.holidays.{typed}")) is not None:
            found[day] = holiday
    return found


def _holiday(reading: Reading, value: object, path: str) -> Holiday | None:
    if not isinstance(value, dict):
        name = reading.text(value, path)
        return None if name is None else Holiday(name)
    reading.known(value, path, _HOLIDAY_KEYS)
    name = reading.text(value.get("name", ""), f"{path}.name")
    estimated = reading.truth(value.get("estimated", False), f"{path}.estimated")
    spans = _spans(reading, value.get("open", []), f"{path}.open")
    return None if name is None else Holiday(name, estimated, spans)


def _closures(reading: Reading, table: Table, path: str) -> dict[date, str]:
    closures = {}
    for typed, value in table.items():
        day, reason = _day(reading, typed, path), reading.text(value, f"{path}.{typed}")
        if day is not None and reason is not None:
            closures[day] = reason
    return closures


def _day(reading: Reading, typed: str, path: str) -> date | None:
    day = parse_day(typed)
    if day is None:
        reading.wrong("sla.not_a_day", path, value=typed)
    return day
