"""Contacts who may be the same, with the reason; never those of whom somebody said that they are not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import sqlalchemy as sa

from inbox.domain.ids import ContactId
from inbox.domain.people import Contact
from inbox.domain.scope import Scope
from inbox.store import contact_merges, people, words
from inbox.store.scoped import whole, within
from inbox.store.tables import contact, conversation, identity
from inbox.store.unit import Unit
from inbox.text.fold import fold, latin_digits
from inbox.text.queries import Word

Reason = Literal["address", "phone", "name"]
REASONS: tuple[Reason, ...] = ("address", "phone", "name")
"""The surest first: the same address on two kinds of channels, the same telephone number, the same name at the same place."""
DIGITS = 8
"""Of a telephone number that are compared, from its end: country and trunk prefixes are written in several ways."""
LOOKED_THROUGH = 100_000
"""Contacts of whom pairs are made, the newest."""
ALIKE = 6
"""Contacts who share something of whom pairs are made: what more of them share is no sign."""
NEAR = 50

_C, _I = contact.c, identity.c


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contacts, the older one first, and why they may be one; `shared`: what they have in common."""

    older: ContactId
    newer: ContactId
    why: Reason
    shared: str


def pairs(unit: Unit, scope: Scope, most: int = 100) -> list[Pair]:
    """All that there are, the surest first."""
    query = sa.select(*people.COLUMNS).where(*_seen(scope)).order_by(_C.id.desc()).limit(LOOKED_THROUGH)
    known = [people.contact_of(row) for row in unit.execute(query)]
    return _pairs(unit, known)[:most]


def of(unit: Unit, scope: Scope, who: Contact) -> list[Pair]:
    """Those with one contact."""
    ids = _near(unit, who)
    query = sa.select(*people.COLUMNS).where(_C.id.in_([*ids, who.id]), *_seen(scope)) if ids else None
    known = [] if query is None else [people.contact_of(row) for row in unit.execute(query)]
    return [pair for pair in _pairs(unit, known) if who.id in (pair.older, pair.newer)]


def _near(unit: Unit, who: Contact) -> set[int]:
    """Contacts who may share something with them."""
    addresses = [one.address for one in people.identities(unit, who.id)]
    same = sa.select(_I.contact_id).where(_I.address.in_(addresses))
    found = {row[0] for row in unit.execute(same)} if addresses else set()
    if who.name.strip():
        found |= set(words.contacts(unit, (Word(who.name, exact=True),), NEAR))
    for number in _numbers(who):
        held = sa.cast(_C.fields, sa.Text).contains(number[-4:], autoescape=True)
        found |= {row[0] for row in unit.execute(sa.select(_C.id).where(held).order_by(_C.id.desc()).limit(1_000))}
    return found - {who.id}


def _pairs(unit: Unit, known: Sequence[Contact]) -> list[Pair]:
    apart, found = contact_merges.apart(unit), dict[tuple[int, int], Pair]()
    for why, shared, ids in _groups(unit, known):
        for one, other in combinations(sorted(set(ids)), 2) if len(set(ids)) <= ALIKE else ():
            if (one, other) not in apart:
                found.setdefault((one, other), Pair(ContactId(one), ContactId(other), why, shared))
    return sorted(found.values(), key=lambda pair: (REASONS.index(pair.why), -pair.newer, pair.older))


def _groups(unit: Unit, known: Sequence[Contact]) -> Iterator[tuple[Reason, str, list[int]]]:
    """Contacts who share something, by what; the surest reasons first."""
    yield from (("address", shared, ids) for shared, ids in _alike(_addresses(unit, known)))
    numbers = ((number, one.id) for one in known for number in _numbers(one))
    yield from (("phone", shared, ids) for shared, ids in _alike(numbers))
    named = ((f"{one.organization or 0} {' '.join(fold(one.name).split())}", one.id) for one in known if _telling(one))
    yield from (("name", shared.partition(" ")[2], ids) for shared, ids in _alike(named))


def _telling(one: Contact) -> bool:
    """Whether the name says who it is: of two words or more, or at an organization."""
    return bool(fold(one.name)) and (one.organization is not None or len(one.name.split()) > 1)


def _alike(values: Iterable[tuple[str, int]]) -> Iterator[tuple[str, list[int]]]:
    found: dict[str, list[int]] = {}
    for value, id in values:
        found.setdefault(value, []).append(id)
    return ((value, ids) for value, ids in found.items() if len(set(ids)) > 1)


def _addresses(unit: Unit, known: Sequence[Contact]) -> Iterator[tuple[str, int]]:
    ids = {one.id for one in known}
    twice = sa.select(_I.address).group_by(_I.address).having(sa.func.count(sa.distinct(_I.contact_id)) > 1)
    rows = unit.execute(sa.select(_I.address, _I.contact_id).where(_I.address.in_(twice)))
    return ((row[0], row[1]) for row in rows if row[1] in ids)


def _numbers(one: Contact) -> Iterator[str]:
    """The telephone numbers among their fields: digits and what is written between them, and enough of those."""
    for _, value in one.fields:
        plain = latin_digits(value)
        digits = "".join(c for c in plain if c.isdigit())
        if len(digits) >= DIGITS and all(c.isdigit() or c in "+-() ./\u2011" for c in plain) and "." not in plain:
            yield digits[-DIGITS:]


def _seen(scope: Scope) -> list[sa.ColumnElement[bool]]:
    here: list[sa.ColumnElement[bool]] = [_C.merged_into_id.is_(None), _C.forgotten_at.is_(None)]
    if whole(scope):
        return here
    return [*here, sa.exists().where(conversation.c.contact_id == _C.id, *within(scope))]
