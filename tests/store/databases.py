"""Fresh, migrated databases of both kinds: each a copy of one that was migrated once."""

import itertools
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from inbox.store.migrate import migrate
from inbox.store.store import Store
from inbox.store.tables import metadata
from tests.rig.postgres import Postgres

KINDS = ("sqlite", "postgresql")
Copy = Callable[[Path], str]
"""Makes a database that nobody has used yet, in a folder if it is a file; its URL."""


@pytest.fixture(scope="session")
def copy_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Copies a file."""
    folder = tmp_path_factory.mktemp("migrated")
    store = Store("sqlite:///whole.db", folder)
    migrate(store)
    store.close()

    def copy(into: Path) -> str:
        shutil.copy(folder / "whole.db", into / "inbox.db")
        return f"sqlite:///{into}/inbox.db"

    return copy


@pytest.fixture(scope="session")
def copy_postgresql(postgres: Postgres) -> Copy:
    """Lets the server copy a database."""
    whole = sa.make_url(postgres.database())
    store = Store(whole.render_as_string(hide_password=False), Path())
    migrate(store)
    store.close()
    numbers = itertools.count(1)

    def copy(_into: Path) -> str:
        name = f"copy_{next(numbers)}_of_{whole.database}"
        _tell_server(whole, f'CREATE DATABASE "{name}" TEMPLATE "{whole.database}"')
        return whole.set(database=name).render_as_string(hide_password=False)

    return copy


def _tell_server(url: sa.URL, statement: str) -> None:
    address = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="session")
def empty_postgresql(copy_postgresql: Copy) -> Copy:
    """One database again and again, emptied: three hundred files a test would be a slow way to begin."""
    url = copy_postgresql(Path())
    address = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        emptied = _emptied([row[0] for row in connection.execute("SELECT sequencename FROM pg_sequences").fetchall()])

    def empty(_into: Path) -> str:
        with psycopg.connect(address) as connection:
            connection.execute(emptied)
        return url

    return empty


def _emptied(sequences: Sequence[str]) -> bytes:
    """What empties all tables; it fails where somebody still holds one. TRUNCATE makes all their files anew, five times as slow."""
    tables = [
        *(f'"{table.name}"' for table in metadata.sorted_tables),
        "search",
        "article_search",
    ]  # the indexes stand beside the tables
    return "; ".join(
        [
            "SET lock_timeout = '10s'",
            f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE",
            "SET session_replication_role = replica",  # whom a row refers to goes as well: there is nothing to check
            *(f"DELETE FROM {table}" for table in tables),
            *(f"SELECT setval('{sequence}', 1, false)" for sequence in sequences),
        ]
    ).encode()


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty, migrated database: every test runs once on each kind."""
    made: Copy = request.getfixturevalue("copy_sqlite" if request.param == "sqlite" else "empty_postgresql")
    return made(tmp_path)


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    """A store on it."""
    opened = Store(url, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def other(url: str, tmp_path: Path) -> Iterator[Store]:
    """A second store on the same database: another process, as far as the database can tell."""
    opened = Store(url, tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=KINDS)
def copied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all the examples of a module."""
    folder = tmp_path_factory.mktemp("copied")
    copy: Copy = request.getfixturevalue(f"copy_{request.param}")
    opened = Store(copy(folder), folder)
    yield opened
    opened.close()
