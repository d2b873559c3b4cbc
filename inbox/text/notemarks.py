"""How people mark what is for their colleagues alone, in mail, chats and anywhere: `/ text`, `note: text`, «یادداشت: متن», 🔒 text."""

import re

from inbox.text.fold import fold

WORDS = ("note", "private", "internal", "یادداشت")
"""Words that make a note of what stands behind them."""
_FOLDED = frozenset(fold(word) for word in WORDS)
_SIGNS = ("/ ", "🔒")
_SAID = re.compile(r"(?P<sign>[/#]?)(?P<word>[^\s:/#@]+)(?:@\w+)?(?P<colon>\s*[:：])?(?P<rest>.*)", re.DOTALL)


def unmarked(text: str) -> str | None:
    """The words of a note that is marked as one; None for what is not marked."""
    said = text.lstrip("\ufeff\u200b\u200e\u200f \t\r\n")
    for sign in _SIGNS:
        if said.startswith(sign):
            return said.removeprefix(sign).lstrip("\ufe0f").strip()
    found = _SAID.match(said)
    if found is None or fold(found["word"]) not in _FOLDED or not (found["sign"] or found["colon"]):
        return None
    rest = found["rest"]
    # `/notebook` is another word; `#note` ends where its line or a space does.
    return rest.strip() if found["colon"] or not rest or rest[0].isspace() else None
