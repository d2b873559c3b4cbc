"""Standing down: whoever takes, answers or closes a conversation has what rules call for in it, and nobody is called any more."""

from collections.abc import Sequence
from datetime import datetime

from inbox.domain import events as ev
from inbox.domain.conversations import Conversation, State
from inbox.domain.events import HOUSE, Actor, Event
from inbox.domain.ids import AgentId
from inbox.domain.rule_events import PageAcknowledged
from inbox.store import pages
from inbox.store.unit import Unit

OVER = (State.DONE, State.SPAM)


def stood_down(unit: Unit, matter: Conversation, told: Sequence[Event]) -> list[tuple[PageAcknowledged, Actor]]:
    """What is to be told of that after what was told in a turn; the calls end with it."""
    who = next((event.actor for event in told if _has_it(event)), None)
    if who is None and not _over(matter, told):
        return []
    return acknowledge(unit, matter, who or HOUSE, told[-1].at)


def acknowledge(unit: Unit, matter: Conversation, who: Actor, now: datetime) -> list[tuple[PageAcknowledged, Actor]]:
    """All that is called for in a conversation is theirs."""
    found = pages.waiting(unit, matter.id)
    if found:
        agent = AgentId(who.id) if who.kind == "agent" and who.id is not None else None
        pages.acknowledge(unit, [one.id for one in found], agent, now)
    return [(PageAcknowledged("page_acknowledged", one.rule), who) for one in found]


def _has_it(event: Event) -> bool:
    if event.actor.kind != "agent":
        return False
    match event.payload:
        case ev.Assigned(agent=agent):
            return agent is not None and agent == event.actor.id
        case ev.Replied(history=history):
            return not history
        case ev.StateSet(state=state):
            return state in OVER
        case _:
            return False


def _over(matter: Conversation, told: Sequence[Event]) -> bool:
    """By a rule, by the customer."""
    return matter.state in OVER and any(isinstance(event.payload, ev.StateSet) for event in told)
