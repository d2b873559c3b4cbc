"""The store's front: hand it a unit, await its result; reads run beside it and never wait for it."""

import asyncio
import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import exc

from inbox.domain.entropy import Entropy
from inbox.domain.problems import Problem, Temporary
from inbox.ports.probe import Probe, silent
from inbox.ports.wake import Wake, between_nodes
from inbox.store.engine import READING, open_engine
from inbox.store.unit import Unit
from inbox.store.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 5
CHANNEL = "inbox"
"""On which PostgreSQL tells what to look at again."""
SLICE_SECONDS = {"sqlite": 0.1, "postgresql": 0.02}
"""How long a transaction of bulk work may last: SQLite's is the only one that writes, and ends as soon as a person waits; PostgreSQL's
would lose more races the longer it is."""
SLICE_ITEMS = 50
ITS_OWN = (exc.IntegrityError, exc.DataError, exc.ProgrammingError, exc.NotSupportedError)
"""Errors of the database that tell something of one unit and nothing of the others."""


class Damaged(Problem):
    """The database is no longer whole."""


class NotDurable(Problem):
    """The disk refused to keep what was written (fsync). The kernel may have forgotten those bytes and will not say so again:
    whoever runs on has no ground to stand on, whoever starts anew reads what is there (Rebello et al., ATC'20)."""


class Busy(Temporary):
    """Another writer held the database for too long, or kept winning against us."""


