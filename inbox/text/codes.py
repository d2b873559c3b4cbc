"""Codes of things, such as serial numbers: one form in which they are compared, and what in a text may be one.

However somebody types it, a code is equal to itself: either digits, capital or small letters, with spaces, hyphens, dots and strokes
or without. What may be one is looked up and not guessed: a text offers candidates, and a list says which of them exist.
"""

import re
from collections.abc import Iterator

from inbox.text.fold import fold_spaced

SHORTEST, LONGEST = 5, 64
"""Letters and digits of a code that is looked for in texts. A shorter one would be found in any order number."""
GROUPS = 4
"""Neighbouring groups that may be one code: `SN 1234 5678`."""
MOST = 256
"""Candidates of one text, the first in it."""
LOOKED_AT = 20_000
"""Letters of a text that are looked at."""
_GROUP = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\s:،,;؛()\[\]{}<>«»\"'!؟?#=|]+")
_DIGIT = re.compile(r"\d")


def code(written: str) -> str:
    """The form in which codes are compared; empty where nothing of it is a letter or a digit. Applied twice it changes nothing."""
    return "".join(_GROUP.findall(fold_spaced(written)))


def candidates(text: str) -> tuple[str, ...]:
    """What in a text may be a code, as `code` writes it, in the order in which it stands there; each once.

    A word whole, a part of one, and up to four neighbours together; it has a digit.
    """
    found: dict[str, None] = {}
    folded = fold_spaced(text[:LOOKED_AT])
    for one in _runs(folded) if _DIGIT.search(folded) else ():
        if SHORTEST <= len(one) <= LONGEST and _DIGIT.search(one):
            found.setdefault(one)
            if len(found) == MOST:
                break
    return tuple(found)


def _runs(folded: str) -> Iterator[str]:
    words = [groups for word in _WORD.findall(folded) if (groups := _GROUP.findall(word))]
    whole = ["".join(groups) for groups in words]
    digits = [bool(_DIGIT.search(one)) for one in whole]
    for at, groups in enumerate(words):
        if any(digits[at : at + GROUPS]):  # most words of a text have none near them
            yield from ("".join(whole[at : at + length]) for length in range(1, GROUPS + 1))
        if len(groups) > 1 and digits[at]:
            for start in range(len(groups)):
                yield from ("".join(groups[start : start + length]) for length in range(1, GROUPS + 1))
