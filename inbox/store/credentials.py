"""What agents prove themselves with: the hash of a password, the key of one-time codes, recovery codes as digests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import AgentId
from inbox.store.tables import agent, credential, recovery_code
from inbox.store.unit import Unit

_C = credential.c


@dataclass(frozen=True, slots=True)
class Account:
    """An agent as they sign in. Empty `password` or `totp`: there is none. `totp` is the key of their codes as it is kept."""

    agent: AgentId
    handle: str
    name: str
    address: str
    disabled: bool
    password: str = ""
    totp: str = ""
    totp_step: int = 0
    password_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Account({self.handle})"


_ACCOUNT = sa.select(
    agent.c.id,
    agent.c.handle,
    agent.c.name,
    agent.c.address,
    agent.c.disabled,
    sa.func.coalesce(_C.password, ""),
    sa.func.coalesce(_C.totp, ""),
    sa.func.coalesce(_C.totp_step, 0),
    _C.password_at,
).join_from(agent, credential, agent.c.id == _C.agent_id, isouter=True)


def named(unit: Unit, name: str) -> Account | None:
    """Whose handle or mail address this is, whatever the case; None where it is nobody's, or the address of several."""
    wanted = name.strip().lower()
    either = sa.or_(sa.func.lower(agent.c.handle) == wanted, sa.func.lower(agent.c.address) == wanted)
    found = [] if not wanted else [_account(row) for row in unit.execute(_ACCOUNT.where(either).limit(3))]
    exact = [one for one in found if one.handle.lower() == wanted]
    return (exact or found)[0] if len(exact or found) == 1 else None


def of(unit: Unit, id: AgentId) -> Account | None:
    """The account of an agent."""
    row = unit.execute(_ACCOUNT.where(agent.c.id == id)).first()
    return None if row is None else _account(row)


def _account(row: sa.Row[*tuple[object, ...]]) -> Account:
    values = tuple(row)
    return Account(AgentId(int(str(values[0]))), *values[1:])  # type: ignore[arg-type]  # the columns of _ACCOUNT, in its order


def set_password(unit: Unit, id: AgentId, hashed: str, now: datetime) -> None:
    """From now on this one."""
    _put(unit, id, password=hashed, password_at=now)


def set_totp(unit: Unit, id: AgentId, key: str, step: int, digests: Sequence[str]) -> None:
    """Codes are asked for from now on; `step` is that of the code which proved that the key arrived. Recovery codes are new."""
    _put(unit, id, totp=key, totp_step=step)
    set_recovery(unit, id, digests)


def keys(unit: Unit) -> list[tuple[AgentId, str]]:
    """Every key as it is kept, and whose it is."""
    rows = unit.execute(sa.select(_C.agent_id, _C.totp).where(sa.func.coalesce(_C.totp, "") != ""))
    return [(AgentId(whose), kept) for whose, kept in rows]


def reseal(unit: Unit, id: AgentId, kept: str) -> None:
    """The same key, kept otherwise."""
    _put(unit, id, totp=kept)


def set_recovery(unit: Unit, id: AgentId, digests: Sequence[str]) -> None:
    """These instead of those before."""
    unit.execute(sa.delete(recovery_code).where(recovery_code.c.agent_id == id))
    unit.add(recovery_code, *({"agent_id": id, "digest": digest, "used_at": None} for digest in digests))


def clear_totp(unit: Unit, id: AgentId) -> None:
    """No codes are asked for any more."""
    _put(unit, id, totp="", totp_step=0)
    unit.execute(sa.delete(recovery_code).where(recovery_code.c.agent_id == id))


def take_step(unit: Unit, id: AgentId, step: int) -> bool:
    """Use the code of a step up: False where it, or a later one, was used before. One conditional update: of two at once one wins."""
    return (
        unit.execute(
            sa.update(credential).where(_C.agent_id == id, _C.totp_step < step).values(totp_step=step)
        ).rowcount
        == 1
    )


def take_recovery(unit: Unit, id: AgentId, digest: str, now: datetime) -> bool:
    """Use a recovery code up; False where it is none, or was used."""
    c = recovery_code.c
    fresh = (c.agent_id == id, c.digest == digest, c.used_at.is_(None))
    return unit.execute(sa.update(recovery_code).where(*fresh).values(used_at=now)).rowcount == 1


def recovery_left(unit: Unit, id: AgentId) -> int:
    """How many recovery codes were not used yet."""
    c = recovery_code.c
    query = sa.select(sa.func.count()).where(c.agent_id == id, c.used_at.is_(None))
    return int(unit.execute(query).scalar_one())


def without_password(unit: Unit) -> set[AgentId]:
    """The agents who have never set a password."""
    query = sa.select(agent.c.id).join(credential, agent.c.id == _C.agent_id, isouter=True)
    return {AgentId(id) for (id,) in unit.execute(query.where(sa.func.coalesce(_C.password, "") == ""))}


def _put(unit: Unit, id: AgentId, **values: object) -> None:
    if not unit.insert_new(credential, agent_id=id, **values):
        unit.execute(sa.update(credential).where(_C.agent_id == id).values(**values))
