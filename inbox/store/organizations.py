"""Organizations: what they are called, their tags, fields, domains, notes and people; two that are one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ContactId, NoteId, OrganizationId
from inbox.domain.people import Organization
from inbox.domain.scope import Scope
from inbox.store.prepared import Prepared
from inbox.store.scoped import whole, within
from inbox.store.tables import (
    article,
    asset,
    contact,
    contract,
    conversation,
    kept_file,
    organization,
    organization_domain,
)
from inbox.store.tables import organization_note as note
from inbox.store.unit import Unit
from inbox.store.veiled import ORGANIZATION
from inbox.text.fold import fold

_O, _D, _N, _C = organization.c, organization_domain.c, note.c, contact.c
_COLUMNS = (_O.id, _O.name, _O.tags, _O.fields, _O.merged_into_id)
SOUGHT = 2_000
"""Organizations that are looked through for a name, the newest."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an agent wrote about an organization, for the other agents."""

    id: NoteId
    agent: AgentId
    at: datetime
    text: str


def _organization(row: Sequence[Any]) -> Organization:
    into = None if row[4] is None else OrganizationId(row[4])
    return Organization(OrganizationId(row[0]), row[1], tuple(row[2]), tuple((a, b) for a, b in row[3]), into)


_ONE = Prepared(sa.select(*_COLUMNS).where(_O.id == sa.bindparam("id")))


def one(unit: Unit, id: int) -> Organization | None:
    """The organization of that number, merged or not."""
    found = unit.run(_ONE, id=id) if id.bit_length() < 63 else []
    return _organization(found[0]) if found else None


def named(unit: Unit, name: str) -> Organization | None:
    """The one that is called so; of one that went into another, the other."""
    row = unit.execute(sa.select(*_COLUMNS).where(_O.name == name)).first()
    found = None if row is None else _organization(row)
    return found if found is None or found.merged_into is None else one(unit, found.merged_into)


def visible(unit: Unit, scope: Scope, id: int) -> bool:
    """Whether a scope sees it: a conversation of it, where the scope does not see everything; never where organizations are hidden."""
    if ORGANIZATION in scope.hides:
        return False
    if whole(scope):
        return True
    there = conversation.c.organization_id == id
    return unit.execute(sa.select(conversation.c.id).where(there, *within(scope)).limit(1)).first() is not None


def listing(
    unit: Unit, scope: Scope, sought: str = "", after: int = 0, most: int = 50
) -> list[tuple[Organization, int]]:
    """Organizations with how many people each has, in the order of their numbers; with `sought` those whose name, tag or domain has
    it, the newest first; none where they are hidden from the reader."""
    if ORGANIZATION in scope.hides:
        return []
    counted = sa.select(sa.func.count()).where(_C.organization_id == _O.id, _C.merged_into_id.is_(None))
    query = sa.select(*_COLUMNS, counted.scalar_subquery()).where(_O.merged_into_id.is_(None), _O.id > after)
    if not whole(scope):
        query = query.where(sa.exists().where(conversation.c.organization_id == _O.id, *within(scope)))
    if not sought.strip():
        return [(_organization(row), row[5]) for row in unit.execute(query.order_by(_O.id).limit(most))]
    wanted, domains = fold(sought), _domains(unit, fold(sought).lstrip("@"))
    rows = unit.execute(query.order_by(_O.id.desc()).limit(SOUGHT))
    found = [(_organization(row), row[5]) for row in rows]
    return [
        (one, count)
        for one, count in found
        if wanted in fold(one.name) or wanted in map(fold, one.tags) or one.id in domains
    ][:most]


def _domains(unit: Unit, domain: str) -> frozenset[int]:
    return frozenset(row[0] for row in unit.execute(sa.select(_D.organization_id).where(_D.domain == domain)))


def change(unit: Unit, changed: Organization) -> bool:
    """It is as told from now on; False where another one is called so."""
    taken = sa.select(_O.id).where(_O.name == changed.name, _O.id != changed.id)
    if unit.execute(taken).first() is not None:
        return False
    values = {"name": changed.name, "tags": list(changed.tags), "fields": [list(pair) for pair in changed.fields]}
    unit.execute(sa.update(organization).where(_O.id == changed.id).values(**values))
    return True


# -- domains -----------------------------------------------------------------------------------------------------------
_OF_DOMAIN = Prepared(sa.select(_D.organization_id).where(_D.domain == sa.bindparam("domain")))


def of_domain(unit: Unit, domain: str) -> OrganizationId | None:
    """Whose mail domain it is."""
    found = unit.run(_OF_DOMAIN, domain=domain)
    return OrganizationId(found[0][0]) if found else None


def domains(unit: Unit, id: OrganizationId) -> list[str]:
    """Its domains."""
    return [row[0] for row in unit.execute(sa.select(_D.domain).where(_D.organization_id == id).order_by(_D.domain))]


def add_domain(unit: Unit, id: OrganizationId, domain: str, now: datetime) -> bool:
    """The domain is its; False where it is somebody's already."""
    return unit.insert_new(organization_domain, domain=domain, organization_id=id, at=now)


def take_domain(unit: Unit, id: OrganizationId, domain: str) -> bool:
    """The domain is its no longer; False where it was not."""
    mine = (_D.domain == domain, _D.organization_id == id)
    return unit.execute(sa.delete(organization_domain).where(*mine)).rowcount > 0


# -- notes -------------------------------------------------------------------------------------------------------------
def add_note(unit: Unit, id: OrganizationId, agent: AgentId, text: str, now: datetime) -> NoteId:
    """Tell the other agents something about it."""
    return NoteId(unit.insert(note, organization_id=id, agent_id=agent, at=now, text=text))


def end_note(unit: Unit, id: OrganizationId, number: int, now: datetime) -> bool:
    """It does not hold any more; False where there is no such note on it."""
    mine = (_N.id == number, _N.organization_id == id, _N.gone_at.is_(None))
    return unit.execute(sa.update(note).where(*mine).values(gone_at=now)).rowcount > 0


def notes(unit: Unit, id: OrganizationId, most: int = 50) -> list[Said]:
    """The notes that hold, the newest first."""
    query = sa.select(_N.id, _N.agent_id, _N.at, _N.text).where(_N.organization_id == id, _N.gone_at.is_(None))
    rows = unit.execute(query.order_by(_N.at.desc(), _N.id.desc()).limit(most))
    return [Said(NoteId(row[0]), AgentId(row[1]), row[2], row[3]) for row in rows]


# -- people ------------------------------------------------------------------------------------------------------------
def people(unit: Unit, id: OrganizationId, most: int = 200) -> list[ContactId]:
    """Who belongs to it."""
    query = sa.select(_C.id).where(_C.organization_id == id, _C.merged_into_id.is_(None)).order_by(_C.id)
    return [ContactId(row[0]) for row in unit.execute(query.limit(most))]


def merge(unit: Unit, gone: OrganizationId, kept: OrganizationId) -> None:
    """All that one had is the other's, its people apart (whoever has them tells their conversations so)."""
    theirs = (organization_domain, note, kept_file, article, asset, contract)
    for column in (table.c.organization_id for table in theirs):
        unit.execute(sa.update(column.table).where(column == gone).values(organization_id=kept))
    went = sa.or_(_O.id == gone, _O.merged_into_id == gone)
    unit.execute(sa.update(organization).where(went).values(merged_into_id=kept))
