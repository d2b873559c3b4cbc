"""Measuring one conversation: the facts that reports count, from its events, clocks, promises and surveys. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from inbox.domain import events as ev
from inbox.domain.conversations import Conversation, Priority, State
from inbox.domain.ids import AgentId, DeliveryId, MessageId
from inbox.domain.measures import (
    AGES,
    FactKey,
    Measure,
    Measured,
    Outcome,
    Quality,
    Rule,
    Surveyed,
    minutes,
    number_of,
)
from inbox.domain.promises import Promise, PromiseKind, PromiseState
from inbox.sla.clocks import ClockState, Ending
from inbox.sla.facts import standing
from inbox.sla.metrics import Metric

WEEK = timedelta(days=7)
"""A matter that is opened again within this was not over."""
_OPEN = (State.OPEN, State.WAITING, State.SNOOZED)
_FAILED = ("failed", "cancelled", "dropped")
_JUDGED = {
    PromiseState.KEPT: Outcome.KEPT,
    PromiseState.LATE: Outcome.LATE,
    PromiseState.WITHDRAWN: Outcome.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of a conversation. `clocks`: each with the working seconds it ran; `elsewhere`: its customer wrote over
    another channel, too."""

    matter: Conversation
    log: Sequence[ev.Event]
    clocks: Sequence[tuple[ClockState, float | None]] = ()
    promises: Sequence[Promise] = ()
    surveys: Sequence[Surveyed] = ()
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A time in one state; without an end it is still so."""

    state: State
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A public reply of a person, and when."""

    message: MessageId
    agent: AgentId | None
    at: datetime


def measure(known: Known, zone: ZoneInfo) -> Measured:
    """Its facts. Spam, old mail that was brought in, and what went into another conversation have none."""
    matter = known.matter
    facts: Counter[FactKey] = Counter()
    if not matter.history and matter.state is not State.SPAM and matter.merged_into is None and matter.opened_at:
        for key, n in _Measuring(known, zone).all():
            facts[key] += n
    found = {key: n for key, n in facts.items() if n}
    organization = int(matter.organization or 0)
    return Measured(
        matter.id,
        matter.version,
        matter.channel,
        int(matter.team or 0),
        organization,
        tuple(sorted(matter.tags)),
        found,
    )


Facts = Iterator[tuple[FactKey, int]]


