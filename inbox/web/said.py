"""What a page says once: the sentence about an act that has just been done, carried over the redirect in a cookie of its own."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

COOKIE = "inbox_said"
LASTS = 60
"""Seconds."""
MOST = 2_000
"""Bytes of the cookie: whoever sends more is not one of our pages."""
_HALVES = re.compile("[\ud800-\udfff]")
"""JSON can name them, and no page can show them."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words for the reader; `wrong`: they tell what could not be done."""

    words: str = ""
    wrong: bool = False


def packed(said: Said) -> str:
    """As a cookie keeps it."""
    words = said.words.encode()[: MOST // 2].decode(errors="ignore")
    return urlsafe_b64encode(json.dumps([words, said.wrong], ensure_ascii=False).encode()).decode()


def unpacked(cookies: Mapping[str, str]) -> Said:
    """What a browser brings. It is escaped like all words, and shown to the one who sent it alone; what is no such thing is nothing."""
    try:
        words, wrong = json.loads(urlsafe_b64decode(cookies.get(COOKIE, "")[:MOST]))
    except (ValueError, TypeError, RecursionError):
        return Said()
    return Said(_HALVES.sub("", words), wrong is True) if isinstance(words, str) else Said()
