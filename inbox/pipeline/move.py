"""A thread gets a new name on its network: what was under the old one goes on under the new."""

from datetime import datetime

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.conversations import Conversation, State
from inbox.domain.events import ThreadMoved
from inbox.domain.happenings import AddressMove
from inbox.domain.ids import ConversationId
from inbox.pipeline.merge import merge
from inbox.pipeline.moved import moved_away
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.react import react
from inbox.pipeline.turn import Turn
from inbox.store import conversations, deliveries, people
from inbox.store.unit import Unit


def move(unit: Unit, said: AddressMove, speaker: Speaker, playbook: Playbook, now: datetime) -> Judged:
    """The thread, the address and whatever has not left for it. Networks tell of a move from both sides, and by the time
    somebody may have written under the new name already: then both are one matter."""
    old, new = (conversations.of_thread(unit, speaker.name, key) for key in (said.old, said.new))
    if said.old == said.new or (old is None and moved_away(unit, said.old, speaker)):
        return Judged(Verdict.IGNORED, "ignored.move_of_nothing")
    conversations.rename_thread(unit, speaker.name, said.old, said.new)
    people.rename(unit, speaker.kind, said.old, said.new)
    deliveries.redirect(unit, speaker.name, said.old, said.new)
    if old is not None:
        _tell(unit, said, old, new, speaker, playbook, now)
    return Judged(Verdict.ACCEPTED, "move")


def _tell(
    unit: Unit,
    said: AddressMove,
    old: ConversationId,
    new: ConversationId | None,
    speaker: Speaker,
    playbook: Playbook,
    now: datetime,
) -> None:
    """The conversation learns of it, and takes in what began under the new name."""
    turn = Turn(unit, conversations.present(unit, old), speaker.name, playbook.terms, now)
    turn.tell(ThreadMoved("thread_moved", said.old, said.new))
    other = None if new is None else conversations.present(unit, new)
    if other is not None and other.id != turn.conversation.id and _both_live(turn.conversation, other):
        merge(turn, other.id)
    react(turn, playbook)
    turn.close()


def _both_live(*both: Conversation) -> bool:
    return all(one.state not in (State.DONE, State.SPAM) for one in both)
