"""What a row says as one number, the same on SQLite and PostgreSQL; a table's sum is the sum of its rows, in whatever order."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa

from inbox.store.types import AsJson

Value = Any
"""What a driver gives for a column without a type: a number, text, bytes, None; on PostgreSQL a bool too."""
NUL = "\N{SYMBOL FOR NULL}"
"""Stands where a text had a NUL byte, which PostgreSQL does not take."""
BITS = 64
_ESCAPED = re.compile(r"(\\\\)|\\u0000")


def without_nul(column: sa.Column[Any], value: Value) -> Value:
    """The value as PostgreSQL takes it; a NUL stays visible as its symbol. Bytes keep theirs."""
    if not isinstance(value, str):
        return value
    if isinstance(column.type, AsJson) and "\\u0000" in value:
        return _ESCAPED.sub(lambda found: found[1] or NUL, value)
    return value.replace("\0", NUL) if "\0" in value else value


def reader(columns: list[sa.Column[Any]]) -> Callable[[tuple[Value, ...]], int]:
    """What makes a number of a row of these columns, as they came from the driver (JSON as text)."""
    makes = [_canonical(column) for column in columns]

    def number(row: tuple[Value, ...]) -> int:
        parts = [None if value is None else make(value) for make, value in zip(makes, row, strict=True)]
        return int.from_bytes(blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=BITS // 8).digest())

    return number


def _canonical(column: sa.Column[Any]) -> Callable[[Value], object]:
    """Chosen once a column: SQLite has 1 for true and any spelling of JSON, PostgreSQL its own of both."""
    kind = column.type
    if isinstance(kind, AsJson):
        return _json
    if isinstance(kind, sa.LargeBinary):
        return bytes
    if isinstance(kind, sa.Float):
        return float
    if isinstance(kind, sa.Text):
        return str
    return int


def _json(text: str) -> object:
    read = json.loads(text, parse_float=_number, parse_constant=str)
    return json.dumps(read, sort_keys=True, ensure_ascii=False, default=str)


def _number(text: str) -> int | str:
    """PostgreSQL writes 1e2 as 100: the same number."""
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else str(value.normalize())
