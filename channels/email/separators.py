"""Separators: the line or the header under which nothing but an earlier mail stands, and the one under which content does."""

from collections.abc import Sequence

from channels.email import quotepatterns as qp
from channels.email.lines import plain

_MARK_CAP = 160
_HEADER_LINES = 10
_NAMES_LINES = 3
_LABEL_CAP = 32
_OUTLOOK_RULE = "_" * 32


def ends_here(lines: Sequence[str], at: int, told: str) -> bool:
    """Whether a separator or a header block stands here, behind which there is nothing but the earlier mail."""
    if not told:
        return False
    adorned = _adorned(told)
    if adorned and qp.RULE.fullmatch(told):
        return _header_fields(lines, at + 1) >= 3 or (told == _OUTLOOK_RULE and _colons(lines, at + 1) >= 3)
    if adorned and qp.ORIGINAL.fullmatch(_bare(told)):
        return True
    kind = label(told)
    # Whom it is from or when it was sent comes first, or else the block has to be whole.
    return kind != "" and _header_fields(lines, at) >= (3 if kind in ("from", "date") else 4)


def forwards(told: str) -> bool:
    """Whether this line says that a forwarded mail follows."""
    return 5 < len(told) < _MARK_CAP and _adorned(told) and qp.FORWARDED.fullmatch(_bare(told)) is not None


def _adorned(told: str) -> bool:
    """Whether a program may have written this line as a mark: a person's line has no rules around it and no colon behind it."""
    return told[0] in qp.ORNAMENTS or told[-1] in qp.ORNAMENTS


def _bare(told: str) -> str:
    return told.strip(qp.ORNAMENTS + " ")


def label(told: str) -> str:
    """What the label stands for with which a line begins: from, date, to, cc, subject, or nothing."""
    at = told.find(":", 0, _LABEL_CAP)
    at = at if at >= 0 else told.find("：", 0, _LABEL_CAP)
    return qp.KINDS.get(told[:at].strip("*> ").lower(), "") if at > 0 else ""


def _header_fields(lines: Sequence[str], at: int) -> int:
    """How many different labels (from, date, to, cc, subject) begin the next few lines; blank lines may stand between."""
    found: set[str] = set()
    address = blank = False
    idle = 0
    for line in lines[at : at + _HEADER_LINES]:
        told = plain(line)
        kind = label(told)
        if kind and kind not in found:
            found.add(kind)
            address = address or "@" in told
            idle = 0
        elif found and (blank or idle == _NAMES_LINES):
            break  # names may go on for a few lines; what stands behind a blank line is no part of it
        else:
            idle += 1
        blank = not told
    # A sender and a subject are in every such block; a list of prices has neither, a journey has no address.
    return len(found) if "from" in found and ("subject" in found or address) else 0


def _colons(lines: Sequence[str], at: int) -> int:
    """How many of the next lines look like `label: value` in a language that the table lacks."""
    block = [plain(line) for line in lines[at : at + 4]]
    return sum(0 < one.find(":") < 25 and len(one) > one.find(":") + 1 for one in block)
