"""Links: which contact an address belongs to, and how it came there; each can be undone, the last of an address first."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ContactId, IdentityId, LinkId
from inbox.domain.people import How, Identity, Link
from inbox.store import search
from inbox.store.tables import identity, identity_link
from inbox.store.unit import Unit

_C = identity_link.c
_FIELDS = (
    _C.id,
    _C.identity_id,
    _C.number,
    _C.had_id,
    _C.now_id,
    _C.how,
    _C.verified,
    _C.agent_id,
    _C.at,
    _C.undone_at,
)


def _link(row: Any) -> Link:
    agent = None if row[7] is None else AgentId(row[7])
    ids = (LinkId(row[0]), IdentityId(row[1]), row[2], ContactId(row[3]), ContactId(row[4]))
    return Link(*ids, row[5], row[6], agent, row[8], row[9])


def held(unit: Unit, id: IdentityId, *, lock: bool = True) -> Identity:
    """One address; `lock` its row where the database locks rows: nobody else links it until we commit."""
    c = identity.c
    fields = (c.id, c.contact_id, c.kind, c.address, c.name, c.verified_at, c.unreachable)
    query = sa.select(*fields).where(c.id == id)
    row = unit.execute(query.with_for_update() if lock else query).one()
    return Identity(IdentityId(row[0]), ContactId(row[1]), *row[2:])


def put(
    unit: Unit, linked: Identity, to: ContactId, how: How, agent: AgentId | None, now: datetime, *, verified: bool
) -> None:
    """The address (as `held` gave it) belongs to another contact from now on. `verified`: and is proved to be theirs."""
    last = unit.execute(sa.select(sa.func.max(_C.number)).where(_C.identity_id == linked.id)).scalar_one()
    fresh = verified and linked.verified_at is None
    unit.add(
        identity_link,
        {
            "identity_id": linked.id,
            "number": (last or 0) + 1,
            "had_id": linked.contact,
            "now_id": to,
            "how": how,
            "verified": fresh,
            "agent_id": agent,
            "at": now,
        },
    )
    values: dict[str, Any] = {"contact_id": to}
    if fresh:
        values["verified_at"] = now
    with search.renaming(unit, linked.contact, to):
        unit.execute(sa.update(identity).where(identity.c.id == linked.id).values(**values))


def verify(unit: Unit, id: IdentityId, now: datetime) -> None:
    """The address is proved to be its contact's; when that was proved first stays."""
    mine = (identity.c.id == id, identity.c.verified_at.is_(None))
    unit.execute(sa.update(identity).where(*mine).values(verified_at=now))


def last(unit: Unit, id: IdentityId) -> Link | None:
    """The latest link of an address that stands."""
    query = sa.select(*_FIELDS).where(_C.identity_id == id, _C.undone_at.is_(None))
    row = unit.execute(query.order_by(_C.number.desc()).limit(1)).first()
    return None if row is None else _link(row)


def undo(unit: Unit, link: Link, by: AgentId | None, now: datetime) -> bool:
    """The address is back where it was before that link; False where somebody has undone it already."""
    mine = (_C.id == link.id, _C.undone_at.is_(None))
    if not unit.execute(sa.update(identity_link).where(*mine).values(undone_at=now, undone_by_id=by)).rowcount:
        return False
    values: dict[str, Any] = {"contact_id": link.had}
    if link.verified:
        values["verified_at"] = None
    with search.renaming(unit, link.had, link.now):
        unit.execute(sa.update(identity).where(identity.c.id == link.identity).values(**values))
    return True


def of_contact(unit: Unit, contact: ContactId) -> list[Link]:
    """Every link by which an address came to this contact or left it, oldest first."""
    query = sa.select(*_FIELDS).where(sa.or_(_C.now_id == contact, _C.had_id == contact)).order_by(_C.id)
    return [_link(row) for row in unit.execute(query)]
