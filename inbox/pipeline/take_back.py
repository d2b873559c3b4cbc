"""An answer taken back before it left: its deliveries are cancelled, and what it changed is as it was."""

from dataclasses import dataclass
from datetime import datetime

from inbox.domain.conversations import State
from inbox.domain.deliveries import Delivery, DeliveryState
from inbox.domain.events import Actor, StateSet
from inbox.domain.ids import ConversationId, MessageId
from inbox.domain.messages import Direction, Message
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Agent
from inbox.pipeline.outcome import settle
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.react import react
from inbox.pipeline.reply import Refused
from inbox.pipeline.turn import Turn
from inbox.store import conversations, deliveries, messages
from inbox.store.deliveries import Outcome
from inbox.store.unit import Unit


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was written, and whether files went with it, which have to be attached again."""

    said: Message
    files: bool


def take_back(
    unit: Unit,
    id: ConversationId,
    agent: Agent,
    message: MessageId | None,
    via: str,
    playbook: Playbook,
    now: datetime,
) -> TakenBack:
    """The agent's answer (None: their last one here) does not go out. Raises Refused once any of it has been handed over, or where
    it is somebody else's."""
    said = _meant(unit, id, agent, message)
    sent = deliveries.of_messages(unit, [said.id])
    _still_here(unit, id, sent)
    for one in sorted(
        sent, key=lambda d: (not d.copy, -d.part.number)
    ):  # the first part last: the others do not follow it
        to = DeliveryState.DROPPED if one.copy else DeliveryState.CANCELLED
        if not settle(unit, one, Outcome(to), playbook, now):
            raise Refused("undo.too_late", reference=conversations.peek(unit, id).reference)
    _open_again(unit, id, agent, via, playbook, now)
    return TakenBack(said, bool(messages.attachments(unit, [said.id])))


def _meant(unit: Unit, id: ConversationId, agent: Agent, message: MessageId | None) -> Message:
    said = messages.last_by(unit, id, agent.id) if message is None else messages.within(unit, id, message)
    reference = conversations.peek(unit, id).reference
    if said is None or said.direction is not Direction.OUTBOUND or said.purpose != Purpose.REPLY.value:
        raise Refused("undo.nothing", reference=reference)
    if said.agent != agent.id:
        raise Refused("undo.not_yours", reference=reference)
    return said


def _still_here(unit: Unit, id: ConversationId, sent: list[Delivery]) -> None:
    waiting = [d for d in sent if d.state is DeliveryState.QUEUED and d.attempts == 0]
    if not sent or len(waiting) != len(sent):
        raise Refused("undo.too_late", reference=conversations.peek(unit, id).reference)


def _open_again(unit: Unit, id: ConversationId, agent: Agent, via: str, playbook: Playbook, now: datetime) -> None:
    """The answer is not given: whatever it left the conversation in, it is our turn."""
    turn = Turn.of(unit, id, via, playbook.terms, now)
    if turn.conversation.state in (State.WAITING, State.DONE):
        turn.tell(StateSet("state_set", State.OPEN.value), Actor("agent", agent.id, agent.name))
    react(turn, playbook)
    turn.close()