class Store:
    """One database. Units are synchronous functions `f(unit, ...)`; each runs in a transaction of its own.

    `chance` is where each takes its chance from; only the demo names another, in which the same references come out each time. `writer` makes
    the threads on which units run, as many as it is told; only the simulation names another, which has none.
    `unsafe` is called, on the thread that met it, where the disk did not keep a write; the unit raises NotDurable all the same.
    """

    def __init__(
        self,
        url: str,
        root: Path,
        *,
        wake: Wake | None = None,
        probe: Probe = silent,
        chance: Callable[[], Entropy] = Entropy.fresh,
        unsafe: Callable[[Problem], None] = lambda _: None,
        writer: Callable[[int], Writer] = Writer,
    ) -> None:
        self._chance = chance
        self._unsafe = unsafe
        self.read_only: Problem | None = None
        """Why nothing may be written any more: each unit raises it. Reading goes on."""
        self.engine = open_engine(url, root)
        self.sqlite = self.engine.dialect.name == "sqlite"
        self._writers = self.engine if self.sqlite else open_engine(url, root, writing=True)
        self.name = os.urandom(6).hex()
        """By which others know what was said by us."""
        self._wake = wake
        self._probe = probe
        self._cache: dict[str, Any] = {}
        self._writer = writer(1 if self.sqlite else 4)
        self._open: dict[int, sa.Connection] = {}
        # A snapshot is all that a reader needs; serializable, it could be refused for what writers do.
        self._reading = {} if self.sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    # -- writing -------------------------------------------------------------------------------------------------------
    async def write(self, fn: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one interactive unit. Raises what it raises (nothing is stored then), Busy, or a Temporary problem."""
        entropy = self._chance()
        return await self._writer.run(lambda: self._one(entropy, lambda unit: fn(unit, *args, **kwargs)))

    def write_now(self, fn: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for callers without an event loop: the command line."""
        entropy = self._chance()
        return self._writer.submit(lambda: self._one(entropy, lambda unit: fn(unit, *args, **kwargs))).result()

    async def write_each(self, units: Sequence[Callable[[Unit], T]]) -> list[T | Exception]:
        """Run many units as bulk work: some in one transaction, each in a savepoint of its own.

        A unit that raises leaves nothing behind and gives its exception in the list; the others go on. Every transaction
        ends after SLICE_SECONDS or 50 units, and after the present unit once somebody interactive waits.
        """
        results: list[T | Exception] = []
        seeded = [(unit, self._chance()) for unit in units]
        while len(results) < len(units):
            results += await self._writer.run(partial(self._slices, seeded[len(results) :]), bulk=True)
        return results

    def _slices(self, units: Sequence[tuple[Callable[[Unit], T], Entropy]]) -> list[T | Exception]:
        """One slice after the other, until they are done or somebody interactive waits."""
        results = self._slice(units)
        while len(results) < len(units) and not self._writer.people_wait:
            results += self._slice(units[len(results) :])
        return results

    def _one(self, entropy: Entropy, fn: Callable[[Unit], T]) -> T:
        def attempt(connection: sa.Connection) -> tuple[T, set[str]]:
            unit = Unit(connection, entropy, self._cache)
            result = fn(unit)
            _end(unit, unit.late)
            return result, unit.wakes

        return self._committed(attempt)

    def _slice(self, units: Sequence[tuple[Callable[[Unit], T], Entropy]]) -> list[T | Exception]:
        most = SLICE_ITEMS

        def attempt(connection: sa.Connection) -> tuple[list[T | Exception], set[str]]:
            nonlocal most
            mine, most = (
                units[:most],
                max(1, most // 4),
            )  # a slice that lost a race to another writer is shorter next time
            ends = self._writer.steady() + SLICE_SECONDS[connection.dialect.name]
            results: list[T | Exception] = []
            wakes: set[str] = set()
            late: list[Callable[[Unit], None]] = []
            memo: dict[str, Any] = {}  # one transaction sees one state of the world: one look-up holds for all
            for fn, entropy in mine:
                unit = Unit(connection, entropy, self._cache, memo=memo)
                # The driver's own: SQLAlchemy's nested transaction costs more than a small unit does.
                unit.savepoint("SAVEPOINT unit")
                try:
                    results.append(fn(unit))
                except Exception as error:
                    if isinstance(error, exc.DBAPIError) and not isinstance(error, ITS_OWN):
                        raise  # the database itself is in trouble: the whole slice is run again or given up
                    unit.savepoint("ROLLBACK TO SAVEPOINT unit")
                    memo.clear()
                    results.append(error)
                else:
                    wakes |= unit.wakes
                    late += unit.late
                unit.savepoint("RELEASE SAVEPOINT unit")
                if self._writer.people_wait or self._writer.steady() > ends:
                    break
            _end(Unit(connection, Entropy(b""), self._cache), late)
            return results, wakes

        return self._committed(attempt)

    def _committed(self, attempt: Callable[[sa.Connection], tuple[T, set[str]]]) -> T:
        for tries in range(1, ATTEMPTS + 1):
            if self.read_only is not None:
                raise self.read_only
            try:
                with self._writing() as connection:
                    transaction = connection.begin()
                    try:
                        result, wakes = attempt(connection)
                        self._announce(connection, wakes)
                        self._probe("store.before_commit")
                        transaction.commit()
                    except BaseException:
                        transaction.rollback()
                        raise
                self._probe("store.after_commit")
                if self._wake is not None and wakes:
                    self._wake.notify(*wakes)
                return result
            except exc.DBAPIError as last:
                error = _first(last)
                self._forget(error)
                if not _worth_another_try(error) or tries == ATTEMPTS:
                    told = _told(error)
                    if isinstance(told, NotDurable):
                        self._unsafe(told)
                    raise told from last
                time.sleep(random.uniform(0.005, 0.05) * tries)
        raise AssertionError("unreachable")

    def _announce(self, connection: sa.Connection, wakes: set[str]) -> None:
        """Told by the server to every process that listens, once this is committed: "look again", and no more."""
        topics = sorted(between_nodes(wakes))
        if topics and not self.sqlite:
            connection.execute(sa.select(sa.func.pg_notify(CHANNEL, " ".join((self.name, *topics)))))

    def _writing(self) -> "_Kept":
        """The thread's own connection, opened once: opening one costs more than a small unit."""
        thread = threading.get_ident()
        if thread not in self._open:
            self._open[thread] = self._writers.connect()
        return _Kept(self._open[thread])

    def _forget(self, error: exc.DBAPIError) -> None:
        """Begin anew after trouble; where no connection could be opened there is none to forget."""
        if error.connection_invalidated or not self.sqlite:
            connection = self._open.pop(threading.get_ident(), None)
            if connection is not None:
                connection.close()

    # -- reading -------------------------------------------------------------------------------------------------------
    async def read(self, fn: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a unit that only reads, on a connection of its own beside the writer."""
        return await asyncio.to_thread(partial(self.read_now, fn, *args, **kwargs))

    def read_now(self, fn: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for callers without an event loop."""
        try:
            with self.engine.connect() as connection:
                reading = connection.execution_options(**{READING: True}, **self._reading)
                reading.begin()  # one state of the world for the whole unit; closing ends it
                return fn(Unit(reading, Entropy(b""), self._cache), *args, **kwargs)
        except exc.DBAPIError as error:
            raise _told(error) from error

    async def data_version(self) -> int:
        """SQLite only: a number that changes when another connection's process has committed."""
        return await self._writer.run(self._data_version)

    def _data_version(self) -> int:
        with self._writing() as connection:  # the driver's own connection: this needs no transaction and no lock
            driver: Any = connection.connection.driver_connection
            return int(driver.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Finish what was handed in and close every connection. Safe twice."""
        self._writer.close()
        while self._open:
            self._open.popitem()[1].close()
        self._writers.dispose()
        self.engine.dispose()


class _Kept:
    """Lends a connection for one transaction without closing it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> sa.Connection:
        return self._connection

    def __exit__(self, *error: object) -> None:
        return None


def _end(unit: Unit, late: Sequence[Callable[[Unit], None]]) -> None:
    """What the units of a transaction put off to its end."""
    for write in late:
        write(unit)


def _first(error: exc.DBAPIError) -> exc.DBAPIError:
    """What went wrong to begin with: a full disk ends the whole transaction, and then its savepoint cannot be found."""
    at: BaseException | None = error
    while at is not None:
        error = at if isinstance(at, exc.DBAPIError) else error
        at = at.__context__
    return error


def _worth_another_try(error: exc.DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    text = str(error.orig)
    return state in ("40001", "40P01") or error.connection_invalidated or "database is locked" in text


def _told(error: exc.DBAPIError) -> Exception:
    """The database's trouble as a problem that says what to do; a mistake of ours stays what it is."""
    text = str(error.orig)
    if getattr(error.orig, "sqlite_errorcode", 0) in (sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC):
        return NotDurable("store.not_durable", detail=text)
    if "disk is full" in text or "disk I/O error" in text or getattr(error.orig, "sqlstate", "") == "53100":
        return Temporary("store.disk_full", detail=text)
    if "readonly database" in text or "unable to open" in text:
        return Problem("store.not_writable", detail=text)
    if "no such table" in text or getattr(error.orig, "sqlstate", "") == "42P01":
        return Problem("store.not_migrated")
    if "database is locked" in text or getattr(error.orig, "sqlstate", "") in ("40001", "40P01"):
        return Busy("store.busy")
    if "malformed" in text or "not a database" in text:
        return Damaged("store.damaged", detail=text)
    if isinstance(error, exc.OperationalError):
        return Temporary("store.unreachable", detail=text.splitlines()[0] if text else "")
    return error
