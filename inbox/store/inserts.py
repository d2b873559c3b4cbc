"""An INSERT that knows ON CONFLICT: both dialects have one, each a class of its own."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite


def insert(dialect: str, table: sa.Table) -> Any:
    """The INSERT of a dialect, by its name."""
    if dialect != "postgresql":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # here, for a site on SQLite has no use for it

    return postgresql.insert(table)
