"""What is owed in a conversation, as rules ask for it: how much of a promise's or a clock's time has passed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from inbox.domain.promises import Promise, PromiseState
from inbox.pipeline.promising import hours_of
from inbox.pipeline.turn import Turn
from inbox.rulebook.facts import PromiseFacts
from inbox.sla import stretch
from inbox.sla.clocks import ClockState, judge
from inbox.sla.durations import Counting, after
from inbox.sla.hours import Calendar
from inbox.store import promises

EXACT = 4
"""Decimals of a share."""


def promised(turn: Turn) -> PromiseFacts:
    """The latest promise, and how often it was renewed."""
    told = promises.of(turn.unit, turn.conversation.id) if turn.before.version else []
    if not told:
        return PromiseFacts()
    last = told[-1]
    waits = last.state is PromiseState.OPEN
    return PromiseFacts(
        kind=last.kind.value if waits else "",
        used=_used(turn, last) if waits else 0.0,
        late=any(_missed(one, turn.now) for one in (last, *earlier(last, told))),
        renewed=len(earlier(last, told)),
    )


def _used(turn: Turn, told: Promise) -> float:
    calendar = turn.terms.calendars.get(hours_of(told))
    return round(stretch.used(calendar, told.told_at, told.due_at, turn.now), EXACT)


def earlier(last: Promise, told: Sequence[Promise]) -> list[Promise]:
    """The times in whose place this one was told, one after the other, the latest first."""
    found, known = list[Promise](), {promise.id: promise for promise in told}
    while last.replaces in known and len(found) < len(told):
        last = known[last.replaces]
        found.append(last)
    return found


def _missed(told: Promise, now: datetime) -> bool:
    return told.state is PromiseState.LATE or (told.state is PromiseState.OPEN and now > told.due_at)


def used(turn: Turn) -> Mapping[str, float]:
    """By metric, the share of its time that has passed, for each clock that runs towards a due instant."""
    calendars = turn.terms.calendars
    return {
        state.metric.value: _of_clock(state, calendars[state.target.hours], turn.now)
        for state in turn.board.states
        if state.open and state.target is not None and state.target.hours in calendars
    }


def breached(turn: Turn) -> tuple[str, ...]:
    """The metrics whose latest clock passed its due instant."""
    latest = {state.metric: judge(state, turn.now) for state in turn.board.states}
    return tuple(metric.value for metric, state in latest.items() if state.breached_at is not None)


def _of_clock(state: ClockState, calendar: Calendar, now: datetime) -> float:
    """Counted from the end: of a clock that stood still for a while, the due instant has moved and its length has not."""
    assert state.target is not None
    assert state.due_at is not None
    at = state.pauses[-1].since if state.paused else now
    always = state.target.duration.counting is Counting.ALWAYS
    whole = _between(
        calendar, state.started_at, after(calendar, state.started_at, state.target.duration), always=always
    )
    ahead, behind = (state.due_at, at) if at > state.due_at else (at, state.due_at)
    rest = _between(calendar, ahead, behind, always=always)
    return _share(whole + rest if at > state.due_at else whole - rest, whole)


def _between(calendar: Calendar, since: datetime, until: datetime, *, always: bool) -> timedelta:
    return until - since if always else calendar.working_between(since, until)


def _share(part: timedelta, whole: timedelta) -> float:
    return round(part / whole, EXACT) if whole > timedelta(0) else 1.0
