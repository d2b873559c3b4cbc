"""A unit: one function in one transaction, that can be run again and does the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from inbox.domain.entropy import Entropy
from inbox.store.inserts import insert
from inbox.store.prepared import Prepared


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
    late: list[Callable[["Unit"], None]] = field(default_factory=list)
    """What is written at the end of the transaction, once for all that a slice of units did."""

    def execute(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[*tuple[Any, ...]]:
        """Run one statement, with one set of parameters or a list of them."""
        return self.connection.execute(statement, parameters)

    def run(self, statement: Prepared, **values: Any) -> list[tuple[Any, ...]]:
        """Run a prepared statement; the rows that it gives."""
        ready = statement.on(self.connection.dialect, values)
        cursor = self._driven(ready.text, ready.bind(values))
        found = ready.rows(cursor.fetchall()) if ready.columns else []
        cursor.close()
        return found

    def count(self, statement: Prepared, **values: Any) -> int:
        """Run a prepared statement that writes; how many rows it changed."""
        ready = statement.on(self.connection.dialect, values)
        cursor = self._driven(ready.text, ready.bind(values))
        changed = int(cursor.rowcount)
        cursor.close()
        return changed

    def savepoint(self, statement: str) -> None:
        """Set, release or go back to a savepoint."""
        self._driven(statement, None).close()

    @contextmanager
    def attempted(self) -> Iterator[None]:
        """All of what is done within, or nothing: what raises leaves no trace, and goes on."""
        wakes, late = set(self.wakes), len(self.late)
        self.savepoint("SAVEPOINT attempted")
        try:
            yield
        except Exception:
            self.savepoint("ROLLBACK TO SAVEPOINT attempted")
            self.memo.clear()
            self.wakes &= wakes
            del self.late[late:]
            raise
        finally:
            self.savepoint("RELEASE SAVEPOINT attempted")

    def _driven(self, text: str, bound: Any) -> Any:
        """The driver's own cursor after a statement; its errors come as SQLAlchemy's, as everywhere in this room."""
        cursor = self.connection.connection.cursor()
        errors: Any = self.connection.dialect.loaded_dbapi.Error
        try:
            if isinstance(bound, list):
                cursor.executemany(text, bound)
            elif bound is None:
                cursor.execute(text)
            else:
                cursor.execute(text, bound)
        except errors as error:
            raise self._told(text, error) from error
        return cursor

    def _told(self, text: str, error: Any) -> Exception:
        """The driver's error as SQLAlchemy's own; a connection that is gone with it is thrown away."""
        dialect = self.connection.dialect
        gone = dialect.is_disconnect(error, self.connection.connection.dbapi_connection, None)
        if gone:
            self.connection.invalidate()
        base = dialect.loaded_dbapi.Error
        told = sa.exc.DBAPIError.instance(text, None, error, base, dialect=dialect, connection_invalidated=gone)
        assert isinstance(told, Exception)
        return told

    def insert(self, table: sa.Table, **values: Any) -> int:
        """Insert one row and return its id."""
        return int(self.run(_inserting(table), **values)[0][0])

    def add(self, table: sa.Table, *rows: dict[str, Any]) -> None:
        """Insert rows whose ids nobody asks for; all give the same columns."""
        if rows:
            ready = _adding(table).on(self.connection.dialect, rows[0])
            bound = [ready.bind(row) for row in rows]
            self._driven(ready.text, bound if len(bound) > 1 else bound[0]).close()

    def insert_new(self, table: sa.Table, **values: Any) -> bool:
        """Insert one row unless a unique key of it is there already; True when it is new."""
        return self.count(_ignoring(self.connection.dialect.name, table), **values) == 1

    def wake(self, topic: str) -> None:
        """Wake whoever waits for this, once the transaction is committed."""
        self.wakes.add(topic)


# A statement is the same each time, and making one costs as much as running it.
@cache
def _inserting(table: sa.Table) -> Prepared:
    return Prepared(sa.insert(table).returning(table.c.id))


@cache
def _adding(table: sa.Table) -> Prepared:
    return Prepared(sa.insert(table).inline())


@cache
def _ignoring(dialect: str, table: sa.Table) -> Prepared:
    return Prepared(insert_ignore(dialect, table))


def insert_ignore(dialect: str, table: sa.Table) -> Any:
    """`INSERT ... ON CONFLICT DO NOTHING` in a dialect."""
    return insert(dialect, table).on_conflict_do_nothing().inline()
