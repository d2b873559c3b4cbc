"""The lines of a TOML file on which tables and keys stand, which tomllib does not tell."""

import re
from collections.abc import Mapping

from inbox.domain.problems import Misconfigured

Places = Mapping[tuple[str, ...], int]
"""From the names that lead to a table or key to its line, counted from 1."""

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_ASSIGNED = re.compile(rf"\s*({_DOTTED})\s*=")


def places(text: str) -> Places:
    """Where each table and key begins.

    A key inside an inline table is not listed; the line of the key that holds it is near enough. A line inside a text
    of several lines may look like a key, which at worst makes a message name the wrong line.
    """
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _parts(header[1])
            for end in range(1, len(table) + 1):
                found.setdefault(table[:end], number)
        elif assigned := _ASSIGNED.match(line):
            found.setdefault((*table, *_parts(assigned[1])), number)
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))


def path_of(problem: Misconfigured, above: str) -> list[str]:
    """The names that lead from the table `above` ("config.toml: channel.support") down to the key of a problem."""
    below = str(problem.facts["where"]).removeprefix(above).lstrip(":. ")
    name = str(problem.facts.get("name", ""))
    return [*(part for part in below.split(".") if part), *([name] if name else [])]


def located(problem: Misconfigured, file: str, places: Places) -> tuple[int, Misconfigured]:
    """Its line (0: unknown), and the same problem with the line in its `where`: "config.toml:14: web"."""
    path = path_of(problem, file)
    while path and path[-1].isdigit():
        path.pop()  # an element of a list is known by the name of the list
    line = next((places[tuple(path[:n])] for n in range(len(path), 0, -1) if tuple(path[:n]) in places), 0)
    table = ".".join(path[:-1])
    where = ": ".join(part for part in (f"{file}:{line}" if line else file, table) if part)
    facts = {name: value for name, value in problem.facts.items() if name not in ("where", "name")}
    return line, Misconfigured(problem.key, where=where, **({"name": path[-1]} if path else {}), **facts)
