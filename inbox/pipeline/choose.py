"""A choice that a customer made: it becomes a fact of the conversation, and rules run on it."""

from datetime import datetime

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.choices import Choice
from inbox.domain.conversations import State
from inbox.domain.events import Actor, Chosen
from inbox.domain.happenings import Button
from inbox.domain.ids import ConversationId
from inbox.domain.people import Contact, Identity
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.react import react
from inbox.pipeline.turn import Turn
from inbox.store import conversations, messages
from inbox.store.unit import Unit

OF_NOTHING = Judged(Verdict.IGNORED, "ignored.button_of_nothing")
TOO_LATE = Judged(Verdict.IGNORED, "ignored.button_too_late")
KNOWN = Judged(Verdict.DUPLICATE, "duplicate.choice")
CHOSEN = Judged(Verdict.ACCEPTED, "choice")
OVERRULED = Judged(Verdict.ACCEPTED, "choice_overruled")
"""The choice is on record, and the field stays as a person of ours has set it."""


def choose(
    unit: Unit,
    said: Button,
    chosen: Choice,
    known: tuple[Contact, Identity],
    speaker: Speaker,
    playbook: Playbook,
    now: datetime,
) -> Judged:
    """In the conversation in which the button stands, where whoever pressed it takes part."""
    contact, identity = known
    id = _where(unit, said, speaker)
    if id is None or not conversations.takes_part(unit, id, identity.id):
        return OF_NOTHING
    turn = Turn.of(unit, id, speaker.name, playbook.terms, now)
    if turn.conversation.state in (State.DONE, State.SPAM):
        return TOO_LATE
    if dict(turn.conversation.fields).get(chosen.name) == chosen.value:
        return KNOWN
    turn.tell(Chosen("chosen", chosen.name, chosen.value), Actor("contact", contact.id, contact.name))
    changed = turn.conversation.fields != turn.before.fields
    react(turn, playbook)
    turn.close()
    return CHOSEN if changed else OVERRULED


def _where(unit: Unit, said: Button, speaker: Speaker) -> ConversationId | None:
    """The conversation of the message under which the button stands or, where nobody knows that message, of the chat."""
    about = messages.look_up(unit, speaker.kind, (said.about,) if said.about else ())
    id = about[0].conversation if about else conversations.of_thread(unit, speaker.name, said.thread)
    return None if id is None else conversations.present(unit, id).id
