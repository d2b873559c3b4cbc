"""Contracts: what was agreed with whom; which one is in force for whoever writes, and how many requests stand under it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from inbox.domain.contracts import Agreed, Cadence, Contract
from inbox.domain.conversations import State
from inbox.domain.ids import ContactId, ContractId, OrganizationId
from inbox.store.prepared import Prepared
from inbox.store.tables import contract, conversation
from inbox.store.types import fixed
from inbox.store.unit import Unit

_C, _M = contract.c, conversation.c
_AGREED = TypeAdapter(Agreed)
_ALL = sa.select(
    _C.id,
    _C.name,
    _C.contact_id,
    _C.organization_id,
    _C.tier,
    _C.agreed,
    _C.first,
    _C.last,
    _C.period,
    _C.almanac,
    _C.pays,
    _C.currency,
    _C.ended,
    _C.follows_id,
    _C.send_to,
)


def _contract(row: Sequence[Any]) -> Contract:
    id, name, contact, organization, tier, agreed, first, last, period, *rest = row
    almanac, pays, currency, ended, follows, send_to = rest
    return Contract(
        ContractId(id),
        name,
        ContactId(contact),
        None if organization is None else OrganizationId(organization),
        tier,
        _AGREED.validate_python(agreed),
        date.fromisoformat(first),
        _day(last),
        Cadence(period),
        almanac,
        Decimal(pays),
        currency,
        _day(ended),
        None if follows is None else ContractId(follows),
        send_to,
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def add(unit: Unit, made: Contract, warn_at: datetime | None, now: datetime) -> Contract | None:
    """A new contract with the number that it gets; None where the name is taken."""
    new = unit.insert_new(
        contract,
        name=made.name,
        contact_id=made.contact,
        organization_id=made.organization,
        tier=made.tier,
        agreed=_AGREED.dump_python(made.agreed, mode="json"),
        first=made.first.isoformat(),
        last=made.last.isoformat() if made.last else None,
        period=made.period.value,
        almanac=made.almanac,
        pays=str(made.pays),
        currency=made.currency,
        follows_id=made.follows,
        made_at=now,
        warn_at=warn_at,
        send_to=made.send_to,
    )
    return by_name(unit, made.name) if new else None


def end(unit: Unit, id: ContractId, last: date) -> bool:
    """That day is its last; False where it was ended already."""
    mine = (_C.id == id, _C.ended.is_(None))
    return unit.execute(sa.update(contract).where(*mine).values(ended=last.isoformat())).rowcount > 0


def one(unit: Unit, id: ContractId) -> Contract:
    """The contract of that number."""
    return _contract(unit.execute(_ALL.where(_C.id == id)).one())


def find(unit: Unit, id: int) -> Contract | None:
    """The contract of that number, where there is one."""
    row = unit.execute(_ALL.where(_C.id == id)).first()
    return None if row is None else _contract(row)


def made_at(unit: Unit, id: ContractId) -> datetime:
    """When it was made, which may be long after its first day."""
    found: datetime = unit.execute(sa.select(_C.made_at).where(_C.id == id)).scalar_one()
    return found


def by_name(unit: Unit, name: str) -> Contract | None:
    """The contract that people call so."""
    row = unit.execute(_ALL.where(_C.name == name)).first()
    return None if row is None else _contract(row)


def listing(
    unit: Unit, contact: ContactId | None = None, organization: OrganizationId | None = None, most: int | None = None
) -> list[Contract]:
    """All, or those with a contact or an organization, the latest to begin first."""
    query = _ALL.order_by(_C.first.desc(), _C.id.desc()).limit(most)
    mine = [
        column == value for column, value in ((_C.contact_id, contact), (_C.organization_id, organization)) if value
    ]
    return [_contract(row) for row in unit.execute(query.where(sa.or_(*mine)) if mine else query)]


def made_before(unit: Unit, before: int, most: int) -> list[Contract]:
    """A page of them, the latest made first: those below a number, or 0 for the first page."""
    query = _ALL.order_by(_C.id.desc()).limit(most)
    return [_contract(row) for row in unit.execute(query.where(_C.id < before) if before else query)]


_OF = Prepared(
    _ALL.where(
        sa.or_(
            _C.organization_id == sa.bindparam("organization"),
            sa.and_(_C.organization_id.is_(None), _C.contact_id == sa.bindparam("contact")),
        ),
        _C.first <= sa.bindparam("day"),
    ).order_by(_C.organization_id.is_not(None), _C.first.desc(), _C.id.desc())
)


def of_customer(unit: Unit, contact: ContactId, organization: OrganizationId | None, day: date) -> list[Contract]:
    """Those in force on a day for somebody: their own before their organization's, of several the latest to begin first."""
    rows = unit.run(_OF, contact=contact, organization=organization or 0, day=day.isoformat())
    return [one for one in map(_contract, rows) if one.in_force(day)]


_USED = Prepared(
    sa.select(sa.func.count()).where(
        _M.contract_id == sa.bindparam("contract"),
        _M.opened_at >= sa.bindparam("since", type_=_M.opened_at.type),
        _M.opened_at < sa.bindparam("until", type_=_M.opened_at.type),
        _M.request,
        _M.state != fixed(State.SPAM.value),
        _M.merged_into_id.is_(None),
    )
)


def used(unit: Unit, id: ContractId, since: datetime, until: datetime) -> int:
    """How many requests began under it from one instant until before another; spam and what went into others apart."""
    return int(unit.run(_USED, contract=id, since=since, until=until)[0][0])


def due(unit: Unit, now: datetime, most: int = 50) -> list[Contract]:
    """Those of whose end it is to be told by now."""
    return [_contract(r) for r in unit.execute(_ALL.where(_C.warn_at <= now).order_by(_C.warn_at, _C.id).limit(most))]


def warn(unit: Unit, id: ContractId, at: datetime | None) -> None:
    """It is told again then, or no more."""
    unit.execute(sa.update(contract).where(_C.id == id).values(warn_at=at))


def next_due(unit: Unit) -> datetime | None:
    """When it is told next of the end of one."""
    found: datetime | None = unit.execute(sa.select(sa.func.min(_C.warn_at))).scalar_one()
    return found
