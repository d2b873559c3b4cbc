"""Statements of the hot path, compiled once for a dialect and handed to the driver with nothing in between.

SQLAlchemy spends more time on preparing each execution than SQLite on doing it. Here the compiled text, the order of its
parameters and the conversions of its types are kept; the types and the dialects stay SQLAlchemy's own. Only for
statements that are constants: a parameter that expands into several is prepared for a few lengths, a literal never changes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import sqlalchemy as sa

Convert = Callable[[Any], Any] | None
"""A conversion of one value, or None where it goes as it is."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A statement for one dialect: its text, its parameters in the order of the text (where the driver wants them by position)
    with their conversions, the constants that stand in it as the driver takes them, and the conversions of its columns."""

    text: str
    slots: tuple[tuple[str, Convert], ...]
    constants: Mapping[str, Any]
    positional: bool
    columns: tuple[Convert, ...]

    def bind(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver wants them."""
        if self.constants:
            values = {**values, **self.constants}
        if self.positional:
            return tuple([values[name] if convert is None else convert(values[name]) for name, convert in self.slots])
        return {name: values[name] if convert is None else convert(values[name]) for name, convert in self.slots}

    def rows(self, found: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The driver's rows with every value of its type."""
        columns = self.columns
        return [tuple([v if c is None else c(v) for v, c in zip(row, columns, strict=True)]) for row in found]


class Prepared:
    """A constant statement; made once at import, compiled at its first use on each dialect."""

    def __init__(self, statement: Any) -> None:
        self.statement = statement
        self._ready: dict[tuple[str, tuple[str, ...]], Ready] = {}

    def on(self, dialect: sa.Dialect, keys: Iterable[str]) -> Ready:
        """The statement for this dialect and these parameters; they are the columns that an insert or update writes."""
        key = (dialect.name, tuple(keys))
        found = self._ready.get(key)
        if found is None:
            found = self._ready[key] = self._compiled(dialect, list(key[1]))
        return found

    def _compiled(self, dialect: sa.Dialect, keys: list[str]) -> Ready:
        writes = not isinstance(self.statement, sa.Select)
        compiled: Any = self.statement.compile(dialect=dialect, column_keys=keys if writes else None)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        converts = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds.items()}
        constants = {
            name: bind.value if converts[name] is None else converts[name](bind.value)
            for name, bind in binds.items()
            if name not in keys
        }
        order = compiled.positiontup if compiled.positional else binds
        slots = tuple((name, None if name in constants else converts[name]) for name in order)
        columns = self.statement._returning if writes else self.statement.selected_columns
        read = tuple(_reader(c.type, dialect) for c in columns)
        return Ready(str(compiled), slots, constants, bool(compiled.positional), read)


def _reader(type: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Any:
    """What makes a value of the driver one of ours. Floats need none, and psycopg's would ask for a code that only a cursor has."""
    return None if isinstance(type, sa.Float) else type.dialect_impl(dialect).result_processor(dialect, None)


class PreparedAmong:
    """A constant statement with one list in it, as `made` makes it from that many parameters: prepared for a few lengths,
    and a shorter list is filled up with its last value."""

    def __init__(self, made: Callable[[Sequence[sa.BindParameter[Any]]], Any]) -> None:
        self._made = made
        self._prepared: dict[int, Prepared] = {}

    def of(self, values: Sequence[Any]) -> tuple[Prepared, dict[str, Any]]:
        """The statement for these values (one at least), and the parameters that carry them."""
        length = 1 << (len(values) - 1).bit_length()
        found = self._prepared.get(length)
        if found is None:
            among: list[sa.BindParameter[Any]] = [sa.bindparam(f"among_{n}") for n in range(length)]
            found = self._prepared[length] = Prepared(self._made(among))
        filled = (*values, *repeat(values[-1], length - len(values)))
        return found, {f"among_{n}": value for n, value in enumerate(filled)}
