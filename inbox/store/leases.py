"""Leases: of several nodes one holds a name for a while, by the database's own time; the epoch counts the holders."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from inbox.domain.problems import Temporary
from inbox.store.prepared import Prepared
from inbox.store.tables import lease
from inbox.store.types import EPOCH
from inbox.store.unit import Unit

P = ParamSpec("P")
T = TypeVar("T")
Fence = Callable[[Unit], None]
"""Raises LostLease where what is to be done is somebody else's by now."""


class LostLease(Temporary):
    """Somebody else holds the name by now: whoever was stopped, or cut off, for longer than its lease must not go on."""


def unfenced(unit: Unit) -> None:
    """For whoever needs no lease."""


def fenced(unit: Unit, fence: Fence, fn: Callable[Concatenate[Unit, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Do it under the lease or not at all: the fence is looked at in the very transaction. Raises LostLease."""
    fence(unit)
    return fn(unit, *args, **kwargs)


_MINE = Prepared(
    sa.select(lease.c.name)
    .where(
        lease.c.name == sa.bindparam("name"),
        lease.c.holder == sa.bindparam("holder"),
        lease.c.epoch == sa.bindparam("epoch"),
    )
    .with_for_update(read=True)
)


def require(unit: Unit, name: str, holder: str, epoch: int) -> None:
    """Nobody has taken it since. It may have run out: as long as nobody else wants it, that harms nobody.

    Raises LostLease. The row stays as it is until the transaction ends, so that who takes over comes before or after all of it.
    """
    if not unit.run(_MINE, name=name, holder=holder, epoch=epoch):
        raise LostLease("lease.lost", name=name)


def stored_now(unit: Unit, mine: datetime) -> datetime:
    """The time by which leases are judged: the server's where there is one, so that no node's own clock matters."""
    if unit.connection.dialect.name != "postgresql":
        return mine
    seconds = unit.connection.exec_driver_sql("SELECT extract(epoch FROM clock_timestamp())").scalar_one()
    return EPOCH + timedelta(seconds=float(seconds))


def take(unit: Unit, name: str, holder: str, lasting: timedelta, mine: datetime) -> int | None:
    """Take the lease, or keep it: its epoch. None while somebody else holds it."""
    now = stored_now(unit, mine)
    values = {"holder": holder, "expires_at": now + lasting}
    if unit.insert_new(lease, name=name, epoch=1, **values):
        return 1
    c = lease.c
    mine_still = sa.update(lease).where(c.name == name, c.holder == holder).values(**values).returning(c.epoch)
    kept = unit.execute(mine_still).scalar_one_or_none()
    if kept is not None:
        return int(kept)
    free = sa.update(lease).where(c.name == name, c.expires_at < now).values(epoch=c.epoch + 1, **values)
    taken = unit.execute(free.returning(c.epoch)).scalar_one_or_none()
    return None if taken is None else int(taken)


def keep(unit: Unit, names: Collection[str], holder: str, lasting: timedelta, mine: datetime) -> dict[str, int]:
    """Renew all of these that are the holder's still: their epochs. One that was given up stays so."""
    c, expires_at = lease.c, stored_now(unit, mine) + lasting
    still = sa.update(lease).where(c.name.in_(names), c.holder == holder, c.expires_at > EPOCH)
    kept = unit.execute(still.values(expires_at=expires_at).returning(c.name, c.epoch))
    return {name: int(epoch) for name, epoch in kept}


def held(unit: Unit, name: str, mine: datetime) -> bool:
    """Whether somebody holds it now."""
    now = stored_now(unit, mine)
    found = sa.select(lease.c.name).where(lease.c.name == name, lease.c.expires_at >= now)
    return unit.execute(found).first() is not None


def give_up(unit: Unit, name: str, holder: str) -> None:
    """Let somebody else have it at once."""
    unit.execute(sa.update(lease).where(lease.c.name == name, lease.c.holder == holder).values(expires_at=EPOCH))


def free_all(unit: Unit) -> None:
    """For a database of one process that has just started: whoever held anything was killed, and need not be waited for."""
    unit.execute(sa.update(lease).values(expires_at=EPOCH))
