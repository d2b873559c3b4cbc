"""A report as its page shows it: every cell in words, with where it leads and how long its bar is; every picture with its axis."""

from dataclasses import dataclass
from urllib.parse import quote
from zoneinfo import ZoneInfo

from inbox.pipeline.reports_printed import Say, heading, kind, named, said
from inbox.pipeline.reports_shape import Cell, ReportTable
from inbox.sheets.sheet import Kind
from inbox.sheets.telling import told
from inbox.web.reports.drawing import Picture, bar, heat, is_time, marks, picture, tops

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class ShownCell:
    """`bar`: a share of the cell's width, 0 to 100, or None; `heat`: 0 to 5, or None where it is no cell of a heatmap."""

    text: str
    href: str = ""
    number: bool = True
    bar: float | None = None
    heat: int | None = None


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture with what stands around it: the names of the series, the days or classes below, and how high it is."""

    drawn: Picture
    series: tuple[tuple[int, str], ...]
    marks: tuple[str, ...]
    top: str
    evenly: bool
    """Whether there is a mark for each bar, each below its own."""
    target: str = ""


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table of the page. `empty`: nothing was counted in it, day after day."""

    name: str
    title: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[ShownCell, ...], ...]
    n: int
    chart: str
    picture: ShownPicture | None
    empty: bool = False

    @property
    def beside(self) -> bool:
        """Whether it can be folded away."""
        return self.picture is not None and len(self.rows) > 1


def shown(table: ReportTable, say: Say, language: str) -> ShownTable:
    """The table in words of a language."""
    heads = tuple((heading(column, say), kind(column) is not Kind.TEXT) for column in table.columns)
    most = tops(table) if table.chart == "bars" else {}
    warmest = _warmest(table) if table.chart == "heatmap" else None
    rows = tuple(
        tuple(_cell(table, row, at, say, language, most, warmest) for at in range(len(table.columns)))
        for row in range(len(table.rows))
    )
    drawn = picture(table)
    around = _around(table, drawn, say, language) if drawn else None
    empty = not rows or (not table.n and is_time([row[0] for row in table.rows]))
    return ShownTable(table.name, named(table, say), heads, rows, table.n, table.chart, around, empty)


def list_of(query: str) -> str:
    """The address of the list that a query finds."""
    return f"/?q={quote(query)}"


def _cell(
    table: ReportTable, row: int, at: int, say: Say, language: str, most: dict[int, float], warmest: float | None
) -> ShownCell:
    value, column, link = table.rows[row][at], table.columns[at], table.link(row, at)
    return ShownCell(
        said(table, row, at, say, language),
        list_of(link) if link and value else "",
        kind(column) is not Kind.TEXT,
        bar(value, most[at]) if at in most and value is not None else None,
        heat(value, warmest) if warmest is not None and column.name in table.drawn else None,
    )


def _warmest(table: ReportTable) -> float:
    drawn = [at for at, column in enumerate(table.columns) if column.name in table.drawn]
    return max((_number(row[at]) for row in table.rows for at in drawn), default=0.0)


def _number(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def _around(table: ReportTable, drawn: Picture, say: Say, language: str) -> ShownPicture:
    evenly = not is_time(drawn.along)
    places = drawn.along if evenly else marks(drawn.along)
    below = tuple(_mark(table, cell, say, language) for cell in places)
    top = _told(drawn.top, drawn.of, language)
    target = _told(drawn.target, "share", language) if drawn.target is not None else ""
    series = tuple((one.look, _name(table, one.name, say)) for one in drawn.series)
    return ShownPicture(drawn, series, below, top, evenly, target)


def _mark(table: ReportTable, cell: Cell, say: Say, language: str) -> str:
    """As the table says it in its first row that begins so."""
    row = next(at for at, row in enumerate(table.rows) if row[0] == cell)
    return said(table, row, 0, say, language)


def _told(value: float, of: str, language: str) -> str:
    kinds = {"share": Kind.SHARE, "seconds": Kind.SECONDS}
    return told(value, kinds.get(of, Kind.NUMBER), language, _UTC)


def _name(table: ReportTable, name: str, say: Say) -> str:
    """A column by its head; else what was counted, by its own name."""
    column = next((one for one in table.columns if one.name == name), None)
    if column is not None:
        return heading(column, say)
    return name or say("web.reports.others")
