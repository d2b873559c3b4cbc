"""Reading a parsed TOML file key by key, collecting everything that is wrong with it instead of stopping at the first."""

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from typing import TypeVar

from inbox.domain.problems import Misconfigured

T = TypeVar("T")

Table = Mapping[str, object]
"""A TOML table as tomllib gives it."""


class Reading:
    """One pass over one file. `where` names the file; paths inside it are dotted keys as people write them."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.problems: list[Misconfigured] = []

    def place(self, path: str) -> str:
        """How an error names a key: "rules/hours.toml: hours.support.zone"."""
        return f"{self.where}: {path}" if path else self.where

    def wrong(self, key: str, path: str, **facts: object) -> None:
        """Note a problem and go on."""
        self.problems.append(Misconfigured(key, where=self.place(path), **facts))

    def attempt(self, read: Callable[[], T]) -> T | None:
        """What `read` gives, or None after noting the problem it raised."""
        try:
            return read()
        except Misconfigured as problem:
            self.problems.append(problem)
            return None

    def known(self, table: Table, path: str, keys: Collection[str]) -> None:
        """Note each key that is not known."""
        for name in table:
            if name not in keys:
                self._unknown(name, path, keys)

    def one_of(self, value: object, path: str, names: Collection[str]) -> str | None:
        """`value` if it is one of the names; else a problem with the nearest of them."""
        if isinstance(value, str) and value in names:
            return value
        self._unknown(str(value), path, names)
        return None

    def table(self, value: object, path: str) -> Table:
        """The table at a path, empty after a problem."""
        if isinstance(value, dict):
            return value
        self.wrong("sla.not_a_table", path, value=value)
        return {}

    def text(self, value: object, path: str) -> str | None:
        """The text at a path, or None after a problem."""
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.wrong("sla.not_text", path, value=value)
        return None

    def truth(self, value: object, path: str) -> bool:
        """The true or false at a path; false after a problem."""
        if isinstance(value, bool):
            return value
        self.wrong("sla.not_truth", path, value=value)
        return False

    def format(self, tables: Table) -> None:
        """The first line of every rules file says which format it is written in: 1 is the only one so far."""
        if tables.get("format") != 1:
            self.wrong("sla.format", "format", value=tables.get("format", "-"))

    def finish(self) -> None:
        """Raise all the problems together: an ExceptionGroup of Misconfigured, in the order of the file."""
        if self.problems:
            raise ExceptionGroup(self.where, self.problems)

    def _unknown(self, name: str, path: str, names: Collection[str]) -> None:
        near = get_close_matches(name, names, n=1, cutoff=0.6)
        if near:
            self.wrong("sla.unknown_near", path, name=name, near=near[0])
        else:
            self.wrong("sla.unknown", path, name=name, known=", ".join(names) or "-")
