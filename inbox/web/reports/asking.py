"""What a page of a report is asked for: the period, typed in either calendar, and which conversations; read from its address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from inbox.pipeline.reports_shape import Asked, Hours
from inbox.text.calendars import tongue
from inbox.text.dates import day_table
from inbox.text.days import parse_day_in_words
from inbox.text.fold import persian_digits
from inbox.text.months import Month, month_of

DAYS = 30
PRESETS = (7, 30, 90)
HOURS: tuple[Hours, ...] = ("calendar", "working")
_NAMES = ("team", "channel", "tag", "organization")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked, and what of it could not be read: the fields by name, as they were typed."""

    asked: Asked
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()

    def query(self, **changed: str) -> str:
        """The same as an address asks it, some of it changed; what is left out is empty."""
        asked = self.asked
        values = {"since": asked.since.isoformat(), "until": last(asked).isoformat(), "hours": asked.hours}
        values |= {name: getattr(asked, name) for name in _NAMES}
        return urlencode({name: value for name, value in (values | changed).items() if value})


def last(asked: Asked) -> date:
    """The last day of the period."""
    return asked.until - timedelta(days=1)


def read(query: Mapping[str, str], today: date, language: str) -> Asking:
    """What the address asks. A day that cannot be read is as if it had not been given, and named in `wrong`."""
    typed = {name: query.get(name, "").strip()[:_LONGEST] for name in ("since", "until", *_NAMES)}
    days = {name: parse_day_in_words(typed[name]) for name in ("since", "until") if typed[name]}
    until = days.get("until") or today
    since = days.get("since") or until - timedelta(days=DAYS - 1)
    hours: Hours = "working" if query.get("hours") == "working" else "calendar"
    names = {name: typed[name] for name in _NAMES}
    asked = Asked(since, until + timedelta(days=1), **names, hours=hours, language=language)
    shown = {"since": _day(since, language), "until": _day(until, language)} | names
    wrong = tuple(name for name, day in days.items() if day is None)
    return Asking(asked, shown | {name: typed[name] for name in wrong}, wrong)


def _day(day: date, language: str) -> str:
    """As the field shows it, in the reader's calendar."""
    persian = tongue(language).jalali
    shown = day_table(day, jalali=persian)
    return persian_digits(shown.replace("-", "/")) if persian else shown


@dataclass(frozen=True, slots=True)
class Preset:
    """A period that is offered: the last `days`, or, where that is 0, a month by its name."""

    days: int
    title: str
    since: date
    until: date
    chosen: bool


def presets(asked: Asked, today: date, language: str) -> list[Preset]:
    """The last 7, 30 and 90 days, this month and the one before it, in the reader's calendar."""
    this = month_of(today, language)
    before = month_of(this.days()[0] - timedelta(days=1), language)
    periods = [(days, "", today - timedelta(days=days - 1), today) for days in PRESETS]
    periods += [(0, month.title(language), *_ends(month, today)) for month in (this, before)]
    return [
        Preset(days, title, since, until, (since, until) == (asked.since, last(asked)))
        for days, title, since, until in periods
    ]


def _ends(month: Month, today: date) -> tuple[date, date]:
    days = month.days()
    return days[0], min(days[-1], today)