class _Measuring:
    """One conversation being measured; days are those of the zone."""

    def __init__(self, known: Known, zone: ZoneInfo) -> None:
        self.known, self.matter, self.zone = known, known.matter, zone
        self.log = standing(known.log)
        self.spans = spans(self.log)
        self.answers = answers(self.log)
        self.authors = {str(one.message): int(one.agent or 0) for one in self.answers}
        self.opened = self.day(known.matter.opened_at or known.log[0].at)

    def day(self, at: datetime) -> int:
        return number_of(at.astimezone(self.zone).date())

    def fact(
        self, measure: Measure, day: int, value: int = 0, *, agent: int = 0, name: str = "", n: int = 1
    ) -> tuple[FactKey, int]:
        return (int(measure), day, agent, name, value), n

    def all(self) -> Facts:
        yield self.fact(Measure.OPENED, self.opened, int(self.known.elsewhere))
        if self.matter.state is State.DONE and self.matter.done_at is not None:
            yield self.fact(Measure.DONE, self.day(self.matter.done_at))
        for tag in self.matter.tags:
            yield self.fact(Measure.TAGGED, self.opened, name=tag)
        yield from self.replies()
        yield from self.resolution()
        yield from self.targets()
        yield from self.promised()
        yield from self.backlog()
        yield from self.said()
        yield from self.surveyed()
        yield self.fact(Measure.QUALITY, self.opened, self.quality())
        yield from self.rules()

    def replies(self) -> Facts:
        """How long customers waited for each reply of a person, by the day on which they began to."""
        for state, worked in self.known.clocks:
            if state.ended is not Ending.REPLY or state.stopped_at is None:
                continue
            first = state.metric is Metric.FIRST_REPLY
            if not first and state.metric is not Metric.NEXT_REPLY:
                continue
            day = self.opened if first else self.day(state.started_at)
            agent, took = self.authors.get(state.reply, 0), (state.stopped_at - state.started_at).total_seconds()
            yield self.fact(Measure.FIRST if first else Measure.NEXT, day, minutes(took), agent=agent)
            if worked is not None:
                which = Measure.FIRST_WORKING if first else Measure.NEXT_WORKING
                yield self.fact(which, day, minutes(worked), agent=agent)

    def resolution(self) -> Facts:
        """From the first message until it was last done, and who waited for whom meanwhile; of what is done."""
        over = self.matter.done_at
        if self.matter.state is not State.DONE or over is None:
            return
        for state, worked in self.known.clocks:
            if state.metric is Metric.RESOLUTION and state.ended is Ending.DONE and state.stopped_at is not None:
                took = (state.stopped_at - state.started_at).total_seconds()
                yield self.fact(Measure.RESOLUTION, self.opened, minutes(took))
                if worked is not None:
                    yield self.fact(Measure.RESOLUTION_WORKING, self.opened, minutes(worked))
        waits = [one for one in self.known.clocks if one[0].metric in (Metric.FIRST_REPLY, Metric.NEXT_REPLY)]
        stopped = [(state.stopped_at - state.started_at).total_seconds() for state, _ in waits if state.stopped_at]
        counted = [worked for _, worked in waits if worked is not None]
        if stopped:
            yield self.fact(Measure.OURS, self.opened, minutes(sum(stopped)))
        if counted:
            yield self.fact(Measure.OURS_WORKING, self.opened, minutes(sum(counted)))
        theirs = sum(
            ((one.until or over) - one.since).total_seconds() for one in self.spans if one.state is State.WAITING
        )
        yield self.fact(Measure.THEIRS, self.opened, minutes(theirs))

    def targets(self) -> Facts:
        """Each clock that owed something and is decided: met in time, or not."""
        for state, _ in self.known.clocks:
            if state.due_at is None or not (state.breached_at or state.met):
                continue
            value = priority_of(state, self.log).weight * 2 + (state.breached_at is None)
            yield self.fact(Measure.SLA, self.day(state.started_at), value, name=state.metric.value)

    def promised(self) -> Facts:
        """The first time that was announced for each question, by the day on which it was due."""
        for one in self.known.promises:
            if one.kind is not PromiseKind.ANSWER or one.replaces is not None:
                continue
            local = one.due_at.astimezone(self.zone)
            value = _JUDGED.get(one.state, Outcome.OPEN + local.hour * 60 + local.minute)
            yield self.fact(Measure.PROMISE, number_of(local.date()), value)

    def backlog(self) -> Facts:
        """What begins and ends to stand open at the end of a day, by state and class of age."""
        for span in self.spans:
            if span.state not in _OPEN:
                continue
            begins, ends = self.day(span.since), None if span.until is None else self.day(span.until)
            for number, age in enumerate(AGES):
                older = AGES[number + 1] if number + 1 < len(AGES) else None
                since = max(begins, self.opened + age)
                until = min(
                    (x for x in (ends, None if older is None else self.opened + older) if x is not None), default=None
                )
                if until is None or since < until:
                    yield self.fact(Measure.BACKLOG, since, number, name=span.state.value)
                    if until is not None:
                        yield self.fact(Measure.BACKLOG, until, number, name=span.state.value, n=-1)

    def said(self) -> Facts:
        """What customers wrote by the hour, and what each of us answered."""
        for event in self.log:
            match event.payload:
                case ev.Received(automatic=None, history=False, outside=False, received_at=at):
                    local = at.astimezone(self.zone)
                    yield self.fact(Measure.RECEIVED, number_of(local.date()), local.hour)
        met: set[int] = set()
        for answer in self.answers:
            agent, day = int(answer.agent or 0), self.day(answer.at)
            yield self.fact(Measure.REPLIES, day, agent=agent)
            if agent not in met:
                yield self.fact(Measure.HANDLED, day, agent=agent)
            met.add(agent)

    def surveyed(self) -> Facts:
        for one in self.known.surveys:
            agent = int(one.agent or 0)
            if one.asked_at is not None:
                answered = int(one.score is not None)
                yield self.fact(Measure.ASKED, self.day(one.asked_at), answered, agent=agent, name=one.kind)
            if one.rated_at is not None and one.score is not None:
                yield self.fact(Measure.RATED, self.day(one.rated_at), one.score, agent=agent, name=one.kind)

    def quality(self) -> int:
        """The bits of `Quality`."""
        done, ended = self.matter.state is State.DONE, [span for span in self.spans if span.state is State.DONE]
        again = [
            span
            for span, after in zip(self.spans, self.spans[1:], strict=False)
            if span.state is State.DONE and after.state is State.OPEN and after.since - span.since <= WEEK
        ]
        teams = teams_of(self.log)
        bits = (
            (Quality.DONE, done),
            (Quality.ANSWERED, bool(self.answers)),
            (Quality.ONE_TOUCH, done and len(self.answers) == 1),
            (Quality.EVER_DONE, bool(ended)),
            (Quality.REOPENED, bool(again)),
            (Quality.HAD_TEAM, bool(teams)),
            (Quality.TRANSFERRED, len(teams) > 1),
        )
        return sum(bit for bit, holds in bits if holds)

    def rules(self) -> Facts:
        """What each rule made of assignee, team and priority, and whether people left it so."""
        told: Counter[tuple[str, int, int]] = Counter()
        for place, event in enumerate(self.log):
            if event.actor.kind != "rule":
                continue
            rule, later = event.actor.name, [e.payload for e in self.log[place + 1 :] if e.actor.kind == "agent"]
            match event.payload:
                case ev.Assigned(agent=agent) if agent is not None:
                    kept = all(not isinstance(p, ev.Assigned) or p.agent == agent for p in later)
                    told[rule, self.day(event.at), Rule.ASSIGNED | (Rule.KEPT if kept else 0)] += 1
                case ev.TeamSet(team=team) if team is not None and not _assigns(self.log, event):
                    kept = all(not isinstance(p, ev.TeamSet) or p.team == team for p in later)
                    told[rule, self.day(event.at), Rule.ASSIGNED | (Rule.KEPT if kept else 0)] += 1
                case ev.PrioritySet(priority=priority):
                    other = any(isinstance(p, ev.PrioritySet) and p.priority != priority for p in later)
                    told[rule, self.day(event.at), Rule.PRIORITY | (Rule.CORRECTED if other else 0)] += 1
        for (rule, day, value), n in told.items():
            yield self.fact(Measure.RULE, day, value, name=rule, n=n)


