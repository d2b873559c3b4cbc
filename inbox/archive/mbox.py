"""An mbox: mails behind one another in one file, each under a line that begins with "From "; read whatever its size.

Sources: RFC 4155, and the forms mboxo and mboxrd (https://www.loc.gov/preservation/digital/formats/fdd/fdd000383.shtml).
A quoted line ">From " loses one ">", as mboxrd wants; in an mboxo that is right for every line but one that began with
">From " when it was written. Line ends are left as they are, LF or CRLF.
"""

import os
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from inbox.archive.found import SMALL, Found, Index, NotThere, Told
from inbox.archive.instants import HEAD, instant, written_at
from inbox.domain.arrivals import Raw, Spooled

CHUNK = 1 << 20
LINE = 1_000
"""Bytes of a separator that are looked at."""
_MARK = b"\nFrom "
# "From a@b Mon Jan  6 08:00:00 2025", with what programs put around it; or next to nothing, as Thunderbird has it.
_DATED = re.compile(
    rb"From .*?\b((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .{0,40}\d\d?:\d\d(?::\d\d)?\b.{0,40}\d{4}\b|"
    rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .{0,40}\d{4} .{0,40}\d\d?:\d\d(?::\d\d)?\b)[^\n]*\Z"
)
_BARE = re.compile(rb"From \S{0,320}[ \t]*\r?\Z")
_FIELD = re.compile(rb"[!-9;-~]{1,100}:")
_QUOTED = re.compile(rb"^>(?=>*From )", re.MULTILINE)


class Mbox:
    """Implements `Archive`. Raises NotThere where the file cannot be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            facts = path.stat()
            self._file = path.open("rb", buffering=0)
        except OSError as error:
            raise NotThere("archive.unreadable", path=path, reason=error.strerror or type(error).__name__) from error
        self._size = facts.st_size
        self._changed = datetime.fromtimestamp(facts.st_mtime, UTC)

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self._size

    def index(self, now: datetime, told: Told) -> Index:
        """Every mail with its place. Raises NotThere for a file that does not begin with a separator."""
        index = Index()
        start, filed = -1, self._changed
        for at, line in self._separators(told):
            self._add(index, start, at, filed, now)
            start = at + len(line) + 1
            dated = _DATED.match(line)
            filed = (instant(dated.group(1).decode("ascii", "replace")) if dated else None) or self._changed
        if start < 0 and self._size:
            raise NotThere("archive.not_an_mbox", path=self._path)
        self._add(index, start, self._size, filed, now)
        return index

    def raw(self, found: Found, spool: Path) -> Raw:
        """The mail's bytes, unquoted; from 64 KB on in a file below `spool`."""
        if found.size <= SMALL:
            return b"".join(self._pieces(found))
        path, size = spool / secrets.token_hex(8), 0
        with path.open("xb") as file:
            for piece in self._pieces(found):
                size += file.write(piece)
        return Spooled(path, size)

    def named(self, found: Found) -> str:
        """The file, and the byte at which the mail begins."""
        return f"{self._path}@{found.place}"

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _add(self, index: Index, start: int, end: int, filed: datetime, now: datetime) -> None:
        if start < 0:
            return
        for empty in (b"\n\r\n", b"\n\n"):  # the empty line before the next separator is none of the mail's
            if end - len(empty) >= start and self._at(end - len(empty), len(empty)) == empty:
                end -= len(empty) - 1
                break
        index.add(written_at(self._at(start, min(HEAD, end - start)), filed, now), start, end - start)

    def _at(self, place: int, size: int) -> bytes:
        return os.pread(self._file.fileno(), size, place)

    def _separators(self, told: Told) -> Iterator[tuple[int, bytes]]:
        """Offset and line of each separator, line end excluded."""
        for at in self._candidates(told):
            line, ended, rest = self._at(at, LINE + 200).partition(b"\n")
            blank, field = self._after_blank(at), _FIELD.match(rest) is not None
            if ended and ((_DATED.match(line) and (blank or field)) or (_BARE.match(line) and blank and field)):
                yield at, line

    def _candidates(self, told: Told) -> Iterator[int]:
        """Offsets of the lines that begin with "From "."""
        tail, base = b"\n", -1  # as if a line had ended before the file
        for start in range(0, self._size, CHUNK):
            piece = tail + self._at(start, CHUNK)
            found = piece.find(_MARK)
            while found >= 0:
                yield base + found + 1
                found = piece.find(_MARK, found + 1)
            keep = len(_MARK) - 1
            base += len(piece) - keep
            tail = piece[-keep:]
            told(min(start + CHUNK, self._size))

    def _after_blank(self, at: int) -> bool:
        before = self._at(max(0, at - 3), min(3, at))
        return before.endswith((b"\n\n", b"\n\r\n")) or (at < 3 and not before.strip(b"\r\n"))

    def _pieces(self, found: Found) -> Iterator[bytes]:
        """The mail a piece at a time, each but the last ended by a line's end."""
        end, held, inside = found.place + found.size, b"", False
        for start in range(found.place, end, CHUNK):
            piece = held + self._at(start, min(CHUNK, end - start))
            cut = len(piece) if start + CHUNK >= end else piece.rfind(b"\n") + 1
            if not cut and len(piece) > CHUNK:  # a line without an end: only its beginning matters
                cut = len(piece)
            whole, held = piece[:cut], piece[cut:]
            yield _unquoted(whole, inside)
            inside = bool(whole) and not whole.endswith(b"\n") if whole else inside


def _unquoted(piece: bytes, inside: bool) -> bytes:
    """`inside`: the piece goes on with a line that began before it."""
    first = piece.find(b"\n") + 1 if inside else 0
    return piece[:first] + _QUOTED.sub(b"", piece[first:])
