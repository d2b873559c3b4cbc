"""The clocks of one conversation, as a pure function of its facts, its policies and the calendars.

The laws. Only a public reply of a person stops a reply clock; an acknowledgement, a note and a reply that was never
sent do not. A change of priority or policy gives a new target from the original start. Waiting for the customer pauses
the resolution clock and no other. A breach stays on record, whatever the target becomes later.

Where the conversation ends: `done` ends every clock (a reply clock that it ends is owed no more); opened again, the
resolution clock goes on from its original start and the time between counts as a pause. `spam` and `merged` end them
too; out of spam they all go on, for the customer never stopped waiting. A conversation that was split off, or took in
another one, has the moved messages among its facts at the instants at which the customer wrote them.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from operator import is_

from inbox.domain.conversations import Priority
from inbox.sla.clocks import (
    Calendars,
    ClockState,
    Ending,
    date_back,
    judge,
    pause,
    reopen,
    restore,
    resume,
    retarget,
    start,
    stop,
)
from inbox.sla.hours import Calendar
from inbox.sla.idle import Watch
from inbox.sla.policy import Metric, Policy


class Kind(StrEnum):
    """What can happen to the clocks of a conversation."""

    CUSTOMER_WROTE = "customer_wrote"
    AGENT_REPLIED = "agent_replied"
    REPLY_SENT = "reply_sent"
    REPLY_FAILED = "reply_failed"
    ACKNOWLEDGED = "acknowledged"
    NOTED = "noted"
    WAITING_STARTED = "waiting_started"
    WAITING_ENDED = "waiting_ended"
    DONE = "done"
    REOPENED = "reopened"
    SPAM = "spam"
    MERGED = "merged"
    PRIORITY_CHANGED = "priority_changed"
    POLICY_CHANGED = "policy_changed"
    RECOUNTED = "recounted"


@dataclass(frozen=True, slots=True)
class ClockFact:
    """One thing that happened. `at` is when it happened to the customer (a message: received), not when it was fetched.

    `reply` tells replies apart; `priority` or `policy` (its name, "" for none) is what it changed to.
    """

    at: datetime
    kind: Kind
    reply: str = ""
    priority: Priority = Priority.NORMAL
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the facts are judged by: policies by name, calendars by the name of their hours.

    `watches`: the rules that wait; their working time is counted on `working`, by channel, else under the empty name.
    """

    policies: Mapping[str, Policy]
    calendars: Calendars
    watches: tuple[Watch, ...] = ()
    working: Mapping[str, Calendar] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Another one whenever clocks may come out differently: a hash of policies and hours."""
        policies = sorted((name, policy.version) for name, policy in self.policies.items())
        hours = sorted((name, calendar.hours.version) for name, calendar in self.calendars.items())
        return hashlib.sha256(repr((policies, hours)).encode()).hexdigest()[:16]

    def calendar(self, channel: str) -> Calendar | None:
        """On which working time of a channel is counted, where no policy says so."""
        return self.working.get(channel) or self.working.get("")


@dataclass(frozen=True, slots=True)
class Board:
    """The clocks of one conversation and what decides about the next fact. Build it from the stored rows, or replay.

    `answered`: a person has replied at least once. `closed`: why no clock runs, None while the matter is open.
    `states` holds every cycle in the order of starting; the last ones of each metric are enough to go on.
    """

    policy: Policy | None = None
    priority: Priority = Priority.NORMAL
    answered: bool = False
    closed: Ending | None = None
    states: tuple[ClockState, ...] = ()

    def open(self, *metrics: Metric) -> list[ClockState]:
        """The clocks of these metrics that have not stopped."""
        return [s for s in self.states if s.open and s.metric in metrics]

    def last_cycle(self, metric: Metric) -> int:
        """The number of the latest cycle, 0 before the first."""
        return max((s.cycle for s in self.states if s.metric is metric), default=0)


def replay(facts: Sequence[ClockFact], terms: Terms, now: datetime) -> Board:
    """The clocks after all of a conversation's facts, in the order of its event log, judged at `now`."""
    board = Board()
    for fact in surviving(facts):
        board = advance(board, fact, terms)
    return _changed(board, lambda state: judge(state, now))


def surviving(facts: Iterable[ClockFact]) -> list[ClockFact]:
    """The facts without replies that failed; one that went out after all counts from the instant at which it did."""
    kept = list(facts)
    failed = {fact.reply for fact in kept if fact.kind is Kind.REPLY_FAILED}
    word = {fact.reply: n for n, fact in enumerate(kept) if fact.kind in (Kind.REPLY_SENT, Kind.REPLY_FAILED)}
    found = []
    for n, fact in enumerate(kept):
        if fact.reply not in failed:
            found.append(fact)
        elif fact.kind is Kind.REPLY_SENT and word[fact.reply] == n:
            found += [replace(fact, kind=Kind.AGENT_REPLIED), fact]
    return found


