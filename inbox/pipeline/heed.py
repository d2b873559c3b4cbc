"""Heeding: an agent is told of what concerns them without any rule: what became theirs, who wrote to them, a promise of theirs."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from inbox.domain.attention import Kind
from inbox.domain.conversations import Conversation
from inbox.domain.events import Assigned, Event, Received
from inbox.domain.ids import AgentId
from inbox.domain.promise_events import PromiseAtRisk, PromiseJudged
from inbox.domain.promises import PromiseState
from inbox.domain.rule_events import Notified
from inbox.store import notifications, people
from inbox.store.unit import Unit
from inbox.text.fold import fold
from inbox.text.handles import handles


def heed(unit: Unit, matter: Conversation, told: Sequence[Event]) -> None:
    """Tell the one who has the conversation of what was told in it; not of what they did, nor what a rule tells them already.

    One turn tells them of one thing, the first.
    """
    if matter.assignee is None or matter.merged_into is not None or matter.history:
        return
    heard = {one for event in told if isinstance(event.payload, Notified) for one in event.payload.agents}
    kind = next(_concerning(matter.assignee, told), None)
    if kind is None or matter.assignee in heard:
        return
    agent = people.roster(unit).agent_by_id(matter.assignee)
    if agent is not None and not agent.disabled:
        notifications.add(unit, [agent.id], matter.id, None, kind.value, "", told[-1].at)


def mentioned(unit: Unit, matter: Conversation, text: str, author: AgentId, now: datetime) -> list[AgentId]:
    """Tell whom a note names, and who that was."""
    named = set(handles(text))
    whom = [a.id for a in people.roster(unit).agents if fold(a.handle) in named and a.id != author and not a.disabled]
    if whom:
        notifications.add(unit, whom, matter.id, None, Kind.MENTIONED.value, "", now)
    return whom


def _concerning(agent: AgentId, told: Sequence[Event]) -> Iterator[Kind]:
    """What became theirs goes before what happened in it."""
    for event in told:
        theirs = event.actor.kind == "agent" and event.actor.id == agent
        if isinstance(event.payload, Assigned) and event.payload.agent == agent and not theirs:
            yield Kind.ASSIGNED
    for event in told:
        match event.payload:
            case Received(history=False, automatic=None):
                yield Kind.ANSWERED
            case PromiseAtRisk():
                yield Kind.AT_RISK
            case PromiseJudged(outcome=PromiseState.LATE.value):
                yield Kind.LATE
