"""Undoing: an agent takes back what they last did with a conversation, while it can be taken back: within ten minutes, and only
where nobody has touched the same thing since. What was said cannot be unsaid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from inbox.domain import events as ev
from inbox.domain.conversations import Conversation, State, apply
from inbox.domain.ids import ConversationId, PromiseId
from inbox.domain.people import Agent
from inbox.domain.promise_events import PromiseJudged
from inbox.domain.promises import PromiseState
from inbox.pipeline.promising import give_back
from inbox.pipeline.reply import Refused
from inbox.pipeline.turn import Turn
from inbox.store import events
from inbox.store.unit import Unit

WITHIN = timedelta(minutes=10)
"""How long somebody may think better of it."""
_TOUCHES: dict[str, str] = {
    "assigned": "assignee",
    "handed_up": "assignee",
    "team_set": "team",
    "priority_set": "priority",
    "tagged": "tags",
    "field_set": "fields",
    "chosen": "fields",
    "state_set": "state",
    "received": "state",
    "replied": "state",
    "delivery_settled": "state",
    "merged": "state",
    "split_off": "state",
}
"""What an event may change that an act set."""
_ABLE = ("assigned", "handed_up", "team_set", "priority_set", "tagged", "field_set", "state_set")


@dataclass(frozen=True, slots=True)
class Act:
    """What one of us did in one turn: its events, and the conversation before and after them."""

    events: Sequence[ev.Event]
    before: Conversation
    after: Conversation

    @property
    def touched(self) -> set[str]:
        """What it changed."""
        return {_TOUCHES[e.payload.kind] for e in self.events}


def spoke_last(unit: Unit, id: ConversationId, agent: Agent) -> bool:
    """Whether what they did last was an answer."""
    mine = [e for e in _standing(events.of(unit, id)) if _by(e, agent)]
    return any(isinstance(e.payload, ev.Replied) for e in _together(mine))


def undo(turn: Turn, agent: Agent) -> Act:
    """What was undone. Raises Refused."""
    log = events.of(turn.unit, turn.conversation.id)
    act = _last(turn, log, agent)
    _untouched(turn, log, act)
    turn.tell(_undone(turn.conversation, act), ev.Actor("agent", agent.id, agent.name))
    give_back(turn, _withdrawn(log, act))
    turn.close()
    return act


def _last(turn: Turn, log: Sequence[ev.Event], agent: Agent) -> Act:
    """Their last act, where it can be undone and still may be."""
    facts = {"reference": turn.conversation.reference}
    mine = [e for e in _standing(log) if _by(e, agent)]
    if not mine or mine[-1].at < turn.now - WITHIN:
        raise Refused("undo.nothing", **facts)
    act = _together(mine)
    if any(e.payload.kind not in _ABLE for e in act):
        raise Refused("undo.cannot", **facts)
    before = _at(log, turn.conversation, act[0].version - 1)
    return Act(act, before, _at(log, turn.conversation, act[-1].version))


def _together(mine: Sequence[ev.Event]) -> list[ev.Event]:
    """What was done in one turn, the last one."""
    return [e for e in mine if (e.at, e.via) == (mine[-1].at, mine[-1].via)]


def _standing(log: Sequence[ev.Event]) -> list[ev.Event]:
    """The events without those that were undone: they and what undid them come to nothing."""
    over = {version for e in log if isinstance(e.payload, ev.Undone) for version in e.payload.acts}
    return [e for e in log if e.version not in over and not isinstance(e.payload, ev.Undone)]


def _by(event: ev.Event, agent: Agent) -> bool:
    return event.actor.kind == "agent" and event.actor.id == agent.id


def _at(log: Sequence[ev.Event], now: Conversation, version: int) -> Conversation:
    found = Conversation(now.id)
    for event in log[:version]:
        found = apply(found, event)
    return found


def _untouched(turn: Turn, log: Sequence[ev.Event], act: Act) -> None:
    """Raises Refused where something newer has touched the same."""
    for newer in _standing(log[act.events[-1].version :]):
        if _TOUCHES.get(newer.payload.kind) in act.touched:
            who = newer.actor.name or newer.actor.kind
            raise Refused("undo.touched", reference=turn.conversation.reference, who=who)


def _undone(now: Conversation, act: Act) -> ev.Undone:
    """What the act changed as it was before, all else as it is now."""
    was, touched = act.before, act.touched
    state = was if "state" in touched else now
    pinned = set(now.pinned) - (set(act.after.pinned) - set(was.pinned)) | (set(was.pinned) - set(act.after.pinned))
    return ev.Undone(
        "undone",
        acts=tuple(e.version for e in act.events),
        state=state.state.value,
        priority=(was if "priority" in touched else now).priority.value,
        assignee=(was if "assignee" in touched else now).assignee,
        team=(was if "team" in touched else now).team,
        tags=(was if "tags" in touched else now).tags,
        fields=(was if "fields" in touched else now).fields,
        pinned=tuple(sorted(pinned)),
        snoozed_until=state.snoozed_until,
        waiting_since=state.waiting_since,
        done_at=state.done_at,
    )


def _withdrawn(log: Sequence[ev.Event], act: Act) -> list[PromiseId]:
    """The promises that ended with it: whoever was told a time waits for it again."""
    if act.after.state not in (State.DONE, State.SPAM) or "state" not in act.touched:
        return []
    told = (e.payload for e in log if e.at == act.events[-1].at and e.via == act.events[-1].via)
    withdrawn = PromiseState.WITHDRAWN.value
    return [p.promise for p in told if isinstance(p, PromiseJudged) and p.outcome == withdrawn]
