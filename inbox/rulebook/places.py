"""Where each key of a TOML text stands: the line numbers that tomllib does not tell."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""The way to a value: names of keys, and positions (from 0) in arrays."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[^,\]}\r\n#]*")
_NAME = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'\'\'(?:[^\']|\'(?!\'\'))*\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)


def places(text: str) -> Mapping[Path, int]:
    """The line (from 1) on which each key, array element and table of a valid TOML `text` begins.

    Undefined for a text that tomllib refuses. Time grows linearly with the text.
    """
    walk = _Walk(text)
    walk.document()
    return walk.lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of `path`, or of the nearest thing around it that has one; 1 for the file as a whole."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 1


@dataclass(slots=True)
class _Walk:
    """One pass over a text: where it is, on which line, and what it found."""

    text: str
    at: int = 0
    line: int = 1
    lines: dict[Path, int] = field(default_factory=dict)
    arrays: dict[Path, int] = field(default_factory=dict)

    def document(self) -> None:
        here: Path = ()
        self.blank()
        while self.at < len(self.text):
            here = self.header() if self.text[self.at] == "[" else self.pair(here)
            self.blank()

    def header(self) -> Path:
        """A `[table]` or `[[array of tables]]` line; the path under which the following keys stand."""
        many = self.text.startswith("[[", self.at)
        line = self.line
        self.take(2 if many else 1)
        names = self.names()
        above = [self.resolved(names[:end]) for end in range(1, len(names))]
        path = (*(above[-1] if above else ()), names[-1])
        if many:
            self.arrays[path] = self.arrays.get(path, -1) + 1
        for known in (*above, path, self.resolved(names)):
            self.lines.setdefault(known, line)
        path = self.resolved(names)
        self.take(2 if many else 1)
        return path

    def resolved(self, names: Path) -> Path:
        """`names` with the position of the newest element put in after each array of tables."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self.arrays:
                path = (*path, self.arrays[path])
        return path

    def pair(self, here: Path) -> Path:
        line = self.line
        names = self.names()
        for end in range(1, len(names) + 1):
            self.lines.setdefault(here + names[:end], line)
        self.take(1)
        self.blank()
        self.value(here + names)
        return here

    def names(self) -> Path:
        found: list[str | int] = []
        while True:
            self.blank()
            name = self.match(_NAME)
            found.append(tomllib.loads(f"name = {name}")["name"] if name[0] in "\"'" else name)
            self.blank()
            if self.text[self.at] != ".":
                return tuple(found)
            self.take(1)

    def value(self, path: Path) -> None:
        match self.text[self.at]:
            case "[":
                self.array(path)
            case "{":
                self.table(path)
            case '"' | "'":
                self.match(_STRING)
            case _:
                self.match(_BARE)

    def array(self, path: Path) -> None:
        self.take(1)
        self.blank()
        position = 0
        while self.text[self.at] != "]":
            self.lines[(*path, position)] = self.line
            self.value((*path, position))
            position += 1
            self.separated()
        self.take(1)

    def table(self, path: Path) -> None:
        self.take(1)
        self.blank()
        while self.text[self.at] != "}":
            self.pair(path)
            self.separated()
        self.take(1)

    def separated(self) -> None:
        self.blank()
        if self.text[self.at] == ",":
            self.take(1)
            self.blank()

    def blank(self) -> None:
        self.match(_BLANK)

    def match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise ValueError(f"no TOML at character {self.at}")
        self.line += found.group().count("\n")
        self.at = found.end()
        return found.group()

    def take(self, count: int) -> None:
        self.at += count
