"""The beginning of a text, cut where a reader sees a border and never inside an emoji or under a letter's marks."""

from unicodedata import category

from inbox.text.cleaning import clean_header

LISTED = 160
"""Characters of a message that lists show of it."""

_ZWJ = "\u200d"
_ELLIPSIS = "…"
_PLENTY = 4  # times the limit: so much of a text is nearly always enough to fill it
_LOOKS_BACK = 16  # characters given up at most, so that a cut falls between words


def excerpt(text: str, limit: int) -> str:
    """At most `limit` characters (code points) of `text` on one line, controls taken out; a shortened one ends with "…".

    The cut falls on a grapheme border (the common rules of UAX #29) and between two words where one ends nearby.
    """
    line = clean_header(text[: _PLENTY * limit])
    if len(line) <= limit < len(text):  # little was left of the beginning
        line = clean_header(text)
    if len(line) <= limit:
        return line
    end = cut(line, limit - len(_ELLIPSIS))
    space = line.rfind(" ", max(0, end - _LOOKS_BACK), end + 1)
    return line[: space if space > 0 else end].rstrip() + _ELLIPSIS if limit > 0 else ""


def cut(text: str, limit: int) -> int:
    """The greatest grapheme border of `text` that is at most `limit`."""
    end = max(0, min(limit, len(text)))
    while 0 < end < len(text) and _joined(text, end):
        end -= 1
    return end


def _joined(text: str, at: int) -> bool:
    after = text[at]
    if text[at - 1] == _ZWJ or _extends(after):
        return True
    return _regional(after) and _flags_before(text, at) % 2 == 1


def _extends(letter: str) -> bool:
    # Marks, joiners (ZWNJ too: it belongs to the letter before it), skin tones, emoji tags, conjoining vowels of Hangul.
    return (
        category(letter) in {"Mn", "Me", "Mc"}
        or letter in "\u200c\u200d"
        or "\U0001f3fb" <= letter <= "\U0001f3ff"
        or "\U000e0020" <= letter <= "\U000e007f"
        or "\u1160" <= letter <= "\u11ff"
    )


def _regional(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _flags_before(text: str, at: int) -> int:
    start = at
    while start > 0 and _regional(text[start - 1]):
        start -= 1
    return at - start
