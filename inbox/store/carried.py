"""A whole database carried from SQLite to PostgreSQL: everything in one transaction that counts and sums both sides, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from inbox.domain.entropy import Entropy
from inbox.domain.problems import Problem, Temporary
from inbox.store import articles_found, leases, search
from inbox.store.migrate import LOCK, run
from inbox.store.row_sums import BITS, reader, without_nul
from inbox.store.store import Store
from inbox.store.tables import metadata
from inbox.store.types import AsJson
from inbox.store.unit import Unit

AT_ONCE = 200
"""Rows that are in memory together."""
OWN = frozenset({("event", "transaction")})
"""Columns that PostgreSQL fills itself."""
Told = Callable[[str, int], None]
"""Hears how many rows have come so far, of which table they are just now."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One table on both sides; an index of words by its entries alone, for each kind of database keeps them its own way."""

    table: str
    rows: int
    arrived: int
    sum: str = ""
    arrived_sum: str = ""
    replaced: int = 0
    """Texts in which a NUL byte became its symbol."""

    @property
    def agrees(self) -> bool:
        """Whether both databases say the same."""
        return (self.rows, self.sum) == (self.arrived, self.arrived_sum)


class _TakenBack(Exception):
    """Ends the transaction without keeping what it did."""


def rows(source: Store) -> int:
    """How many there are in all."""
    return source.read_now(lambda unit: sum(_count(unit, table) for table in metadata.sorted_tables))


def carry(source: Store, target: Store, *, keep: bool, told: Told = lambda _table, _rows: None) -> list[Reconciled]:
    """Make the tables in an empty PostgreSQL, copy every row, fill the indexes and compare. Kept only if all agrees, and wanted.

    Whatever ends it early leaves the target as it was. The source is not changed, and nobody can write to it meanwhile. Raises
    Problem where the target holds rows or refuses one, Temporary where it cannot be reached.
    """
    return source.read_now(_carried, target, keep, told)


def _carried(unit: Unit, target: Store, keep: bool, told: Told) -> list[Reconciled]:
    # The first statement writes, so SQLite's lock is ours until the end, which takes this back: nobody held a lease here.
    leases.free_all(unit)
    found: list[Reconciled] = []
    # Serializable, the look at what is there would be from before the lock.
    with target.engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
        try:
            with connection.begin():
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
                found += _filled(unit, Unit(connection, Entropy(b""), {}), told)
                if not keep or not all(one.agrees for one in found):
                    raise _TakenBack
        except _TakenBack:
            pass
    return found


def _filled(source: Unit, target: Unit, told: Told) -> Iterator[Reconciled]:
    run(target.connection)
    for table in metadata.sorted_tables:
        if _count(target, table):
            raise Problem("carry.not_empty", table=table.name)
    keys = _unbound(target.connection)
    came = 0
    for table in metadata.sorted_tables:
        made = _copied(source, target, table, partial(_further, told, table.name, came))
        came += made.rows
        _set_sequence(target.connection, table)
        yield made
    for name, key in keys:
        _bind(target.connection, name, key)
    yield from _indexed(source, target)
    target.connection.exec_driver_sql("ANALYZE")


def _further(told: Told, table: str, came: int, more: int) -> None:
    told(table, came + more)


def _count(unit: Unit, table: sa.Table) -> int:
    return int(unit.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


# -- rows --------------------------------------------------------------------------------------------------------------
def _copied(source: Unit, target: Unit, table: sa.Table, told: Callable[[int], None]) -> Reconciled:
    columns = [column for column in table.columns if (table.name, column.name) not in OWN]
    number = reader(columns)
    count = total = replaced = 0

    def counted() -> Iterator[tuple[Any, ...]]:
        nonlocal count, total, replaced
        for row in _rows(source, table, columns):
            clean = tuple(without_nul(column, value) for column, value in zip(columns, row, strict=True))
            replaced += sum(new is not old for new, old in zip(clean, row, strict=True))
            count, total = count + 1, total + number(clean)
            if count % AT_ONCE == 0:
                told(count)
            yield clean

    _put(target.connection, table, columns, counted())
    told(count)
    arrived = arrived_total = 0
    for row in _rows(target, table, columns):
        arrived, arrived_total = arrived + 1, arrived_total + number(row)
    return Reconciled(table.name, count, arrived, _sum(total), _sum(arrived_total), replaced)


def _rows(unit: Unit, table: sa.Table, columns: list[sa.Column[Any]]) -> Iterator[tuple[Any, ...]]:
    """As the driver gives them, without our types between: what a row says is compared, not what we make of it."""
    plain = sa.table(table.name, *(sa.column(column.name) for column in columns))
    text = unit.connection.dialect.name == "postgresql"
    wanted: list[Any] = [
        sa.cast(plain.c[column.name], sa.Text) if text and isinstance(column.type, AsJson) else plain.c[column.name]
        for column in columns
    ]
    for row in unit.connection.execute(sa.select(*wanted), execution_options={"yield_per": AT_ONCE}):
        yield tuple(row)


def _put(connection: sa.Connection, table: sa.Table, columns: list[sa.Column[Any]], rows: Iterator[Any]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    named = f"{quote(table.name)} ({', '.join(quote(column.name) for column in columns)})"
    errors: Any = connection.dialect.loaded_dbapi
    cursor: Any = connection.connection.cursor()
    try:
        with cursor.copy(f"COPY {named} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    except errors.OperationalError as error:
        raise Temporary("store.unreachable", detail=str(error).splitlines()[0]) from error
    except errors.Error as error:
        raise Problem("carry.refused", table=table.name, detail=_one_line(error)) from error
    finally:
        cursor.close()


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:300]


def _sum(total: int) -> str:
    return f"{total % (1 << BITS):0{BITS // 4}x}"


# -- what belongs to rows ----------------------------------------------------------------------------------------------
def _unbound(connection: sa.Connection) -> list[tuple[str, str]]:
    """Take the foreign keys away, which rows that refer to later ones would break: each table with what it has to get back."""
    found = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
    ).all()
    for table, name, _ in found:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return [(table, f"{name} {says}") for table, name, says in found]


def _bind(connection: sa.Connection, table: str, key: str) -> None:
    """PostgreSQL looks here whether all that rows refer to is there."""
    try:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {key}")
    except exc.IntegrityError as error:
        raise Problem("carry.refused", table=table, detail=_one_line(error.orig)) from error


def _set_sequence(connection: sa.Connection, table: sa.Table) -> None:
    """The next row that is made here gets an id behind the largest that came."""
    for column in table.columns:
        if column.identity is not None:
            largest = connection.execute(sa.select(sa.func.max(column))).scalar_one()
            name = connection.dialect.identifier_preparer.quote(table.name)
            sequence = sa.func.pg_get_serial_sequence(name, column.name)
            if largest is not None:
                connection.execute(sa.select(sa.func.setval(sequence, largest)))


def _indexed(source: Unit, target: Unit) -> Iterator[Reconciled]:
    """Fill both indexes as PostgreSQL has them; what is to be found is what the rows say, whether SQLite's was whole or not."""
    search.begin(target)
    while search.fill(target) is not None:
        pass
    yield Reconciled("search", *search.standing(target))
    yield Reconciled("article_search", *articles_found.copy(source, target))
