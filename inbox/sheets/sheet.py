"""A sheet: tables under a title with some lines about them, before anybody says what kind of file they become."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

Cell = str | int | float | Decimal | bool | date | datetime | None
"""None is a cell with nothing in it. Text is text in every file: it is never markup, and never a formula."""


_UTC = ZoneInfo("UTC")


class Kind(StrEnum):
    """What stands in a column, and so how a file says it."""

    TEXT = "text"
    COUNT = "count"  # whole numbers
    NUMBER = "number"  # with two decimals at most
    SHARE = "share"  # of one: 0.934 is told as 93.4 %
    SECONDS = "seconds"  # a length of time
    DAY = "day"  # a date
    INSTANT = "instant"  # an aware datetime, told in the zone of the sheet


class SheetTable(NamedTuple):
    """Rows under the heads of their columns, each column of a kind. `links`, where it has any, is the address that the first
    cell of each row opens: one for each row, or None."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kinds: tuple[Kind, ...]
    links: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Tables in one language: `lines` say below the title what they are about, such as the period and the zone."""

    title: str
    lines: tuple[str, ...]
    tables: tuple[SheetTable, ...]
    language: str
    zone: ZoneInfo = _UTC

    def __post_init__(self) -> None:
        """ValueError where a table does not fit its columns."""
        for table in self.tables:
            width = len(table.columns)
            if len(table.kinds) != width or any(len(row) != width for row in table.rows):
                raise ValueError(f"the table {table.title!r} has rows of other than {width} cells")
            if table.links and len(table.links) != len(table.rows):
                raise ValueError(f"the table {table.title!r} has {len(table.links)} links for {len(table.rows)} rows")
            if bad := [link for link in table.links if link and not link.startswith(("https://", "http://"))]:
                raise ValueError(f"{bad[0]!r} is no address")

    @property
    def rightward(self) -> bool:
        """Whether it is read from the right."""
        return self.language.lower().startswith("fa")
