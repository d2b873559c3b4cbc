"""Blobs that no row refers to any more: what was forgotten, or taken away."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from inbox.store.tables import blob, metadata
from inbox.store.unit import Unit

_REFERRING = [
    key.parent for table in metadata.tables.values() for key in table.foreign_keys if key.column is blob.c.digest
]
"""Every column that names a blob, whichever table comes to have one."""

_NOBODY = [sa.not_(sa.exists().where(column == blob.c.digest)) for column in _REFERRING]


def loose(unit: Unit, before: datetime, most: int = 500) -> list[str]:
    """Those that were stored before then."""
    query = sa.select(blob.c.digest).where(blob.c.stored_at < before, *_NOBODY).limit(most)
    return [row[0] for row in unit.execute(query)]


def count(unit: Unit) -> int:
    """How many blobs there are in all."""
    return int(unit.execute(sa.select(sa.func.count()).select_from(blob)).scalar_one())


def listed(unit: Unit, after: str, most: int) -> list[str]:
    """Their digests, in order."""
    query = sa.select(blob.c.digest).where(blob.c.digest > after).order_by(blob.c.digest).limit(most)
    return [row[0] for row in unit.execute(query)]


def drop(unit: Unit, digests: Sequence[str]) -> None:
    """Their rows go, as their bytes have."""
    unit.execute(sa.delete(blob).where(blob.c.digest.in_(list(digests)), *_NOBODY))
