"""The parts of a mail as ranges of its raw bytes: found by searching delimiters, never copied, never decoded.

The structure is read by our own splitter and not by the standard library's: it works on ranges (an attachment is one),
keeps its caps while it reads, and needs neither recursion over hostile depth nor a copy of the mail (RFC 2046, 5.1).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from channels.email import headers as hd
from channels.email.headers import Headers, headers_of
from channels.email.parameters import parameters, readable
from channels.email.transfer import Buffer, encoding_of
from inbox.domain.happenings import Encoding

PARTS_CAP = 1_000
DEPTH_CAP = 50
DELIMITERS_CAP = 20_000

_END_OF_HEADERS = re.compile(rb"\r{0,2}\n\r{0,2}\n")  # some gateways write CR CR LF
_OLD_MAC = re.compile(rb"\r\r")
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """One node: a leaf with the range `start:end` of its still encoded content, or a multipart with its children."""

    headers: Headers
    kind: str
    """Content type in lower case, e.g. `text/plain`."""
    parameters: dict[str, str]
    start: int
    end: int
    encoding: Encoding = "identity"
    disposition: str = ""
    filename: str = ""
    content_id: str = ""
    children: tuple["Part", ...] = ()

    def content(self, raw: Buffer) -> bytes:
        """The content as it stands in the mail, still encoded."""
        return raw[self.start : self.end]

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class _Reading:
    """What is left of the caps while one mail is read."""

    raw: Buffer
    parts: int = PARTS_CAP
    delimiters: int = DELIMITERS_CAP
    defects: set[str] = field(default_factory=set)


def part_of(raw: Buffer, limit: int) -> tuple[Part, set[str]]:
    """The root part of a mail's first `limit` bytes and what was wrong with its structure, by name."""
    reading = _Reading(raw)
    if limit < len(raw):
        reading.defects.add(hd.OVERSIZED)
    return _part(reading, 0, min(limit, len(raw)), "text/plain", 0), reading.defects


def _part(reading: _Reading, start: int, end: int, default: str, depth: int) -> Part:
    reading.parts -= 1
    body = _body(reading, start, end)
    headers = headers_of(reading.raw[start : min(body, start + hd.BLOCK_CAP + 1)])
    reading.defects.update(headers.defects)
    kind, told = _kind(headers, default)
    encoding = encoding_of(headers.raw("content-transfer-encoding"))
    if encoding is None:
        reading.defects.add("unknown-encoding")
    if kind.startswith("multipart/"):
        children = _children(reading, kind, told, (body, end), depth)
        if children:
            return Part(headers, kind, told, body, end, children=children)
        kind = "text/plain"
    disposition, filename = _disposition(headers, told)
    content_id = headers.text("content-id").strip("<> ") if "content-id" in headers.first else ""
    return Part(headers, kind, told, body, end, encoding or "identity", disposition, filename, content_id)


def _body(reading: _Reading, start: int, end: int) -> int:
    """Where the content begins: behind the first empty line, at once where the part begins with one."""
    raw = reading.raw
    for empty in (b"\r\n", b"\n"):
        if raw[start : min(end, start + len(empty))] == empty:
            return start + len(empty)
    found = _END_OF_HEADERS.search(raw, start, end)
    if found is None and raw.find(b"\n", start, end) == -1:
        found = _OLD_MAC.search(raw, start, end)
    if found is None:
        if b":" not in raw[start : min(end, start + 100)]:
            reading.defects.add("no-header")
            return start
        return end
    return found.end()


def _kind(headers: Headers, default: str) -> tuple[str, dict[str, str]]:
    value = headers.first.get("content-type")
    if value is None:
        return default, {}
    kind, told = parameters(value)
    if kind == "text":
        kind = "text/plain"
    return (
        (kind, told)
        if _TYPE.fullmatch(kind)
        else ("text/plain" if not told.get("name") else "application/octet-stream", told)
    )


def _disposition(headers: Headers, told: dict[str, str]) -> tuple[str, str]:
    value = headers.first.get("content-disposition")
    disposition, names = parameters(value) if value is not None else ("", {})
    name = names.get("filename") or told.get("name") or ""
    return disposition, readable(name) if name else ""


def _children(
    reading: _Reading, kind: str, told: dict[str, str], within: tuple[int, int], depth: int
) -> tuple[Part, ...]:
    boundary = told.get("boundary", "").rstrip()
    if not boundary:
        reading.defects.add("no-boundary")
        return ()
    if depth >= DEPTH_CAP:
        reading.defects.add(hd.OVERSIZED)
        return ()
    default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    children = []
    for start, end in _ranges(reading, boundary.encode("utf-8", "replace"), *within):
        if reading.parts <= 0:
            reading.defects.add(hd.OVERSIZED)
            break
        children.append(_part(reading, start, end, default, depth + 1))
    if not children:
        reading.defects.add("boundary-not-found")
    return tuple(children)


def _ranges(reading: _Reading, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The ranges between the delimiter lines of a boundary; the line end before a delimiter belongs to the delimiter."""
    raw, needle = reading.raw, b"\n--" + boundary
    opened: int | None = None
    at = max(0, start - 1)  # the line end of the empty line before the content may be the delimiter's own
    while (at := raw.find(needle, at, end)) != -1:
        reading.delimiters -= 1
        if reading.delimiters < 0:
            reading.defects.add(hd.OVERSIZED)
            break
        behind, closing = _delimiter_end(raw, at + len(needle), end)
        if behind is None:
            at += len(needle)
            continue
        if opened is not None:
            yield opened, max(opened, at - 1 if raw[at - 1 : at] == b"\r" else at)
        if closing:
            return
        opened, at = behind, behind - 1
    if opened is not None:
        reading.defects.add("unclosed-multipart")
        yield opened, end


def _delimiter_end(raw: Buffer, at: int, end: int) -> tuple[int | None, bool]:
    """Where the line after a delimiter begins and whether it closes the multipart; None where it only looked like one."""
    closing = raw[at : at + 2] == b"--"
    at += 2 * closing
    line_end = raw.find(b"\n", at, min(end, at + 200))
    rest = raw[at : line_end if line_end != -1 else min(end, at + 200)]
    if rest.strip(b" \t\r"):
        return (end, True) if closing and not rest.strip(b" \t\r-") else (None, False)
    return (line_end + 1 if line_end != -1 else end), closing
