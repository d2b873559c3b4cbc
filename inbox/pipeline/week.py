"""Days of the week, stretches of a day and whole days as people type them."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inbox.domain.problems import Problem
from inbox.text.dates import parse_day
from inbox.text.fold import latin_digits

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""0 is Monday, as in datetime.weekday()."""
_PERSIAN = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
_SPAN = re.compile(r"(\d{1,2}):(\d{2}) *[-–] *(\d{1,2}):(\d{2})")


def days(typed: str) -> list[int]:
    """The weekdays of "sat-wed", "mon,thu" or «شنبه، دوشنبه», in order. Raises Problem."""
    found: list[int] = []
    for part in re.split(r"[,،]", typed):
        first, dash, last = part.partition("-")
        start = _day(first, typed)
        end = _day(last, typed) if dash else start
        found += [(start + step) % 7 for step in range((end - start) % 7 + 1)]
    return list(dict.fromkeys(found))


def _day(typed: str, whole: str) -> int:
    word = typed.strip().lower().replace("\N{ZERO WIDTH NON-JOINER}", "").replace(" ", "")
    for number, (english, persian) in enumerate(zip(NAMES, _PERSIAN, strict=True)):
        if word[:3] == english or word == persian.replace("\N{ZERO WIDTH NON-JOINER}", ""):
            return number
    raise Problem("cli.not_days", value=whole)


def hours(typed: str) -> tuple[time, time]:
    """Start and end of "08:30-17:00"; ending before it starts, it ends the day after. Raises Problem."""
    found = _SPAN.fullmatch(latin_digits(typed).strip())
    try:
        if found is not None:
            h1, m1, h2, m2 = (int(part) for part in found.groups())
            if (h1, m1) != (h2 % 24, m2):
                return time(h1, m1), time(h2 % 24, m2) if h2 <= 24 else time(h2, m2)
    except ValueError:
        pass
    raise Problem("cli.not_hours", value=typed)


def whole_days(first: str, last: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the beginning of one day to the end of another, as typed in either calendar. Raises Problem."""
    start, end = _date(first), _date(last)
    if end < start:
        raise Problem("cli.ends_before", first=first, last=last)
    midnight = time(tzinfo=zone)
    return datetime.combine(start, midnight), datetime.combine(end + timedelta(days=1), midnight)


def _date(typed: str) -> date:
    found = parse_day(typed)
    if found is None:
        raise Problem("cli.not_a_day", value=typed)
    return found
