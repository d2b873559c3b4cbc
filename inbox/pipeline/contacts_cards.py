"""Contacts in and out as vCards: each card is a row of the table of contacts, taken in and tried the same way."""

from collections.abc import Collection, Iterable, Sequence

from inbox.domain.fields import Field
from inbox.domain.problems import Problem
from inbox.pipeline import contacts_table
from inbox.pipeline.contacts_table import FIELD
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.table_intake import BETWEEN, MOST_BYTES, MOST_ROWS, Line
from inbox.store.directory import Known
from inbox.text import vcards
from inbox.text.vcards import Card, Version

TELEPHONES = ("phone", "telephone", "tel", "mobile")
"""The field of the config that holds a telephone number: the first of these names that it declares."""


def is_cards(content: bytes) -> bool:
    """Whether a file is one of vCards."""
    return b"BEGIN:VCARD" in content[:200].replace(b"\0", b"").upper()


def lines(content: bytes, fields: Sequence[Field], kinds: Collection[str]) -> list[Line]:
    """The cards of a file as rows; `kinds`: of the channels that there are, whose messengers' addresses are taken. Raises Problem."""
    if len(content) > MOST_BYTES:
        raise Problem("contacts.too_large", most=MOST_BYTES)
    try:
        cards = vcards.read(content)
    except ValueError as error:
        raise Problem("contacts.no_cards", reason=str(error)[:200]) from error
    if len(cards) > MOST_ROWS:
        raise Problem("contacts.too_many", most=MOST_ROWS)
    telephone = telephone_of(fields)
    return [Line(number, _cells(card, fields, kinds, telephone)) for number, card in enumerate(cards, 1)]


def rows(content: bytes, playbook: Playbook) -> list[Line]:
    """The rows of a file of either kind. Raises Problem."""
    if not is_cards(content):
        return contacts_table.lines(content)
    return lines(content, playbook.contact_fields, {one.kind for one in playbook.channels.values()})


def mails(playbook: Playbook) -> frozenset[str]:
    """The kinds of channels whose addresses are mail."""
    return frozenset(one.kind for one in playbook.channels.values() if one.codec.traits.subject)


def telephone_of(fields: Sequence[Field]) -> str:
    """The name of the field that holds a telephone number; empty where the config declares none."""
    declared = {field.name for field in fields}
    return next((name for name in TELEPHONES if name in declared), "")


def _cells(card: Card, fields: Sequence[Field], kinds: Collection[str], telephone: str) -> dict[str, str]:
    messengers = [one for one in card.messengers if one.partition(":")[0] in kinds]
    cells = {
        "name": card.name,
        "language": card.language if card.language in ("fa", "en") else "",
        "organization": card.organization,
        "role": card.role,
        "tags": f"{BETWEEN} ".join(card.categories),
        "addresses": f"{BETWEEN} ".join((*card.mails, *messengers)),
        "note": card.note,
    }
    declared = {field.name for field in fields}
    cells |= {f"{FIELD}{name}": value for name, value in card.more.items() if name in declared}
    if telephone and card.telephones:
        cells.setdefault(f"{FIELD}{telephone}", card.telephones[0])
    return cells


def cards(known: Iterable[Known], fields: Sequence[Field], mails: Collection[str], version: Version = "4.0") -> str:
    """The file; `mails`: the kinds of channels whose addresses are mail."""
    telephone = telephone_of(fields)
    return vcards.written((_card(one, mails, telephone) for one in known), version)


def _card(one: Known, mails: Collection[str], telephone: str) -> Card:
    who, held = one.contact, dict(one.contact.fields)
    return Card(
        name=who.name,
        mails=tuple(identity.address for identity in one.identities if identity.kind in mails),
        telephones=(held[telephone],) if held.get(telephone) else (),
        messengers=tuple(identity.name_in_full for identity in one.identities if identity.kind not in mails),
        organization=one.organization,
        role=who.role,
        categories=who.tags,
        language=who.language or "",
        more={name: value for name, value in held.items() if name != telephone},
    )
