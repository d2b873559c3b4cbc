"""Rules as they are written: the tables of a rulebook's files, each condition as data, for whoever compares rules."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from inbox.rulebook.keys import entries
from inbox.rulebook.names import Names
from inbox.rulebook.page import Page
from inbox.rulebook.places import line_of, places
from inbox.rulebook.vocabulary import CONDITIONS, EFFECTS


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition: `key` as the language names it (`header.<name>`), the free name in it, and the value."""

    key: str
    name: str
    value: object

    @property
    def written(self) -> str:
        """The key as a rule writes it: `header.x_priority`."""
        return self.key.replace("<name>", self.name).replace("<metric>", self.name)


@dataclass(frozen=True, slots=True)
class Either:
    """`any`: at least one of these holds."""

    choices: tuple["Whole", ...]


@dataclass(frozen=True, slots=True)
class Neither:
    """`not`: not all of these hold together."""

    parts: "Whole"


Form = Leaf | Either | Neither
Whole = tuple[Form, ...]
"""Conditions that must all hold."""


@dataclass(frozen=True, slots=True)
class Written:
    """One rule of a file. `when` is None where it says something that cannot be read as data; `then` is (effect, value)."""

    name: str
    file: str
    place: str
    enabled: bool
    final: bool
    on: tuple[str, ...]
    when: Whole | None
    then: tuple[tuple[str, object], ...]


def written(files: Mapping[str, str]) -> tuple[Written, ...]:
    """The rules of files that were a rulebook once, in order, disabled ones included. What is no TOML holds no rules."""
    return tuple(rule for name in sorted(files) for rule in _of_file(name, files[name]))


def _of_file(name: str, text: str) -> Iterator[Written]:
    try:
        tables = tomllib.loads(text).get("rule", [])
    except tomllib.TOMLDecodeError:
        return
    lines = places(text)
    for position, table in enumerate(tables if isinstance(tables, list) else []):
        if isinstance(table, dict):
            yield _rule(name, f"{name}:{line_of(lines, ('rule', position))}", table)


def _rule(file: str, place: str, table: Mapping[str, Any]) -> Written:
    on = table.get("on", ())
    then = table.get("then", {})
    return Written(
        name=str(table.get("name", "")),
        file=PurePath(file).name,
        place=place,
        enabled=table.get("enabled", True) is not False,
        final=table.get("final", False) is True,
        on=(on,) if isinstance(on, str) else tuple(str(one) for one in on),
        when=whole(table.get("when", {})),
        then=tuple(_flat(then, ())) if isinstance(then, dict) else (),
    )


def whole(table: object) -> Whole | None:
    """A `when` table as data; None where anything in it is not in the language."""
    if not isinstance(table, dict):
        return None
    page = Page("", {}, Names())
    found: list[Form] = []
    for entry in entries(page, (), table, CONDITIONS):
        if entry.written == "not":
            inner = whole(entry.value)
            form: Form | None = None if inner is None else Neither(inner)
        elif entry.written in ("any", "all"):
            choices = [whole(one) for one in entry.value] if isinstance(entry.value, list) else [None]
            known = [one for one in choices if one is not None]
            if len(known) < len(choices):
                return None
            if entry.written == "all":
                found += [part for choice in known for part in choice]
                continue
            form = Either(tuple(known))
        else:
            form = Leaf(entry.key.name, _free(entry.written, entry.key.name), entry.value)
        if form is None:
            return None
        found.append(form)
    return None if page.problems else tuple(found)


def _free(written: str, key: str) -> str:
    """What stands for the free name of a key: `x_priority` of `header.x_priority`."""
    for part, pattern in zip(written.split("."), key.split("."), strict=False):
        if pattern.startswith("<"):
            return part
    return ""


_GROUPS = {key.name.split(".")[0] for key in EFFECTS if "." in key.name}


def _flat(table: Mapping[str, Any], before: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        if isinstance(value, dict) and not before and name in _GROUPS:
            yield from _flat(value, (name,))
        else:
            yield ".".join((*before, name)), value
