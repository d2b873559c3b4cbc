"""The walk of a clock, from its start to its due time, on the hours that it counts."""

from collections.abc import Mapping

from inbox.sla.clocks import ClockState
from inbox.sla.hours import Calendar
from inbox.sla.walk import Step, walk


def walked(state: ClockState, calendars: Mapping[str, Calendar]) -> list[Step]:
    """Its stretches, without its pauses; none where it has no target, or nobody knows its hours any more."""
    calendar = calendars.get(state.target.hours) if state.target else None
    if calendar is None or state.target is None:
        return []
    return walk(calendar, state.started_at, state.target.duration)
