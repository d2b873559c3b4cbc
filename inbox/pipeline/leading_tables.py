"""The lead's board as tables, the same for the page, the command line and files: names, instants and numbers, no words."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox.pipeline.leading import Day, Group, LeadsBoard, Rated, Spread
from inbox.sla.calibration import Kept, wilson
from inbox.store.standing import Due
from inbox.text.spreadsheets import safe

Cell = str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under the names of their columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def raw(self) -> list[dict[str, Cell]]:
        """Each row by the names of its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def documents(self) -> list[dict[str, Cell]]:
        """The same with instants as text (ISO 8601)."""
        return [{name: _at(cell) for name, cell in row.items()} for row in self.raw]

    @property
    def csv(self) -> str:
        """As a file (RFC 4180). No cell can be taken for a formula by a program that opens it."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerows([self.columns, *([_safe(cell) for cell in row] for row in self.rows)])
        return out.getvalue()

    @property
    def markdown(self) -> str:
        """As a table of Markdown."""
        lines = [self.columns, tuple("---" for _ in self.columns), *self.rows]
        return "".join(f"| {' | '.join(_plain(cell) for cell in line)} |\n" for line in lines)


def tables(board: LeadsBoard) -> dict[str, Table]:
    """All of them by name, in the order of the page."""
    return {name: make(board) for name, make in _TABLES.items()}


def _queue(board: LeadsBoard) -> Table:
    rows = ((q.name, q.open, q.unassigned, q.late, q.soon, q.oldest) for q in board.queues)
    return Table(("team", "open", "unassigned", "late", "at_risk", "oldest_waiting_since"), tuple(rows))


def _load(board: LeadsBoard) -> Table:
    rows = ((one.handle, one.open, one.late, one.capacity, one.there, one.away) for one in board.loads)
    return Table(("agent", "open", "late", "capacity", "on_shift", "absent"), tuple(rows))


def _due(which: Callable[[LeadsBoard], Sequence[Due]]) -> Callable[[LeadsBoard], Table]:
    def made(board: LeadsBoard) -> Table:
        rows = ((one.reference, one.subject, one.contact, one.due_at) for one in which(board))
        return Table(("reference", "subject", "contact", "due_at"), tuple(rows))

    return made


def _unanswered(board: LeadsBoard) -> Table:
    rows = ((one.reference, one.subject, one.rule, one.since) for one in board.unanswered)
    return Table(("reference", "subject", "rule", "since"), tuple(rows))


def _channels(board: LeadsBoard) -> Table:
    columns = (
        "channel",
        "kind",
        "state",
        "since",
        "last_success",
        "last_in",
        "last_out",
        "unread",
        "unsent",
        "trouble",
    )
    rows = []
    for one in board.health:
        row = one.row
        instants = (row.state_at, row.last_success_at, one.last_in, one.last_out)
        rows.append((row.name, row.kind, row.state, *instants, one.unread, one.unsent, one.trouble))
    return Table(columns, tuple(rows))


def _promises(board: LeadsBoard) -> Table:
    rows = [("", board.promises), *board.promises_by.items()]
    columns = ("channel", "kept", "late", "withdrawn", "not_due", "n", "rate", "low", "high")
    return Table(columns, tuple(_kept(name, row) for name, row in rows))


def _kept(name: str, row: Kept) -> tuple[Cell, ...]:
    low, high = wilson(row.kept, row.n)
    shares = (None, None, None) if row.rate is None else (round(row.rate, 4), round(low, 4), round(high, 4))
    return (name, row.kept, row.late, row.withdrawn, row.open, row.n, *shares)


def _ratings(board: LeadsBoard) -> Table:
    columns = (
        "survey",
        "by",
        "name",
        "given",
        "satisfied",
        "nps",
        "average",
        "asked",
        "answered",
        "response_rate",
    )
    return Table(columns, tuple(_rated(one) for one in board.ratings))


def _rated(one: Rated) -> tuple[Cell, ...]:
    f = one.figures
    shares = (_rounded(f.satisfied, 4), _rounded(f.nps, 1), _rounded(f.average, 2))
    return (f.survey.value, one.by, one.name, f.n, *shares, f.asked, f.answered, _rounded(f.response, 4))


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _first_reply(board: LeadsBoard) -> Table:
    rows = (("calendar", *_spread(board.calendar)), ("working", *_spread(board.working)))
    return Table(("hours", "n", "p50_seconds", "p90_seconds"), rows)


def _spread(one: Spread) -> tuple[Cell, ...]:
    return (one.n, *(None if value is None else round(value) for value in (one.p50, one.p90)))


def _flow(group: Group) -> Callable[[LeadsBoard], Table]:
    def made(board: LeadsBoard) -> Table:
        rows = (_days_row(day, group, name) for day in board.flow for name in groups(board, group))
        return Table(("day", group, "in", "done"), tuple(rows))

    return made


def _days_row(day: Day, group: Group, name: str) -> tuple[Cell, ...]:
    return (day.on.isoformat(), name, day.came[group, name], day.done[group, name])


def groups(board: LeadsBoard, group: Group) -> list[str]:
    """The teams or channels of which anything came in or was done in the period."""
    return sorted({name for day in board.flow for which, name in (*day.came, *day.done) if which == group})


_TABLES: Mapping[str, Callable[[LeadsBoard], Table]] = {
    "queue": _queue,
    "load": _load,
    "late": _due(lambda board: board.late),
    "at_risk": _due(lambda board: board.soon),
    "unanswered_pages": _unanswered,
    "channels": _channels,
    "promises": _promises,
    "first_reply": _first_reply,
    "ratings": _ratings,
    "teams_by_day": _flow("team"),
    "channels_by_day": _flow("channel"),
}
NAMES = tuple(_TABLES)


def _at(cell: Cell) -> Cell:
    return cell.isoformat(timespec="seconds") if isinstance(cell, datetime) else cell


def _safe(cell: Cell) -> Cell:
    return safe(cell) if isinstance(cell, str) else _at(cell)


def _plain(cell: Cell) -> str:
    text = "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(_at(cell))
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
