"""A database as it was at one instant, taken while others write: the file of SQLite, or what pg_dump reads of PostgreSQL."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from inbox.domain.problems import Problem
from inbox.store.store import Damaged, Store

COUNTED = ("agent", "contact", "conversation", "message", "event", "arrival", "delivery", "audit", "blob")
"""Tables whose rows are counted: what a backup had, a restored site has."""
Query = Any
"""Runs a statement and gives its rows."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What stands in a database: its version of the tables, how many rows, and the blobs that they refer to."""

    revision: str
    counts: dict[str, int]
    blobs: tuple[str, ...]
    damages: tuple[str, ...] = field(default=())
    """What SQLite finds broken, in its own words."""


@contextmanager
def taken(store: Store, path: Path, url: str = "", password: str = "") -> Iterator[Looked]:
    """The database as one file at `path`, durable, and what stands in it. `url` and `password` are for pg_dump alone.

    Raises Problem where pg_dump lacks or fails.
    """
    if store.sqlite:
        _copied(store, path)
        yield looked(path)
        return
    with store.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.begin()  # held open: the dump and the counts see the same instant
        name = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
        command = ["pg_dump", "--format=custom", f"--snapshot={name}", f"--file={path}", "--dbname", _plain(url)]
        _run(command, password)
        yield _looked(lambda text: [tuple(row) for row in connection.execute(sa.text(text))])


def looked(path: Path) -> Looked:
    """What stands in the file of a snapshot, which is only read. Raises Damaged where it is no database."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
            damages = tuple(line for line in found if line != "ok")
            return _looked(lambda text: connection.execute(text).fetchall(), damages)
    except sqlite3.Error as error:
        raise Damaged("store.damaged", detail=str(error)) from error


def put_back(path: Path, url: str, password: str = "") -> None:
    """The dump of a snapshot into an empty database of PostgreSQL, all of it or nothing. Raises Problem."""
    command = ["pg_restore", "--single-transaction", "--no-owner", "--no-privileges", "--exit-on-error"]
    _run([*command, "--dbname", _plain(url), str(path)], password)


def readable(path: Path) -> str:
    """Why pg_restore cannot read a dump; empty where it can. Raises Problem where there is no pg_restore."""
    try:
        _run(["pg_restore", "--list", str(path)], "")
    except Problem as problem:
        if problem.key == "backup.no_tool":
            raise
        return str(problem.facts["detail"])
    return ""


def empty(store: Store) -> bool:
    """Whether no table of ours stands in a database."""
    return not sa.inspect(store.engine).has_table("arrival")


def _copied(store: Store, path: Path) -> None:
    """By SQLite's own online backup, in one step: writers go on beside it, and nothing of theirs is in it."""
    path.unlink(missing_ok=True)
    with store.engine.connect() as source, closing(sqlite3.connect(path)) as target:
        driver: Any = source.connection.driver_connection
        driver.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it that could be forgotten
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _looked(query: Query, damages: tuple[str, ...] = ()) -> Looked:
    counts = {name: int(query(str(sa.select(sa.func.count()).select_from(sa.table(name))))[0][0]) for name in COUNTED}
    revision = str(query("SELECT version_num FROM alembic_version")[0][0])
    blobs = tuple(sorted(str(row[0]) for row in query("SELECT digest FROM blob")))
    return Looked(revision, counts, blobs, damages)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _run(command: list[str], password: str) -> None:
    """The password goes by the environment: the words of a command are seen by everybody on the machine."""
    given = {**os.environ, "PGPASSWORD": password} if password else None
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=given, check=False)
    except FileNotFoundError as error:
        raise Problem("backup.no_tool", tool=command[0]) from error
    if done.returncode:
        raise Problem("backup.tool_failed", tool=command[0], detail=(done.stderr.strip() or "-")[-500:])
