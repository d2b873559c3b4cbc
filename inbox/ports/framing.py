"""The frame: how what is written on our own pages lies in bytes. One line of JSON that says everything, and behind it the files
byte for byte."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.happenings import Attachment
from inbox.domain.problems import Unreadable

FORMAT = 1
LONGEST_LINE = 4_000_000
"""Bytes of the first line: more than any text that we take or send."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One file as the line tells of it; `size` in bytes."""

    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What the line says, the line itself, and the files as ranges of the whole."""

    said: Mapping[str, Any]
    line: bytes
    files: tuple[Attachment, ...]


def head(kind: str, said: Mapping[str, object], files: Iterable[Enclosed] = ()) -> bytes:
    """The line, with its end; the files' bytes follow in that order. The same words give the same bytes. `kind`: of the channel
    that the page belongs to."""
    told = [{"name": one.name, "type": one.type, "size": one.size} for one in files]
    whole = {kind: FORMAT, **said, "files": told}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def opened(kind: str, raw: Raw) -> Frame:
    """The frame of some bytes; of large ones the line alone is read. Raises Unreadable where they are no frame of that kind."""
    line, size = _line(raw)
    try:
        said = json.loads(line)
        if said[kind] != FORMAT or not isinstance(said["files"], list):
            raise ValueError("format")
        files = tuple(_ranges(said["files"], len(line) + 1))
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise Unreadable("framing.unreadable", reason=type(error).__name__) from error
    if len(line) + 1 + sum(one.length for one in files) != size:
        raise Unreadable("framing.unreadable", reason="length")
    return Frame(said, line, files)


def ranged(raw: Raw, start: int, length: int) -> bytes:
    """The bytes of a range; the rest of a large raw is not read."""
    if not isinstance(raw, Spooled):
        return raw[start : start + length]
    with raw.path.open("rb") as file:
        file.seek(start)
        return file.read(length)


def _line(raw: Raw) -> tuple[bytes, int]:
    size = raw.size if isinstance(raw, Spooled) else len(raw)
    line, end, _ = ranged(raw, 0, LONGEST_LINE).partition(b"\n")
    if not end:
        raise Unreadable("framing.unreadable", reason="line")
    return line, size


def _ranges(told: Iterable[Mapping[str, Any]], start: int) -> Iterable[Attachment]:
    for one in told:
        name, kind, size = one["name"], one["type"], one["size"]
        if not isinstance(name, str) or not isinstance(kind, str) or not isinstance(size, int) or size < 0:
            raise ValueError("file")
        yield Attachment(name, kind, size, start, size)
        start += size
