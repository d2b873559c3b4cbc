"""Assets as lists, a page at a time: by a code, product or owner, by what ends soon, by whose they are; within a scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from inbox.domain.assets import Asset
from inbox.domain.ids import AssetId, ContactId, OrganizationId
from inbox.domain.scope import Scope
from inbox.store import words
from inbox.store.assets import COLUMNS, of_row
from inbox.store.scoped import whole, within
from inbox.store.tables import asset, asset_named, contact, conversation, organization
from inbox.store.unit import Unit
from inbox.text import fold
from inbox.text.codes import code
from inbox.text.queries import Word

_A, _M = asset.c, conversation.c
NAMED = 200
"""Owners of one name whose assets are found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for; what is empty does not matter. `words`: the beginning of a code, a part of product or model, or the name or
    an address of the owner. `ending`: a warranty or a service ends between these days."""

    words: str = ""
    contact: ContactId | None = None
    organization: OrganizationId | None = None
    ending: tuple[date, date] | None = None
    retired: bool | None = None


@dataclass(frozen=True, slots=True)
class Owned:
    """An asset, and what its owners are called; empty for none."""

    asset: Asset
    contact: str = ""
    organization: str = ""


def listing(unit: Unit, scope: Scope, sought: Sought, after: int = 0, most: int = 50) -> list[Owned]:
    """The assets that meet all of it behind a number, in order."""
    query = sa.select(*COLUMNS).where(_A.id > after, *seen(scope), *_conditions(unit, sought))
    rows = unit.execute(query.order_by(_A.id).limit(most))
    return owned(unit, [of_row(row) for row in rows])


def one(unit: Unit, scope: Scope, id: AssetId) -> Owned | None:
    """The asset of that number, where the scope sees it."""
    if id.bit_length() > 62:
        return None
    rows = unit.execute(sa.select(*COLUMNS).where(_A.id == id, *seen(scope)))
    return next(iter(owned(unit, [of_row(row) for row in rows])), None)


def owned(unit: Unit, assets: Sequence[Asset]) -> list[Owned]:
    """With the names of their owners."""
    people = _names(unit, contact, {a.about.contact for a in assets if a.about.contact})
    companies = _names(unit, organization, {a.about.organization for a in assets if a.about.organization})
    return [
        Owned(a, people.get(a.about.contact or 0, ""), companies.get(a.about.organization or 0, "")) for a in assets
    ]


def of_customer(unit: Unit, who: ContactId, company: OrganizationId | None, most: int = 100) -> list[Asset]:
    """What somebody owns, and what the organization to which they belong does; not what is retired. What ends first before the rest."""
    mine = _A.contact_id == who
    whose = mine if company is None else sa.or_(mine, _A.organization_id == company)
    query = sa.select(*COLUMNS).where(whose, _A.retired_at.is_(None))
    rows = unit.execute(query.order_by(_A.product, _A.id).limit(most))
    return [of_row(row) for row in rows]


def seen(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """A scope with limits sees the assets of whose owner it sees a conversation, and those that such a conversation is about."""
    if whole(scope):
        return []
    theirs = sa.or_(_M.contact_id == _A.contact_id, _M.organization_id == _A.organization_id)
    named = sa.select(asset_named.c.asset_id).where(
        asset_named.c.conversation_id == _M.id, asset_named.c.asset_id == _A.id, asset_named.c.gone_at.is_(None)
    )
    there = sa.select(_M.id).where(sa.or_(theirs, sa.exists(named)), _M.version > 0, *within(scope))
    return [sa.exists(there)]


def _conditions(unit: Unit, sought: Sought) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if sought.words.strip():
        found.append(_worded(unit, sought.words))
    if sought.contact is not None:
        found.append(_A.contact_id == sought.contact)
    if sought.organization is not None:
        found.append(_A.organization_id == sought.organization)
    if sought.retired is not None:
        found.append(_A.retired_at.is_not(None) if sought.retired else _A.retired_at.is_(None))
    if sought.ending is not None:
        first, last = (day.isoformat() for day in sought.ending)
        found.append(sa.or_(_A.warranty_until.between(first, last), _A.service_until.between(first, last)))
    return found


def _worded(unit: Unit, typed: str) -> sa.ColumnElement[bool]:
    """A code by its beginning, a product by any part of it, an owner by words of their name or their address."""
    found: list[sa.ColumnElement[bool]] = []
    if coded := code(typed):
        found.append(_A.code.startswith(coded, autoescape=True))
    if squeezed := fold.squeeze(typed):
        found.append(_A.found_by.contains(squeezed, autoescape=True))
    wanted = tuple(Word(part) for part in typed.split()[:10] if fold.words(part))
    if wanted:
        found.append(_A.contact_id.in_(words.contacts(unit, wanted, NAMED)))
    found.append(_A.organization_id.in_(_companies(unit, typed)))
    return sa.or_(*found)


def _companies(unit: Unit, typed: str) -> list[int]:
    """Organizations of that name or one that begins so. There are few: they are compared here, as the fold compares."""
    begun = fold.squeeze(typed)
    rows = unit.execute(sa.select(organization.c.id, organization.c.name)) if begun else ()
    return [row[0] for row in rows if fold.squeeze(row[1]).startswith(begun)][:NAMED]


def _names(unit: Unit, table: sa.Table, ids: set[ContactId] | set[OrganizationId]) -> dict[int, str]:
    rows = unit.execute(sa.select(table.c.id, table.c.name).where(table.c.id.in_(list(ids)))) if ids else ()
    return {row[0]: row[1] for row in rows}
