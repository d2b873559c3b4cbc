"""A button of ours was pressed: the customer's choice becomes a fact of the conversation that rules can look at."""

from datetime import datetime

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.choices import choice
from inbox.domain.events import Actor, Chosen
from inbox.domain.happenings import Button
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.turn import Turn
from inbox.store import conversations, people
from inbox.store.unit import Unit


def press(unit: Unit, said: Button, speaker: Speaker, playbook: Playbook, now: datetime) -> Judged:
    """Kept where the one who pressed takes part in what the chat last spoke of. It is no message: nothing is said to it,
    nothing opens, and what a person of ours has set stays."""
    chosen = choice(said.data)
    if chosen is None:
        return Judged(Verdict.IGNORED, "ignored.button_unknown")
    id = conversations.of_thread(unit, speaker.name, said.thread)
    known = people.known(unit, speaker.kind, said.sender.address)
    if id is None or known is None:
        return Judged(Verdict.IGNORED, "ignored.button_of_nothing")
    contact, identity = known
    turn = Turn(unit, conversations.present(unit, id), speaker.name, playbook.terms, now)
    if not conversations.takes_part(unit, turn.conversation.id, identity.id):
        return Judged(Verdict.IGNORED, "ignored.button_of_nothing")
    if dict(turn.conversation.fields).get(chosen.name) == chosen.value:
        return Judged(Verdict.DUPLICATE, "duplicate.choice")
    turn.tell(Chosen("chosen", chosen.name, chosen.value), Actor("contact", contact.id, contact.name))
    turn.close()
    return Judged(Verdict.ACCEPTED, "choice")
