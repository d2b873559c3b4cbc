"""How people mark what is for their colleagues alone, anywhere: `/ text`, `#note text`, `note: text`, «یادداشت: متن», `[note] text`, 🔒 text.

Programs put marks of direction, bullets and stars around it, and keyboards write other strokes and colons: it is a note all the
same. Better a note too much than one that a customer reads.
"""

import re

from inbox.text.fold import squeeze

WORDS = (
    *("note", "private", "internal", "internal note", "private note"),
    *("یادداشت", "یادداشت داخلی", "یادداشت خصوصی"),
)
"""Words that make a note of what stands behind them."""
_NOTES = frozenset(squeeze(word) for word in WORDS)
_LOCKS = ("🔒", "🔐", "🔏", ":lock:")
_MARKS = "\u00ad\u061c\u200b\u200c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
_SPACES = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
UNSEEN = _MARKS + _SPACES
"""All that shows nothing: white space, marks of direction, joiners and blanks of no width."""
_PICTURES = "\ufe0e\ufe0f\u200d"
"""What chooses a sign's picture."""
_EMPHASIS = r"[*_~`]"
_DRESS = ">*_~`•·‣◦–—-" + UNSEEN
_STROKE = re.compile(r"[/／][^\S\r\n]")
_SIGNED = re.compile(
    rf"[/#／＃﹟](?P<gap>[^\S\r\n]*)(?P<word>[^\s:：؛,،/#@*~`]+)(?:@\w+)?{_EMPHASIS}*(?P<stop>\s*[:：؛,،])?(?P<rest>.*)",
    re.DOTALL,
)
_NAMED = re.compile(r"(?P<word>[^:：؛\r\n]{1,30})[:：؛](?P<rest>.*)", re.DOTALL)
_BRACKETED = re.compile(r"\[(?P<word>[^\]\r\n]{1,30})\](?P<rest>.*)", re.DOTALL)


def bare(text: str) -> str:
    """`text` without what shows nothing at both ends."""
    return text.strip(UNSEEN)


def unmarked(text: str) -> str | None:
    """The words of a note that is marked as one; None for what is not marked."""
    said = bare(text)
    for sign in _LOCKS:
        if said.startswith(sign):
            return bare(said.removeprefix(sign).lstrip(_PICTURES))
    if _STROKE.match(said):
        return bare(said[1:])
    signed = _signed(said.lstrip(_DRESS))
    if signed is not None:
        return signed
    for shape in (_NAMED, _BRACKETED):
        found = shape.match(said)
        if found is not None and _is_note(found["word"]):
            return bare(found["rest"].lstrip("*_~`"))
    return None


def holds_note(text: str) -> bool:
    """Whether a text is marked as a note, or one of its lines is by a stroke or a hash: whoever wrote that meant nobody outside."""
    return unmarked(text) is not None or any(_signed(bare(line), glued=True) is not None for line in text.splitlines())


def _signed(said: str, *, glued: bool = False) -> str | None:
    """`#note` ends where its line, a space or a stop is: `/notebook` is another word. `glued`: nothing stands behind the sign."""
    found = _SIGNED.match(said)
    if found is None or not _is_note(found["word"]) or (glued and found["gap"]):
        return None
    rest = found["rest"]
    return bare(rest) if found["stop"] or not rest or rest[0] in UNSEEN else None


def _is_note(word: str) -> bool:
    return squeeze(re.sub(_EMPHASIS, "", word)) in _NOTES
