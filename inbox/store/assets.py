"""Assets as rows: made, changed, retired and never removed, each change beside them; found by their codes, in one statement however many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from inbox.domain.assets import About, Asset, Changed
from inbox.domain.ids import AgentId, AssetId, ContactId, OrganizationId
from inbox.store.prepared import Prepared, PreparedAmong
from inbox.store.tables import asset, asset_change
from inbox.store.unit import Unit
from inbox.text.codes import code
from inbox.text.fold import squeeze

_A, _C = asset.c, asset_change.c
COLUMNS = (
    _A.id,
    _A.code,
    _A.serial,
    _A.product,
    _A.model,
    _A.contact_id,
    _A.organization_id,
    _A.bought_on,
    _A.warranty_until,
    _A.warranty_terms,
    _A.service_until,
    _A.service_terms,
    _A.notes,
    _A.retired_at,
)


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, by which surface. `agent` None: the owner of the site's files."""

    agent: AgentId | None
    via: str


def of_row(row: Sequence[object]) -> Asset:
    """The noun of a row of COLUMNS."""
    id, known_as, serial, product, model, contact, organization, *rest = row
    bought, warranty, warranty_terms, service, service_terms, notes, retired = rest
    about = About(
        serial=str(serial),
        product=str(product),
        model=str(model),
        contact=None if contact is None else ContactId(int(str(contact))),
        organization=None if organization is None else OrganizationId(int(str(organization))),
        bought_on=_day(bought),
        warranty_until=_day(warranty),
        warranty_terms=str(warranty_terms),
        service_until=_day(service),
        service_terms=str(service_terms),
        notes=str(notes),
    )
    retired_at = retired if isinstance(retired, datetime) else None
    return Asset(AssetId(int(str(id))), str(known_as), about, retired_at)


def _day(stored: object) -> date | None:
    return None if stored is None else date.fromisoformat(str(stored))


def _values(about: About) -> dict[str, object]:
    return {
        "code": code(about.serial),
        "serial": about.serial,
        "product": about.product,
        "model": about.model,
        "found_by": squeeze(f"{about.product} {about.model}"),
        "contact_id": about.contact,
        "organization_id": about.organization,
        "bought_on": _iso(about.bought_on),
        "warranty_until": _iso(about.warranty_until),
        "warranty_terms": about.warranty_terms,
        "service_until": _iso(about.service_until),
        "service_terms": about.service_terms,
        "notes": about.notes,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def add(unit: Unit, about: About, now: datetime) -> AssetId | None:
    """A new asset; None where there is one with this code."""
    new = unit.insert_new(asset, **_values(about), added_at=now, changed_at=now)
    return AssetId(unit.execute(sa.select(_A.id).where(_A.code == code(about.serial))).scalar_one()) if new else None


def change(unit: Unit, id: AssetId, about: About, now: datetime) -> None:
    """What is so from now on; its code must be nobody else's."""
    unit.execute(sa.update(asset).where(_A.id == id).values(**_values(about), changed_at=now))


def retire(unit: Unit, id: AssetId, at: datetime | None, now: datetime) -> None:
    """Nobody asks about it from then on; None: they do again."""
    unit.execute(sa.update(asset).where(_A.id == id).values(retired_at=at, changed_at=now))


def record(unit: Unit, id: AssetId, what: Sequence[tuple[str, str, str]], by: By, now: datetime) -> None:
    """That it was changed, beside it for ever."""
    unit.add(asset_change, {"asset_id": id, "at": now, "agent_id": by.agent, "via": by.via, "what": list(what)})


def changes(unit: Unit, id: AssetId, most: int = 100) -> list[Changed]:
    """Its changes, the newest first."""
    query = sa.select(_C.at, _C.agent_id, _C.via, _C.what).where(_C.asset_id == id).order_by(_C.id.desc()).limit(most)
    rows = unit.execute(query)
    return [Changed(r[0], _agent(r[1]), r[2], tuple((a, b, c) for a, b, c in r[3])) for r in rows]


def _agent(id: int | None) -> AgentId | None:
    return None if id is None else AgentId(id)


_ONE = Prepared(sa.select(*COLUMNS).where(_A.id == sa.bindparam("id")))
_CODED = PreparedAmong(lambda codes: sa.select(*COLUMNS).where(_A.code.in_(codes)))


def one(unit: Unit, id: AssetId) -> Asset | None:
    """The asset of that number."""
    if id.bit_length() > 62:
        return None
    return next((of_row(row) for row in unit.run(_ONE, id=id)), None)


def coded(unit: Unit, codes: Sequence[str]) -> dict[str, Asset]:
    """The assets that have these codes, by code: one statement, and none without a code."""
    if not codes:
        return {}
    statement, among = _CODED.of(codes)
    return {found.code: found for found in map(of_row, unit.run(statement, **among))}
