"""How columns are made here, and the collection that every table belongs to.

Where the guarantees stand. Arrived once: `arrival UNIQUE(channel, key)`, `message UNIQUE(channel, fingerprint)`. Told
once: `event UNIQUE(conversation, version)`, `delivery UNIQUE(message, part)` and `UNIQUE(cause, lane, part)`, `clock
UNIQUE(conversation, metric, cycle)`. Done once: `idempotency(actor, route, key)`. Held by one: `lease(name)`, its epoch.
"""

from typing import Any

import sqlalchemy as sa

from inbox.store.types import Id, Instant, Json

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)


def id_() -> sa.Column[int]:
    return sa.Column("id", Id, sa.Identity(), primary_key=True)


def to(name: str, target: str, *, null: bool = False, index: bool = False) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey(f"{target}.id"), nullable=null, index=index)


def text(name: str, default: str | None = "", *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null, server_default=None if null or default is None else default)


def at(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, Instant, nullable=null)


def number(name: str, default: int | None = 0, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=null, server_default=None if default is None else str(default))


def flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def json(name: str) -> sa.Column[object]:
    return sa.Column(name, Json, nullable=False)


def partial(name: str, *columns: Any, where: str, unique: bool = False) -> sa.Index:
    """An index of those rows of which `where` is true."""
    return sa.Index(name, *columns, unique=unique, sqlite_where=sa.text(where))


@sa.event.listens_for(metadata, "before_create")
def _both(made: sa.MetaData, connection: sa.Connection, **_: object) -> None:
    """Said to PostgreSQL when there is one: an index that names a dialect loads it, and a site on SQLite has no use for this one."""
    if connection.dialect.name == "postgresql":
        for index in (index for table in made.tables.values() for index in table.indexes):
            index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
