"""One line as quoting compares it: stripped, without marks of direction, Arabic letters brought to the Persian ones."""

import re

LINE_CAP = 400
"""Characters of a line that are compared."""
# Marks of direction, and the blanks of no width with which some programs guard what they add.
_MARKS = re.compile("[\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def plain(line: str) -> str:
    """The first LINE_CAP characters of `line`, made comparable."""
    told = line[:LINE_CAP].strip()
    return told if told.isascii() else _MARKS.sub("", told).replace("ي", "ی").replace("ك", "ک").strip()


def unmarked(text: str) -> str:
    """`text` without marks of direction."""
    return _MARKS.sub("", text)
