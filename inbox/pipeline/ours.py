"""Old mail of our own: what one of us wrote before the house kept it, put where it was an answer."""

from collections.abc import Sequence
from dataclasses import replace

from inbox.domain.arrivals import Arrival, Judged, Verdict
from inbox.domain.events import HOUSE, Replied
from inbox.domain.happenings import InboundMessage
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Contact, Identity
from inbox.pipeline.opening import turn_in
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.threading import Place, place
from inbox.store import awaiting, conversations, messages, people
from inbox.store.messages import Known
from inbox.store.unit import Unit
from inbox.text.excerpts import LISTED, excerpt

OURS = "ours"
"""The reason beside `accepted` that tells our own old mail from the customers'."""

Met = tuple[Contact, Identity]


def remember(
    unit: Unit, arrival: Arrival, said: InboundMessage, found: Sequence[Known], speaker: Speaker, playbook: Playbook
) -> Judged:
    """Keep it as an outbound message that nobody sends: in the conversation that it answers, by the same proof as always
    (a reference, and one of those it went to takes part), else in a new one with whom it was written to. `found`: what of
    the messages that it refers to is here, and of itself.

    What the house itself sent is here already. A machine's mail of ours that answers nothing opens no conversation.
    """
    if any(one.ours and one.key == said.own_key for one in found):
        return Judged(Verdict.DUPLICATE, "duplicate.ours")
    to = [one for one in (*said.to, *said.cc) if one.address and not _own(one.address, speaker)]
    if not to:
        return Judged(Verdict.IGNORED, "ignored.own_address")
    when = arrival.received_at
    known = [people.known(unit, speaker.kind, one.address) for one in to]
    at = _place(unit, arrival, said, found, speaker, known)
    if at.conversation is None and said.automatic is not None:
        return Judged(Verdict.IGNORED, "ignored.own_machine")
    contact, identity = people.meet(unit, speaker.kind, to[0], known[0], None, when)
    turn = turn_in(unit, arrival, said, contact, identity, at, speaker, playbook, HOUSE, when)
    thread = conversations.put_thread(unit, speaker.name, said.thread, turn.conversation.id) if said.thread else None
    id, purpose = turn.conversation.id, Purpose.REPLY if said.automatic is None else Purpose.NOTICE
    message = messages.add_old(unit, id, thread, speaker.name, arrival.id, said, purpose.value, when)
    messages.name(unit, [(speaker.kind, said.own_key)], message, id, ours=True)
    if at.conversation is not None:
        awaiting.end(unit, speaker.kind, said.own_key, id)
    if at.awaited:
        awaiting.begin(unit, speaker.kind, at.awaited, message, id)
    turn.tell(Replied("replied", message, None, excerpt(said.reply_text or said.text, LISTED), history=True))
    turn.close()
    return Judged(Verdict.ACCEPTED, OURS)


def _place(
    unit: Unit,
    arrival: Arrival,
    said: InboundMessage,
    found: Sequence[Known],
    speaker: Speaker,
    to: Sequence[Met | None],
) -> Place:
    """Where it belongs for the first of those it went to who proves a conversation, however long that was over: whoever
    answers takes it up again. Else a new one."""
    first: Place | None = None
    answered = [one for one in found if one.key != said.own_key]
    for one in to:
        at = place(unit, replace(said, tokens=()), answered, speaker, one[1].id if one else None, arrival.received_at)
        if at.follows is not None:
            return Place(conversations.load(unit, at.follows), at.evidence)
        if at.conversation is not None:
            return at
        first = first or at
    assert first is not None
    return first


def _own(address: str, speaker: Speaker) -> bool:
    """Whether it is an address of the channel, with or without something behind a plus sign."""
    local, _, domain = address.rpartition("@")
    ours = {one.lower() for one in speaker.addresses}
    return address in ours or f"{local.partition('+')[0]}@{domain}" in ours
