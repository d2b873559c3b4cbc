"""What a person newly wrote: quotes, forwarded headers and signatures are folded away, in one pass over the lines.

Nothing is lost by it, the whole text is kept beside it. When in doubt a line stays: an agent who sees a quote too much
loses a second, an agent who does not see an answer loses the customer. Inline answers stay; forwarded mail is content.
"""

import re
from collections.abc import Sequence

from channels.email import quotepatterns as qp

TEXT_CAP = 65_536
"""Characters that are looked at; what lies behind them is only in the whole text."""
LINES_CAP = 3_000
"""Lines that are looked at; the rest stays as it is."""
_LINE_CAP = 400
_MARK_CAP = 160
_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
_SIGNATURE_LINES = 25
_HEADER_LINES = 8


def reply_text(text: str, subject: str = "") -> str:
    """The new words of `text`; all of it where nothing else would stay (a pure forward, an empty answer)."""
    lines = text[:TEXT_CAP].split("\n", LINES_CAP)
    forward = qp.FORWARD_SUBJECT.match(_MARKS.sub("", subject[:60])) is not None
    kept = _unsigned(_unquoted(lines, forward))
    told = "\n".join(kept).strip()
    return told or text[:TEXT_CAP].strip()


def _unquoted(lines: Sequence[str], forward: bool) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        plain = _plain(line) if line else ""
        if plain.startswith(">") and not line.startswith("  "):
            at += 1
            continue
        if 10 < len(plain) < _MARK_CAP and qp.FORWARDED.fullmatch(plain):
            return kept + list(lines[at:])
        if _ends_here(lines, at, plain, forward):
            break
        introduction = _introduction(lines, at, plain)
        if introduction == "cut":
            _drop_opening(kept, plain)
            break
        if introduction == "quote":
            _drop_opening(kept, plain)
        else:
            kept.append(line)
        at += 1
    return kept


def _plain(line: str) -> str:
    plain = line[:_LINE_CAP].strip()
    return plain if plain.isascii() else _MARKS.sub("", plain).translate(qp.LETTERS).strip()


def _ends_here(lines: Sequence[str], at: int, plain: str, forward: bool) -> bool:
    """Whether a separator or a header block stands here, behind which there is nothing but the earlier mail."""
    if forward or not plain:
        return False
    if qp.RULE.fullmatch(plain):
        return _header_fields(lines, at + 1) >= 3 or (plain[0] == "_" and _colons(lines, at + 1) >= 3)
    if qp.ORIGINAL.fullmatch(plain):
        return True
    found = qp.LABEL.match(plain) if ":" in plain or "：" in plain else None
    return found is not None and found.lastgroup in ("from", "date") and _header_fields(lines, at) >= 3


def _header_fields(lines: Sequence[str], at: int) -> int:
    """How many different labels (from, date, to, cc, subject) begin the next few lines; one blank line may come first."""
    found: set[str] = set()
    for line in lines[at : at + _HEADER_LINES]:
        plain = _plain(line)
        label = qp.LABEL.match(plain) if plain else None
        if label is not None and label.lastgroup:
            found.add(label.lastgroup)
        elif found and not plain:
            break
    # A sender and a subject are in every such block; a list of prices has neither.
    return len(found) if "from" in found else 0


def _colons(lines: Sequence[str], at: int) -> int:
    """How many of the next lines look like `label: value` in a language that the table lacks."""
    block = [_plain(line) for line in lines[at : at + 4]]
    return sum(0 < one.find(":") < 25 and len(one) > one.find(":") + 1 for one in block)


def _introduction(lines: Sequence[str], at: int, plain: str) -> str:
    """ "quote" where this line introduces quoted lines, "cut" where all that follows is quoted, else ""."""
    if not plain.endswith((":", "：", "wrote", ">")) or len(plain) >= _LINE_CAP:
        return ""
    joined = " ".join([*map(_plain, _opening(lines, at)), plain])
    wrote = qp.WROTE.search(joined)
    strong = qp.EVIDENCE.search(joined) is not None
    bare = strong and "@" in joined and plain.endswith((">:", "):", "：", "@:"))
    if not wrote and not bare:
        return ""
    if _quoted_next(lines, at + 1):
        return "quote"
    return "cut" if strong and plain.endswith((":", "：")) and qp.OPENS.match(joined) else ""


def _opening(lines: Sequence[str], at: int) -> list[str]:
    """The one or two lines before `at` that belong to the same introduction, which a mail program broke."""
    if qp.OPENS.match(_plain(lines[at])) and qp.EVIDENCE.search(lines[at][:_LINE_CAP]):
        return []
    for first in range(at - 1, max(-1, at - 3), -1):
        plain = _plain(lines[first])
        if not plain or plain.startswith(">"):
            return []
        if qp.OPENS.match(plain) and qp.EVIDENCE.search(plain):
            return list(lines[first:at])
    return []


def _drop_opening(kept: list[str], plain: str) -> None:
    """Take the first lines of a broken introduction out of what was kept."""
    for _ in _opening([*kept[-2:], plain], min(2, len(kept))):
        kept.pop()


def _quoted_next(lines: Sequence[str], at: int) -> bool:
    for line in lines[at : at + 3]:
        if line.strip():
            return line.lstrip().startswith(">")
    return False


def _unsigned(lines: list[str]) -> list[str]:
    """The lines without a signature behind `-- ` and without what a telephone puts under a mail."""
    for at in range(len(lines) - 1, max(-1, len(lines) - _SIGNATURE_LINES - 1), -1):
        if lines[at].rstrip("\r \u00a0") in ("--", "\u200f--"):
            lines = lines[:at]
            break
    end = len(lines)
    while end:
        plain = _plain(lines[end - 1])
        if plain and not qp.SENT_FROM.fullmatch(plain):
            break
        end -= 1
    return lines[:end]
