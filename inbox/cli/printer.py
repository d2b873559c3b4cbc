"""Results as a table for people or as JSON for programs, from the same rows."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TextIO
from zoneinfo import ZoneInfo

from inbox.text import tables
from inbox.text.dates import table as short_moment

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Row = Mapping[str, object]
WIDE = 10_000
"""Columns of a file or pipe: what reads it breaks lines itself, or not at all."""


class Say(Protocol):
    """Words in the reader's language."""

    def __call__(self, key: str, /, **facts: object) -> str: ...


class Printer:
    """Writes the results of one command. In JSON nothing but the result comes out; `quiet` keeps remarks back."""

    def __init__(
        self,
        out: TextIO,
        say: Say,
        language: str,
        zone: Callable[[], ZoneInfo],
        *,
        json: bool = False,
        quiet: bool = False,
    ) -> None:
        self._say = say
        self._language = language
        self._zone = zone
        self._out = out
        self.json = json
        self.quiet = quiet

    def rows(
        self,
        columns: Sequence[str],
        rows: Sequence[Row],
        words: Mapping[str, str] | None = None,
        gaps: Collection[int] = (),
        heads: str = "cli.column",
    ) -> None:
        """A list. `columns` are keys of the rows, headed `<heads>.<key>`; JSON has all keys of the rows.

        `words`: columns whose values people read as the sentence `<word>.<value>` of the catalogue. Before the rows of the
        numbers in `gaps` people see an empty line.
        """
        if self.json:
            self.document([dict(row) for row in rows])
            return
        from rich.table import Table  # here and below, for a daemon shows no tables
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(Text(self._say(f"{heads}.{column}")), overflow="fold")
        for number, row in enumerate(rows):
            if number in gaps:
                table.add_row()
            table.add_row(*(Text(self._cell(row.get(column), (words or {}).get(column))) for column in columns))
        if rows:
            self._console().print(table)

    def document(self, value: object) -> None:
        """One JSON document."""
        self._out.write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n")

    def record(self, value: object) -> None:
        """One of several JSON documents, on a line of its own, for whoever reads along."""
        self._out.write(json.dumps(value, ensure_ascii=False, default=_plain) + "\n")
        self._out.flush()

    def done(self, key: str, /, **facts: object) -> None:
        """What was done: a sentence for people, the facts for programs."""
        if self.json:
            self.document({"done": key, **facts})
        elif not self.quiet:
            self.line(self._say(key, **facts))

    def line(self, text: str) -> None:
        """A line for people; in JSON there is none."""
        if not self.json:
            self._out.write(text + "\n")

    def csv(self, table: tables.Table) -> None:
        """A table as CSV for programs, its lines ended as a terminal ends them."""
        self.line(table.csv.replace("\r\n", "\n").rstrip("\n"))

    def styled(self, text: "Text") -> None:
        """A line for people with colours where there are any."""
        if not self.json:
            self._console().print(text)

    def _console(self) -> "Console":
        from rich.console import Console

        # Colours and width are rich's to find out: it honours NO_COLOR, and whether this is a terminal.
        terminal = self._out.isatty()
        return Console(file=self._out, width=None if terminal else WIDE, soft_wrap=not terminal, highlight=False)

    def _cell(self, value: object, word: str | None = None) -> str:
        if value is None or value is False or value == "":
            return "-"
        if word is not None:
            return self._say(f"{word}.{value}")
        if value is True:
            return self._say("cli.yes")
        if isinstance(value, datetime):
            return short_moment(value, self._language, self._zone())
        if isinstance(value, list | tuple):
            return ", ".join(str(part) for part in value) or "-"
        return str(value)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)
