"""Promises of a conversation: what time can honestly be told now, and what becomes of the times that were told."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from pydantic_core import to_json

from inbox.domain.conversations import Priority, State
from inbox.domain.ids import ConversationId, MessageId, PromiseId
from inbox.domain.people import Roster
from inbox.domain.promise_events import PromiseAtRisk, Promised, PromiseJudged
from inbox.domain.promises import AT_RISK, BY_HAND, OUTAGE, Promise, PromiseKind, PromiseState
from inbox.pipeline import learnt
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.turn import Turn
from inbox.rulebook.decision import Effects
from inbox.sla import stretch
from inbox.sla.comparable import comparable
from inbox.sla.durations import after
from inbox.sla.duty import agents_on_duty
from inbox.sla.hours import Calendar
from inbox.sla.policy import Metric, Target
from inbox.sla.promise import Announcement, Situation, estimate
from inbox.store import conversations, people, promises
from inbox.store.outages import Outage
from inbox.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Outlook:
    """What can be told now: whether we are open, when we open again, the announcement; `known`: the outage that it is about."""

    announcement: Announcement
    open_now: bool
    opens_at: datetime | None
    known: Outage | None = None


@dataclass(frozen=True, slots=True)
class _Owed:
    """What is owed to the one who waits: the target and by when it is due, as far as there is one; who has to do it."""

    target: Target | None
    due_at: datetime | None
    priority: Priority
    team: str | None
    since: datetime | None = None
    """Since when it was owed, where it has been for a while."""
    matter: ConversationId | None = None
    """The conversation, which does not wait for itself."""


def outlook(turn: Turn, speaker: Speaker, playbook: Playbook) -> Outlook:
    """The honest time for the oldest message of this conversation that waits for a first reply."""
    clock = next((s for s in turn.board.states if s.metric is Metric.FIRST_REPLY), None)
    target, due = (clock.target, clock.due_at) if clock else (None, None)
    owed = _Owed(target, due, turn.conversation.priority, team_of(turn), matter=turn.conversation.id)
    return _outlook(turn.unit, owed, speaker, playbook, turn.now)


def prospect(unit: Unit, effects: Effects, speaker: Speaker, playbook: Playbook, now: datetime) -> Outlook:
    """The honest time for somebody who has not written yet, if the rules did this with what they will write."""
    policy = playbook.policies.get(effects.policy or speaker.policy)
    priority = effects.priority or Priority.NORMAL
    target = policy.target(Metric.FIRST_REPLY, priority) if policy else None
    due = after(playbook.calendars[target.hours], now, target.duration) if target else None
    team = effects.team or (effects.assign.team if effects.assign else "") or speaker.team
    return _outlook(unit, _Owed(target, due, priority, team or None), speaker, playbook, now)


def later(turn: Turn, old: Promise, speaker: Speaker, playbook: Playbook) -> Outlook:
    """The honest time for a question that stays unanswered until the time that was told for it: later than that, then."""
    owing = (Metric.FIRST_REPLY, Metric.NEXT_REPLY)
    clock = next((s for s in turn.board.states if s.metric in owing and s.open), None)
    target, due = (clock.target, clock.due_at) if clock else (None, None)
    matter = turn.conversation
    owed = _Owed(target, due, matter.priority, team_of(turn), matter.waiting_since, matter.id)
    return _outlook(turn.unit, owed, speaker, playbook, turn.now, max(turn.now, old.due_at))


def _outlook(
    unit: Unit, owed: _Owed, speaker: Speaker, playbook: Playbook, now: datetime, start: datetime | None = None
) -> Outlook:
    """`start`: from when on it is to be answered, where that is not now."""
    start = start or now
    hours = owed.target.hours if owed.target else speaker.hours or playbook.promising.hours
    calendar = playbook.calendars.get(hours)
    open_now = calendar is None or calendar.is_open(start)
    opens_at = None if calendar is None or open_now else calendar.next_open(start)
    roster = people.roster(unit)
    team = roster.team(owed.team) if owed.team else None
    queue = conversations.queue_length(unit, team.id if team else None, owed.since or now, owed.matter)
    on_shift = len(agents_on_duty(roster, owed.team, opens_at or start))
    # A question that has waited is one of those that took longer, whenever they were asked: there is no other to look for.
    asked = None if owed.since else learnt.moment(queue, on_shift, start, calendar)
    past = learnt.first_replies(unit, speaker.name, calendar, now)
    situation = Situation(
        now=start,
        policy_target=owed.due_at,
        calendar=calendar,
        queue_ahead=queue,
        agents_on_shift=on_shift,
        first_replies=comparable(past, owed.priority.value, asked, playbook.promising.samples),
        handling=learnt.handled(unit, team.id if team else None, calendar, now),
        priority=owed.priority,
        degraded=speaker.degraded,
        percentile=playbook.promising.percentile,
        min_samples=playbook.promising.samples,
        horizon=playbook.promising.horizon_days,
        waited=timedelta(seconds=learnt.worked(calendar, owed.since, start)) if owed.since else timedelta(0),
    )
    return Outlook(estimate(situation), open_now, opens_at)


def team_of(turn: Turn) -> str | None:
    """The name of the team that the conversation is with, if any."""
    roster: Roster = people.roster(turn.unit)
    team = roster.team_by_id(turn.conversation.team) if turn.conversation.team else None
    return team.name if team else None


def promise(
    turn: Turn, told: Announcement, text: str, message: MessageId, replaces: PromiseId | None = None
) -> PromiseId | None:
    """Enter what was told into the ledger; None where no time was told. `replaces`: in place of which earlier time."""
    if told.kind is None or told.at is None:
        return None
    return _enter(
        turn,
        Promise(
            id=PromiseId(0),
            conversation=turn.conversation.id,
            message=message,
            kind=told.kind,
            told_at=turn.now,
            due_at=told.at,
            text=text,
            basis=str(told.basis or told.unsure or ""),
            percentile=told.percentile,
            sample_size=told.sample_size,
            inputs=to_json(told.inputs).decode(),
            replaces=replaces,
        ),
        turn.terms.calendars.get(str(told.inputs["hours"])),
    )


def promise_by_hand(turn: Turn, due_at: datetime, text: str, message: MessageId, hours: str) -> PromiseId:
    """Enter a time that an agent told; it is kept, renewed and judged as any other."""
    return _said(turn, PromiseKind.ANSWER, BY_HAND, due_at, text, message, hours)


def promise_news(
    turn: Turn, due_at: datetime, text: str, message: MessageId, hours: str, replaces: PromiseId
) -> PromiseId:
    """Enter a time at which there is more news of an outage."""
    return _said(turn, PromiseKind.UPDATE, OUTAGE, due_at, text, message, hours, replaces)


def _said(
    turn: Turn,
    kind: PromiseKind,
    basis: str,
    due_at: datetime,
    text: str,
    message: MessageId,
    hours: str,
    replaces: PromiseId | None = None,
) -> PromiseId:
    """What somebody said, and nobody computed."""
    told = Promise(
        id=PromiseId(0),
        conversation=turn.conversation.id,
        message=message,
        kind=kind,
        told_at=turn.now,
        due_at=due_at,
        text=text,
        basis=basis,
        percentile=None,
        sample_size=0,
        inputs=to_json({"hours": hours}).decode(),
        replaces=replaces,
    )
    return _enter(turn, told, turn.terms.calendars.get(hours))


def _enter(turn: Turn, told: Promise, calendar: Calendar | None) -> PromiseId:
    risk_at = stretch.reached(calendar, told.told_at, told.due_at, AT_RISK)
    entered = promises.add(turn.unit, replace(told, risk_at=risk_at))
    answer = told.kind is PromiseKind.ANSWER
    turn.tell(Promised("promised", entered.id, entered.due_at, answer=answer, replaces=told.replaces))
    return entered.id


def hours_of(told: Promise) -> str:
    """The calendar on which it was reckoned; empty where there was none."""
    return str(json.loads(told.inputs).get("hours") or "")


def keep_news(turn: Turn, told: Promise, message: MessageId) -> None:
    """News was promised, and this message is it."""
    _judge(turn, told, PromiseState.KEPT if turn.now <= told.due_at else PromiseState.LATE, message)


def keep(turn: Turn, message: MessageId) -> None:
    """A person answered: every open promise is kept, provisionally until the answer is sent, or was late by then."""
    for open_one in promises.open_ones(turn.unit, turn.conversation.id):
        state = PromiseState.KEPT if turn.now <= open_one.due_at else PromiseState.LATE
        _judge(turn, open_one, state, message)


def withdraw(turn: Turn) -> None:
    """Nobody waits for an answer any more: what was promised and not yet due is withdrawn, what was due is late."""
    for open_one in promises.open_ones(turn.unit, turn.conversation.id):
        state = PromiseState.WITHDRAWN if turn.now <= open_one.due_at else PromiseState.LATE
        _judge(turn, open_one, state)


def withdraw_told(turn: Turn, message: MessageId) -> None:
    """The message that promised was never sent: nobody was told."""
    for open_one in promises.open_ones(turn.unit, turn.conversation.id):
        if open_one.message == message:
            _judge(turn, open_one, PromiseState.WITHDRAWN)


def told_after_all(turn: Turn, message: MessageId) -> None:
    """The message that promised was sent, though it had failed before: who waits was told, and it counts."""
    if turn.conversation.state in (State.DONE, State.SPAM):
        return
    for withdrawn in promises.of(turn.unit, turn.conversation.id):
        if withdrawn.message == message and withdrawn.state is PromiseState.WITHDRAWN:
            _judge(turn, withdrawn, PromiseState.OPEN)


def take_back(turn: Turn, message: MessageId) -> None:
    """The answer that kept these promises did not go out: they are open again, to be judged by their own instant."""
    for kept in promises.kept_by(turn.unit, message):
        _judge(turn, kept, PromiseState.OPEN)


def give_back(turn: Turn, ids: Sequence[PromiseId]) -> None:
    """These were withdrawn by what is undone now: they are open again, to be judged by their own instant."""
    for withdrawn in promises.of(turn.unit, turn.conversation.id) if ids else ():
        if withdrawn.id in ids and withdrawn.state is PromiseState.WITHDRAWN:
            _judge(turn, withdrawn, PromiseState.OPEN)


def at_risk(turn: Turn, waits: Promise, why: Literal["", "closed"] = "") -> None:
    """Most of the time until its instant has passed; or nobody works any more before it."""
    promises.warned(turn.unit, waits.id)
    turn.tell(PromiseAtRisk("promise_at_risk", waits.id, why))


def late(turn: Turn, missed: Promise) -> None:
    """The instant has passed."""
    _judge(turn, missed, PromiseState.LATE)


def _judge(turn: Turn, judged: Promise, state: PromiseState, by: MessageId | None = None) -> None:
    promises.judge(turn.unit, judged.id, state, turn.now, by)
    turn.tell(PromiseJudged("promise_judged", judged.id, state.value))
