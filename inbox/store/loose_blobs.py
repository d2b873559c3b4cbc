"""Blobs that no row refers to any more: what was forgotten, or taken out of an article or a folder of files."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from inbox.store.tables import arrival, article_file, article_file_past, blob, collecting, kept_file
from inbox.store.unit import Unit

_REFERRING = (arrival.c.blob, collecting.c.blob, article_file.c.digest, article_file_past.c.digest, kept_file.c.digest)

_NOBODY = [sa.not_(sa.exists().where(column == blob.c.digest)) for column in _REFERRING]


def loose(unit: Unit, before: datetime, most: int = 500) -> list[str]:
    """Those that were stored before then."""
    query = sa.select(blob.c.digest).where(blob.c.stored_at < before, *_NOBODY).limit(most)
    return [row[0] for row in unit.execute(query)]


def drop(unit: Unit, digests: Sequence[str]) -> None:
    """Their rows go, as their bytes have."""
    unit.execute(sa.delete(blob).where(blob.c.digest.in_(list(digests)), *_NOBODY))
