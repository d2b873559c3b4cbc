"""Closures that were typed at run time: days on which nobody works."""

from datetime import date, datetime

import sqlalchemy as sa

from inbox.domain.people import Closure
from inbox.store.generation import changed
from inbox.store.tables import closure
from inbox.store.unit import Unit

_C = closure.c
_STANDING = _C.undone_at.is_(None)


def standing(unit: Unit) -> tuple[Closure, ...]:
    """Those that nobody took back, by their day."""
    rows = unit.execute(sa.select(_C.day, _C.reason, _C.hours).where(_STANDING).order_by(_C.day, _C.hours))
    return tuple(Closure(date.fromisoformat(row[0]), row[1], row[2]) for row in rows)


def close(unit: Unit, told: Closure, now: datetime) -> None:
    """Nobody works on that day; where it was closed already, for another reason from now on."""
    changed(unit)
    key = {"hours": told.hours, "day": told.day.isoformat()}
    if not unit.insert_new(closure, **key, reason=told.reason, made_at=now):
        same = [_C[name] == value for name, value in key.items()]
        unit.execute(sa.update(closure).where(_STANDING, *same).values(reason=told.reason))


def take_back(unit: Unit, day: date, hours: str | None, now: datetime) -> int:
    """We work on that day after all; how many closures ended so, of these hours or of any."""
    changed(unit)
    same = [_C.day == day.isoformat(), *(() if hours is None else (_C.hours == hours,))]
    return unit.execute(sa.update(closure).where(_STANDING, *same).values(undone_at=now)).rowcount
