"""A text without the people in it: mail addresses, telephone and other long numbers, and names that are known, are taken out.

What nobody told us is a name stays; whoever publishes such a text has read it.
"""

import re
from collections.abc import Iterable

from inbox.text.fold import fold_spaced

GONE = "…"
SHORTEST_NAME = 2
"""Letters of a part of a name that is looked for."""
_MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w/])@\w{3,}")
_PHONE = re.compile(r"(?<![\w/])\+?\(?\d(?:[ ().\u200c-]{0,2}\d){6,}(?!\w)")
_NUMBER = re.compile(r"(?<!\w)[#A-Za-z]{0,3}-?\d(?:[-/]?\d){4,}(?!\w)|\d{5,}")
_QUERY = re.compile(r"(https?://[^\s?#]{1,2000})[?#]\S*")
_SEVERAL = re.compile(rf"{GONE}(?:[ \u200c]*{GONE})+")
_WORD = re.compile(r"\w+")


def impersonal(text: str, names: Iterable[str] = ()) -> str:
    """Digits of any script count; of a link its question goes. Each part of a name is taken out wherever it stands as a word, the
    ZWNJ inside it or not."""
    for pattern in (_MAIL, _HANDLE, _PHONE, _NUMBER):
        text = pattern.sub(GONE, text) if pattern is not _MAIL else pattern.sub(GONE, _QUERY.sub(r"\1", text))
    known = {
        part
        for name in names
        if "@" not in name
        for part in _WORD.findall(fold_spaced(name))
        if len(part) >= SHORTEST_NAME
    }
    if known:
        text = _WORD.sub(lambda found: GONE if fold_spaced(found[0]) in known else found[0], text)
    return _SEVERAL.sub(GONE, text)
