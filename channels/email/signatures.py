"""Signatures: what stands under a person's words and is none of them, by its dashes, its telephone or its closing."""

from collections.abc import Sequence

from channels.email import signaturepatterns as sp
from channels.email.lines import plain

_SIGNATURE_LINES = 25
_BLOCK_LINES = 12
_LINE_CAP = 100
_CLOSING_CAP = 48
_ABBREVIATED = 32
_SHORT = 8
_TITLE_CAP = 56


def unsigned(lines: Sequence[str]) -> list[str]:
    """The lines without a signature behind `-- `, legal notice, a telephone's line and contact data under a name."""
    return _unnamed(_unsent(_unnoticed(_undashed(list(lines)))))


def _undashed(lines: list[str]) -> list[str]:
    for at in range(len(lines) - 1, max(-1, len(lines) - _SIGNATURE_LINES - 1), -1):
        if len(lines[at]) < 10 and plain(lines[at]) == "--":
            return lines[:at]
    return lines


def _unnoticed(lines: list[str]) -> list[str]:
    """Without a legal notice or a scanner's word at the very end, and what follows it."""
    for at in range(max(0, len(lines) - _BLOCK_LINES), len(lines)):
        if len(lines[at]) > _SHORT and sp.NOTICE.match(plain(lines[at])):
            return lines[:at]
    return lines


def _unsent(lines: list[str]) -> list[str]:
    """Without the last lines that a telephone or a mail program wrote; blank lines stay where there is none of them."""
    end = whole = len(lines)
    while end:
        last = plain(lines[end - 1])
        if last and not sp.SENT_FROM.fullmatch(last):
            break
        whole = end - 1 if last else whole
        end -= 1
    return lines[:end] if whole < len(lines) else lines


def _unnamed(lines: list[str]) -> list[str]:
    """Without title, company and numbers under a formal closing; the closing and the name stay."""
    below: list[str] = []
    for at in range(len(lines) - 1, -1, -1):
        line = plain(lines[at])
        if not line:
            continue
        if len(line) < _CLOSING_CAP and sp.CLOSING.fullmatch(line):
            return lines[: _name(lines, at + 1) + 1] if _ornament(below) else lines
        below.append(line)
        if len(below) > _BLOCK_LINES or len(line) > _LINE_CAP:
            break
    return lines


def _name(lines: Sequence[str], at: int) -> int:
    return next(i for i in range(at, len(lines)) if lines[i].strip())


def _ornament(below: Sequence[str]) -> bool:
    """Whether these lines, the lowest first, are a name with contact data under it, and no word of the matter."""
    if len(below) < 2 or any(map(sp.MATTER.search, below)):
        return False
    contacts = [line for line in below if sp.CONTACT.search(line)]
    return bool(contacts) and not any(_sentence(line) for line in below if line not in contacts)


def _sentence(line: str) -> bool:
    return (
        len(line) > _TITLE_CAP
        or line.endswith((":", "：", "!"))
        or (line.endswith((".", "。")) and len(line) > _ABBREVIATED)
    )
