"""What those who work for an outside company are not shown: it is taken out of what is read, before anything shows it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from inbox.domain.call_events import Warned
from inbox.domain.conversations import Conversation
from inbox.domain.events import (
    Blocked,
    CallTried,
    Chosen,
    ContactSet,
    DeliverySettled,
    Event,
    FieldSet,
    Noticed,
    PassedOn,
    Payload,
    TakenOver,
    TaskDone,
    TaskDue,
    TaskMoved,
    TaskSet,
    Undone,
)
from inbox.domain.fields import TELEPHONES
from inbox.domain.happenings import Address
from inbox.domain.messages import Message
from inbox.domain.people import Identity

if TYPE_CHECKING:
    from inbox.store.shown import Shown

ADDRESSES, ORGANIZATION, FIELDS = "addresses", "organization", "fields"
"""What can be kept from them; single fields as `fields.<name>`."""
KINDS = (ADDRESSES, ORGANIZATION, FIELDS)
MASK = "•••"
Fields = tuple[tuple[str, str], ...]
_NUMBER = re.compile(r"\+?[0-9۰-۹][0-9۰-۹ ()-]{6,}[0-9۰-۹]")
"""What looks like the number of a telephone."""


def veiled(whole: "Shown", hides: frozenset[str]) -> "Shown":
    """The conversation without all of that."""
    if not hides:
        return whole
    made = replace(whole, conversation=_matter(whole.conversation, hides))
    if ORGANIZATION in hides:
        made = replace(made, organization="", contact=replace(made.contact, organization=None))
    made = replace(made, events=tuple(event(one, hides) for one in made.events))
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


def event(told: Event, hides: frozenset[str]) -> Event:
    """What happened, without the address to which it did and the fields that are kept from its reader."""
    payload = _fieldless(told.payload, hides)
    if ADDRESSES in hides:
        payload = _addressless(payload)
    return told if payload is told.payload else replace(told, payload=payload)


def _addressless(payload: Payload) -> Payload:
    match payload:
        case ContactSet() | Noticed() | Blocked() | Warned():
            return replace(payload, address=MASK)
        case PassedOn():
            return replace(payload, to=MASK)
        case CallTried():
            return replace(payload, phone=MASK)
        case DeliverySettled():
            return replace(payload, reason="")  # what the network said names whom it said it about
        case TaskSet() | TaskDue() | TaskMoved() | TaskDone():
            return replace(payload, text=_NUMBER.sub(MASK, payload.text))
        case _:
            return payload


def _fieldless(payload: Payload, hides: frozenset[str]) -> Payload:
    match payload:
        case FieldSet(name=name) | Chosen(name=name) if hidden(name, hides):
            return replace(payload, value=MASK)
        case Undone() | TakenOver():
            return replace(payload, fields=fields(payload.fields, hides))
        case _:
            return payload


def hidden(field: str, hides: frozenset[str]) -> bool:
    """Whether a field of conversations, contacts or organizations is kept from somebody: a telephone number is an address."""
    return FIELDS in hides or f"{FIELDS}.{field}" in hides or (ADDRESSES in hides and field in TELEPHONES)


def fields(known: Fields, hides: frozenset[str]) -> Fields:
    """Those that are not kept from somebody."""
    return tuple(one for one in known if not hidden(one[0], hides))


def is_address(typed: str) -> bool:
    """Whether a word that somebody looks for is an address: to find by it would be to read it."""
    return "@" in typed or typed.startswith("+")


def _matter(matter: Conversation, hides: frozenset[str]) -> Conversation:
    return replace(
        matter, fields=fields(matter.fields, hides), organization=None if ORGANIZATION in hides else matter.organization
    )
