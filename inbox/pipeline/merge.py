"""Merging: two conversations turn out to be one matter. The younger goes into the older, with all that was said in it."""

from inbox.domain.conversations import State
from inbox.domain.events import HOUSE, Actor, Merged, StateSet
from inbox.domain.ids import ConversationId
from inbox.domain.outgoing import Purpose
from inbox.pipeline.assets_named import take_over
from inbox.pipeline.promising import withdraw_told
from inbox.pipeline.turn import Turn
from inbox.pipeline.unsay import unsay
from inbox.store import assets_named, merging

_PUT_ASIDE = (State.WAITING, State.SNOOZED, State.DONE)


def merge(turn: Turn, other: ConversationId, actor: Actor = HOUSE) -> None:
    """`other` goes into the conversation of this turn. What was promised in it stays promised; what it still owed an answer is
    owed here, since then. Its acknowledgement is not sent where it has not left and there was one here."""
    gone = Turn.of(turn.unit, other, turn.via, turn.terms, turn.now)
    if turn.conversation.acknowledged:
        _unsay(gone)
    was = gone.conversation
    gone.tell(Merged("merged", turn.conversation.id, into=turn.conversation.id), actor)
    gone.close()
    take_over(turn, other)
    assets_named.forget(turn.unit, other)
    merging.move(turn.unit, other, turn.conversation.id)
    turn.tell(
        Merged(
            "merged",
            other,
            messages=was.messages,
            waiting_since=was.waiting_since,
            acknowledged=was.acknowledged,
        ),
        actor,
    )
    if was.waiting_since is not None and turn.conversation.state in _PUT_ASIDE:
        turn.tell(StateSet("state_set", State.OPEN.value), actor)


def _unsay(gone: Turn) -> None:
    for message in unsay(gone, "the conversation was merged", Purpose.ACKNOWLEDGEMENT, Purpose.RENEWAL):
        withdraw_told(gone, message)
