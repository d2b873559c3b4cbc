"""Finding which key of the language a nested TOML table means: `header.x_priority` is the key `header.<name>` with a name."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from inbox.rulebook.page import Page
from inbox.rulebook.places import Path
from inbox.rulebook.vocabulary import Key


class Entry(NamedTuple):
    """One key found in a table: where it stands, as it was written, which key of the language, its free name (empty where it has
    none), its value."""

    path: Path
    written: str
    key: Key
    name: str
    value: object


def entries(page: Page, path: Path, table: Mapping[str, object], keys: tuple[Key, ...]) -> Iterator[Entry]:
    """Every accepted entry of a table whose keys may be grouped (`text.mentions`); the others are noted on the page."""
    yield from _entries(page, path, table, {tuple(key.name.split(".")): key for key in keys}, (), "")


def _entries(
    page: Page,
    path: Path,
    table: Mapping[str, object],
    keys: Mapping[tuple[str, ...], Key],
    before: tuple[str, ...],
    free: str,
) -> Iterator[Entry]:
    for name, value in table.items():
        here, below = (*path, name), (*before, name)
        inside = {parts[1:]: key for parts, key in keys.items() if parts[0] == name}
        named = free
        if not inside:  # a name of the language is never a free one
            inside = {parts[1:]: key for parts, key in keys.items() if parts[0].startswith("<")}
            named = name
        written = ".".join(below)
        if not inside:
            page.unknown_key(here, written, _siblings(keys, len(below)))
        elif () in inside and not (isinstance(value, dict) and len(inside) > 1):  # a value of its own, or a group
            if inside[()].accepted:
                yield Entry(here, written, inside[()], named, value)
            else:
                page.not_built(here, written)
        elif not isinstance(value, dict) or not value:
            page.wrong(
                here, "rules.takes.group", key=written, known=", ".join(sorted(key.name for key in inside.values()))
            )
        else:
            deeper = {parts: key for parts, key in inside.items() if parts}
            yield from _entries(page, here, value, deeper, below, named)


def _siblings(keys: Mapping[tuple[str, ...], Key], depth: int) -> set[str]:
    """What could have been written here: the accepted keys as far as this depth."""
    return {".".join(key.name.split(".")[:depth]) for key in keys.values() if key.accepted}