def _assigns(log: Iterable[ev.Event], setting: ev.Event) -> bool:
    """Whether the same rule gave it to somebody of that team at the same moment: that is one assignment."""
    return any(
        isinstance(e.payload, ev.Assigned)
        and e.payload.agent is not None
        and e.at == setting.at
        and e.actor == setting.actor
        for e in log
    )


def spans(log: Iterable[ev.Event]) -> list[Span]:
    """The states that a conversation went through, in order; setting the same state again begins nothing."""
    found: list[Span] = []
    for event in log:
        match event.payload:
            case ev.Opened():
                found = [Span(State.OPEN, event.at)]
            case ev.StateSet(state=to) if found and found[-1].state is not State(to):
                last = found.pop()
                found += [Span(last.state, last.since, event.at), Span(State(to), event.at)]
    return found


def answers(log: Sequence[ev.Event]) -> list[Answer]:
    """The replies of persons, without those of which a delivery failed and did not go out after all."""
    failing: dict[MessageId, set[DeliveryId]] = {}
    for event in log:
        match event.payload:
            case ev.DeliverySettled(copy=False, passed_on=False, state=state, message=message, delivery=delivery):
                if state in _FAILED:
                    failing.setdefault(message, set()).add(delivery)
                elif state == "sent":
                    failing.get(message, set()).discard(delivery)
    return [
        Answer(event.payload.message, event.payload.agent, event.at)
        for event in log
        if isinstance(event.payload, ev.Replied)
        and not event.payload.history
        and not failing.get(event.payload.message)
    ]


def teams_of(log: Sequence[ev.Event]) -> list[int]:
    """The teams that a conversation stood with, one after the other. Where it was sent at the moment of its opening is the first
    one only: rules may think twice."""
    found: list[int] = []
    opening = log[0].at if log else None
    for event in log:
        if not isinstance(event.payload, ev.TeamSet) or event.payload.team is None:
            continue
        team = int(event.payload.team)
        if event.at == opening:
            found = [team]
        elif not found or found[-1] != team:
            found.append(team)
    return found


def priority_of(state: ClockState, log: Iterable[ev.Event]) -> Priority:
    """How urgent the conversation was when a clock stopped, or is now."""
    priority = Priority.NORMAL
    for event in log:
        if isinstance(event.payload, ev.PrioritySet) and (state.stopped_at is None or event.at <= state.stopped_at):
            priority = Priority(event.payload.priority)
    return priority
