"""A table of names, instants and numbers, the same for pages, commands, programs and files."""

from dataclasses import dataclass
from datetime import datetime

from inbox.text.spreadsheets import MARK, written

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
        """RFC 4180, for programs. No cell can be taken for a formula."""
        return self._written.removeprefix(MARK)

    @property
    def file(self) -> bytes:
        """The same as a file, with the mark by which spreadsheets know how its letters are written."""
        return self._written.encode()

    @property
    def markdown(self) -> str:
        """As a table of Markdown."""
        lines = [self.columns, tuple("---" for _ in self.columns), *self.rows]
        return "".join(f"| {' | '.join(_plain(cell) for cell in line)} |\n" for line in lines)

    @property
    def _written(self) -> str:
        return written(self.columns, ([_text(cell) for cell in row] for row in self.rows))


def _at(cell: Cell) -> Cell:
    return cell.isoformat(timespec="seconds") if isinstance(cell, datetime) else cell


def _text(cell: Cell) -> str:
    return "" if cell is None else str(_at(cell))


def _plain(cell: Cell) -> str:
    text = str(cell).lower() if isinstance(cell, bool) else _text(cell)
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
