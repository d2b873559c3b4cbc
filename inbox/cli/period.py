"""A point in the past as it is typed on the command line: `90d` ago, or a day."""

import re
from datetime import datetime, time, timedelta

from inbox.cli.context import Context
from inbox.domain.problems import Problem
from inbox.text.dates import parse_day
from inbox.text.fold import latin_digits

AGO = re.compile(r"(\d{1,5}) ?([hdw])")
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def instant(context: Context, typed: str, now: datetime) -> datetime:
    """`90d`, `12h` or `2w` ago, or the beginning of a day in either calendar. Raises Problem."""
    ago = AGO.fullmatch(latin_digits(typed.strip()))
    if ago is not None:
        return now - int(ago[1]) * UNITS[ago[2]]
    day = parse_day(typed)
    if day is None:
        raise Problem("cli.rules.no_time", value=typed)
    return datetime.combine(day, time(tzinfo=context.zone))


def known_channel(context: Context, name: str) -> str:
    """The name of a channel, or none for all of them. Raises Problem for one that is not there."""
    if name and name not in context.settings.channels:
        known = ", ".join(context.settings.channels) or "-"
        raise Problem("cli.rules.unknown_channel", name=name, known=known)
    return name
