"""What a person newly wrote: quotes, forwarded headers and signatures are folded away, in one pass over the lines.

Nothing is lost by it, the whole text is kept beside it. When in doubt a line stays: an agent who sees a quote too much
loses a second, an agent who does not see an answer loses the customer. Inline answers stay; forwarded mail is content.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from channels.email import quotepatterns as qp
from channels.email.html import QUOTE_MARKS
from channels.email.htmltext import text_of
from channels.email.introductions import introduction, opening
from channels.email.lines import plain, unmarked
from channels.email.separators import ends_here, forwards
from channels.email.signatures import unsigned
from inbox.text.above import is_mark

TEXT_CAP = 65_536
"""Characters that are looked at; what lies behind them is only in the whole text."""
LINES_CAP = 3_000
"""Lines that are looked at; the rest stays as it is."""
_POINTER = 300


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
    own: list[str] = []
    for words in map(unsigned, kept.words):
        apart = own and words and not own[-1].strip()
        own += words[_blanks(words) :] if apart else words  # one gap where a quote was, not two
    if kept.content and own and own[-1].strip() and kept.words[-1][-1:] == [""]:
        own.append("")  # a signature stood between the comment and what it is about
    told = "\n".join([*own, *kept.content]).strip()
    below = kept.cut and len(told) < _POINTER and qp.BELOW.search(" ".join(map(plain, own))) is not None
    return text[:TEXT_CAP].strip() if below or not told else told


def _blanks(lines: Sequence[str]) -> int:
    """How many blank lines come first."""
    return next((at for at, line in enumerate(lines) if line.strip()), len(lines))


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
        if is_mark(told) and any(word.strip() for words in kept.words for word in words):
            break  # below it nothing is the writer's, quoted line by line or not
        if told.startswith(">") and not line.startswith("  "):
            # Apple Mail puts what it forwards into a quote that nobody introduces.
            if not quoting and not introduced and forwards(told.lstrip("> ")):
                kept.content = lines[at:]
                break
            if kept.words[-1]:
                kept.words.append([])
            quoting = quoting or len(told) > 1
            introduced = "" if quoting else introduced
            continue
        quoting = False
        if forwards(told) or (forward and ends_here(lines, at, told)):
            kept.content = lines[at:]
            break
        if not forward and ends_here(lines, at, told):
            kept.cut = True
            break
        before = introduced if not told else ""
        introduced = introduction(lines, at, told) or before
        if not introduced:
            kept.words[-1].append(line)
        elif told:
            _drop_opening(kept.words[-1], told)
        if introduced == "cut":
            kept.cut = True
            break
    return kept


def _drop_opening(kept: list[str], told: str) -> None:
    """Take the first lines of a broken introduction out of what was kept."""
    for _ in opening([*kept[-2:], told], min(2, len(kept))):
        kept.pop()
