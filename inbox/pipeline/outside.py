"""Outsiders: somebody to whom an agent passed something on answers. What they say stands in the conversation and is not taken for
the customer's: nobody waits by it, no rule runs, nothing is said by itself, and no answer goes there unless an agent says so."""

from collections.abc import Sequence
from datetime import datetime

from inbox.domain.arrivals import Arrival, Judged, Verdict
from inbox.domain.conversations import State
from inbox.domain.events import Actor, Received, StateSet
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import ConversationId
from inbox.domain.people import Contact, Identity
from inbox.pipeline.notify import tell_watchers
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.react import react
from inbox.pipeline.turn import Turn
from inbox.store import conversations, messages, people
from inbox.store.heard import passed_on
from inbox.store.messages import Known
from inbox.store.unit import Unit
from inbox.text.excerpts import LISTED, excerpt


def outside(
    unit: Unit, said: InboundMessage, found: Sequence[Known], known: tuple[Contact, Identity] | None
) -> ConversationId | None:
    """The conversation of which something was passed on that this answers: by our token, or by its reference from the very
    address that it went to. None for everything else, and for whoever takes part in that conversation themselves."""
    token = messages.of_token(unit, said.tokens)
    ours = [one.message for one in found if one.ours and one.key != said.own_key]
    for passed in passed_on(unit, [*([token.message] if token else ()), *ours]):
        to = {address.address for address in passed.to}
        if (token is None or token.message != passed.id) and said.sender.address not in to:
            continue
        matter = conversations.present(unit, passed.conversation).id
        if known is None or not conversations.takes_part(unit, matter, known[1].id):
            return matter
    return None


def answered_outside(
    unit: Unit,
    arrival: Arrival,
    said: InboundMessage,
    matter: ConversationId,
    speaker: Speaker,
    playbook: Playbook,
    now: datetime,
) -> Judged:
    """Keep it, tell whoever has the conversation, and let it stand open before us."""
    turn = Turn.of(unit, matter, speaker.name, playbook.terms, now)
    known = people.known(unit, speaker.kind, said.sender.address)
    contact, _ = people.meet(unit, speaker.kind, said.sender, known, said.language, now)
    message = messages.add_inbound(
        unit, matter, None, contact.id, speaker.name, arrival.id, said, now, messages.OUTSIDE
    )
    messages.name(unit, [(speaker.kind, said.own_key)], message, matter, ours=False)
    actor = Actor("contact", contact.id, contact.name or said.sender.address)
    words = excerpt(said.reply_text or said.text, LISTED)
    told = (message, contact.id, words, arrival.received_at, said.automatic, "passed on", False, True)
    turn.tell(Received("received", *told), actor)
    if said.automatic is None:
        if turn.conversation.state in (State.WAITING, State.SNOOZED, State.DONE):
            turn.tell(StateSet("state_set", State.OPEN.value), actor)
        whose = turn.conversation.assignee
        tell_watchers(turn, "outsider-answered", people.roster(unit), () if whose is None else (whose,))
    react(turn, playbook)
    turn.close()
    return Judged(Verdict.ACCEPTED)
