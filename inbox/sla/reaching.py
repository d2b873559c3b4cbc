"""Reaching a step: when a running clock comes to each step of its policy's escalation."""

from collections.abc import Collection
from datetime import datetime

from inbox.domain.conversations import Priority
from inbox.sla.clocks import Calendars, ClockState, over_pauses
from inbox.sla.durations import Counting, after
from inbox.sla.escalation import Step


def reached(state: ClockState, step: Step, calendars: Calendars) -> datetime | None:
    """When a running clock comes to the step, as things stand; None for one without a due time, or that stands still."""
    if not state.open or state.paused or state.target is None or state.due_at is None:
        return None
    calendar, duration = calendars[state.target.hours], state.target.duration
    if step.after is not None:
        return after(calendar, state.due_at, step.after)
    if step.share is None or step.share >= 100:
        return state.due_at
    if duration.counting is Counting.ALWAYS:
        return over_pauses(state, state.started_at + duration.length * step.share / 100, calendar)
    whole = calendar.working_between(state.started_at, after(calendar, state.started_at, duration))
    return over_pauses(state, calendar.add_working(state.started_at, whole * step.share / 100), calendar)


def coming(
    states: Collection[ClockState], steps: Collection[Step], priority: Priority, calendars: Calendars
) -> list[tuple[datetime, ClockState, Step]]:
    """All steps of the clocks that run, by the instant at which they are reached, which may have passed."""
    found = [
        (at, state, step)
        for step in steps
        if priority in step.priorities
        for state in states
        if state.metric is step.metric and (at := reached(state, step, calendars)) is not None
    ]
    return sorted(found, key=lambda one: one[0])
