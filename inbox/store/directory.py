"""Contacts, organizations and tags as lists, a page at a time: those of which a scope sees a conversation, or all where it sees all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from inbox.domain.ids import ContactId, OrganizationId
from inbox.domain.people import Contact, Identity
from inbox.domain.scope import Scope
from inbox.store import people, sights, veiled, words
from inbox.store.scoped import whole, within
from inbox.store.tables import contact, conversation, organization
from inbox.store.tables import identity as t_identity
from inbox.store.unit import Unit
from inbox.store.veiled import ADDRESSES, ORGANIZATION
from inbox.text import fold
from inbox.text.queries import Word

_C, _O, _M = contact.c, organization.c, conversation.c
NAMED = 50
"""Contacts of one name that are found, the newest."""
TAGGED = 5_000
"""Conversations whose tags are looked at, the newest."""


@dataclass(frozen=True, slots=True)
class Known:
    """A contact with their addresses and the name of their organization. `sees`: they may see what others of it ask."""

    contact: Contact
    organization: str
    identities: tuple[Identity, ...]
    sees: bool = False


def contacts(unit: Unit, scope: Scope, after: int, most: int) -> list[Known]:
    """The contacts behind a number, in order."""
    query = sa.select(_C.id).where(_C.id > after, _C.merged_into_id.is_(None), *_seen(scope, _M.contact_id, _C.id))
    ids = [ContactId(row[0]) for row in unit.execute(query.order_by(_C.id).limit(most))]
    return _for(scope, known(unit, ids))


def called(unit: Unit, scope: Scope, name: str) -> list[Known]:
    """The contacts that are called so or have such an address, the newest first."""
    wanted = tuple(Word(part) for part in name.split()[:10] if fold.words(part))
    if ADDRESSES in scope.hides and any(veiled.is_address(one.text) for one in wanted):
        return []
    found = words.contacts(unit, wanted, NAMED) if wanted else []
    query = sa.select(_C.id).where(_C.id.in_(found), *_seen(scope, _M.contact_id, _C.id))
    seen = {row[0] for row in unit.execute(query)}
    return _for(scope, known(unit, [ContactId(id) for id in found if id in seen]))


def one(unit: Unit, scope: Scope, id: ContactId) -> Known | None:
    """The contact of that number, where the scope sees them."""
    return next(iter(_for(scope, known(unit, [id]))), None) if sees(unit, scope, id) else None


def sees(unit: Unit, scope: Scope, id: ContactId) -> bool:
    """Whether there is such a contact, and the scope sees a conversation of theirs."""
    query = sa.select(_C.id).where(_C.id == id, *_seen(scope, _M.contact_id, _C.id))
    return unit.execute(query).first() is not None


def known(unit: Unit, ids: Sequence[ContactId]) -> list[Known]:
    """These contacts whole, in this order; those that there are."""
    rows = unit.execute(sa.select(*people.COLUMNS).where(_C.id.in_(list(ids))))
    found = {row[0]: people.contact_of(row) for row in rows}
    named = _names(unit, [one.organization for one in found.values() if one.organization is not None])
    theirs, seeing = people.identities_of(unit, list(found)), sights.seeing(unit, list(found))
    return [
        Known(found[id], named.get(found[id].organization or 0, ""), tuple(theirs.get(id, ())), id in seeing)
        for id in ids
        if id in found
    ]


def _for(scope: Scope, found: list[Known]) -> list[Known]:
    """Without what is kept from the reader."""
    if ADDRESSES in scope.hides:
        found = [replace(one, identities=tuple(veiled.identity(held) for held in one.identities)) for one in found]
    if ORGANIZATION in scope.hides:
        found = [replace(one, organization="", contact=replace(one.contact, organization=None)) for one in found]
    if scope.hides:
        kept = [veiled.fields(one.contact.fields, scope.hides) for one in found]
        found = [replace(one, contact=replace(one.contact, fields=some)) for one, some in zip(found, kept, strict=True)]
    return found


def organizations(unit: Unit, scope: Scope, after: int, most: int) -> list[tuple[OrganizationId, str]]:
    """The organizations behind a number, in order; none where they are hidden from the reader."""
    if ORGANIZATION in scope.hides:
        return []
    query = sa.select(_O.id, _O.name).where(
        _O.id > after, _O.merged_into_id.is_(None), *_seen(scope, _M.organization_id, _O.id)
    )
    rows = unit.execute(query.order_by(_O.id).limit(most))
    return [(OrganizationId(row[0]), row[1]) for row in rows]


def at_domain(unit: Unit, domain: str, kinds: Collection[str]) -> list[Contact]:
    """Contacts with an address there who belong nowhere, and of whom no person said so."""
    i = t_identity.c
    there = sa.exists().where(
        i.contact_id == _C.id, i.kind.in_(kinds), i.address.endswith(f"@{domain}", autoescape=True)
    )
    free = (_C.organization_id.is_(None), _C.placed.is_(False), _C.merged_into_id.is_(None))
    return [people.contact_of(row) for row in unit.execute(sa.select(*people.COLUMNS).where(*free, there))]


def tags(unit: Unit, scope: Scope) -> list[str]:
    """The tags of the newest conversations, by the alphabet."""
    query = sa.select(_M.tags).where(*within(scope), _M.merged_into_id.is_(None))
    rows = unit.execute(query.order_by(_M.id.desc()).limit(TAGGED))
    return sorted({tag for row in rows for tag in row[0]})


def _seen(scope: Scope, column: sa.Column[int], id: sa.Column[int]) -> list[sa.ColumnElement[bool]]:
    if whole(scope):
        return []
    return [sa.exists(sa.select(_M.id).where(column == id, _M.merged_into_id.is_(None), *within(scope)))]


def _names(unit: Unit, ids: Sequence[int]) -> dict[int, str]:
    rows = unit.execute(sa.select(_O.id, _O.name).where(_O.id.in_(list(ids)))) if ids else ()
    return {row[0]: row[1] for row in rows}
