"""The line above which an agent answers a mail of ours: what stands below it is ours, and nobody's words."""

from collections.abc import Sequence
from itertools import pairwise

from inbox.text.fold import fold

MARKS = ("reply above this line", "پاسخ را بالای این خط بنویسید")
"""What the line says, in every language; templates put it between strokes."""
_FOLDED = tuple(" ".join(fold(mark).split()) for mark in MARKS)
_LONGEST = 400
"""Characters of a line that can be one: with a quote's strokes before it, and whatever a program puts around it."""


def is_mark(line: str) -> bool:
    """Whether it is that line, quoted or not."""
    if len(line) > _LONGEST or not ("ine" in line or "INE" in line or "خط" in line):
        return False  # nearly all lines, at no cost
    told = " ".join(fold(line).split())
    return any(mark in told for mark in _FOLDED)


def above_mark(text: str, ours: Sequence[str] = ()) -> str:
    """The lines before the first one that has the mark, which a program may have broken in two, or one of `ours`, which only we
    write (a reply address that introduces a quote); without blank ones at both ends."""
    kept: list[str] = []
    for line, following in pairwise([*text.splitlines(), ""]):
        broken = is_mark(f"{line.rstrip()} {following.lstrip('> ')}") and not is_mark(following)
        if broken or is_mark(line) or any(one in line.lower() for one in ours):
            break
        kept.append(line)
    return "\n".join(kept).strip()
