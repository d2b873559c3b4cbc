"""A row in every table that has none: values of each type that are the hardest to carry, and whom it refers to."""

from itertools import count
from typing import Any

import sqlalchemy as sa

from inbox.store.tables import metadata
from inbox.store.types import EPOCH, MICROSECOND, AsJson, Instant
from inbox.store.unit import Unit

HARD = "می‌خواهم \"a\\b\"\t'q'\r\n\\N \\. \\u0000 😀"
LARGE = 9_007_199_254_740_993
"""A whole number that no float can hold."""


SKIPPED = {("event", "transaction"), ("kept_file", "organization_id")}
"""What PostgreSQL fills itself; and a file is somebody's or an organization's."""


def fill(unit: Unit) -> list[str]:
    """The tables that have a row now and had none."""
    numbers, filled = count(1), []
    for table in metadata.sorted_tables:
        if unit.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0:
            unit.execute(sa.insert(table).values(row(unit, table, next(numbers))))
            filled.append(table.name)
    return filled


def row(unit: Unit, table: sa.Table, number: int) -> dict[str, Any]:
    """What a row of this table may say; the number makes it another than the rest."""
    made = {}
    for column in table.columns:
        if column.identity is None and (table.name, column.name) not in SKIPPED:
            made[column.name] = _value(unit, column, number)
    return made


def _value(unit: Unit, column: sa.Column[Any], number: int) -> Any:
    for key in column.foreign_keys:
        return unit.execute(sa.select(sa.func.max(key.column))).scalar_one()
    match column.type:
        case Instant():
            return EPOCH + LARGE * MICROSECOND
        case AsJson():
            return {"ی": [None, True, 100.0, 1e300, 0.1, LARGE, HARD], "a": {"b": "\0\\\\u0000"}}
        case sa.Boolean():
            return True
        case sa.LargeBinary():
            return bytes(range(256))
        case sa.Float():
            return 0.1 + 0.2
        case sa.Text():
            return f"{HARD} {number}"
        case sa.BigInteger():
            return LARGE
    return number
