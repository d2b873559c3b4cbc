"""Column types that mean the same on SQLite and PostgreSQL."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_json

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_WORD = re.compile(r"[\w.-]*", re.ASCII)


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware datetime, kept as whole microseconds since 1970 UTC: sorts, compares and indexes alike everywhere."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        """Refuses a naive datetime: it would mean another instant on another machine."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """UTC."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


def to_microseconds(value: datetime) -> int:
    """Whole microseconds since 1970 UTC."""
    if value.tzinfo is None:
        raise ValueError("an instant without a time zone cannot be stored")
    return (value - EPOCH) // MICROSECOND


class AsJson(sa.types.TypeDecorator[Any]):
    """A value as JSON, on PostgreSQL as its binary kind."""

    impl = sa.JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """As the dialect at hand keeps it."""
        if dialect.name != "postgresql":
            return super().load_dialect_impl(dialect)
        from sqlalchemy.dialects.postgresql import JSONB  # here, for a site on SQLite has no use for that dialect

        return dialect.type_descriptor(JSONB())


Json = AsJson()
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def compact(value: object) -> str:
    """JSON as we store it: no spaces, Persian as itself."""
    return to_json(value).decode()


def fixed(value: str | int) -> sa.ColumnElement[Any]:
    """A constant of ours written into the statement itself.

    A partial index is used only where its condition stands in the statement as it does in the index: a bound parameter
    could have any value. Never for what comes from outside: ValueError for anything but a word.
    """
    if isinstance(value, str) and not _WORD.fullmatch(value):
        raise ValueError(f"no word of ours: {value!r}")
    return sa.literal_column(f"'{value}'" if isinstance(value, str) else str(value))
