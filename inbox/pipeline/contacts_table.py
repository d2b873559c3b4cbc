"""Contacts in and out as a table: one a row, found by number or address; what is new is made, what is better known is changed.

Addresses that come so are claimed, never verified, and none is taken from whoever has it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from inbox.domain.events import Actor
from inbox.domain.happenings import Address
from inbox.domain.ids import AgentId, ContactId
from inbox.domain.people import Contact
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import person, table_intake, telephones
from inbox.pipeline.known_fields import merged
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.proved import ours
from inbox.pipeline.routes import canonical
from inbox.pipeline.table_intake import BETWEEN, Head, Line, Rehearsed, What
from inbox.store import directory, people, persons
from inbox.store.directory import Known
from inbox.store.unit import Unit
from inbox.text import spreadsheets
from inbox.text.fold import ZWNJ, latin_digits

COLUMNS = ("id", "name", "language", "organization", "tags", "addresses", "role")
HEADS: Mapping[str, tuple[str, ...]] = {
    "en": COLUMNS,
    "fa": ("شماره", "نام", "زبان", "سازمان", "برچسب‌ها", "نشانی‌ها", "سمت"),
}
"""The head of the table in each language; both are read."""
FIELD = "field."
"""Begins the head of a column with a field of the contact, in both languages: `field.plan`."""
TABLE = Head(COLUMNS, HEADS, ("addresses", "id"), "contacts.bad_head", free=FIELD)
LONGEST_NOTE = 10_000
LONGEST = 300
"""Characters of a name, a tag, an organization or an address."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row, or would; `why`: what is wrong with one that was refused."""

    number: int
    what: What
    contact: ContactId | None = None
    why: Problem | None = None


# -- out ---------------------------------------------------------------------------------------------------------------
def table(known: Iterable[Known], language: str, fields: Sequence[str] = ()) -> str:
    """The file; `fields`: those of the config, a column each."""
    head = (*TABLE.of(language), *(f"{FIELD}{name}" for name in fields))
    return spreadsheets.written(head, (_row(one, fields) for one in known))


def every(unit: Unit, scope: Scope) -> list[Known]:
    """All contacts that a scope sees."""
    found: list[Known] = []
    while page := directory.contacts(unit, scope, found[-1].contact.id if found else 0, 500):
        found += page
    return found


def _row(one: Known, fields: Sequence[str]) -> tuple[str, ...]:
    contact, held = one.contact, dict(one.contact.fields)
    addresses = f"{BETWEEN} ".join(identity.name_in_full for identity in one.identities)
    tags = f"{BETWEEN} ".join(contact.tags)
    first = (str(contact.id), contact.name, contact.language or "", one.organization, tags, addresses, contact.role)
    return (*first, *(held.get(name, "") for name in fields))


# -- in ----------------------------------------------------------------------------------------------------------------
def lines(content: bytes) -> list[Line]:
    """The rows of a file. Raises Problem where it is no table of contacts, or too large a one."""
    return table_intake.lines(content, TABLE)


