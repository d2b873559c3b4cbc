"""The shape of a report: what is asked, and the tables that answer; the same for pages, the command line, files and mail."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from inbox.text.tables import Table

Hours = Literal["calendar", "working"]
Kind = Literal["text", "count", "share", "seconds", "day", "number", "weekday"]
"""What a cell holds. `share`: 0 to 1; `seconds`: a duration; `day`: a local `date`; `number`: with a fraction (NPS); `weekday`: 0 is
Monday."""
Chart = Literal["", "bars", "paired", "lines", "stacked", "heatmap", "bullet", "histogram"]
"""Which picture suits a table; its first column is what it runs along, the columns that are drawn are `drawn`. Empty: none."""
Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report looks at: local days from `since` to before `until`, in all conversations or some.

    `team`, `channel` and `organization` by their names, a tag as it is written; empty: all. `team`: "none" are those that no team
    has. `language`: whose week it is (Persian begins on Saturday, others on Monday).
    """

    since: date
    until: date
    team: str = ""
    channel: str = ""
    tag: str = ""
    organization: str = ""
    hours: Hours = "calendar"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Column:
    """`name`: key `report.column.NAME` in the catalogue. `words`: where the cells are keys of ours, what stands before them there
    (`report.state` makes `report.state.open`); empty: they are shown as they are."""

    name: str
    kind: Kind = "count"
    words: str = ""


@dataclass(frozen=True, slots=True)
class ReportTable:
    """Rows under columns; `name` is key `report.table.NAME`. `n`: how many of what is counted the whole table rests on."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    n: int
    links: tuple[tuple[str, ...], ...] = ()
    """For each cell the query (`inbox.text.queries`) that opens the conversations behind it; empty: none. As many rows as `rows`,
    or none at all."""
    chart: Chart = ""
    drawn: tuple[str, ...] = ()
    """The names of the columns that the chart shows."""
    target: float | None = None
    """Of a bullet: the share that is aimed at."""

    def link(self, row: int, column: int) -> str:
        """The query behind a cell, empty where there is none."""
        return self.links[row][column] if self.links else ""

    @property
    def plain(self) -> Table:
        """For CSV, JSON and Markdown: days as ISO dates, seconds and shares as numbers."""
        columns = tuple(f"{c.name}_seconds" if c.kind == "seconds" else c.name for c in self.columns)
        rows = tuple(tuple(x.isoformat() if isinstance(x, date) else x for x in row) for row in self.rows)
        return Table(columns, rows)


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it stands at `as_of`: until then events are counted in it. `zone`: whose days these are. `steps`: how many days
    one row of what runs over time stands for, 1 or 7."""

    name: str
    asked: Asked
    zone: str
    as_of: datetime | None
    steps: int
    tables: tuple[ReportTable, ...]

    def table(self, name: str) -> ReportTable:
        """The one of that name; KeyError where there is none."""
        return next((one for one in self.tables if one.name == name), None) or _missing(name)


def _missing(name: str) -> ReportTable:
    raise KeyError(name)
