"""Fresh, migrated databases of both kinds: each a copy of one that was migrated once."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from inbox.store.migrate import migrate
from inbox.store.store import Store
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
        server = whole.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{whole.database}"'.encode())
        return whole.set(database=name).render_as_string(hide_password=False)

    return copy


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh, migrated database: every test runs once on each kind."""
    copy: Copy = request.getfixturevalue(f"copy_{request.param}")
    return copy(tmp_path)


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
