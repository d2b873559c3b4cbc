"""Cuts the bytes of an IMAP server into whole answers, literals included, without recursion and in linear time. No I/O.

aioimaplib's own receive path recurses once a line (it dies at about 1,000 lines in one read), scans a FETCH answer again
for every line of it, and is misled by `(` and `* ` inside strings; this one replaces it.
"""

import re
from typing import TypeAlias

Answer: TypeAlias = list[bytes]
"""One answer: text and literals in turn, text first and last. The text before a literal still ends with its `{size}`."""

LONGEST_LINE = 16 * 2**20
"""Bytes. A SEARCH answer over a million mails has about 8 MB."""
LARGEST_LITERAL = 64 * 2**20
"""Bytes. Big mails come in pieces, so only a server that lies about sizes gets near it."""

_LITERAL = re.compile(rb"\{(\d{1,12})\}$")
_WORDS = re.compile(rb"(?:\+|\* (?:OK|NO|BAD|BYE|PREAUTH)\b|[A-Za-z0-9.]+ (?:OK|NO|BAD)\b)", re.IGNORECASE)
"""Lines that end in text for people, where `{3}` announces nothing."""


class Unframed(Exception):
    """What came is no IMAP, or more of it than anybody can mean; the connection is worth nothing any more."""


class Framer:
    """Fed with bytes as they come, in any portions; hands out the answers that are complete."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._parts: Answer = []
        self._literal: int | None = None
        self._searched = 0

    @property
    def empty(self) -> bool:
        """Nothing has come that is not handed out: the moment at which encryption may begin."""
        return not self._buffer and not self._parts and self._literal is None

    def feed(self, data: bytes) -> list[Answer]:
        """The answers that these bytes complete, in order. Raises Unframed."""
        self._buffer += data
        answers: list[Answer] = []
        at = 0
        while (end := self._advance(at, answers)) is not None:
            at = end
        if at:
            del self._buffer[:at]
            self._searched = max(0, self._searched - at)
        return answers

    def _advance(self, at: int, answers: list[Answer]) -> int | None:
        """Take the literal or the line that begins at `at`; where it ended, or None while it is incomplete."""
        return self._take_line(at, answers) if self._literal is None else self._take_literal(at, self._literal)

    def _take_literal(self, at: int, size: int) -> int | None:
        if len(self._buffer) - at < size:
            return None
        self._parts.append(self._copy(at, at + size))
        self._literal = None
        self._searched = at + size
        return at + size

    def _take_line(self, at: int, answers: list[Answer]) -> int | None:
        found = self._buffer.find(b"\r\n", max(at, self._searched))
        if found < 0:
            # Where CR was the last byte, its LF may come next.
            self._searched = max(at, len(self._buffer) - 1)
            if len(self._buffer) - at > LONGEST_LINE:
                raise Unframed(f"a line of more than {LONGEST_LINE} bytes")
            return None
        self._parts.append(self._copy(at, found))
        self._searched = found + 2
        self._literal = self._announced()
        if self._literal is None:
            answers.append(self._parts)
            self._parts = []
        return found + 2

    def _announced(self) -> int | None:
        """The size of the literal that the line just taken announces."""
        if len(self._parts) == 1 and _WORDS.match(self._parts[0]):
            return None
        found = _LITERAL.search(self._parts[-1][-16:])
        if found is None:
            return None
        if (size := int(found[1])) > LARGEST_LITERAL:
            raise Unframed(f"a literal of {size} bytes")
        return size

    def _copy(self, start: int, end: int) -> bytes:
        with memoryview(self._buffer) as view:
            return bytes(view[start:end])
