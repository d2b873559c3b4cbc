"""Contacts in and out as vCards: each card is a row of the table of contacts, taken in and tried the same way."""

from collections.abc import Iterable

from inbox.domain.problems import Problem
from inbox.pipeline import contacts_table, telephones
from inbox.pipeline.contacts_table import FIELD
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.table_intake import BETWEEN, MOST_BYTES, MOST_ROWS, Line
from inbox.store.directory import Known
from inbox.text import vcards
from inbox.text.vcards import Card, Version


def is_cards(content: bytes) -> bool:
    """Whether a file is one of vCards."""
    return b"BEGIN:VCARD" in content[:200].replace(b"\0", b"").upper()


def lines(content: bytes, playbook: Playbook) -> list[Line]:
    """The cards of a file as rows: of messengers and telephones what there is a channel for. Raises Problem."""
    if len(content) > MOST_BYTES:
        raise Problem("contacts.too_large", most=MOST_BYTES)
    try:
        cards = vcards.read(content)
    except ValueError as error:
        raise Problem("contacts.no_cards", reason=str(error)[:200]) from error
    if len(cards) > MOST_ROWS:
        raise Problem("contacts.too_many", most=MOST_ROWS)
    return [Line(number, _cells(card, playbook)) for number, card in enumerate(cards, 1)]


def rows(content: bytes, playbook: Playbook) -> list[Line]:
    """The rows of a file of either kind. Raises Problem."""
    return lines(content, playbook) if is_cards(content) else contacts_table.lines(content)


def _cells(card: Card, playbook: Playbook) -> dict[str, str]:
    kinds = {one.kind for one in playbook.channels.values()}
    messengers = [one for one in card.messengers if one.partition(":")[0] in kinds]
    written = (*card.mails, *messengers)
    called = tuple(":".join(one) for one in telephones.numbers(card.telephones, playbook))
    cells = {
        "name": card.name,
        "language": card.language if card.language in ("fa", "en") else "",
        "organization": card.organization,
        "role": card.role,
        "tags": f"{BETWEEN} ".join(card.categories),
        "addresses": f"{BETWEEN} ".join(written or called),
        "telephones": f"{BETWEEN} ".join(card.telephones if written else ()),
        "note": card.note,
    }
    declared = {field.name for field in playbook.contact_fields}
    cells |= {f"{FIELD}{name}": value for name, value in card.more.items() if name in declared}
    if card.telephones and (field := telephones.field_of(playbook.contact_fields)):
        cells.setdefault(f"{FIELD}{field}", card.telephones[0])
    return cells


def cards(known: Iterable[Known], playbook: Playbook, version: Version = "4.0") -> str:
    """The file."""
    return vcards.written((_card(one, playbook) for one in known), version)


def _card(one: Known, playbook: Playbook) -> Card:
    who, held = one.contact, dict(one.contact.fields)
    mails = {speaker.kind for speaker in playbook.channels.values() if speaker.codec.traits.subject}
    calls = {speaker.kind for speaker in telephones.phones(playbook)}
    field = telephones.field_of(playbook.contact_fields)
    theirs = [identity.address for identity in one.identities if identity.kind in calls]
    noted = held.get(field, "")
    same = noted and {number for _, number in telephones.numbers([noted], playbook)} & {*theirs}
    return Card(
        name=who.name,
        mails=tuple(identity.address for identity in one.identities if identity.kind in mails),
        telephones=tuple(([noted] if noted and not same else []) + theirs),
        messengers=tuple(identity.name_in_full for identity in one.identities if identity.kind not in {*mails, *calls}),
        organization=one.organization,
        role=who.role,
        categories=who.tags,
        language=who.language or "",
        more={name: value for name, value in held.items() if name != field},
    )
