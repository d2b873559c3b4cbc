"""Declining: contacts who want nothing told that they did not ask about."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ContactId
from inbox.store.prepared import Prepared
from inbox.store.tables import declined
from inbox.store.unit import Unit

_C = declined.c
_OF = Prepared(sa.select(_C.at, _C.how).where(_C.contact_id == sa.bindparam("contact")))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Since when, and how they said so."""

    at: datetime
    how: str


def decline(unit: Unit, contact: ContactId, how: str, by: AgentId | None, now: datetime) -> bool:
    """They want none from now on; False where that was so already."""
    return unit.insert_new(declined, contact_id=contact, at=now, how=how, agent_id=by)


def accept(unit: Unit, contact: ContactId) -> bool:
    """They do again; False where they had not declined."""
    return unit.execute(sa.delete(declined).where(_C.contact_id == contact)).rowcount > 0


def of(unit: Unit, contact: ContactId) -> Refusal | None:
    """Whether they declined."""
    found = unit.run(_OF, contact=contact)
    return Refusal(*found[0]) if found else None


def carry(unit: Unit, had: ContactId, to: ContactId) -> None:
    """Whoever declined has turned out to be that contact as well: so that one has declined."""
    rows = unit.run(_OF, contact=had)
    if rows:
        unit.insert_new(declined, contact_id=to, at=rows[0][0], how=rows[0][1])
