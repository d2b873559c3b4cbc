"""A unit: one function in one transaction, that can be run again and does the same."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from inbox.domain.entropy import Entropy


@dataclass(slots=True)
class Unit:
    """What a unit works with: its connection, its chance, and the wake-ups that go out after the commit.

    `entropy` is drawn once per hand-over, so a second attempt gives the same tokens. `cache` belongs to the process:
    only values that are checked against a generation before use may stand in it.
    """

    connection: sa.Connection
    entropy: Entropy
    cache: dict[str, Any]
    wakes: set[str] = field(default_factory=set)
    memo: dict[str, Any] = field(default_factory=dict)
    """What this unit has looked up already and cannot have changed meanwhile; gone with it."""

    def execute(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[*tuple[Any, ...]]:
        """Run one statement, with one set of parameters or a list of them."""
        return self.connection.execute(statement, parameters)

    def insert(self, table: sa.Table, **values: Any) -> int:
        """Insert one row and return its id."""
        key = self.connection.execute(_inserting(table), values).inserted_primary_key
        assert key is not None
        return int(key[0])

    def add(self, table: sa.Table, *rows: dict[str, Any]) -> None:
        """Insert rows whose ids nobody asks for."""
        if rows:
            self.connection.execute(_adding(table), list(rows) if len(rows) > 1 else rows[0])

    def insert_new(self, table: sa.Table, **values: Any) -> bool:
        """Insert one row unless a unique key of it is there already; True when it is new."""
        statement = insert_ignore(self.connection.dialect.name, table)
        return self.connection.execute(statement, values).rowcount == 1

    def wake(self, topic: str) -> None:
        """Wake whoever waits for this, once the transaction is committed."""
        self.wakes.add(topic)


# A statement is the same each time, and making one costs as much as running it.
@cache
def _inserting(table: sa.Table) -> sa.Insert:
    return sa.insert(table)


@cache
def _adding(table: sa.Table) -> sa.Insert:
    return sa.insert(table).inline()


@cache
def insert_ignore(dialect: str, table: sa.Table) -> Any:
    """`INSERT ... ON CONFLICT DO NOTHING` in a dialect; asks for no id, and keeps count of the rows."""
    insert = postgresql_insert if dialect == "postgresql" else sqlite_insert
    return insert(table).on_conflict_do_nothing().inline().execution_options(preserve_rowcount=True)
