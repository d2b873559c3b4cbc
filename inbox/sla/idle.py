"""Idleness: since when nothing has happened in a conversation, and when a rule that waits for that falls due."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from inbox.domain.conversations import Conversation, State
from inbox.sla.durations import LONGEST, after
from inbox.sla.hours import ZERO, Calendar
from inbox.text.durations import Duration

WROTE = "customer wrote"
REPLIED = "agent replied"
CHANGED = "changed"


class Watch(Protocol):
    """A rule that waits: its name, what its time counts from (one of the three above), and how long."""

    @property
    def rule(self) -> str: ...
    @property
    def since(self) -> str: ...
    @property
    def duration(self) -> Duration: ...


W = TypeVar("W", bound=Watch)


def starts(c: Conversation) -> Mapping[str, datetime]:
    """What time counts from, for a conversation that is open or waits: the oldest message that nobody has answered, our reply
    while the customer owes us one, the last thing that a customer or an agent did. Nothing where it is put aside or over,
    nor of old mail and what was taken over from elsewhere, until somebody takes it up."""
    if c.history or c.merged_into is not None or c.state not in (State.OPEN, State.WAITING):
        return {}
    replied = c.replied_at if c.waiting_since is None else None
    found = {WROTE: c.waiting_since, REPLIED: replied, CHANGED: c.acted_at}
    return {since: at for since, at in found.items() if at is not None}


def dues(c: Conversation, watches: Sequence[W], calendar: Calendar) -> list[tuple[datetime, W]]:
    """When each rule falls due, as things stand; those for which no time counts are left out."""
    begun = starts(c) if watches else {}
    return [(after(calendar, begun[w.since], w.duration), w) for w in watches if w.since in begun]


def next_alarm(c: Conversation, watches: Sequence[Watch], calendar: Calendar | None) -> datetime | None:
    """The earliest instant at which time brings something about in this conversation; it may have passed."""
    if c.merged_into is None and c.state is State.SNOOZED:
        return c.snoozed_until
    found = dues(c, watches, calendar) if calendar is not None else []
    return min((at for at, _ in found), default=None)


def working_days(calendar: Calendar, start: datetime, now: datetime) -> int:
    """How many working days have passed since then: so many as a duration of working days might ask for."""
    low, high = 0, LONGEST.days
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if calendar.add_working_days(start, middle) <= now else (low, middle - 1)
    return low


def passed(calendar: Calendar, start: datetime, now: datetime) -> tuple[timedelta, timedelta]:
    """All the time since then, and the working time of it."""
    return max(ZERO, now - start), max(ZERO, calendar.working_between(start, now)) if start < now else ZERO
