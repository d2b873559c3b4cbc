"""Holidays out of iCalendar files (RFC 5545): whole days, stretches of days and hours of a day, once or every year.

The only file that knows the `icalendar` library. What it reads comes from elsewhere, so that everything is bounded: how
many events a file has, how long they are, how often they repeat. How large it may be is said where it is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar as Parsed

from inbox.domain.problems import Misconfigured
from inbox.sla.hours import DAY_MINUTES, ONE_DAY, Holiday, Span
from inbox.sla.suggested import YEARS
from inbox.sla.yearly import NotYearly, Yearly, read
from inbox.text.cleaning import strip_controls

EVENTS, DAYS, LONGEST = 1_000, 20_000, 366
"""Events of one file; days that they come to; days of one event."""
EARLIEST = 1900
NAME = 120
"""Characters of a name that are kept."""

Week = Sequence[tuple[Span, ...]]
Cut = tuple[int, int]
"""Minutes of a day in which we do not work."""


@dataclass(frozen=True, slots=True)
class _Off:
    """One day, or some minutes of it, on which we do not work."""

    day: date
    cut: Cut
    name: str
    estimated: bool

    @property
    def whole(self) -> bool:
        return self.cut == (0, DAY_MINUTES)


@dataclass(frozen=True, slots=True)
class _Event:
    uid: str
    name: str
    start: date
    """A `datetime` where it has a time of day."""
    length: timedelta
    estimated: bool
    rule: Yearly | None
    more: frozenset[date]
    without: frozenset[date]
    instead_of: date | None

    @property
    def first(self) -> date:
        return self.start.date() if isinstance(self.start, datetime) else self.start


def holidays(text: str, where: str, zone: str, week: Week) -> dict[date, Holiday]:
    """The days off of a calendar file, for hours in that zone with that week. Only the years that suggestions have.

    An event without a time of day takes whole days; one with times takes them out of the day, as a half day. `TENTATIVE`
    is estimated, `CANCELLED` does not count. Misconfigured, with the file and the event, where something cannot be read.
    """
    events = [_event(component, where) for component in _parsed(text, where)]
    moved: dict[str, set[date]] = {}
    for event in events:
        if event is not None and event.instead_of is not None:
            moved.setdefault(event.uid, set()).add(event.instead_of)
    found: list[_Off] = []
    for event in events:
        if event is not None:
            found += _off(event, moved.get(event.uid, set()), ZoneInfo(zone))
            if len(found) > DAYS:
                raise Misconfigured("sla.icalendar_days", where=where, most=DAYS)
    return _days(found, week)


def _parsed(text: str, where: str) -> list[Any]:
    try:
        events = Parsed.from_ical(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")).walk("VEVENT")
    except (ValueError, IndexError, KeyError, RecursionError) as error:
        reason = strip_controls(" ".join(str(error).split()))[:NAME]
        raise Misconfigured("sla.icalendar_unread", where=where, reason=reason or type(error).__name__) from error
    if len(events) > EVENTS:
        raise Misconfigured("sla.icalendar_events", where=where, most=EVENTS)
    return list(events)


def _event(component: Any, where: str) -> _Event | None:
    name = strip_controls(" ".join(str(component.get("SUMMARY", "")).split()))[:NAME]
    if str(component.get("STATUS", "")).upper() == "CANCELLED" and "RECURRENCE-ID" not in component:
        return None
    try:
        return _read(component, name)
    except NotYearly as error:
        raise Misconfigured("sla.icalendar_rule", where=where, event=name or "-", rule=str(error)) from error
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Misconfigured("sla.icalendar_event", where=where, event=name or "-", reason=str(error)[:NAME]) from error


def _read(component: Any, name: str) -> _Event:
    start = _instant(component, "DTSTART")
    if start is None:
        raise ValueError("DTSTART")
    if not EARLIEST <= start.year < YEARS.stop + 50:
        raise ValueError(f"DTSTART {start.year}")
    recurs = component.get("RRULE")
    replaced = _instant(component, "RECURRENCE-ID")
    length = _length(component, start)
    if str(component.get("STATUS", "")).upper() == "CANCELLED":
        length = timedelta()
    return _Event(
        uid=str(component.get("UID", "")),
        name=name,
        start=start,
        length=length,
        estimated=str(component.get("STATUS", "")).upper() == "TENTATIVE",
        rule=read(_one(recurs)) if recurs is not None else None,
        more=_listed(component, "RDATE"),
        without=_listed(component, "EXDATE"),
        instead_of=None if replaced is None else _date(replaced),
    )


def _one(value: Any) -> Mapping[str, Sequence[object]]:
    if not isinstance(value, Mapping):
        raise NotYearly("RRULE")
    return value


def _instant(component: Any, name: str) -> date | None:
    """A date, or a datetime that is naive where it floats. A zone that nobody knows is a ValueError."""
    if name not in component:
        return None
    value = getattr(component[name], "dt", None)
    if not isinstance(value, date):
        raise ValueError(f"{name} {component[name]}")
    zone = component[name].params.get("TZID")
    if isinstance(value, datetime) and value.tzinfo is None and zone:
        raise ValueError(f"{name} TZID={zone}")
    return value


def _length(component: Any, start: date) -> timedelta:
    timed = isinstance(start, datetime)
    end = _instant(component, "DTEND")
    if end is not None:
        if isinstance(end, datetime) is not timed:
            raise ValueError(f"DTEND {end}")
        length = end - start
    elif "DURATION" in component:
        length = component["DURATION"].dt
    else:
        length = timedelta() if timed else ONE_DAY
    if length < timedelta() or length > timedelta(days=LONGEST):
        raise ValueError(f"{length}")
    return length if timed else max(ONE_DAY, length)


def _listed(component: Any, name: str) -> frozenset[date]:
    value = component.get(name)
    lists = value if isinstance(value, list) else [value] if value is not None else []
    return frozenset(_date(one.dt) for each in lists for one in each.dts)


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise ValueError(str(value))


def _off(event: _Event, moved: set[date], zone: ZoneInfo) -> Iterator[_Off]:
    repeated = event.rule.dates(event.first, YEARS) if event.rule is not None else iter((event.first,))
    hidden = event.without | (frozenset() if event.instead_of is not None else moved)
    for day in sorted({*repeated, *event.more} - hidden):
        for cut_day, cut in _cuts(event, day - event.first, zone):
            if cut_day.year in YEARS:
                yield _Off(cut_day, cut, event.name, event.estimated)


def _cuts(event: _Event, by: timedelta, zone: ZoneInfo) -> Iterator[tuple[date, Cut]]:
    """The days that one occurrence touches, with their minutes; wall clock and zone of the event move along with its date."""
    begin = event.start + by
    if isinstance(begin, datetime):
        since = begin.astimezone(zone).replace(tzinfo=None) if begin.tzinfo else begin
        end = begin + event.length
        until = end.astimezone(zone).replace(tzinfo=None) if end.tzinfo else end
    else:
        since = datetime.combine(begin, time.min)
        until = since + event.length
    while since < until:
        midnight = datetime.combine(since.date(), time.min)
        stop = min(until, midnight + ONE_DAY)
        yield since.date(), (_minute(since - midnight), _minute(stop - midnight))
        since = stop


def _minute(past: timedelta) -> int:
    return int(past / timedelta(minutes=1))


def _days(found: Sequence[_Off], week: Week) -> dict[date, Holiday]:
    by_day: dict[date, list[_Off]] = {}
    for one in found:
        by_day.setdefault(one.day, []).append(one)
    touched = sorted({*by_day, *(day - ONE_DAY for day, offs in by_day.items() if not all(o.whole for o in offs))})
    holidays = {day: _day(day, by_day.get(day, []), by_day.get(day + ONE_DAY, []), week) for day in touched}
    return {day: holiday for day, holiday in holidays.items() if holiday is not None}


def _day(day: date, offs: Sequence[_Off], next_offs: Sequence[_Off], week: Week) -> Holiday | None:
    """A whole day off; or what is left of its stretches, where those lose something. A night's stretch loses hours of the next
    day to an event with times only: a holiday leaves the night before it alone."""
    if whole := [one for one in offs if one.whole]:
        return Holiday(_named(whole), all(one.estimated for one in whole))
    late = [one for one in next_offs if not one.whole]
    cuts = [one.cut for one in offs] + [(one.cut[0] + DAY_MINUTES, one.cut[1] + DAY_MINUTES) for one in late]
    usual = week[day.weekday()]
    left = tuple(piece for span in usual for piece in _without(span, sorted(cuts)))
    if left == usual:
        return None
    taking = [*offs, *late]
    return Holiday(_named(taking), all(one.estimated for one in taking), left)


def _without(span: Span, cuts: Sequence[Cut]) -> Iterator[Span]:
    start = span.start
    for begin, end in cuts:
        if end <= start or begin >= span.end:
            continue
        if begin > start:
            yield Span(start, begin)
        start = end
    if start < span.end:
        yield Span(start, span.end)


def _named(offs: Sequence[_Off]) -> str:
    return "; ".join(dict.fromkeys(one.name for one in offs if one.name)) or "-"
