"""The stretch from when a time was told until it is due, measured in working time: nothing comes closer while we are closed."""

from datetime import datetime, timedelta

from inbox.sla.hours import Calendar


def used(calendar: Calendar | None, told_at: datetime, due_at: datetime, now: datetime) -> float:
    """The share of the stretch that has passed by `now`; above 1 once it is over. Where no working time lies in it, all counts."""
    whole, passed = due_at - told_at, now - told_at
    if calendar is not None and now <= due_at:
        working = calendar.working_between(told_at, due_at)
        if working > timedelta(0):
            whole, passed = working, calendar.working_between(told_at, max(told_at, now))
    return passed / whole if whole > timedelta(0) else 1.0


def reached(calendar: Calendar | None, told_at: datetime, due_at: datetime, share: float) -> datetime:
    """When that share of it (0 to 1) has passed."""
    working = timedelta(0) if calendar is None else calendar.working_between(told_at, due_at)
    if calendar is None or working <= timedelta(0):
        return told_at + share * (due_at - told_at)
    return min(calendar.add_working(told_at, share * working), due_at)
