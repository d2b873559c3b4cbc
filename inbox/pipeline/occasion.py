"""An occasion: a date of a contract or an asset comes near, and a conversation with its customer begins with a note of ours.

The customer is told nothing by that, and waits for nothing: it is work for us, that rules may give to somebody or answer.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from inbox.domain.conversations import Conversation
from inbox.domain.events import HOUSE, Expiring, Noted
from inbox.domain.ids import AssetId, ContactId
from inbox.domain.messages import Direction
from inbox.domain.people import Identity
from inbox.pipeline import assets_named
from inbox.pipeline.opening import Beginning, begun_by_us, opened
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.react import react
from inbox.store import conversations, messages, people
from inbox.store.unit import Unit
from inbox.text.excerpts import LISTED, excerpt


@dataclass(frozen=True, slots=True)
class Occasion:
    """What comes near for whom: `id` and `name` of the contract or asset, the day `on`, and the words that we are told by."""

    contact: ContactId
    what: Literal["contract", "warranty", "service"]
    id: int
    name: str
    on: date
    subject: str
    note: str


def begin(unit: Unit, occasion: Occasion, playbook: Playbook, now: datetime) -> Conversation | None:
    """The conversation that it begins, on which rules for `contract-expiring`, `warranty-expiring` or `service-expiring` have run; None
    where the contact has no address on any channel that we still have."""
    found = way(unit, occasion.contact, playbook)
    if found is None:
        return None
    speaker, identity = found
    contact = people.contact(unit, occasion.contact)
    began = Beginning(occasion.subject, contact.language or playbook.language, via="time")
    turn = opened(unit, began, contact, identity, speaker, playbook, HOUSE, now)
    begun_by_us(turn, speaker, playbook)
    said = messages.Said(Direction.NOTE, occasion.note)
    turn.tell(Noted("noted", messages.add_ours(unit, turn.conversation.id, said, now), excerpt(occasion.note, LISTED)))
    if occasion.what != "contract":
        assets_named.put_by_number(turn, AssetId(occasion.id))
    turn.tell(Expiring("expiring", occasion.what, occasion.id, occasion.name, occasion.on))
    react(turn, playbook)
    turn.close()
    return conversations.peek(unit, turn.conversation.id)


def way(unit: Unit, contact: ContactId, playbook: Playbook) -> tuple[Speaker, Identity] | None:
    """A channel and an address on which it could be talked about: one that is proved and can be reached before the others."""
    mine = sorted(people.identities(unit, contact), key=lambda one: (bool(one.unreachable), one.verified_at is None))
    found = ((speaker, one) for one in mine for speaker in playbook.channels.values() if speaker.kind == one.kind)
    return next(found, None)
