"""Who an agent is on a network: linked by a code that they typed there themselves. Only a digest of a code is kept."""

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa

from inbox.domain.desks import AgentAddress
from inbox.domain.ids import AgentId
from inbox.store.generation import changed
from inbox.store.tables import agent_address, agent_code
from inbox.store.unit import Unit

LASTS = timedelta(minutes=15)
"""How long a code can be typed."""
_A, _K = agent_address.c, agent_code.c
_FIELDS = (_A.agent_id, _A.kind, _A.address, _A.name, _A.linked_at)


def code(unit: Unit, whose: AgentId, now: datetime) -> str:
    """A code for this agent, good once and for a quarter of an hour; one that they had before is worth nothing any more.

    50 bits: whoever tries a thousand a second finds one in a hundred thousand years.
    """
    drawn = unit.entropy.token(f"agent code {whose}").upper()
    made = f"{drawn[:5]}-{drawn[5:10]}"
    unit.execute(sa.delete(agent_code).where(_K.agent_id == whose))
    unit.add(agent_code, {"agent_id": whose, "digest": _digest(made), "expires_at": now + LASTS})
    return made


def typed(unit: Unit, typed_code: str, now: datetime) -> AgentId | None:
    """Whose code that is; it is used up. None where it is nobody's, or too old."""
    query = sa.delete(agent_code).where(_K.digest == _digest(typed_code), _K.expires_at > now).returning(_K.agent_id)
    found = unit.execute(query).scalar_one_or_none()
    return None if found is None else AgentId(found)


def link(unit: Unit, whose: AgentId, kind: str, address: str, name: str, now: datetime) -> bool:
    """This id is theirs from now on, in place of another one that was; False where it is another agent's."""
    holder = of(unit, kind, address)
    if holder is not None and holder.agent != whose:
        return False
    unit.execute(sa.delete(agent_address).where(_A.agent_id == whose, _A.kind == kind))
    unit.add(agent_address, {"kind": kind, "address": address, "agent_id": whose, "name": name, "linked_at": now})
    changed(unit)
    return True


def unlink(unit: Unit, whose: AgentId, kind: str) -> bool:
    """They are nobody there any more; False where they were not."""
    changed(unit)
    return bool(unit.execute(sa.delete(agent_address).where(_A.agent_id == whose, _A.kind == kind)).rowcount)


def of(unit: Unit, kind: str, address: str) -> AgentAddress | None:
    """Who has this id."""
    row = unit.execute(sa.select(*_FIELDS).where(_A.kind == kind, _A.address == address)).first()
    return None if row is None else AgentAddress(AgentId(row[0]), *row[1:])


def of_agent(unit: Unit, whose: AgentId) -> list[AgentAddress]:
    """Who they are, on each network."""
    rows = unit.execute(sa.select(*_FIELDS).where(_A.agent_id == whose).order_by(_A.kind))
    return [AgentAddress(AgentId(row[0]), *row[1:]) for row in rows]


def on(unit: Unit, kind: str) -> list[AgentAddress]:
    """Everyone who is linked on that kind of network."""
    rows = unit.execute(sa.select(*_FIELDS).where(_A.kind == kind).order_by(_A.agent_id))
    return [AgentAddress(AgentId(row[0]), *row[1:]) for row in rows]


def _digest(code_: str) -> str:
    plain = "".join(letter for letter in code_.upper() if letter.isalnum())
    return hashlib.sha256(f"agent code {plain}".encode()).hexdigest()