@dataclass(frozen=True, slots=True)
class Intake:
    """How a file is taken in, and for whom."""

    playbook: Playbook
    actor: Actor
    via: str

    def firsts(self, rows: Sequence[Line]) -> Mapping[str, int]:
        """In which row each address stands first."""
        return firsts(rows)

    def take(
        self, unit: Unit, rows: Sequence[Line], earlier: Mapping[str, int], now: datetime, *, rehearse: bool
    ) -> list[Outcome]:
        """What became of these rows; `earlier`: of `firsts`. Raises Rehearsed where they were only tried."""
        outcomes = [self._one(unit, row, earlier, now) for row in rows]
        if rehearse:
            raise Rehearsed(outcomes)
        return outcomes

    def _one(self, unit: Unit, row: Line, earlier: Mapping[str, int], now: datetime) -> Outcome:
        try:
            for word in row.several("addresses"):
                if earlier[word.lower()] != row.number:
                    raise Problem("contacts.twice", address=word, row=earlier[word.lower()])
            return self._taken(unit, row, now)
        except Problem as why:
            return Outcome(row.number, "refused", why=why)

    def _taken(self, unit: Unit, row: Line, now: datetime) -> Outcome:
        """Everything is looked at before anything is written."""
        wanted, fields = _better(row), _fields(row)
        merged((), fields, self.playbook.contact_fields)
        addresses = [there(unit, word, self.playbook, now) for word in row.several("addresses")]
        known = [people.known(unit, *one) for one in addresses]
        id = _whose(unit, row, [one[0].id for one in known if one is not None])
        if id is None and not addresses:
            raise Problem("contacts.nobody")
        if id is None:
            return self._met(unit, row, wanted, fields, addresses, now)
        new = [one for one, whose in zip(addresses, known, strict=True) if whose is None]
        for kind, address in new:
            people.claim(unit, id, kind, address, wanted["name"], now)
        changed = self._changed(unit, people.contact(unit, id), wanted, fields, row, now)
        return Outcome(row.number, "changed" if new or changed else "same", id)

    def _met(
        self,
        unit: Unit,
        row: Line,
        wanted: Mapping[str, str],
        fields: Mapping[str, str],
        addresses: Sequence[tuple[str, str]],
        now: datetime,
    ) -> Outcome:
        (kind, address), *others = addresses
        language = wanted["language"] or None
        made, _ = people.meet(unit, kind, Address(address, wanted["name"]), None, language, now)
        for one in others:
            people.claim(unit, made.id, *one, wanted["name"], now)
        self._changed(unit, made, wanted, fields, row, now)
        return Outcome(row.number, "new", made.id)

    def _changed(
        self, unit: Unit, was: Contact, wanted: Mapping[str, str], fields: Mapping[str, str], row: Line, now: datetime
    ) -> bool:
        """An empty cell says nothing; tags are added. Another organization is told in every conversation of theirs."""
        better = person.Better(
            name=wanted["name"] or None,
            language=wanted["language"] or None,
            organization=wanted["organization"] or None,
            role=wanted["role"] or None,
            add_tags=row.several("tags"),
            fields=fields,
        )
        now_is = person.bettered(unit, was, better, self.playbook)
        person.become(unit, was, now_is, self.actor, self.via, self.playbook, now)
        noted = self._noted(unit, was.id, row.cells.get("note", "").strip(), now)
        called = telephones.claim(unit, was.id, row.several("telephones"), now_is.name, self.playbook, now)
        return noted or called or replace(now_is, placed=was.placed) != was

    def _noted(self, unit: Unit, id: ContactId, text: str, now: datetime) -> bool:
        """A card's note is one of whoever takes it in; the owner of the site, who is no agent, writes none."""
        known = {note.text for note in persons.notes(unit, [id])} if text else set()
        if not text or self.actor.kind != "agent" or self.actor.id is None or text[:LONGEST_NOTE] in known:
            return False
        persons.add_note(unit, id, AgentId(self.actor.id), text[:LONGEST_NOTE], now)
        return True


def there(unit: Unit, word: str, playbook: Playbook, now: datetime) -> tuple[str, str]:
    """Kind and address as the network compares it; a mail address may stand alone. Raises Problem."""
    kind, _, address = word.partition(":")
    speaker = next((one for one in playbook.channels.values() if one.kind == kind), None)
    if speaker is None and "@" in word:
        mail = (one for one in playbook.channels.values() if one.codec.traits.subject)
        speaker, address = next(mail, None), word
    found = canonical(speaker, address, now) if speaker is not None and address else None
    if speaker is None or found is None or len(word) > LONGEST:
        raise Problem("contacts.bad_address", address=word[:60])
    if ours(unit, found, playbook):
        raise Problem("link.ours", address=found)
    return speaker.kind, found


def _better(row: Line) -> dict[str, str]:
    """The cells with one value each. Raises Problem."""
    found = {name: " ".join(row.cells.get(name, "").split()) for name in ("name", "language", "organization", "role")}
    found["language"] = found["language"].lower()
    for value in (*found.values(), *row.several("tags")):
        if len(value) > LONGEST or not value.replace(ZWNJ, "").isprintable():
            raise Problem("contacts.bad_cell", value=value[:60])
    if found["language"] not in ("", "fa", "en"):
        raise Problem("contacts.bad_language", value=found["language"][:20])
    return found


def _fields(row: Line) -> dict[str, str]:
    """The cells of fields that say something."""
    return {name.removeprefix(FIELD): cell for name, cell in row.cells.items() if name.startswith(FIELD) and cell}


def _whose(unit: Unit, row: Line, whose: Sequence[ContactId]) -> ContactId | None:
    """Whom a row is about; None: nobody whom we know. Raises Problem where it names several, or a number that nobody has."""
    number = latin_digits(row.cells.get("id", "")).strip()
    if number:
        id = (
            people.contact_by_number(unit, int(number))
            if number.isascii() and number.isdigit() and len(number) < 17
            else None
        )
        if id is None:
            raise Problem("link.nobody", who=number[:20])
        whose = (id, *whose)
    if len(set(whose)) > 1:
        raise Problem("contacts.several", contacts=", ".join(str(one) for one in dict.fromkeys(whose)))
    return whose[0] if whose else None


def firsts(rows: Sequence[Line]) -> dict[str, int]:
    """In which row each address stands first: two rows of one file do not share one."""
    return table_intake.firsts(rows, lambda row: (word.lower() for word in row.several("addresses")))
