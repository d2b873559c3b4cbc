"""A cell as people of a language read it on paper."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from inbox.sheets.sheet import Cell, Kind
from inbox.text.dates import day_table, duration, table
from inbox.text.fold import persian_digits
from inbox.text.money import number

NOTHING = "–"


def told(cell: Cell, kind: Kind, language: str, zone: ZoneInfo) -> str:
    """The cell in digits, calendar and units of the language; ValueError for what its kind cannot be."""
    if cell is None:
        return NOTHING
    if isinstance(cell, bool):
        return "✓" if cell else NOTHING
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return _time(cell, language, zone)
    return _amount(cell, kind, language)


def _time(cell: date, language: str, zone: ZoneInfo) -> str:
    if isinstance(cell, datetime):
        return table(cell, language, zone)
    if language.startswith("fa"):
        return persian_digits(day_table(cell, jalali=True).replace("-", "/"))
    return day_table(cell, jalali=False)


def _amount(cell: int | float | Decimal, kind: Kind, language: str) -> str:
    match kind:
        case Kind.SECONDS:
            return duration(float(cell), language)
        case Kind.SHARE:
            return f"{number(round(float(cell) * 100, 1), language)}{'٪' if language.startswith('fa') else '%'}"
        case Kind.TEXT | Kind.DAY | Kind.INSTANT:
            raise ValueError(f"{cell!r} in a column of {kind.value}")
        case _:
            return number(cell, language)
