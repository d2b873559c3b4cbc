"""What a person newly wrote: quotes, forwarded headers and signatures are folded away, in one pass over the lines.

Nothing is lost by it, the whole text is kept beside it. When in doubt a line stays: an agent who sees a quote too much
loses a second, an agent who does not see an answer loses the customer. Inline answers stay; forwarded mail is content.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from channels.email import quotepatterns as qp
from channels.email.html import QUOTE_MARKS
from channels.email.htmltext import text_of
from channels.email.lines import LINE_CAP, plain, unmarked
from channels.email.signatures import unsigned

TEXT_CAP = 65_536
"""Characters that are looked at; what lies behind them is only in the whole text."""
LINES_CAP = 3_000
"""Lines that are looked at; the rest stays as it is."""
_MARK_CAP = 160
_POINTER = 300
_HEADER_LINES = 10
_NAMES_LINES = 3
_OUTLOOK_RULE = "_" * 32
_ENDINGS = (":", "：", "wrote", ">", "-")


def new_words(text: str, html: str | None, subject: str = "") -> str:
    """The new words of a mail by its text, and by the structure of its HTML where nothing in the text tells of a quote."""
    told = reply_text(text, subject)
    if html is None or len(told) < len(text.strip()) or not any(mark in html for mark in QUOTE_MARKS):
        return told
    other = text_of(html)
    by_structure = reply_text(other, subject)
    return by_structure if len(by_structure) < len(other.strip()) else told


def reply_text(text: str, subject: str = "") -> str:
    """The new words of `text`; all of it where nothing else would stay (a pure forward, an empty answer),
    or where the new words say that the answers stand below, in a mail that does not mark what it quotes.
    """
    lines = text[:TEXT_CAP].split("\n", LINES_CAP)
    kept = _kept(lines, qp.FORWARD_SUBJECT.match(unmarked(subject[:60])) is not None)
    own = [line for words in kept.words for line in unsigned(words)]
    if kept.content and own and own[-1].strip() and len(own) < sum(map(len, kept.words)):
        own.append("")  # a signature stood between the comment and what it is about
    told = "\n".join([*own, *kept.content]).strip()
    below = kept.cut and len(told) < _POINTER and qp.BELOW.search(" ".join(map(plain, own))) is not None
    return text[:TEXT_CAP].strip() if below or not told else told


@dataclass(slots=True)
class _Kept:
    """What stays of a mail: the writer's own words, in pieces as quotes interrupt them, and what they forward."""

    words: list[list[str]] = field(default_factory=lambda: [[]])
    content: Sequence[str] = ()
    cut: bool = False
    """Whether all behind a header or an introduction was left out, and with it what stands between its lines."""


def _kept(lines: Sequence[str], forward: bool) -> _Kept:
    kept = _Kept()
    introduced = ""
    quoting = False
    for at, line in enumerate(lines):
        told = plain(line) if line else ""
        if told.startswith(">") and not line.startswith("  "):
            # Apple Mail puts what it forwards into a quote that nobody introduces.
            if not quoting and not introduced and _forwards(told.lstrip("> ")):
                kept.content = lines[at:]
                break
            if kept.words[-1]:
                kept.words.append([])
            quoting = quoting or len(told) > 1
            continue
        quoting = False
        if _forwards(told) or (forward and _ends_here(lines, at, told)):
            kept.content = lines[at:]
            break
        if not forward and _ends_here(lines, at, told):
            kept.cut = True
            break
        before = introduced if not told else ""
        introduced = _introduction(lines, at, told) or before
        if introduced and told:
            _drop_opening(kept.words[-1], told)
        else:
            kept.words[-1].append(line)
        if introduced == "cut":
            kept.cut = True
            break
    return kept


def _forwards(told: str) -> bool:
    return 5 < len(told) < _MARK_CAP and _adorned(told) and qp.FORWARDED.fullmatch(_bare(told)) is not None


