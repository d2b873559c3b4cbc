"""Ringing: what time brings about in one conversation: a task that is due, a snooze that is over, rules that waited, steps
of an escalation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from inbox.domain.attention import Kind
from inbox.domain.conversations import Conversation, State
from inbox.domain.events import StateSet, TaskDue
from inbox.domain.ids import ConversationId
from inbox.pipeline.answer import answer
from inbox.pipeline.circumstances import of_turn
from inbox.pipeline.decide import apply, look
from inbox.pipeline.escalate import escalate
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.react import halted, react
from inbox.pipeline.turn import Turn, earlier
from inbox.rulebook.facts import Quiet
from inbox.rulebook.rulebook import Waiting
from inbox.sla.idle import dues, next_alarm, passed, starts, working_days
from inbox.store import alarms, conversations, notifications, people, tasks
from inbox.store.alarms import Alarm
from inbox.store.tasks import Task
from inbox.store.unit import Unit


def ring(unit: Unit, id: ConversationId, playbook: Playbook, now: datetime) -> None:
    """Everything that has fallen due in it; and the instant at which the next thing will."""
    turn = Turn.of(unit, id, "time", playbook.terms, now)
    until = turn.conversation.snoozed_until
    if turn.conversation.state is State.SNOOZED and until is not None and until <= now:
        turn.tell(StateSet("state_set", State.OPEN.value))
        react(turn, playbook)
    _wait_over(turn, playbook)
    escalate(turn)
    react(turn, playbook)
    turn.close()
    alarms.set_next(unit, id, _next(turn, playbook))


def remind(unit: Unit, task: Task, playbook: Playbook, now: datetime) -> None:
    """What is to be done in a conversation is to be done now: it stands open before everybody, unless it is spam."""
    turn = Turn(unit, conversations.present(unit, task.conversation), "time", playbook.terms, now)
    turn.tell(TaskDue("task_due", task.id, task.text))
    if turn.conversation.state in (State.WAITING, State.SNOOZED, State.DONE):
        turn.tell(StateSet("state_set", State.OPEN.value))
    tasks.told(unit, task.id, now)
    react(turn, playbook)
    turn.close()
    _tell(unit, task, turn.conversation, now)


def remind_ahead(unit: Unit, task: Task, now: datetime) -> None:
    """Whoever has to do it soon is told; in the conversation nothing has happened yet."""
    tasks.told_ahead(unit, task.id)
    _tell(unit, task, conversations.peek(unit, task.conversation), now)


def _tell(unit: Unit, task: Task, matter: Conversation, now: datetime) -> None:
    """Whose it is, where they like to be told; nobody of what is spam."""
    whose = task.agent or matter.assignee
    agent = people.roster(unit).agent_by_id(whose) if whose is not None else None
    if agent is not None and not agent.disabled and matter.state is not State.SPAM:
        notifications.add(unit, [agent.id], matter.id, None, Kind.TASK.value, "", now)


def _wait_over(turn: Turn, playbook: Playbook) -> None:
    """Each rule is looked at once in the stretch that it counts, at the instant at which that is as long as it says."""
    begun, known = starts(turn.conversation), alarms.of(turn.unit, turn.conversation.id)
    fell = [waits for at, waits in _unseen(turn, playbook, known) if at <= turn.now]
    if not fell:
        return
    over = _over(fell, known, playbook)
    matched = _run(turn, [waits for waits in fell if waits.rule not in over], playbook)
    for waits in fell:
        looked = Alarm(waits.rule, begun[waits.since], waits.rule in matched)
        alarms.put(turn.unit, turn.conversation.id, looked, turn.now)


def _over(fell: Sequence[Waiting], known: Sequence[Alarm], playbook: Playbook) -> set[str]:
    """The rules that act once in a conversation, and have."""
    acted = {alarm.rule for alarm in known if alarm.matched}
    once = {rule.name for rule in playbook.rulebook.rules if rule.once == "conversation"}
    return {waits.rule for waits in fell} & acted & once


def _run(turn: Turn, waits: Sequence[Waiting], playbook: Playbook) -> tuple[str, ...]:
    """The names of the rules that matched."""
    if not waits or halted(turn):
        return ()
    roster, mine = people.roster(turn.unit), {one.rule for one in waits}
    facts = replace(
        of_turn(turn, ("idle",), "house", playbook, roster),
        previous=(),
        idle=_quiet(turn),
        spent=tuple(one.rule for one in playbook.rulebook.waiting if one.rule not in mine),
    )
    decision = look(turn, facts, None, playbook, roster)
    apply(turn, decision, roster, playbook)
    answer(turn, decision, playbook)
    turn.heard = len(turn.told)
    return decision.matched


def _quiet(turn: Turn) -> Mapping[str, Quiet]:
    calendar = turn.terms.calendar(turn.conversation.channel)
    if calendar is None:
        return {}
    found = {}
    for since, at in starts(turn.conversation).items():
        whole, working = passed(calendar, at, turn.now)
        days = working_days(calendar, at, turn.now)
        found[since] = Quiet(whole.total_seconds(), working.total_seconds(), days)
    return found


def _unseen(turn: Turn, playbook: Playbook, known: Sequence[Alarm]) -> list[tuple[datetime, Waiting]]:
    """The rules that wait in this conversation, with their due instants; without those looked at in this very stretch."""
    calendar = turn.terms.calendar(turn.conversation.channel)
    if calendar is None:
        return []
    begun, seen = starts(turn.conversation), {(alarm.rule, alarm.episode) for alarm in known}
    rules = [one for one in playbook.rulebook.waiting if (one.rule, begun.get(one.since)) not in seen]
    return dues(turn.conversation, rules, calendar)


def _next(turn: Turn, playbook: Playbook) -> datetime | None:
    step = turn.next_step()
    return earlier(_next_waited(turn, playbook), step[0] if step else None)


def _next_waited(turn: Turn, playbook: Playbook) -> datetime | None:
    if turn.conversation.state is State.SNOOZED:
        return next_alarm(turn.conversation, (), None)
    known = alarms.of(turn.unit, turn.conversation.id)
    return min((at for at, _ in _unseen(turn, playbook, known)), default=None)
