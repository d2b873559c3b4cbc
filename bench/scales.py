"""Scales: what the thread's processor time goes into, part by part, and what reaches the database's driver meanwhile."""

import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

MARKS = ("SAVEPOINT", "RELEASE", "ROLLBACK TO")
STATEMENTS, COMMIT = "statements", "commit"
"""Parts of their own: what the driver does with statements, and with the ends of transactions."""


class Scales:
    """One thread's. Parts nest: what is within another counts for itself alone."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.counts: Counter[str] = Counter()
        """Of `statements`, `marks` (savepoints), `transactions` that wrote, by the outermost part in front: `judge statements`."""
        self.waited: list[float] = []
        """Seconds by the clock that each commit which wrote took."""
        self._within: list[str] = []
        self._since = 0.0

    def part(self, name: str) -> "_Part":
        """For as long as this lasts, time goes into this part."""
        return _Part(self, name)

    def begin(self, name: str) -> None:
        """From here on time goes into this part."""
        self._weigh()
        self._within.append(name)

    def end(self) -> None:
        """From here on it goes into the part around."""
        self._weigh()
        self._within.pop()

    def count(self, what: str) -> None:
        """One more of something."""
        self.counts[f"{self._within[0] if self._within else 'else'} {what}"] += 1

    def counted(self, what: str) -> int:
        """How many so far, in whatever part."""
        return sum(count for name, count in self.counts.items() if name.endswith(f" {what}"))

    def reset(self) -> None:
        """Begin anew: what is made once is made by now."""
        self.seconds.clear()
        self.counts.clear()
        self.waited.clear()

    def _weigh(self) -> None:
        now = time.thread_time()
        if self._within:
            self.seconds[self._within[-1]] += now - self._since
        self._since = now

    def wrapped(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """A function whose time goes into a part."""

        @wraps(work)
        def weighed(*args: Any, **kwargs: Any) -> Any:
            with self.part(name):
                return work(*args, **kwargs)

        return weighed

    def attach(self, engine: sa.Engine) -> None:
        """Weigh what an engine of SQLite does from here on; it has no connection yet."""

        def connecting(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> None:
            parameters["factory"] = _connections(self)

        event.listen(engine, "do_connect", connecting)


@dataclass(frozen=True, slots=True)
class _Part:
    """Scales are looked at a hundred times a mail: this is a third of what a generator's context costs."""

    scales: Scales
    name: str

    def __enter__(self) -> None:
        self.scales.begin(self.name)

    def __exit__(self, *_: object) -> None:
        self.scales.end()


@contextmanager
def weighed(scales: Scales, parts: Mapping[str, Sequence[tuple[Any, str]]]) -> Iterator[None]:
    """For as long as this lasts, the functions named (by their owner and name) are parts."""
    with ExitStack() as ending:
        for part, several in parts.items():
            for owner, name in several:
                ending.enter_context(instead(owner, name, scales.wrapped(part, getattr(owner, name))))
        yield


@contextmanager
def instead(owner: Any, name: str, work: Callable[..., Any]) -> Iterator[None]:
    """For as long as this lasts, another function stands under a name."""
    before = getattr(owner, name)
    setattr(owner, name, work)
    try:
        yield
    finally:
        setattr(owner, name, before)


def _connections(scales: Scales) -> type[sqlite3.Connection]:
    """A kind of connection whose cursors are weighed."""

    class Weighed(sqlite3.Cursor):
        def execute(self, sql: str, /, *bound: Any) -> "Weighed":
            _count(scales, sql)
            with scales.part(STATEMENTS):
                return super().execute(sql, *bound)

        def executemany(self, sql: str, /, *bound: Any) -> "Weighed":
            _count(scales, sql)
            with scales.part(STATEMENTS):
                return super().executemany(sql, *bound)

        def fetchall(self) -> list[Any]:
            with scales.part(STATEMENTS):
                return super().fetchall()

        def fetchone(self) -> Any:
            with scales.part(STATEMENTS):
                return super().fetchone()

    class Connection(sqlite3.Connection):
        changed = 0

        def cursor(self, *_: Any) -> sqlite3.Cursor:  # type: ignore[override]  # ours is the only kind
            return super().cursor(Weighed)

        def commit(self) -> None:
            began, writes = time.perf_counter(), self.total_changes != self.changed
            with scales.part(COMMIT):
                super().commit()
            if writes:
                self.changed = self.total_changes
                scales.waited.append(time.perf_counter() - began)
                scales.count("transactions")

    return Connection


def _count(scales: Scales, sql: str) -> None:
    if sql.startswith(MARKS):
        scales.count("marks")
    elif not sql.startswith(("BEGIN", "PRAGMA")):
        scales.count("statements")
