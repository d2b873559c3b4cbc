"""A sheet as pages of A4 (PDF): letters joined, each cell in its own direction, the head of a table again on each page."""

from collections.abc import Sequence

from inbox.sheets.columns import widths
from inbox.sheets.pen import GREY, INK, LINE, LINKED, MARGIN, Pen
from inbox.sheets.sheet import Cell, Kind, Sheet, SheetTable
from inbox.sheets.telling import told
from inbox.text.fold import persian_digits

LONGEST_CELL = 400
"""Characters; what is longer is cut with an ellipsis, so that a row always fits on a page. Whole texts are in the spreadsheet."""
_SIZE, _SMALL, _HEAD, _TITLE = 8.5, 8.0, 11.0, 16.0
_PAD = 1.3
_LOOKED_AT = 300
"""Rows by which the widths are found."""
_UPRIGHT = 6
"""A document with a table of more columns lies on its side."""


def pdf(sheet: Sheet) -> bytes:
    """The file. The same sheet makes the same bytes."""
    wide = any(len(table.columns) > _UPRIGHT for table in sheet.tables)
    pen = Pen(sheet.title, sheet.language, "rtl" if sheet.rightward else "ltr", wide=wide)
    pen.turn()
    y = _heading(pen, sheet)
    for table in sheet.tables:
        y = _Rows(pen, sheet, table).write(y + LINE)
    _numbers(pen, sheet)
    return pen.file()


def _heading(pen: Pen, sheet: Sheet) -> float:
    """The title and its lines; where they end."""
    pen.use(_TITLE, bold=True)
    y = _paragraph(pen, sheet.title, MARGIN, 8.5)
    pen.use(9, ink=GREY)
    for line in sheet.lines:
        y = _paragraph(pen, line, y, LINE + 0.4)
    return y


def _paragraph(pen: Pen, text: str, y: float, height: float) -> float:
    plain = pen.clean(text)
    pen.write(plain, MARGIN, y, pen.inner, height=height)
    return y + height * pen.lines(plain, pen.inner)


def _numbers(pen: Pen, sheet: Sheet) -> None:
    """The number of each page and of how many, and from the second page on the title, for pages that come apart."""
    last = pen.page
    for page in range(1, last + 1):
        pen.back(page)
        pen.use(_SMALL, ink=GREY)
        number = f"{page}/{last}"
        pen.write(persian_digits(number) if sheet.rightward else number, MARGIN, pen.foot, pen.inner, end=True)
        if page > 1:
            pen.write(pen.clean(sheet.title), MARGIN, pen.foot, pen.inner)


class _Rows:
    """A table on its way down the pages."""

    def __init__(self, pen: Pen, sheet: Sheet, table: SheetTable) -> None:
        self._pen, self._table = pen, table
        self._rows = [self._told(row, sheet) for row in table.rows]
        self._columns = [pen.clean(title) for title in table.columns]
        wide = widths(self._wanted(), [kind is Kind.TEXT for kind in table.kinds], pen.inner)
        self._widths, self._width = wide, sum(wide)
        self._x = MARGIN + pen.inner - self._width if sheet.rightward else MARGIN
        order = reversed(range(len(wide))) if sheet.rightward else range(len(wide))
        left, self._lefts = self._x, [0.0] * len(wide)
        for at in order:
            self._lefts[at], left = left, left + wide[at]

    def write(self, y: float) -> float:
        """The title, the head and the rows; where they end."""
        self._head_height = self._height(self._columns, bold=True)
        y = self._room(y, 3 * LINE + 2 * self._head_height, head=False)
        if self._table.title:
            self._pen.use(_HEAD, bold=True)
            y = _paragraph(self._pen, self._table.title, y, LINE + 1.6)
        y = self._head(y)
        for number, row in enumerate(self._rows):
            height = self._height(row)
            y = self._room(y, height)
            self._line(row, y, self._table.links[number] if self._table.links else None)
            y += height
            self._pen.rule(self._x, y, self._width)
        return y

    def _wanted(self) -> list[float]:
        """How wide the columns would like to be."""
        self._pen.use(_SIZE, bold=True)
        wanted = [self._pen.width(title) for title in self._columns]
        self._pen.use(_SIZE)
        for row in self._rows[:_LOOKED_AT]:
            wanted = [max(one, self._pen.width(text)) for one, text in zip(wanted, row, strict=True)]
        return [one + 2 * _PAD for one in wanted]

    def _head(self, y: float) -> float:
        self._pen.ground(self._x, y, self._width, self._head_height)
        self._pen.use(_SIZE, bold=True)
        self._line(self._columns, y, None, ink=False)
        self._pen.rule(self._x, y + self._head_height, self._width)
        return y + self._head_height

    def _room(self, y: float, height: float, *, head: bool = True) -> float:
        """Where something of that height goes: here, or on the next page, below the head."""
        if y + height <= self._pen.bottom:
            return y
        self._pen.turn()
        return self._head(MARGIN) if head else MARGIN

    def _line(self, row: Sequence[str], y: float, link: str | None, *, ink: bool = True) -> None:
        for at, (text, kind) in enumerate(zip(row, self._table.kinds, strict=True)):
            if ink:
                self._pen.use(_SIZE, ink=LINKED if link and not at else INK)
            place = (self._lefts[at] + _PAD, y + _PAD, self._widths[at] - 2 * _PAD)
            self._pen.write(text, *place, end=kind is not Kind.TEXT, link=(link or "") if not at else "")

    def _height(self, row: Sequence[str], *, bold: bool = False) -> float:
        self._pen.use(_SIZE, bold=bold)
        wide = (width - 2 * _PAD for width in self._widths)
        return LINE * max(map(self._pen.lines, row, wide), default=1) + 2 * _PAD

    def _told(self, row: Sequence[Cell], sheet: Sheet) -> list[str]:
        cells = (
            told(cell, kind, sheet.language, sheet.zone) for cell, kind in zip(row, self._table.kinds, strict=True)
        )
        return [self._short(self._pen.clean(text)) for text in cells]

    @staticmethod
    def _short(text: str) -> str:
        line = " ".join(text.split("\n"))
        return line if len(line) <= LONGEST_CELL else f"{line[: LONGEST_CELL - 1]}…"
