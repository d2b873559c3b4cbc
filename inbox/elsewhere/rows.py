"""Rows out of the files of an export: JSON in its forms, one object a line, XML as Rails writes it, CSV; read as they come.

A file of any size takes the memory of one row. What is broken is told with its place, and the rest goes on where it can.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast
from xml.etree import ElementTree as ET

import ijson
from ijson.common import JSONError

from inbox.elsewhere.values import Row
from inbox.elsewhere.vocabulary import Lost

Kinds = Mapping[str, Sequence[str]]
"""What sorts of rows there are, and what files, keys and elements of each are called."""
Told = Callable[[Lost], None]
Found = Iterator[tuple[str, Row, str]]
"""The sort of each row, the row, and where it stands."""

ENDINGS = (".json", ".ndjson", ".jsonl", ".csv", ".xml")
CELL = 64 << 20
"""Bytes of one cell of a CSV, at most."""
_WORDS = re.compile(r"[a-z]+(?:_[a-z]+)*")


def rows(folder: Path, kinds: Kinds, told: Told) -> Found:
    """All rows of these sorts in a folder, or in a single file, and below it; files in the order of their names."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
        if path.suffix.lower() not in ENDINGS or not path.is_file() or "files" in path.relative_to(folder).parts[:-1]:
            continue
        named = str(path.relative_to(folder)) if folder.is_dir() else path.name
        try:
            yield from _of_file(path, named, kinds, told)
        except (JSONError, ValueError, ET.ParseError, csv.Error, OSError) as error:
            told(Lost(named, "elsewhere.broken_file", {"reason": _reason(error)}))


def _of_file(path: Path, named: str, kinds: Kinds, told: Told) -> Found:
    kind = sort_of(path.stem, kinds)
    if path.suffix.lower() == ".csv":
        yield from _table(path, named, kind)
    elif path.suffix.lower() == ".xml":
        yield from _elements(path, named, kinds)
    elif path.suffix.lower() in (".ndjson", ".jsonl") or _by_lines(path):
        yield from _lines(path, named, kind, kinds, told)
    else:
        with path.open("rb") as file:
            yield from _document(file, named, kind, kinds)


def sort_of(name: str, kinds: Kinds) -> str:
    """Of which sort the rows in a file of that name are; empty: of none that we know. The longest name that fits counts."""
    plain = _plain(name)
    words = {plain, *_WORDS.findall(plain), *plain.split("_")}
    for alias, kind in sorted(((a, k) for k, several in kinds.items() for a in several), key=lambda one: -len(one[0])):
        if alias in words or plain.endswith(f"_{alias}"):
            return kind
    return ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]+", "_", name.lower()).strip("_")


def _unwrapped(row: Row, kind: str, kinds: Kinds) -> tuple[str, Row]:
    """A row that is wrapped in its own name, as `{"ticket": {...}}`, without it."""
    if len(row) == 1:
        ((name, inner),) = row.items()
        if isinstance(inner, Mapping) and (known := _exactly(name, kinds)):
            return known, inner
    return kind, row


def _exactly(name: str, kinds: Kinds) -> str:
    plain = _plain(name)
    return next((kind for kind, several in kinds.items() if plain in several), "")


# -- JSON --------------------------------------------------------------------------------------------------------------
def _by_lines(path: Path) -> bool:
    """Whether the first line is an object of its own: then each line is."""
    with path.open("rb") as file:
        head = file.readline(CELL).strip()
        rest = next((text for line in iter(lambda: file.readline(CELL), b"") if (text := line.strip())), b"")
    if not head.startswith(b"{") or not rest.startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(head), dict)
    except ValueError:
        return False


def _lines(path: Path, named: str, kind: str, kinds: Kinds, told: Told) -> Found:
    with path.open("rb") as file:
        for n, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                row = json.loads(text)
                if not isinstance(row, dict):
                    raise ValueError("no object")
            except (ValueError, RecursionError) as error:
                told(Lost(f"{named}:{n}", "elsewhere.broken_line", {"reason": _reason(error)}))
                continue
            sort, inner = _unwrapped(row, kind, kinds)
            yield sort, inner, f"{named}:{n}"


