"""Tables that people bring: the rows of a file, taken in some at a time, so that whoever works meanwhile does not wait long, or only tried.

What a row says is known by whoever takes it: `contacts_table` and `assets_table`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal, Protocol, TypeVar, get_args

from inbox.domain.problems import Problem
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text import spreadsheets
from inbox.text.fold import squeeze

BETWEEN = ";"
"""Stands between several tags or addresses in a cell."""
MOST_ROWS = 20_000
MOST_BYTES = 10_000_000
AT_ONCE = 100
"""Rows of one unit."""

What = Literal["new", "changed", "same", "refused"]
WHAT: tuple[What, ...] = get_args(What)


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it was read. `number`: its place in the file, the head being 1."""

    number: int
    cells: Mapping[str, str]

    def several(self, name: str) -> tuple[str, ...]:
        """The parts of a cell."""
        parts = self.cells.get(name, "").replace("؛", BETWEEN).split(BETWEEN)
        return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


class Outcome(Protocol):
    """What became of a row, or would."""

    @property
    def what(self) -> What:
        """In a word."""
        ...


Became = TypeVar("Became", bound=Outcome)


class Intake(Protocol[Became]):
    """How rows are taken in, and for whom."""

    def firsts(self, rows: Sequence[Line]) -> Mapping[str, int]:
        """In which row of the file stands first what no two of them may share."""
        ...

    def take(
        self, unit: Unit, rows: Sequence[Line], earlier: Mapping[str, int], now: datetime, *, rehearse: bool
    ) -> list[Became]:
        """What became of these rows; `earlier`: of `firsts`. Raises Rehearsed where they were only tried."""
        ...


class Rehearsed(Exception):
    """What would have become of the rows: nothing of it is stored."""

    def __init__(self, outcomes: Sequence[Any]) -> None:
        super().__init__("rehearsed")
        self.outcomes = tuple(outcomes)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: its columns, what they are called in each language (all are read), of which one has to be there, and the
    problem of a head that is none. `free`: begins the head of any other column that may stand there."""

    columns: tuple[str, ...]
    called: Mapping[str, tuple[str, ...]]
    one_of: tuple[str, ...]
    wrong: str
    free: str = ""

    def of(self, language: str) -> tuple[str, ...]:
        """As it is written."""
        return self.called.get(language, self.columns)

    def column(self, cell: str) -> str | None:
        """The column of which a cell is the head."""
        own = cell.strip()
        if self.free and own.startswith(self.free) and len(own) > len(self.free):
            return own
        names = {squeeze(n): one for head in self.called.values() for n, one in zip(head, self.columns, strict=True)}
        return names.get(squeeze(cell))


def lines(content: bytes, table: Head) -> list[Line]:
    """The rows of a file. Raises Problem where it is no such table, or too large a one."""
    if len(content) > MOST_BYTES:
        raise Problem("contacts.too_large", most=MOST_BYTES)
    try:
        head, *rows = spreadsheets.read(content) or [[]]
    except ValueError as error:
        raise Problem("contacts.no_table", reason=str(error)[:200]) from error
    columns = [table.column(cell) for cell in head]
    strange = [cell for cell, column in zip(head, columns, strict=True) if column is None]
    if strange or not any(one in columns for one in table.one_of):
        raise Problem(table.wrong, found=", ".join(strange)[:200] or "-", known=", ".join(table.columns))
    if len(rows) > MOST_ROWS:
        raise Problem("contacts.too_many", most=MOST_ROWS)
    return [_line(at, columns, row) for at, row in enumerate(rows, 2) if any(row)]


def _line(number: int, columns: Sequence[str | None], row: Sequence[str]) -> Line:
    return Line(number, {column: cell for column, cell in zip(columns, row, strict=False) if column is not None})


def firsts(rows: Iterable[Line], keys: Callable[[Line], Iterable[str]]) -> dict[str, int]:
    """In which row each key stands first: two rows of one file do not share one."""
    found: dict[str, int] = {}
    for row in rows:
        for key in keys(row):
            found.setdefault(key, row.number)
    return found


# -- all of a file -------------------------------------------------------------------------------------------------------
async def taken(
    store: Store, intake: Intake[Became], rows: Sequence[Line], now: datetime, *, rehearse: bool
) -> list[Became]:
    """What became of all rows, or would."""
    found: list[Became] = []
    for unit in _units(intake, rows, now, rehearse=rehearse):
        try:
            found += await store.write(unit)
        except Rehearsed as tried:
            found += tried.outcomes
    return found


def taken_now(
    store: Store, intake: Intake[Became], rows: Sequence[Line], now: datetime, *, rehearse: bool
) -> list[Became]:
    """The same for callers without an event loop."""
    found: list[Became] = []
    for unit in _units(intake, rows, now, rehearse=rehearse):
        try:
            found += store.write_now(unit)
        except Rehearsed as tried:
            found += tried.outcomes
    return found


def _units(
    intake: Intake[Became], rows: Sequence[Line], now: datetime, *, rehearse: bool
) -> Iterator[Callable[[Unit], list[Became]]]:
    earlier = intake.firsts(rows)
    for at in range(0, len(rows), AT_ONCE):
        some = rows[at : at + AT_ONCE]
        yield partial(intake.take, rows=some, earlier=earlier, now=now, rehearse=rehearse)


def counted(outcomes: Iterable[Outcome]) -> Counter[str]:
    """How many there are of each."""
    return Counter(one.what for one in outcomes)


def recorded(counts: Counter[str]) -> list[str]:
    """The same for the record of what was written."""
    return [f"{what} {counts[what]}" for what in ("new", "changed", "refused")]
