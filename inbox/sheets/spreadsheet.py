"""A sheet as a spreadsheet (Office Open XML): real numbers, days and lengths of time, and text that nobody calculates."""

import io
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from inbox.sheets.sheet import Cell, Kind, Sheet, SheetTable
from inbox.text.cleaning import strip_controls

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_CELL = 32_767
"""Characters; a longer text makes the whole file one that has to be repaired."""
LONGEST_NAME = 31
MOST_LINKS = 65_530
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_MADE = datetime(1980, 1, 1, tzinfo=UTC)
"""The date that the archive inside has too: the same sheet is the same bytes."""
_LONGEST_ADDRESS = 2_079
_FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.NUMBER: "#,##0.##",
    Kind.SHARE: "0.0%",
    Kind.SECONDS: "[h]:mm:ss",
    Kind.DAY: "yyyy-mm-dd",
    Kind.INSTANT: "yyyy-mm-dd hh:mm",
}
_JALALI = {Kind.DAY: "[$-160429]yyyy/mm/dd", Kind.INSTANT: "[$-160429]yyyy/mm/dd hh:mm"}
"""Calendar 0x16 (Persian) in the language 0x0429: who does not know it shows the same day by the Gregorian calendar."""


def xlsx(sheet: Sheet) -> bytes:
    """The file: a worksheet for each table. The same sheet makes the same bytes."""
    from xlsxwriter import Workbook  # here, for most who start write no spreadsheet

    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": sheet.title[:255], "created": _MADE})
    writer = _Writer(book, sheet)
    names = set[str]()
    for table in sheet.tables or (SheetTable("", (), (), ()),):
        writer.write(table, _name(table.title or sheet.title, names))
    book.close()
    return out.getvalue()


class _Writer:
    """The formats of one book, and what is written by them."""

    def __init__(self, book: "Workbook", sheet: Sheet) -> None:
        self._book, self._sheet = book, sheet
        side = {"reading_order": 2 if sheet.rightward else 1}
        self._title = book.add_format({"bold": True, "font_size": 14, **side})
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", **side})
        self._text = book.add_format({"valign": "top"})
        self._link = book.add_format({"valign": "top", "font_color": "#0b57d0", "underline": 1})
        told = _FORMATS | (_JALALI if sheet.rightward else {})
        self._of: dict[Kind, Format] = {
            kind: book.add_format({"num_format": form, "valign": "top"}) for kind, form in told.items()
        }

    def write(self, table: SheetTable, name: str) -> None:
        page = self._book.add_worksheet(name)
        if self._sheet.rightward:
            page.right_to_left()
        page.write_string(0, 0, _clean(self._sheet.title), self._title)
        for number, line in enumerate(self._sheet.lines, 1):
            page.write_string(number, 0, _clean(line))
        head = len(self._sheet.lines) + 2
        for column, title in enumerate(table.columns):
            page.write_string(head, column, _clean(title), self._head)
            page.set_column(column, column, _width(table, column))
        for number, row in enumerate(table.rows):
            self._row(page, head + 1 + number, row, table, _link(table, number))
        page.freeze_panes(head + 1, 0)
        if table.rows:
            page.autofilter(head, 0, head + len(table.rows), len(table.columns) - 1)

    def _row(self, page: "Worksheet", at: int, row: tuple[Cell, ...], table: SheetTable, link: str | None) -> None:
        for column, (cell, kind) in enumerate(zip(row, table.kinds, strict=True)):
            self._cell(page, at, column, cell, kind)
        if link and row and at <= MOST_LINKS:
            page.write_url(at, 0, link, self._link, string=_clean(str(row[0] if row[0] is not None else link)))

    def _cell(self, page: "Worksheet", at: int, column: int, cell: Cell, kind: Kind) -> None:
        if cell is None:
            return
        if isinstance(cell, bool):
            page.write_boolean(at, column, cell)
        elif isinstance(cell, str):
            page.write_string(at, column, _clean(cell), self._text)
        elif isinstance(cell, datetime):
            local = cell.astimezone(self._sheet.zone).replace(tzinfo=None)
            page.write_datetime(at, column, local, self._of[Kind.INSTANT])
        elif isinstance(cell, date):
            midnight = datetime.combine(cell, time())
            page.write_datetime(at, column, midnight, self._of[Kind.DAY])
        else:
            page.write_number(at, column, _amount(cell, kind), self._of.get(kind))


def _amount(cell: int | float | Decimal, kind: Kind) -> float:
    """A length of time is a share of a day there."""
    return float(cell) / timedelta(days=1).total_seconds() if kind is Kind.SECONDS else float(cell)


def _clean(text: str) -> str:
    return strip_controls(text).replace("\r", "")[:LONGEST_CELL]


def _link(table: SheetTable, number: int) -> str | None:
    link = table.links[number] if table.links else None
    return link if link and len(link) <= _LONGEST_ADDRESS else None


def _width(table: SheetTable, column: int) -> int:
    """Characters."""
    first = [table.columns[column], *(str(row[column]) for row in table.rows[:100] if isinstance(row[column], str))]
    return min(60, max(12, *(len(text) + 2 for text in first)))


def _name(title: str, taken: set[str]) -> str:
    """A worksheet's name as the format allows it, and none twice, whatever the case of its letters."""
    plain = _NOT_IN_NAMES.sub(" ", strip_controls(title)).strip(" '")[:LONGEST_NAME].strip(" '") or "1"
    name, number = plain, 2
    while name.casefold() in taken or name.casefold() == "history":
        ending = f" {number}"
        name, number = plain[: LONGEST_NAME - len(ending)] + ending, number + 1
    taken.add(name.casefold())
    return name
