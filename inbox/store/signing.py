"""The keys that agents' tokens are made with. A new one takes over at once; the one before holds for a while."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from inbox.store.tables import signing_key
from inbox.store.unit import Unit

_C = signing_key.c
_ALL = sa.select(_C.id, _C.secret, _C.made_at, _C.ends_at)


@dataclass(frozen=True, slots=True)
class Key:
    """32 bytes, and until when what was made with them counts; None: it is the one that is used."""

    id: int
    secret: bytes = field(repr=False)
    made_at: datetime
    ends_at: datetime | None


def current(unit: Unit, now: datetime) -> Key:
    """The key that tokens are made with, made here where there is none yet."""
    row = unit.execute(_ALL.where(_C.ends_at.is_(None)).order_by(_C.id.desc()).limit(1)).first()
    return _make(unit, now) if row is None else Key(*row)


def valid(unit: Unit, id: int, now: datetime) -> Key | None:
    """That key, as long as it counts."""
    row = unit.execute(_ALL.where(_C.id == id, sa.or_(_C.ends_at.is_(None), _C.ends_at > now))).first()
    return None if row is None else Key(*row)


def rotate(unit: Unit, keep: timedelta, now: datetime) -> Key:
    """A new key from now on; what was made with the one before counts for so long."""
    unit.execute(sa.update(signing_key).where(_C.ends_at.is_(None)).values(ends_at=now + keep))
    return _make(unit, now)


def listing(unit: Unit) -> list[Key]:
    """All of them, the newest first."""
    return [Key(*row) for row in unit.execute(_ALL.order_by(_C.id.desc()))]


def _make(unit: Unit, now: datetime) -> Key:
    secret = unit.entropy.draw("signing key")
    return Key(unit.insert(signing_key, secret=secret, made_at=now, ends_at=None), secret, now, None)
