"""Reads the three kinds of untagged IMAP answers that we ask for: FETCH, SEARCH and LIST. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import TypeAlias

from channels.email.imap_framing import Answer
from channels.email.mailbox_names import decoded

Attributes: TypeAlias = Mapping[str, bytes | None]
"""One mail's attributes by upper-case name (`UID`, `BODY[]<0>`); NIL is None, nested lists are left out."""

_FETCH = re.compile(rb"\* \d+ FETCH (?=\()", re.IGNORECASE)
_SEARCH = re.compile(rb"\* SEARCH\b([ 0-9]*)", re.IGNORECASE)
_LIST = re.compile(rb"\* LIST \(([^)]*)\) (?:NIL|\"(?:[^\"\\]|\\.)\") *", re.IGNORECASE)
_CLOSED = re.compile(rb"\\(?:noselect|nonexistent)\b", re.IGNORECASE)
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"|([()])|\{\d+\}$|([^\s()"\[]+(?:\[[^\]]*\](?:<\d+>)?)?)')
_ESCAPED = re.compile(rb"\\(.)")
_LONGEST_TEXT = 65_536


def attributes(answer: Answer) -> Attributes | None:
    """What a FETCH answer says of one mail, in whatever order; None for any other answer.

    Attributes that nobody asked for (FLAGS after somebody read the mail) are simply there too.
    """
    begins = _FETCH.match(answer[0])
    if begins is None or any(len(text) > _LONGEST_TEXT for text in answer[::2]):
        return None
    found: dict[str, bytes | None] = {}
    depth, name = 0, ""
    for token in _tokens(answer, begins.end()):
        if isinstance(token, _Bracket):
            depth += 1 if token is _Bracket.OPEN else -1
            name = "" if depth == 1 else name
        elif depth == 1 and not name:
            name = (token or b"").decode("ascii", "replace").upper()
        elif depth == 1:
            found[name], name = token, ""
    return found


def found_uids(answers: Iterable[Answer]) -> list[int]:
    """The UIDs of SEARCH answers, ascending, each once; a server may spread them over several lines, or send none."""
    matches = (_SEARCH.match(answer[0]) for answer in answers)
    return sorted({int(number) for match in matches if match for number in match[1].split()})


def listed_folders(answers: Iterable[Answer]) -> list[str]:
    """The names of LIST answers that can be opened, as people write them."""
    return [name for answer in answers if (name := _listed(answer)) is not None]


def instant(value: bytes | None) -> datetime | None:
    """An INTERNALDATE such as `17-Jul-2026 02:44:25 +0330`, aware; None for one that is no date."""
    try:
        found = parsedate_to_datetime((value or b"").decode("ascii", "replace"))
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else None


class _Bracket(Enum):
    OPEN = b"("
    CLOSE = b")"


def _tokens(answer: Answer, begin: int) -> Iterator[bytes | _Bracket | None]:
    """Strings, atoms and literals without their wrapping, and NIL as None."""
    for number, part in enumerate(answer):
        if number % 2:
            yield part
            continue
        for match in _TOKEN.finditer(part, 0 if number else begin):
            if match[2]:
                yield _Bracket(match[2])
            elif match[1] is not None:
                yield _ESCAPED.sub(rb"\1", match[1])
            elif match[3]:
                yield None if match[3].upper() == b"NIL" else match[3]


def _listed(answer: Answer) -> str | None:
    begins = _LIST.match(answer[0])
    if begins is None or _CLOSED.search(begins[1]):
        return None
    name = answer[1] if len(answer) > 1 else answer[0][begins.end() :]
    if name[:1] == b'"':
        name = _ESCAPED.sub(rb"\1", name[1:-1])
    return decoded(name.decode("utf-8", "replace"))
