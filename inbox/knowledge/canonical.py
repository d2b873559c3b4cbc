"""The one form in which an article is kept, wherever it came from: so what is written out and read again is the same, byte for byte."""

import re

from inbox.domain.articles import Words
from inbox.text.cleaning import clean_header, strip_controls

LONGEST_TITLE = 200
LONGEST_BODY = 100_000
"""Characters."""
MOST_KEYWORDS = 30
MOST_TAGS = 20
LONGEST_WORD = 60
_ENDS = re.compile("\r\n?")
_NOTHING = re.compile("[\ufffe\uffff]")  # no characters, and nothing that XML may hold


def body(text: str) -> str:
    """Lines end with a line feed and the last one does too; no empty lines before and behind, no controls that turn text around.
    Spaces at the end of a line stay: in Markdown they mean something."""
    whole = _NOTHING.sub("", strip_controls(_ENDS.sub("\n", text))).strip("\n")
    return f"{whole}\n" if whole else ""


def line(text: str) -> str:
    """A title: one line."""
    return clean_header(_NOTHING.sub("", text))


def several(words: tuple[str, ...], most: int) -> tuple[str, ...]:
    """Keywords or tags: each once, in their order."""
    clean = dict.fromkeys(short for word in words if (short := line(word)[:LONGEST_WORD].strip()))
    return tuple(clean)[:most]


def words(typed: Words) -> Words:
    """All that a language says. Doing it twice changes nothing."""
    return Words(line(typed.title), body(typed.body), several(typed.keywords, MOST_KEYWORDS))
