"""What those who work for an outside company are not shown: it is taken out of what is read, before anything shows it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from inbox.domain.conversations import Conversation
from inbox.domain.events import Blocked, ContactSet, Event, Noticed, PassedOn
from inbox.domain.happenings import Address
from inbox.domain.messages import Message
from inbox.domain.people import Identity

if TYPE_CHECKING:
    from inbox.store.shown import Shown

ADDRESSES, ORGANIZATION, FIELDS = "addresses", "organization", "fields"
"""What can be kept from them; single fields as `fields.<name>`."""
KINDS = (ADDRESSES, ORGANIZATION, FIELDS)
MASK = "•••"


def veiled(whole: "Shown", hides: frozenset[str]) -> "Shown":
    """The conversation without all of that."""
    if not hides:
        return whole
    made = replace(whole, conversation=_matter(whole.conversation, hides))
    if ORGANIZATION in hides:
        made = replace(made, organization="", contact=replace(made.contact, organization=None))
    if ADDRESSES not in hides:
        return made
    said = tuple(
        replace(
            one,
            message=message(one.message),
            author=MASK if one.author == one.message.sender.address else one.author,
            deliveries=tuple(replace(d, recipients=_masks(d.recipients), receipt="", error="") for d in one.deliveries),
        )
        for one in made.messages
    )
    return replace(
        made,
        identities=tuple(identity(one) for one in made.identities),
        messages=said,
        events=tuple(event(one) for one in made.events),
    )


def identity(known: Identity) -> Identity:
    """An address of which one sees the kind alone."""
    return replace(known, address=MASK, name="")


def address(known: Address) -> Address:
    """The name alone."""
    return Address(MASK, known.name if "@" not in known.name else "")


def _masks(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(MASK for _ in addresses)


def message(said: Message) -> Message:
    """What was said, with the names of those between whom it went alone."""
    lists: dict[str, Any] = {
        name: tuple(address(one) for one in getattr(said, name)) for name in ("to", "cc", "reply_to")
    }
    return replace(said, sender=address(said.sender), **lists)


def event(told: Event) -> Event:
    """What happened, without the address to which it did."""
    match told.payload:
        case ContactSet() | Noticed() | Blocked() as payload:
            return replace(told, payload=replace(payload, address=MASK))
        case PassedOn() as payload:
            return replace(told, payload=replace(payload, to=MASK))
        case _:
            return told


def _matter(matter: Conversation, hides: frozenset[str]) -> Conversation:
    kept = () if FIELDS in hides else tuple(one for one in matter.fields if f"{FIELDS}.{one[0]}" not in hides)
    return replace(matter, fields=kept, organization=None if ORGANIZATION in hides else matter.organization)
