"""Blocked addresses: what comes from them is kept as it arrived, and not taken up."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ContactId, IdentityId
from inbox.domain.people import Identity
from inbox.store.prepared import Prepared
from inbox.store.tables import blocked, identity
from inbox.store.unit import Unit

_C = blocked.c
_ONE = Prepared(sa.select(sa.literal(1)).where(_C.identity_id == sa.bindparam("identity")))


@dataclass(frozen=True, slots=True)
class Block:
    """A blocked address, since when, and by whom."""

    identity: Identity
    agent: AgentId | None
    at: datetime


def block(unit: Unit, id: IdentityId, by: AgentId | None, now: datetime) -> bool:
    """Nothing from there is taken up from now on; False where that was so already."""
    return unit.insert_new(blocked, identity_id=id, agent_id=by, at=now)


def unblock(unit: Unit, id: IdentityId) -> bool:
    """It is again; False where it was not blocked."""
    return unit.execute(sa.delete(blocked).where(_C.identity_id == id)).rowcount > 0


def is_blocked(unit: Unit, id: IdentityId) -> bool:
    """Whether nothing from that address is taken up."""
    return bool(unit.run(_ONE, identity=id))


_I = identity.c
_NEWEST = (
    sa.select(_I.id, _I.contact_id, _I.kind, _I.address, _I.name, _I.verified_at, _I.unreachable, _C.agent_id, _C.at)
    .join(blocked, _C.identity_id == _I.id)
    .order_by(_C.at.desc(), _C.identity_id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_ALL, _THEIRS = Prepared(_NEWEST), Prepared(_NEWEST.where(_I.contact_id == sa.bindparam("contact")))


def blocks(unit: Unit, most: int = 500, *, contact: ContactId | None = None) -> list[Block]:
    """The blocked addresses, of a contact or of everybody, the newest first."""
    rows = unit.run(_ALL, most=most) if contact is None else unit.run(_THEIRS, most=most, contact=contact)
    return [
        Block(Identity(IdentityId(r[0]), ContactId(r[1]), *r[2:7]), None if r[7] is None else AgentId(r[7]), r[8])
        for r in rows
    ]
