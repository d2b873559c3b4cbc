"""The line above which an agent answers a mail of ours: what stands below it is ours, and nobody's words."""

from inbox.text.fold import fold

MARKS = ("reply above this line", "پاسخ را بالای این خط بنویسید")
"""What the line says, in every language; templates put it between strokes."""
_FOLDED = tuple(fold(mark) for mark in MARKS)


def above_mark(text: str) -> str:
    """The lines before the first one that has the mark, without blank ones at both ends."""
    kept: list[str] = []
    for line in text.splitlines():
        if any(mark in fold(line) for mark in _FOLDED):
            break
        kept.append(line)
    return "\n".join(kept).strip()