def judged(before: Board, after: Board) -> Board:
    """The board of a replay, with what was judged by the hours and policies of its own time left as it was: a clock that has
    stopped keeps its target and due time, and a breach stays on record."""
    known = {(s.metric, s.cycle): s for s in before.states}
    return replace(after, states=tuple(_judged(known.get((s.metric, s.cycle), s), s) for s in after.states))


def _judged(old: ClockState, new: ClockState) -> ClockState:
    same = (old.started_at, old.stopped_at, old.ended) == (new.started_at, new.stopped_at, new.ended)
    if same and not new.open:
        return replace(new, target=old.target, due_at=old.due_at, breached_at=old.breached_at)
    return new if old.breached_at is None else replace(new, breached_at=old.breached_at)


def advance(board: Board, fact: ClockFact, terms: Terms) -> Board:
    """The clocks after one more fact, without looking at the earlier ones.

    A reply that fails, or is sent after it had failed, changes what earlier facts meant: that takes a `replay`, and is
    a ValueError here.
    """
    if fact.kind is Kind.REPLY_FAILED:
        raise ValueError(f"reply {fact.reply} failed: replay the conversation")
    if board.closed is Ending.MERGED:
        return board
    return _advanced(_changed(board, lambda state: judge(state, fact.at)), fact, terms)


def _advanced(board: Board, fact: ClockFact, terms: Terms) -> Board:
    match fact.kind:
        case Kind.CUSTOMER_WROTE:
            return _wrote(board, fact.at, terms)
        case Kind.AGENT_REPLIED:
            return _replied(board, fact, terms)
        case Kind.REPLY_SENT:
            return _changed(board, lambda s: replace(s, provisional=False) if s.reply == fact.reply else s)
        case Kind.WAITING_STARTED:
            return _for(board, [Metric.RESOLUTION], lambda s: pause(s, fact.at))
        case Kind.WAITING_ENDED:
            return _for(board, [Metric.RESOLUTION], lambda s: resume(s, fact.at, terms.calendars))
        case Kind.DONE | Kind.SPAM | Kind.MERGED:
            return _closed(board, fact.at, Ending(fact.kind.value), terms)
        case Kind.REOPENED:
            return _reopened(board, fact.at, terms)
        case Kind.PRIORITY_CHANGED:
            return _retargeted(replace(board, priority=fact.priority), terms)
        case Kind.POLICY_CHANGED:
            return _retargeted(replace(board, policy=terms.policies.get(fact.policy)), terms)
        case Kind.RECOUNTED:
            return _retargeted(board, terms)
        case _:
            return board


def _wrote(board: Board, at: datetime, terms: Terms) -> Board:
    if board.closed is Ending.SPAM:
        return board
    owed = (Metric.FIRST_REPLY, Metric.NEXT_REPLY)
    earlier = partial(date_back, at=at, calendars=terms.calendars)
    board = _for(board, [*owed, Metric.RESOLUTION], earlier)
    if not board.last_cycle(Metric.RESOLUTION):
        board = _started(board, Metric.RESOLUTION, at, terms)
    if board.open(*owed):
        return board
    return _started(board, owed[board.answered], at, terms)


def _replied(board: Board, fact: ClockFact, terms: Terms) -> Board:
    told = [Metric.FIRST_REPLY, Metric.NEXT_REPLY, Metric.UPDATE]
    board = _for(board, told, lambda s: stop(s, fact.at, Ending.REPLY, terms.calendars, fact.reply))
    board = replace(board, answered=True)
    return board if board.closed else _started(board, Metric.UPDATE, fact.at, terms)


def _closed(board: Board, at: datetime, ended: Ending, terms: Terms) -> Board:
    board = _for(board, list(Metric), lambda s: stop(s, at, ended, terms.calendars))
    return replace(board, closed=ended)


def _reopened(board: Board, at: datetime, terms: Terms) -> Board:
    if board.closed is None:
        return board
    board = replace(_changed(board, lambda s: _again(s, at, terms.calendars)), closed=None)
    due_news = board.answered and not board.open(Metric.UPDATE)
    return _started(board, Metric.UPDATE, at, terms) if due_news else board


def _again(state: ClockState, at: datetime, calendars: Calendars) -> ClockState:
    if state.metric is Metric.RESOLUTION:
        return reopen(state, at, calendars)
    return restore(state) if state.ended is Ending.SPAM else state


def _retargeted(board: Board, terms: Terms) -> Board:
    change = partial(retarget, policy=board.policy, priority=board.priority, calendars=terms.calendars)
    return _for(board, list(Metric), change)


def _started(board: Board, metric: Metric, at: datetime, terms: Terms) -> Board:
    state = start(metric, board.last_cycle(metric) + 1, at, board.policy, board.priority, terms.calendars)
    return replace(board, states=(*board.states, state))


def _for(board: Board, metrics: Sequence[Metric], change: Callable[[ClockState], ClockState]) -> Board:
    return _changed(board, lambda state: change(state) if state.open and state.metric in metrics else state)


def _changed(board: Board, change: Callable[[ClockState], ClockState]) -> Board:
    states = tuple([change(state) for state in board.states])
    same = all(map(is_, states, board.states))  # as after most facts: they are about other things
    return board if same else replace(board, states=states)
