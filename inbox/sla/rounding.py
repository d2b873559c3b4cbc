"""Rounding a time up to one that people say: the next :00 or :30, or from a day on the next working morning or noon."""

from datetime import datetime, timedelta

from inbox.sla.hours import ONE_DAY, Calendar, utc

HALF_HOUR = timedelta(minutes=30)
MORNING, NOON = 10 * 60, 12 * 60
"""Minutes after local midnight. Ten, for a promise "by the opening" would leave nobody a minute to keep it in."""


def round_up(calendar: Calendar, now: datetime, at: datetime) -> datetime:
    """The told form of `at`, never earlier, in the calendar: less than 24 hours from `now` a half hour, else a mark of a day.

    Where closing time comes before the next half hour, it is closing time.
    """
    inside = at if calendar.covers(at) else calendar.next_open(at)
    if inside - utc(now) < ONE_DAY:
        return half_hour(calendar, inside)
    return day_mark(calendar, inside) or half_hour(calendar, inside)


def half_hour(calendar: Calendar, at: datetime) -> datetime:
    """The next :00 or :30 of the local clock at or after `at`, or the closing time that comes before it."""
    wall = calendar.local(at)
    past = timedelta(minutes=wall.minute % 30, seconds=wall.second, microseconds=wall.microsecond)
    if not past:
        return utc(at)
    mark = utc(at) + HALF_HOUR - past
    worked = calendar.working_between(at, mark)
    return calendar.add_working(at, worked) if worked else utc(at)


def day_mark(calendar: Calendar, at: datetime) -> datetime | None:
    """The next 10:00 or 12:00 at or after `at` that lies in the calendar and after an opening; None if a week has none."""
    first = calendar.local(at).date()
    for n in range(8):
        for minute in (MORNING, NOON):
            mark = calendar.at(first + n * ONE_DAY, minute)
            if mark >= at and calendar.is_open(mark - timedelta(microseconds=1)):
                return mark
    return None
