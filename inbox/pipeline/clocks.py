"""Clocks of a conversation, as its events lead to them: the board of the stored ones, and the board after some more events."""

from collections.abc import Callable, Sequence
from datetime import datetime

from inbox.domain import events as ev
from inbox.domain.conversations import Conversation, State
from inbox.domain.events import Event
from inbox.sla.board import Board, Terms, advance, judged, replay
from inbox.sla.clocks import ClockState, Ending
from inbox.sla.facts import facts_of
from inbox.sla.policy import Metric

_LOOK_BACK = (ev.StateSet, ev.DeliverySettled, ev.SplitOff, ev.Undone)

_CLOSED = {State.DONE: Ending.DONE, State.SPAM: Ending.SPAM}

_AFTER_A_REPLY = (Metric.UPDATE, Metric.NEXT_REPLY)
"""Clocks that begin only once a person has answered."""


def board(conversation: Conversation, states: tuple[ClockState, ...], terms: Terms) -> Board:
    """The board that stored clocks and their conversation stand for."""
    closed = Ending.MERGED if conversation.merged_into is not None else _CLOSED.get(conversation.state)
    return Board(
        policy=terms.policies.get(conversation.policy),
        priority=conversation.priority,
        answered=any(s.ended is Ending.REPLY or s.metric in _AFTER_A_REPLY for s in states),
        closed=closed,
        states=states,
    )


def moved(before: Board, told: Sequence[Event], log: Callable[[], list[Event]], terms: Terms, now: datetime) -> Board:
    """The board after these events. A change of state, what became of a delivery, and what was undone or split off mean
    something only beside what was before: for these all of `log()` is gone through again."""
    if any(isinstance(event.payload, _LOOK_BACK) for event in told):
        return judged(before, replay(list(facts_of(log())), terms, now))
    for fact in facts_of(told):
        before = advance(before, fact, terms)
    return before


def worked(state: ClockState, terms: Terms) -> float | None:
    """The seconds of its own calendar's time for which a stopped clock ran; None while it runs or counts on none."""
    calendar = terms.calendars.get(state.target.hours) if state.target else None
    if calendar is None or state.stopped_at is None:
        return None
    return float(max(0.0, calendar.working_between(state.started_at, state.stopped_at).total_seconds()))
