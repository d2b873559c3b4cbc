"""Declining: a contact wants nothing told that they did not ask about. What still waits to be told them is not sent."""

from typing import Literal

from inbox.domain.events import Actor, Declined
from inbox.domain.ids import AgentId, ContactId
from inbox.domain.outgoing import Purpose
from inbox.pipeline.turn import Turn
from inbox.pipeline.unsay import unsay
from inbox.store import broadcasts, conversations, declining

How = Literal["link", "word", "agent"]


def decline(turn: Turn, whose: ContactId, how: How, actor: Actor) -> bool:
    """Told in this turn; False where they had. In every other conversation where something of the kind waits, it is taken back too."""
    by = AgentId(actor.id) if actor.kind == "agent" and actor.id is not None else None
    fresh = declining.decline(turn.unit, whose, how, by, turn.now)
    if fresh:
        turn.tell(Declined("declined", whose, how), actor)
    _take_back(turn, whose)
    return fresh


def accept(turn: Turn, whose: ContactId, actor: Actor) -> bool:
    """They do again; False where they had not declined."""
    if not declining.accept(turn.unit, whose):
        return False
    turn.tell(Declined("declined", whose, "agent", undone=True), actor)
    return True


def _take_back(turn: Turn, whose: ContactId) -> None:
    broadcasts.leave_out(turn.unit, whose, "broadcast.declined", turn.now)
    for id in broadcasts.unsent(turn.unit, whose):
        if id == turn.conversation.id:
            unsay(turn, "declined by the customer", Purpose.BROADCAST)
            continue
        other = Turn(turn.unit, conversations.present(turn.unit, id), turn.via, turn.terms, turn.now)
        unsay(other, "declined by the customer", Purpose.BROADCAST)
        other.close()
