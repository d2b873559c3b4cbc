"""Escalating: the steps of a policy that a clock reaches, each done once in a cycle of the clock."""

from collections.abc import Iterator

from inbox.domain import events as ev
from inbox.domain.clock_events import Escalated
from inbox.domain.messages import Direction
from inbox.pipeline.turn import Turn
from inbox.sla.escalation import Step
from inbox.store import alarms, messages, people
from inbox.text.excerpts import LISTED, excerpt


def escalate(turn: Turn) -> None:
    """Do what the steps say that are reached by now. What one of them changes, the next ones and the rules see."""
    while (found := turn.next_step()) is not None and found[0] <= turn.now:
        _, state, step = found
        policy = turn.board.policy
        assert policy is not None
        turn.tell(Escalated("escalated", policy.name, state.metric.value, state.cycle, step.name))
        for payload in _payloads(turn, step):
            turn.tell(payload)
        alarms.put(turn.unit, turn.conversation.id, turn.step_done(state, step), turn.now)


def _payloads(turn: Turn, step: Step) -> Iterator[ev.Payload]:
    now = turn.conversation
    if step.raise_to and step.raise_to.weight > now.priority.weight and "priority" not in now.pinned:
        yield ev.PrioritySet("priority_set", step.raise_to.value)
    team = people.roster(turn.unit).team(step.team) if step.team else None
    if team is not None and team.id != now.team and "team" not in now.pinned:
        yield ev.TeamSet("team_set", team.id)
    if new := tuple(tag for tag in step.tags if tag not in now.tags):
        yield ev.Tagged("tagged", added=new)
    if step.note:
        id = messages.add_ours(turn.unit, now.id, messages.Said(Direction.NOTE, step.note), turn.now)
        yield ev.Noted("noted", id, excerpt(step.note, LISTED))
