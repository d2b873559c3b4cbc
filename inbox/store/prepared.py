"""Statements of the hot path, compiled once for a dialect and handed to the driver with nothing in between.

SQLAlchemy spends more time on preparing each execution than SQLite on doing it. Here the compiled text, the order of its
parameters and the conversions of its types are kept; the types and the dialects stay SQLAlchemy's own. Only for
statements that are constants: no parameter that expands into several, no literal that changes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

Convert = Callable[[Any], Any] | None
"""A conversion of one value, or None where it goes as it is."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A statement for one dialect: its text, the parameters that callers give with their conversions, the constants that
    stand in it, and the conversions of its columns."""

    text: str
    names: tuple[str, ...]
    given: tuple[tuple[str, Convert], ...]
    constants: Mapping[str, Any]
    positional: bool
    columns: tuple[Convert, ...]

    def bind(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver wants them."""
        bound = {name: values[name] if convert is None else convert(values[name]) for name, convert in self.given}
        if self.constants:
            bound.update(self.constants)
        return tuple([bound[name] for name in self.names]) if self.positional else bound

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
        given = tuple((name, converts[name]) for name in binds if name in keys)
        constants = {
            name: bind.value if converts[name] is None else converts[name](bind.value)
            for name, bind in binds.items()
            if name not in keys
        }
        names = tuple(compiled.positiontup if compiled.positional else binds)
        columns = self.statement._returning if writes else self.statement.selected_columns
        read = tuple(c.type.dialect_impl(dialect).result_processor(dialect, None) for c in columns)
        return Ready(str(compiled), names, given, constants, bool(compiled.positional), read)
