"""Reads `rules/hours.toml` into Hours; the schema stands in docs/hours-and-policies.md."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Protocol

from inbox.domain.problems import Misconfigured
from inbox.sla.hours import DAY_MINUTES, Holiday, Hours, Span, zone_named
from inbox.sla.reading import Reading, Table
from inbox.sla.suggested import suggested
from inbox.text.dates import parse_day
from inbox.text.fold import latin_digits

MOST_FILES = 16
"""Calendar files of one calendar."""
Week = tuple[tuple[Span, ...], ...]
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KEYS = ("zone", "always", "open", "holidays_from", "icalendar", "holidays", "closures")
_CLOSING = ("open", "holidays_from", "icalendar", "holidays", "closures")
_HOLIDAY_KEYS = ("name", "open", "estimated")
_FILE = re.compile(r"(?!\.)(?:[^/\\.\x00-\x1f][^/\\\x00-\x1f]*/){0,3}[^/\\.\x00-\x1f][^/\\\x00-\x1f]*\.ics")
_SPAN = re.compile(r"(\d{1,2}):(\d{2}) *[-–] *(\d{1,2}):(\d{2})", re.ASCII)

Suggest = Callable[[str, str], dict[date, Holiday]]
"""From a country code and the key it stands at to the holidays by date."""


class Files(Protocol):
    """What the iCalendar files say: by the name in `icalendar`, the text and what people call the file; None: it was told why not."""

    def __call__(self, name: str, /) -> tuple[str, str] | None: ...


def no_files(name: str, /) -> None:
    """There are none."""


def calendar_files(tables: Table) -> list[str]:
    """The iCalendar files that the hours name, each once; what is wrong with the tables is not told here."""
    hours = tables.get("hours", {})
    named = (
        [table.get("icalendar", []) for table in hours.values() if isinstance(table, dict)]
        if isinstance(hours, dict)
        else []
    )
    return list(dict.fromkeys(name for names in named if isinstance(names, list) for name in names if _is_file(name)))


def _is_file(name: object) -> bool:
    return isinstance(name, str) and _FILE.fullmatch(name) is not None


def load_hours(tables: Table, where: str, suggest: Suggest = suggested, files: Files = no_files) -> dict[str, Hours]:
    """Every calendar of the file by name. `tables` is the parsed TOML, `where` the file's name for errors.

    Raises an ExceptionGroup of Misconfigured with everything that is wrong.
    """
    reading = Reading(where)
    reading.format(tables)
    reading.known(tables, "", ("format", "hours"))
    found = {}
    for name, table in reading.table(tables.get("hours", {}), "hours").items():
        path = f"hours.{name}"
        hours = _hours(reading, name, reading.table(table, path), path, suggest, files)
        if hours is not None:
            found[name] = hours
    reading.finish()
    return found


def _hours(reading: Reading, name: str, table: Table, path: str, suggest: Suggest, files: Files) -> Hours | None:
    before = len(reading.problems)
    reading.known(table, path, _KEYS)
    zone = reading.text(table.get("zone", ""), f"{path}.zone")
    always = reading.truth(table.get("always", False), f"{path}.always")
    week = _week(reading, reading.table(table.get("open", {}), f"{path}.open"), f"{path}.open")
    found = _suggested(reading, table, path, suggest) | _fed(reading, table, path, (zone or "", week), files)
    holidays = _own(reading, reading.table(table.get("holidays", {}), f"{path}.holidays"), f"{path}.holidays", found)
    closures = _closures(reading, reading.table(table.get("closures", {}), f"{path}.closures"), f"{path}.closures")
    if always and set(table) & set(_CLOSING):
        reading.wrong("sla.always_and_open", path)
    elif not always and not any(week) and len(reading.problems) == before:
        reading.wrong("sla.no_opening", path)
    if len(reading.problems) > before or zone is None:
        return None
    if not reading.attempt(partial(zone_named, zone, reading.place(f"{path}.zone"))):
        return None
    return Hours(name, zone, week, holidays, closures, always)


def _week(reading: Reading, table: Table, path: str) -> Week:
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
            reading.wrong("sla.spans_overlap", path, one=told_span(one), other=told_span(other))
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


def told_span(span: Span) -> str:
    """The span as it is written: "22:00-02:00"."""
    start, end = divmod(span.start, 60), divmod((span.end - 1) % DAY_MINUTES + 1, 60)
    return f"{start[0]:02}:{start[1]:02}-{end[0]:02}:{end[1]:02}"


def _suggested(reading: Reading, table: Table, path: str, suggest: Suggest) -> dict[date, Holiday]:
    if "holidays_from" not in table:
        return {}
    place = reading.text(table["holidays_from"], f"{path}.holidays_from")
    return (
        {} if place is None else reading.attempt(partial(suggest, place, reading.place(f"{path}.holidays_from"))) or {}
    )


def _fed(reading: Reading, table: Table, path: str, usual: tuple[str, Week], files: Files) -> dict[date, Holiday]:
    """What the iCalendar files say, a later one over an earlier one. Nothing while the zone is wrong, of which it is told."""
    names = table.get("icalendar", [])
    if not isinstance(names, list) or not all(_is_file(name) for name in names) or len(names) > MOST_FILES:
        reading.wrong("sla.not_calendar_files", f"{path}.icalendar", value=names, most=MOST_FILES)
        return {}
    zone, week = usual
    read = [one for name in names if (one := files(name)) is not None]
    if not read or not _is_zone(zone):
        return {}
    from inbox.sla import feed  # its library takes a quarter of a second to load, and few sites have such files

    found: dict[date, Holiday] = {}
    for text, where in read:
        found |= reading.attempt(partial(feed.holidays, text, where, zone, week)) or {}
    return found


def _is_zone(name: str) -> bool:
    try:
        return bool(zone_named(name, ""))
    except Misconfigured:
        return False


def _own(reading: Reading, own: Table, path: str, found: dict[date, Holiday]) -> dict[date, Holiday]:
    """The site's own list, laid over what was found elsewhere; `false` takes a holiday away."""
    found = dict(found)
    for typed, value in own.items():
        day = _day(reading, typed, path)
        if day is None:
            continue
        if value is False:
            found.pop(day, None)
        elif (holiday := _holiday(reading, value, f"{path}.{typed}")) is not None:
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
