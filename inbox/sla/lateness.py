"""How a clock of a contract came out, judged at an instant: met, missed and by how much, excused, withdrawn, or open.

The laws. What stopped at its due instant is in time. A breach that is on record is a miss, whatever the target became later; how late
it was is counted from the due instant that stands. Late time is time of the clock's own kind: working time on its hours, or all of it;
pauses are left out. What happened after the instant of judging is not looked at, so that the same clock judged again comes out the same.
A clock that stood still when its time came waits for the customer and is not late. What spam and merging ended is withdrawn, and a
reply that `done` ended before it was due as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from inbox.sla.clocks import ClockState, Ending, over_pauses
from inbox.sla.durations import Counting, Duration, after
from inbox.sla.hours import ZERO, Calendar
from inbox.sla.metrics import Target


class Verdict(StrEnum):
    """How a clock came out; `open`: it is not due yet, or waits for the customer."""

    MET = "met"
    MISSED = "missed"
    EXCUSED = "excused"
    WITHDRAWN = "withdrawn"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Lateness:
    """A clock with a target, judged `at` an instant on the calendar of its hours; None: nobody knows these hours any more, and all
    time counts."""

    state: ClockState
    calendar: Calendar | None
    at: datetime

    @property
    def ended(self) -> datetime:
        """When it stopped, or the instant of judging where it had not."""
        stopped = self.state.stopped_at
        return self.at if stopped is None else min(stopped, self.at)

    @property
    def verdict(self) -> Verdict:
        """Without what somebody excused."""
        state = self.state
        stopped = state.stopped_at is not None and state.stopped_at <= self.at
        if stopped and state.ended in (Ending.SPAM, Ending.MERGED):
            return Verdict.WITHDRAWN
        if self._missed:
            return Verdict.MISSED
        if not stopped:
            return Verdict.OPEN
        return Verdict.MET if state.met else Verdict.WITHDRAWN

    @property
    def _missed(self) -> bool:
        due, breached = self.state.due_at, self.state.breached_at
        if breached is not None and breached < self.at:
            return True
        # Its due instant is only what it would be if the pause ended at once.
        return due is not None and due < self.ended and not self.state.paused

    @property
    def late(self) -> timedelta:
        """By how much of its own kind of time; zero where it was not."""
        due = self.state.due_at
        if self.verdict is not Verdict.MISSED or due is None or self.ended <= due:
            return ZERO
        pauses = ((max(p.since, due), min(p.until or self.ended, self.ended)) for p in self.state.pauses)
        rest = sum((self._between(a, b) for a, b in pauses if a < b), ZERO)
        return self._between(due, self.ended) - rest

    def late_by(self, duration: Duration) -> bool:
        """Whether it was late by so much or more; working time is counted on its hours."""
        due = self.state.due_at
        if self.verdict is not Verdict.MISSED or due is None:
            return False
        if self.calendar is None:
            return self.late >= duration.length
        from_due = replace(self.state, started_at=due, target=Target(duration, ""))
        return over_pauses(from_due, after(self.calendar, due, duration), self.calendar) <= self.ended

    def _between(self, a: datetime, b: datetime) -> timedelta:
        target = self.state.target
        if self.calendar is None or target is None or target.duration.counting is Counting.ALWAYS:
            return b - a
        return self.calendar.working_between(a, b)


def judged(state: ClockState, calendars: Mapping[str, Calendar], at: datetime) -> Lateness:
    """A clock, judged on the calendar of its hours."""
    return Lateness(state, calendars.get(state.target.hours) if state.target else None, at)
