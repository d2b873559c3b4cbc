"""Whom a note mentions: `@handle`, wherever a word may begin, and never within an address."""

import re

from inbox.text.fold import fold

_HANDLE = re.compile(r"(?<![\w@./+-])[@\uff20](\w[\w.-]*)")
MOST = 50
"""Handles of one text."""


def handles(text: str) -> tuple[str, ...]:
    """The handles in their order, folded, each once; a full stop or hyphen behind one ends the sentence and is none of it."""
    found = (fold(match[1].rstrip(".-")) for match in _HANDLE.finditer(text))
    return tuple(dict.fromkeys(found))[:MOST]
