"""A text cut into pieces that a network takes: between paragraphs, lines, sentences or words, and never inside a letter."""

import re

from inbox.text.excerpts import cut

# Where a piece may end, the best first, and the share of the limit that it has to fill for that. Addresses and tags have
# no blanks, so they stay whole.
_BORDERS = (
    (re.compile(r"\n\s*\n"), 0.5),
    (re.compile(r"\n"), 0.5),
    (re.compile(r"[.!?؟…](?=\s)\s"), 0.5),
    (re.compile(r"\s"), 0.0),
)


def units(text: str) -> int:
    """The length of a text as these networks count it: units of UTF-16."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def pieces(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` units; joined they are the text, less pieces of nothing but blanks."""
    found = []
    while units(text[: limit + 1]) > limit:
        end = _end(text, _fitting(text, limit))
        found.append(text[:end])
        text = text[end:]
    return [piece for piece in (*found, text) if piece.strip()]


def _fitting(text: str, limit: int) -> int:
    """How many characters from the beginning fit into the limit."""
    left = limit
    for at, letter in enumerate(text[:limit]):
        left -= 2 if letter > "\uffff" else 1
        if left < 0:
            return at
    return min(limit, len(text))


def _end(text: str, most: int) -> int:
    """Where the first piece ends."""
    for border, share in _BORDERS:
        last = max((found.end() for found in border.finditer(text, 0, most)), default=0)
        if last > most * share:
            return last
    # A letter under more marks than a message can hold is cut nevertheless.
    return cut(text[: most + 1], most) or max(1, most)
