"""A report in words: the tables that pages, spreadsheets, paper and mail show, so that all of them say the same."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from inbox.pipeline.reports_shape import Asked, Cell, Column, Report, ReportTable
from inbox.sheets.sheet import Kind, Sheet, SheetTable
from inbox.sheets.telling import told
from inbox.text.calendars import tongue
from inbox.text.dates import day_of, duration, spoken_zone, table

Say = Callable[..., str]
"""A sentence of the catalogue in one language: `say(key, **facts)`."""
_UTC = ZoneInfo("UTC")
_KINDS = {
    "text": Kind.TEXT,
    "count": Kind.COUNT,
    "number": Kind.NUMBER,
    "share": Kind.SHARE,
    "seconds": Kind.SECONDS,
    "day": Kind.DAY,
    "weekday": Kind.TEXT,
}
UPTO = "upto"
"""The column that says where the classes of a spread end."""


def sheet(report: Report, say: Say, language: str, public_url: str = "") -> Sheet:
    """The report as a file will show it; with an address of ours each row leads to the conversations behind it."""
    tables = tuple(_table(one, say, language, public_url) for one in report.tables)
    return Sheet(title(report.name, say), tuple(about(report, say, language)), tables, language, ZoneInfo(report.zone))


def title(name: str, say: Say) -> str:
    """What a report is called."""
    return say(f"report.{name}")


def about(report: Report, say: Say, language: str) -> Iterator[str]:
    """What it counts, in which period, zone and hours, in which conversations, and up to when."""
    asked, zone = report.asked, ZoneInfo(report.zone)
    yield say(f"report.{report.name}.about")
    yield say(
        "report.period",
        since=day_of(asked.since, language),
        until=day_of(asked.until - timedelta(days=1), language),
        zone=spoken_zone(zone, language),
        hours=say(f"report.hours_mode.{asked.hours}"),
    )
    if some := [f"{say(f'report.column.{name}')} {value}" for name, value in _chosen(asked, say)]:
        yield say("report.only", what="; ".join(some))
    at = report.as_of
    yield say("report.being_counted") if at is None else say("report.as_of", at=table(at, language, zone))


def _chosen(asked: Asked, say: Say) -> Iterator[tuple[str, str]]:
    for name in ("team", "channel", "tag", "organization"):
        if value := getattr(asked, name):
            yield name, say("report.nobody") if (name, value) == ("team", "none") else value


def heading(column: Column, say: Say) -> str:
    """The head of a column."""
    return say(f"report.column.{column.name}")


def named(table: ReportTable, say: Say) -> str:
    """What a table is called."""
    return say(f"report.table.{table.name}")


def said(table: ReportTable, row: int, at: int, say: Say, language: str) -> str:
    """A cell as people read it."""
    return told(worded(table, row, at, say, language), kind(table.columns[at]), language, _UTC)


def worded(table: ReportTable, row: int, at: int, say: Say, language: str) -> Cell:
    """A cell with its words: keys in words of the language, numbers and days as they are."""
    cell, column = table.rows[row][at], table.columns[at]
    if column.name == UPTO:
        return say("report.more") if not isinstance(cell, int | float) else duration(cell, language)
    if column.kind == "weekday" and isinstance(cell, int):
        return tongue(language).weekdays[cell]
    if column.kind != "text" or cell is None:
        return cell
    if not cell:
        return say("report.nobody")
    return say(f"{column.words}.{cell}") if column.words else cell


def kind(column: Column) -> Kind:
    """What a sheet takes the column for."""
    return Kind.TEXT if column.name == UPTO else _KINDS[column.kind]


def _table(table: ReportTable, say: Say, language: str, public_url: str) -> SheetTable:
    places, numbers = range(len(table.columns)), range(len(table.rows))
    rows = tuple(tuple(worded(table, row, at, say, language) for at in places) for row in numbers)
    links = tuple(_behind(table, row, public_url) for row in numbers) if public_url else ()
    columns = tuple(heading(column, say) for column in table.columns)
    return SheetTable(named(table, say), columns, rows, tuple(map(kind, table.columns)), links)


def _behind(table: ReportTable, row: int, public_url: str) -> str | None:
    """Where the first number of a row leads that leads anywhere."""
    found = next((link for at in range(len(table.columns)) if (link := table.link(row, at))), "")
    return f"{public_url}/?q={quote(found)}" if found else None
