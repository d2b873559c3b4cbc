"""Brings a database to the tables of this version, and tells what is still to be done.

What is to be done is told by the names of the files alone: alembic, and all the scripts, are half a second that only a database which
lacks something need pay.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import exc

from inbox.domain.problems import Problem, Temporary
from inbox.store.store import Store
from inbox.store.tables import metadata
from inbox.store.unit import Unit

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

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


def known_revisions() -> tuple[str, ...]:
    """The versions of the tables that this program knows, in order: the numbers by which the scripts are named."""
    return tuple(sorted(script.name[:4] for script in (SCRIPTS / "versions").glob("[0-9]*.py")))


def _pending(unit: Unit) -> tuple[str, ...]:
    return _lacking(unit.connection)


def _upgrade(unit: Unit) -> tuple[str, ...]:
    return run(unit.connection)


def _at(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _lacking(connection: sa.Connection) -> tuple[str, ...]:
    known, at = known_revisions(), _at(connection)
    if at is None:
        return known
    if at not in known:
        raise Problem("store.newer", revision=at)
    return known[known.index(at) + 1 :]


def run(connection: sa.Connection) -> tuple[str, ...]:
    """Bring it up to date in the transaction that is open; what was applied.

    Alembic without its env.py: a file that works at import is the one thing that we do not want of it.
    """
    lacking = _lacking(connection)
    if lacking:
        from alembic.config import Config
        from alembic.runtime.environment import EnvironmentContext
        from alembic.script import ScriptDirectory

        scripts = ScriptDirectory(str(SCRIPTS))

        def steps(revision: Any, _context: "MigrationContext") -> Any:
            return scripts._upgrade_revs("head", revision)

        with EnvironmentContext(Config(), scripts, fn=steps, destination_rev="head") as environment:
            # SQLite's DDL is transactional too; alembic takes care to believe otherwise.
            environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
            with environment.begin_transaction():
                environment.run_migrations()
    return lacking
