"""Conversations that have to do with one another, by an agent's word: one goes into another, or both name each other."""

from inbox.domain.conversations import Conversation, State
from inbox.domain.events import Actor, Linked
from inbox.domain.ids import ConversationId
from inbox.pipeline.merge import merge
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.react import react
from inbox.pipeline.reply import Refused
from inbox.pipeline.turn import Turn
from inbox.store import conversations


def merge_into(turn: Turn, gone: Conversation, actor: Actor, playbook: Playbook) -> None:
    """`gone` goes into the conversation of this turn, with all that is in it; there is no way back but to split. Raises Refused."""
    into = turn.conversation
    if gone.id == into.id:
        raise Refused("merge.same", reference=into.reference)
    for one in (gone, into):
        if one.state is State.SPAM:
            raise Refused("merge.spam", reference=one.reference)
    merge(turn, gone.id, actor)
    react(turn, playbook)
    turn.close()


def relate(turn: Turn, other: ConversationId, actor: Actor, playbook: Playbook) -> bool:
    """Both tell of each other from now on; False where they do already. Raises Refused."""
    if other == turn.conversation.id:
        raise Refused("merge.same", reference=turn.conversation.reference)
    if other in known(turn):
        return False
    turn.tell(Linked("linked", other, "agent"), actor)
    turn.close()
    there = Turn.of(turn.unit, other, turn.via, playbook.terms, turn.now)
    there.tell(Linked("linked", turn.conversation.id, "agent"), actor)
    there.close()
    return True


def known(turn: Turn) -> set[ConversationId]:
    """The conversations that this one names as related."""
    return {one for one, _ in conversations.related(turn.unit, turn.conversation.id)}
