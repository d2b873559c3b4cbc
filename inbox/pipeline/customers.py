"""What a customer says of a matter without words: that it is done, or that it is not."""

from datetime import datetime

from inbox.domain.conversations import MOVES, State
from inbox.domain.events import Actor, StateSet
from inbox.domain.ids import ConversationId
from inbox.domain.people import Contact
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.promising import withdraw
from inbox.pipeline.react import react
from inbox.pipeline.turn import Turn
from inbox.store.unit import Unit


def move(
    unit: Unit, who: Contact, matter: ConversationId, to: State, over: Speaker, playbook: Playbook, now: datetime
) -> bool:
    """It is done, or open again, because its customer says so; False where that changes nothing. What we promised ends with it,
    and what was filed as spam stays there."""
    turn = Turn.of(unit, matter, over.name, playbook.terms, now)
    state = turn.conversation.state
    if state is to or state is State.SPAM or to not in MOVES[state]:
        return False
    turn.tell(StateSet("state_set", to.value), Actor("contact", who.id, who.name))
    if to is State.DONE:
        withdraw(turn)
    react(turn, playbook)
    turn.close()
    return True
