"""Durations on a calendar: how a policy's target is read, and the instant at which it is over."""

from datetime import datetime

from inbox.domain.problems import Misconfigured
from inbox.sla.hours import Calendar, utc
from inbox.text.durations import LONGEST, Counting, Duration, NoDuration, Unit, read

__all__ = ["LONGEST", "Counting", "Duration", "Unit", "after", "parse"]


def parse(text: str, where: str) -> Duration:
    """Read a duration as `inbox.text.durations` does; `where` names the key for the error.

    Misconfigured says what to write instead.
    """
    try:
        return read(text)
    except NoDuration as wrong:
        raise Misconfigured(wrong.key, where=where, text=text, **wrong.facts) from None


def after(calendar: Calendar, start: datetime, duration: Duration) -> datetime:
    """The UTC instant that lies `duration` after `start`; working time is counted on `calendar`."""
    if duration.counting is Counting.ALWAYS:
        return utc(start) + duration.length
    if duration.unit is Unit.DAYS:
        return calendar.add_working_days(start, duration.amount)
    return calendar.add_working(start, duration.length)
