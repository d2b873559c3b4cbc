"""A page: one rule file while it is read, which knows where its keys stand and collects all that is wrong with it."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from inbox.domain.problems import Misconfigured
from inbox.rulebook.names import Names
from inbox.rulebook.places import Path, line_of, places
from inbox.rulebook.values import Unfit, shown, suggestion, tables
from inbox.rulebook.vocabulary import FORMAT, Key

T = TypeVar("T")

_SYNTAX_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(slots=True)
class Page:
    """Lives while one file is loaded; `problems` grow in the order in which they are found."""

    name: str
    lines: Mapping[Path, int]
    names: Names
    problems: list[Misconfigured] = field(default_factory=list)

    def where(self, path: Path) -> str:
        """`rules/30-billing.toml:14`."""
        return f"{self.name}:{self.line(path)}"

    def line(self, path: Path) -> int:
        """The line of `path`, from 1."""
        return line_of(self.lines, path)

    def wrong(self, path: Path, message: str, **facts: str) -> None:
        """Note a problem at `path`."""
        self.problems.append(Misconfigured(message, where=self.where(path), **facts))

    def unfit(self, path: Path, key: str, unfit: Unfit) -> None:
        """Note what was wrong with the value of `key`."""
        for message, facts in unfit.found:
            self.wrong(path, message, **{"key": key, **facts})

    def unknown_key(self, path: Path, key: str, known: Iterable[str]) -> None:
        """Note a key that is not in the language, with the one that was probably meant."""
        known = sorted(known)
        near = suggestion(key, known)
        if near:
            self.wrong(path, "rules.unknown_key_near", key=key, suggestion=near)
        else:
            self.wrong(path, "rules.unknown_key", key=key, known=", ".join(known))

    def not_built(self, path: Path, key: str) -> None:
        """Note a key or word of the language that does not work yet."""
        self.wrong(path, "rules.not_built", key=key)

    def allowed(self, path: Path, table: Mapping[str, object], keys: Iterable[Key]) -> dict[str, object]:
        """The entries of a flat table that are in the language and work; the others are noted."""
        known = {key.name: key for key in keys}
        kept: dict[str, object] = {}
        for name, value in table.items():
            if name not in known:
                self.unknown_key((*path, name), name, (key.name for key in known.values() if key.accepted))
            elif not known[name].accepted:
                self.not_built((*path, name), name)
            else:
                kept[name] = value
        return kept

    def read(self, path: Path, table: Mapping[str, object], key: str, reader: Callable[[object], T], otherwise: T) -> T:
        """The value of a flat key, or `otherwise` where it is missing or wrong, so that one bad value does not hide the next."""
        try:
            return reader(table[key]) if key in table else otherwise
        except Unfit as unfit:
            self.unfit((*path, key), key, unfit)
            return otherwise


def opened(
    name: str, text: str, names: Names, keys: tuple[Key, ...], listed: str
) -> tuple[Page, list[dict[str, object]]]:
    """A file as its page and the tables of its one list (`[[rule]]`, `[[case]]`); none where it cannot be read further."""
    page, kept = whole(name, text, names, keys)
    return page, page.read((), kept, listed, tables, []) if kept is not None else []


def whole(name: str, text: str, names: Names, keys: tuple[Key, ...]) -> tuple[Page, dict[str, object] | None]:
    """A file as its page and its keys that are in the language; None where it cannot be read further."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        page = Page(name, {}, names)
        page.problems.append(_syntax(name, text, str(error)))
        return page, None
    page = Page(name, places(text), names)
    kept = page.allowed((), table, keys)
    if kept.get("format", FORMAT) != FORMAT:
        page.wrong(("format",), "rules.format", found=shown(kept["format"]), known=str(FORMAT))
        return page, None
    return page, kept


def _syntax(name: str, text: str, told: str) -> Misconfigured:
    found = _SYNTAX_PLACE.search(told)
    line = found[1] if found and found[1] else str(text.count("\n") + 1)
    return Misconfigured("rules.syntax", where=f"{name}:{line}", detail=_SYNTAX_PLACE.sub("", told))
