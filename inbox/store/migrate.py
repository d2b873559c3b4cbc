"""Brings a database to the tables of this version, and tells what is still to be done."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import exc

from inbox.domain.problems import Problem, Temporary
from inbox.store.store import Store
from inbox.store.tables import metadata
from inbox.store.unit import Unit

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 0x1B0C
"""Any number that nothing else in the database locks."""


def pending(store: Store) -> tuple[str, ...]:
    """The revisions that the database lacks, in order; all of them where it is empty. Changes nothing.

    Raises Problem `store.newer` where a later version of this program was at it already.
    """
    return store.read_now(_pending)


def untouched(store: Store) -> bool:
    """Whether the database has no tables of ours yet."""
    return store.read_now(lambda unit: _at(unit.connection)) is None


def migrate(store: Store) -> tuple[str, ...]:
    """Bring the database up to date, in one transaction; the revisions that were applied. Safe from several processes."""
    if store.sqlite:
        return store.write_now(_upgrade)
    try:
        # Serializable would look at the database as it was before it got the lock, and make everything a second time.
        connecting = store.engine.connect().execution_options(isolation_level="READ COMMITTED")
        with connecting as connection, connection.begin():
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            return run(connection)
    except exc.OperationalError as error:
        raise Temporary("store.unreachable", detail=str(error.orig).splitlines()[0]) from error


def known_revisions() -> frozenset[str]:
    """The versions of the tables that this program knows."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def _pending(unit: Unit) -> tuple[str, ...]:
    return _lacking(unit.connection, _scripts())


def _upgrade(unit: Unit) -> tuple[str, ...]:
    return run(unit.connection)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(SCRIPTS))


def _at(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _lacking(connection: sa.Connection, scripts: ScriptDirectory) -> tuple[str, ...]:
    known = [script.revision for script in scripts.walk_revisions()][::-1]
    at = _at(connection)
    if at is None:
        return tuple(known)
    if at not in known:
        raise Problem("store.newer", revision=at)
    return tuple(known[known.index(at) + 1 :])


def run(connection: sa.Connection) -> tuple[str, ...]:
    """Bring it up to date in the transaction that is open; what was applied.

    Alembic without its env.py: a file that works at import is the one thing that we do not want of it.
    """
    scripts = _scripts()
    lacking = _lacking(connection, scripts)

    def steps(revision: Any, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs("head", revision)

    if lacking:
        with EnvironmentContext(Config(), scripts, fn=steps, destination_rev="head") as environment:
            # SQLite's DDL is transactional too; alembic takes care to believe otherwise.
            environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
            with environment.begin_transaction():
                environment.run_migrations()
    return lacking
