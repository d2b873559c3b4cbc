"""A clock: one target on one conversation, and what may happen to it; `board` decides when each of these happens."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from inbox.domain.conversations import Priority
from inbox.sla.durations import Counting, after
from inbox.sla.hours import Calendar
from inbox.sla.metrics import Metric, Target
from inbox.sla.policy import Policy


class Ending(StrEnum):
    """Why a clock stopped. Only a reply (or done, for the resolution) meets the target; the rest are withdrawn."""

    REPLY = "reply"
    DONE = "done"
    SPAM = "spam"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that does not count; without an end it is still going on."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockState:
    """One clock, in its `cycle` (1, 2, ...). Without a target `due_at` is None: it measures, but nothing is owed.

    While it is paused, `due_at` is what it would be if the pause ended at once. `provisional`: the reply that stopped
    it is not sent yet. `breached_at` is the first due instant that passed while it ran.
    """

    metric: Metric
    cycle: int
    started_at: datetime
    target: Target | None = None
    due_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    stopped_at: datetime | None = None
    ended: Ending | None = None
    reply: str = ""
    provisional: bool = False
    breached_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it has not stopped."""
        return self.stopped_at is None

    @property
    def paused(self) -> bool:
        """Whether it stands still just now."""
        return bool(self.pauses) and self.pauses[-1].until is None

    @property
    def met(self) -> bool:
        """Whether what was owed was done (in time or not): the clock was not just withdrawn."""
        meets = Ending.DONE if self.metric is Metric.RESOLUTION else Ending.REPLY
        return self.ended is meets


Calendars = Mapping[str, Calendar]
"""A calendar for each name of hours that a policy uses."""


def start(
    metric: Metric, cycle: int, at: datetime, policy: Policy | None, priority: Priority, calendars: Calendars
) -> ClockState:
    """A clock that begins to run at `at`."""
    return retarget(ClockState(metric, cycle, at), policy, priority, calendars)


def retarget(state: ClockState, policy: Policy | None, priority: Priority, calendars: Calendars) -> ClockState:
    """The same clock with the target of another policy or priority, from its original start."""
    target = policy.target(state.metric, priority) if policy is not None else None
    return replace(state, target=target, due_at=_due(state, target, calendars))


def stop(state: ClockState, at: datetime, ended: Ending, calendars: Calendars, reply: str = "") -> ClockState:
    """The clock stopped; by a reply provisionally, until that is sent."""
    resting = resume(judge(state, at), at, calendars)
    return replace(resting, stopped_at=at, ended=ended, reply=reply, provisional=ended is Ending.REPLY)


def restore(state: ClockState) -> ClockState:
    """The clock as if it had never stopped: its reply failed. Right while nobody wrote since; after that, `replay`."""
    return replace(state, stopped_at=None, ended=None, reply="", provisional=False)


def reopen(state: ClockState, at: datetime, calendars: Calendars) -> ClockState:
    """The clock going on from its original start; since it stopped, time did not count."""
    stopped = state.stopped_at
    if stopped is None:
        return state
    between = Pause(stopped, max(stopped, at))
    return _timed(replace(restore(state), pauses=(*state.pauses, between)), calendars)


def date_back(state: ClockState, at: datetime, calendars: Calendars) -> ClockState:
    """The clock started at `at` if that is earlier: an older message came late, and that is what the customer waits on."""
    return _timed(replace(state, started_at=at), calendars) if at < state.started_at else state


def pause(state: ClockState, at: datetime) -> ClockState:
    """The clock standing still from `at` on."""
    return state if state.paused else replace(state, pauses=(*state.pauses, Pause(at)))


def resume(state: ClockState, at: datetime, calendars: Calendars) -> ClockState:
    """The clock going on at `at`, due later by the time that its calendar counted meanwhile."""
    if not state.paused:
        return state
    since = state.pauses[-1].since
    closed = (*state.pauses[:-1], Pause(since, max(since, at)))
    return _timed(replace(state, pauses=closed), calendars)


def judge(state: ClockState, now: datetime) -> ClockState:
    """The clock with its breach on record if its due instant has passed at `now`; met exactly then, it is in time."""
    late = state.open and not state.paused and state.due_at is not None and state.due_at < now
    return replace(state, breached_at=state.due_at) if late and state.breached_at is None else state


def _timed(state: ClockState, calendars: Calendars) -> ClockState:
    return replace(state, due_at=_due(state, state.target, calendars))


def _due(state: ClockState, target: Target | None, calendars: Calendars) -> datetime | None:
    if target is None:
        return None
    calendar = calendars[target.hours]
    return _over(state, target, after(calendar, state.started_at, target.duration), calendar)


def over_pauses(state: ClockState, at: datetime, calendar: Calendar) -> datetime:
    """The instant at which a clock that never stood still would come to `at`, later by the pauses that began before it, and
    never inside one: what had come to its closing time when it was paused is due once we work again after the pause."""
    return _over(state, state.target, at, calendar)


def _over(state: ClockState, target: Target | None, at: datetime, calendar: Calendar) -> datetime:
    always = target is not None and target.duration.counting is Counting.ALWAYS
    for rest in state.pauses:
        since = max(rest.since, state.started_at)
        if rest.until is None or rest.until <= since or since > at:
            continue
        if always:
            at += rest.until - since
            continue
        at = calendar.add_working(at, worked) if (worked := calendar.working_between(since, rest.until)) else at
        at = at if at >= rest.until else calendar.next_open(rest.until)
    return at