def _ends_here(lines: Sequence[str], at: int, told: str) -> bool:
    """Whether a separator or a header block stands here, behind which there is nothing but the earlier mail."""
    if not told:
        return False
    adorned = _adorned(told)
    if adorned and qp.RULE.fullmatch(told):
        return _header_fields(lines, at + 1) >= 3 or (told == _OUTLOOK_RULE and _colons(lines, at + 1) >= 3)
    if adorned and qp.ORIGINAL.fullmatch(_bare(told)):
        return True
    found = qp.LABEL.match(told) if ":" in told or "：" in told else None
    # Whom it is from or when it was sent comes first, or else the block has to be whole.
    needed = {"from": 3, "date": 3, "to": 4, "subject": 4}.get(found.lastgroup or "", 0) if found is not None else 0
    return needed > 0 and _header_fields(lines, at) >= needed


def _adorned(told: str) -> bool:
    """Whether a program may have written this line as a mark: a person's line has no rules around it and no colon behind it."""
    return told[0] in qp.ORNAMENTS or told[-1] in qp.ORNAMENTS


def _bare(told: str) -> str:
    return told.strip(qp.ORNAMENTS + " ")


def _header_fields(lines: Sequence[str], at: int) -> int:
    """How many different labels (from, date, to, cc, subject) begin the next few lines; blank lines may stand between."""
    found: set[str] = set()
    address = blank = False
    idle = 0
    for line in lines[at : at + _HEADER_LINES]:
        told = plain(line)
        label = qp.LABEL.match(told) if told else None
        if label is not None and label.lastgroup and label.lastgroup not in found:
            found.add(label.lastgroup)
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


def _introduction(lines: Sequence[str], at: int, told: str) -> str:
    """ "quote" where this line introduces quoted lines, "cut" where all that follows is quoted, else ""."""
    if ":   " in told and "@" in told:
        told = told[: told.index(":   ") + 1]  # Yahoo's telephone goes on with the quote in the same line
    if not told.endswith(_ENDINGS) or len(told) >= LINE_CAP:
        return ""
    quoted = _quoted_next(lines, at + 1)
    if not quoted and told[-1] not in ":：":
        return ""
    joined = " ".join([*map(plain, _opening(lines, at)), told]).strip("- ")
    wrote = qp.WROTE.search(joined) is not None
    if not qp.EVIDENCE.search(joined):
        return "quote" if wrote and quoted else ""
    # Somebody's address and a day before quoted lines are an introduction in any language.
    bare = "@" in joined and (
        told.endswith((">:", "):", "：", "@:")) or (quoted and qp.MACHINE.search(joined) is not None)
    )
    dated = qp.ADDRESS.search(joined) is not None and qp.DATED.search(joined) is not None
    if not wrote and not bare and not dated:
        return ""
    if quoted:
        return "quote"
    opens = dated or qp.OPENS.match(joined) or (wrote and qp.NAMED.match(joined))
    return "cut" if opens and qp.MACHINE.search(joined) else ""


def _opening(lines: Sequence[str], at: int) -> list[str]:
    """The one or two lines before `at` that belong to the same introduction, which a mail program broke."""
    here = plain(lines[at])
    if not here[:1].isdigit() and qp.OPENS.match(here) and qp.EVIDENCE.search(here):
        return []
    found = at
    for first in range(at - 1, max(-1, at - 3), -1):
        told = plain(lines[first])
        if not told or told.startswith(">"):
            break
        if _begins(told):
            found = first
            if not told[0].isdigit():
                break  # a date or a time may still have the first words on the line above it
    return list(lines[found:at])


def _begins(told: str) -> bool:
    """Whether an introduction may begin with this line and go on in the next one."""
    if told[-1] in "!?؟:":
        return False
    if qp.NAMED.match(told):
        return True
    opens = qp.OPENS.match(told) is not None and (told[-1] in ",،" or qp.EVIDENCE.search(told) is not None)
    return told[-1] != "." and (opens or qp.DATED.search(told) is not None)


def _drop_opening(kept: list[str], told: str) -> None:
    """Take the first lines of a broken introduction out of what was kept."""
    for _ in _opening([*kept[-2:], told], min(2, len(kept))):
        kept.pop()


def _quoted_next(lines: Sequence[str], at: int) -> bool:
    for line in lines[at : at + 6]:
        if line.strip():
            return line.lstrip().startswith(">")
    return False
