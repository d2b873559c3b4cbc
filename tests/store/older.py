"""Databases as an earlier version left them: its tables, and in them what it would have known of today's rows."""

from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from inbox.store.migrate import SCRIPTS
from inbox.store.store import Store
from inbox.store.tables import metadata
from inbox.store.unit import Unit


def made(store: Store, revision: str) -> None:
    """The tables of a revision in an empty database."""

    def work(unit: Unit) -> None:
        scripts = ScriptDirectory(str(SCRIPTS))

        def steps(at: Any, _context: MigrationContext) -> Any:
            return scripts._upgrade_revs(revision, at)

        with EnvironmentContext(Config(), scripts, fn=steps, destination_rev=revision) as environment:
            environment.configure(connection=unit.connection, transactional_ddl=True)
            with environment.begin_transaction():
                environment.run_migrations()

    store.write_now(work)


def carried_back(new: Store, old: Store) -> dict[str, int]:
    """Copy the rows of those tables and columns that the older database has; how many each table got."""
    from_, into = _tables(new), _tables(old)
    rows: dict[str, list[dict[str, Any]]] = {}
    for name in (table.name for table in metadata.sorted_tables if table.name in into):
        both = [column for column in from_[name].columns if column.name in into[name].columns]
        rows[name] = new.read_now(_rows, sa.select(*both))

    def work(unit: Unit) -> None:
        for name, some in rows.items():
            if some:
                unit.execute(sa.insert(into[name]), some)
                _count_on(unit, into[name])

    old.write_now(work)
    return {name: len(some) for name, some in rows.items() if some}


def _rows(unit: Unit, wanted: sa.Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in unit.execute(wanted).mappings()]


def _count_on(unit: Unit, table: sa.Table) -> None:
    """On a server, ids that were given are not counted."""
    if unit.connection.dialect.name == "postgresql" and "id" in table.columns:
        most = f'(SELECT max(id) FROM "{table.name}")'
        unit.connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), {most})")


def _tables(store: Store) -> dict[str, sa.Table]:
    """What the database itself says of its tables: values come as they lie there."""
    there = sa.MetaData()
    with store.engine.connect() as connection:
        there.reflect(connection)
    return dict(there.tables)
