"""Where somebody is now: messages never change, people move."""

from dataclasses import replace

from inbox.domain.events import ThreadMoved
from inbox.domain.happenings import Address
from inbox.domain.ids import ConversationId
from inbox.pipeline.playbook import Speaker
from inbox.store import events, people
from inbox.store.unit import Unit


def followed(unit: Unit, id: ConversationId, to: Address, speaker: Speaker) -> Address:
    """Where somebody is now who wrote from this address in a conversation."""
    if not moved_away(unit, to.address, speaker):
        return to
    for event in events.of(unit, id):
        if isinstance(event.payload, ThreadMoved) and event.payload.old == to.address:
            to = replace(to, address=event.payload.new)
    return to


def moved_away(unit: Unit, address: str, speaker: Speaker) -> bool:
    """Whether nobody is under this address, or no longer."""
    known = people.known(unit, speaker.kind, address)
    return known is None or known[1].unreachable == people.MOVED
