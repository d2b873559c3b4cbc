"""Signatures: what stands under a person's words and is none of them, by its dashes, its telephone or its closing."""

from collections.abc import Sequence

from channels.email import signaturepatterns as sp
from channels.email.lines import plain

_SIGNATURE_LINES = 25
_BLOCK_LINES = 12
_LINE_CAP = 100
_CLOSING_CAP = 48
_ABBREVIATED = 32
_TITLE_CAP = 56
_NOTICE_LEAST = 20


def unsigned(lines: Sequence[str]) -> Sequence[str]:
    """The lines without a signature behind `-- `, legal notice, a telephone's line and contact data under a name."""
    first = max(0, len(lines) - _SIGNATURE_LINES)
    last = [plain(line) if line else "" for line in lines[first:]]
    for keep in (_dashed, _noticed, _sent, _named):
        del last[keep(last) :]
    return lines[: first + len(last)]


# Each of these is given the last lines and answers how many of them stay.


def _dashed(lines: Sequence[str]) -> int:
    return next((at for at in range(len(lines) - 1, -1, -1) if lines[at] == "--"), len(lines))


def _noticed(lines: Sequence[str]) -> int:
    """Up to a legal notice or a scanner's word, behind which nothing is the writer's."""
    late = range(max(0, len(lines) - _BLOCK_LINES), len(lines))
    return next((at for at in late if len(lines[at]) > _NOTICE_LEAST and sp.NOTICE.match(lines[at])), len(lines))


def _sent(lines: Sequence[str]) -> int:
    """Up to the last lines that a telephone or a mail program wrote; blank lines stay where there is none of them."""
    end = whole = len(lines)
    while end:
        last = lines[end - 1]
        if last and not sp.SENT_FROM.fullmatch(last):
            break
        whole = end - 1 if last else whole
        end -= 1
    return end if whole < len(lines) else len(lines)


def _named(lines: Sequence[str]) -> int:
    """Up to the name under a formal closing, where title, company and numbers stand under it."""
    below: list[str] = []
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if not line:
            continue
        if len(below) > 1 and len(line) < _CLOSING_CAP and sp.CLOSING.fullmatch(line):
            name = next(under for under in range(at + 1, len(lines)) if lines[under])
            return name + 1 if _ornament(below) else len(lines)
        below.append(line)
        if len(below) > _BLOCK_LINES or len(line) > _LINE_CAP:
            break
    return len(lines)


def _ornament(below: Sequence[str]) -> bool:
    """Whether these lines, the lowest first, are a name with contact data under it, and no word of the matter."""
    if any(map(sp.MATTER.search, below)):
        return False
    contacts = [line for line in below if sp.CONTACT.search(line)]
    return bool(contacts) and not any(_sentence(line) for line in below if line not in contacts)


def _sentence(line: str) -> bool:
    return len(line) > _TITLE_CAP or line.endswith((":", "：", "!")) or (line[-1] in ".。" and len(line) > _ABBREVIATED)
