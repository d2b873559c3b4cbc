"""An audience: the contacts for whom a broadcast is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from inbox.domain.broadcasts import Audience
from inbox.domain.ids import ContactId
from inbox.store import organizations
from inbox.store.tables import contact, identity
from inbox.store.unit import Unit
from inbox.text.fold import squeeze

_C, _I = contact.c, identity.c


@dataclass(frozen=True, slots=True)
class Chosen:
    """A contact that is meant."""

    id: ContactId
    name: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """Who is meant, and which addresses or numbers nobody has whom we know."""

    whom: tuple[Chosen, ...]
    unknown: tuple[str, ...] = ()


def chosen(unit: Unit, audience: Audience) -> Found:
    """The contacts, in the order of their numbers; what is said of them has to hold all at once, addresses come besides."""
    if audience.empty:
        return Found(())
    named, unknown = _addressed(unit, audience.addresses)
    asked = audience.tag or audience.organization or audience.name or audience.everybody
    met = _met(unit, audience) if asked else []
    known = {one.id: one for one in (*met, *named)}
    return Found(tuple(known[id] for id in sorted(known)), unknown)


def _met(unit: Unit, audience: Audience) -> list[Chosen]:
    query = sa.select(_C.id, _C.name, _C.language, _C.tags).order_by(_C.id)
    if audience.organization:
        its = organizations.named(unit, audience.organization)
        query = query.where(_C.organization_id == (its.id if its else 0))
    tag, part = audience.tag, squeeze(audience.name)
    rows = [row for row in unit.execute(query) if not tag or tag in row[3]]
    if part:
        addresses = _addresses(unit)
        rows = [row for row in rows if part in squeeze(row[1]) or any(part in a for a in addresses.get(row[0], ()))]
    return [Chosen(ContactId(row[0]), row[1], row[2]) for row in rows]


def _addresses(unit: Unit) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for id, address in unit.execute(sa.select(_I.contact_id, _I.address)):
        found.setdefault(id, []).append(squeeze(address))
    return found


def _addressed(unit: Unit, wanted: Sequence[str]) -> tuple[list[Chosen], tuple[str, ...]]:
    """An address names whoever has it on any network, unless its kind stands before it; a number a contact. Read once for all."""
    typed = tuple(dict.fromkeys(one.strip() for one in wanted if one.strip()))
    if not typed:
        return [], ()
    known = {
        row[0]: Chosen(ContactId(row[0]), row[1], row[2])
        for row in unit.execute(sa.select(_C.id, _C.name, _C.language))
    }
    having: dict[str, set[int]] = {}
    for id, kind, address in unit.execute(sa.select(_I.contact_id, _I.kind, _I.address)):
        for name in (address.lower(), f"{kind}:{address}".lower()):
            having.setdefault(name, set()).add(id)
    found: list[Chosen] = []
    unknown: list[str] = []
    for one in typed:
        ids = {int(one)} & known.keys() if one.isdecimal() else set()
        ids = ids or having.get(one.lower(), set())
        found += [known[id] for id in sorted(ids)]
        if not ids:
            unknown.append(one)
    return found, tuple(unknown)
