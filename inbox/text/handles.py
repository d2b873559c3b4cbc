"""Whom a note mentions: `@handle`, wherever a word may begin, and never within an address."""

import re
from collections.abc import Iterator

from inbox.text.fold import fold

_HANDLE = re.compile(r"(?<![\w@./+-])[@\uff20](\w[\w.-]*)")
MOST = 50
"""Handles of one text."""


def handles(text: str) -> tuple[str, ...]:
    """The handles in their order, folded, each once; a full stop or hyphen behind one ends the sentence and is none of it."""
    found = (fold(match[1].rstrip(".-")) for match in _HANDLE.finditer(text))
    return tuple(dict.fromkeys(found))[:MOST]


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with the folded handle that it is, or "" where it is none; together they are the text."""
    at = 0
    for match in _HANDLE.finditer(text):
        end = match.start() + len(match[0].rstrip(".-"))
        yield text[at : match.start()], ""
        yield text[match.start() : end], fold(match[1].rstrip(".-"))
        at = end
    yield text[at:], ""
