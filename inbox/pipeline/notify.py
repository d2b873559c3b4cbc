"""Notifying: agents are told of what happened in a conversation, each once for each decision, and nobody of what they did."""

from collections.abc import Iterator, Sequence

from inbox.domain.events import HOUSE, Actor, Decided, DeliverySettled
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent, Roster
from inbox.domain.rule_events import Notified
from inbox.pipeline.turn import Turn
from inbox.rulebook.decision import Decision
from inbox.store import messages, notifications
from inbox.store.watching import watchers


def notify(turn: Turn, decision: Decision, roster: Roster) -> None:
    """Tell whom a decision names, which was told in this turn, in the name of the first rule that names them."""
    if not decision.effects.notify:
        return
    skipped = set(_doers(turn))
    told = next(event.payload for event in reversed(turn.told) if isinstance(event.payload, Decided))
    for one in decision.effects.notify:
        whom = [agent.id for agent in _meant(turn, one.to, roster) if not agent.disabled and agent.id not in skipped]
        skipped.update(whom)
        if whom:
            kind = decision.facts.events[0]
            notifications.add(turn.unit, whom, turn.conversation.id, told.decision, kind, one.rule, turn.now)
            turn.tell(Notified("notified", tuple(whom)), Actor("rule", name=one.rule))


def tell_watchers(
    turn: Turn, kind: str, roster: Roster, besides: Sequence[AgentId] = (), but: Sequence[AgentId] = ()
) -> None:
    """Tell whoever watches the conversation of what was said in this turn, and those `besides`; each once, and none of whom
    it was told already, such as those `but`."""
    skipped = {
        *but,
        *_doers(turn),
        *(one for e in turn.told if isinstance(e.payload, Notified) for one in e.payload.agents),
    }
    there = {agent.id for agent in roster.agents if not agent.disabled} - skipped
    watching = watchers(turn.unit, turn.conversation.id) if turn.before.version else ()  # nobody yet what is new
    whom = [id for id in dict.fromkeys((*besides, *watching)) if id in there]
    if whom:
        notifications.add(turn.unit, whom, turn.conversation.id, None, kind, "", turn.now)
        turn.tell(Notified("notified", tuple(whom)), HOUSE)


def _meant(turn: Turn, to: str, roster: Roster) -> list[Agent]:
    """Who that is now; nobody where a name is gone, or nobody has it."""
    kind, _, name = to.partition(":")
    if kind == "team":
        team = roster.team(name)
        return [agent for agent in roster.agents if team is not None and agent.id in team.members]
    assignee = turn.conversation.assignee
    found = roster.agent(name) if kind == "agent" else roster.agent_by_id(assignee) if assignee else None
    return [] if found is None else [found]


def _doers(turn: Turn) -> Iterator[AgentId]:
    """Whoever did something in this turn, and who wrote what was sent in it."""
    for event in turn.told:
        if event.actor.kind == "agent" and event.actor.id is not None:
            yield AgentId(event.actor.id)
        if isinstance(event.payload, DeliverySettled):
            author = messages.one(turn.unit, event.payload.message).agent
            if author is not None:
                yield author