def _document(file: BinaryIO, named: str, kind: str, kinds: Kinds) -> Found:
    """One array, or an object whose keys name arrays of rows; also inside of `_embedded`, or as phpMyAdmin exports tables."""
    first = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    file.seek(0)
    if first == b"[":
        for row in ijson.items(file, "item", use_float=True):
            if isinstance(row, dict) and row.get("type") == "table" and isinstance(row.get("data"), list):
                sort = sort_of(str(row.get("name")), kinds)
                yield from ((sort, one, named) for one in row["data"] if isinstance(one, dict))
            elif isinstance(row, dict) and row.get("type") not in ("header", "database"):
                sort, inner = _unwrapped(row, kind, kinds)
                yield sort, inner, named
        return
    places = _places(file, kinds)
    for prefix, sort, listed in places or []:
        file.seek(0)
        for row in ijson.items(file, f"{prefix}.item" if listed else prefix, use_float=True):
            if isinstance(row, dict):
                yield sort, _unwrapped(row, sort, kinds)[1], named
    if places is None:
        file.seek(0)
        yield kind, json.loads(file.read()), named
    elif not places:
        yield "", {}, named


def _places(file: BinaryIO, kinds: Kinds) -> list[tuple[str, str, bool]] | None:
    """Where in an object rows lie: the way there, their sort, and whether it is an array. None: it is a row itself, for it has
    a number."""
    file.seek(0)
    found = []
    for prefix, event, _ in ijson.parse(file):
        if prefix == "id" and event in ("number", "string"):
            return None
        if event in ("start_array", "start_map") and prefix.count(".") == prefix.startswith("_embedded."):
            sort = _exactly(prefix.removeprefix("_embedded."), kinds)
            if sort:
                found.append((prefix, sort, event == "start_array"))
    return found


# -- XML and CSV -------------------------------------------------------------------------------------------------------
def _elements(path: Path, named: str, kinds: Kinds) -> Found:
    """Elements that are rows by their name, wherever they stand first on the way down."""
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("start", "end"))
    depth, at, sort = 0, 0, ""
    for event, element in _told(path, parser):
        if event == "start":
            depth += 1
            known = _exactly(element.tag, kinds) if element.get("type") != "array" else ""
            if known and (not at or known == sort):  # one within another of its sort: the outer one holds them all
                at, sort = depth, known
            continue
        if at == depth:
            value = _value(element)
            if isinstance(value, dict):
                yield sort, value, named
            at, sort = 0, ""
        if not at:
            element.clear()
        depth -= 1


def _told(path: Path, parser: "ET.XMLPullParser[ET.Element]") -> Iterator[tuple[str, ET.Element]]:
    """What the parser sees as the file goes through it. Entities are not ours to resolve: expat bounds what they grow to."""
    with path.open("rb") as file:
        while piece := file.read(1 << 16):
            parser.feed(piece)
            yield from _seen(parser)
    try:
        parser.close()
    finally:  # what stands whole before a break is read all the same
        yield from _seen(parser)


def _seen(parser: "ET.XMLPullParser[ET.Element]") -> Iterator[tuple[str, ET.Element]]:
    for event, element in cast("Iterator[tuple[str, object]]", parser.read_events()):
        if isinstance(element, ET.Element):
            yield event, element


def _value(element: ET.Element) -> Any:
    """An element as Rails means it: its type says list, its children make it a row, nil is nothing."""
    if element.get("nil") == "true":
        return None
    if element.get("type") == "array":
        return [_value(child) for child in element]
    if not len(element):
        return element.text or ""
    return {child.tag.replace("-", "_"): _value(child) for child in element}


def _table(path: Path, named: str, kind: str) -> Found:
    csv.field_size_limit(CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield kind, {_plain_head(name): value for name, value in row.items() if isinstance(name, str)}, named


def _plain_head(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")


def _reason(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
