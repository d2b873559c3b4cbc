"""How often somebody asked within a window that has not ended: rows, so that all nodes count together."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from inbox.store.inserts import insert
from inbox.store.tables import pace
from inbox.store.unit import Unit

_C = pace.c


def hit(unit: Unit, key: str, seconds: float, amount: int, now: datetime) -> int:
    """So many more under a key; how many that are by now. The first of a window decides when it ends, `seconds` later."""
    row = insert(unit.connection.dialect.name, pace).values(
        key=key, hits=amount, ends_at=now + timedelta(seconds=seconds)
    )
    over = now >= _C.ends_at
    kept = {
        "hits": sa.case((over, row.excluded.hits), else_=_C.hits + row.excluded.hits),
        "ends_at": sa.case((over, row.excluded.ends_at), else_=_C.ends_at),
    }
    counted = row.on_conflict_do_update(index_elements=[_C.key], set_=kept).returning(_C.hits)
    return int(unit.execute(counted).scalar_one())


def standing(unit: Unit, key: str, now: datetime) -> tuple[int, datetime]:
    """How many there were in the window, and when it ends; none, and now, where there is no window."""
    row = unit.execute(sa.select(_C.hits, _C.ends_at).where(_C.key == key, now < _C.ends_at)).first()
    return (0, now) if row is None else (int(row[0]), row[1])


def forget(unit: Unit, key: str = "") -> int:
    """A window begins anew; without a key all of them. How many that were."""
    return unit.execute(sa.delete(pace).where(_C.key == key if key else sa.true())).rowcount
