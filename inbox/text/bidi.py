"""Which way a text runs, and how a value is set into a sentence without turning it around."""

import re
from typing import Literal
from unicodedata import bidirectional

Direction = Literal["rtl", "ltr"]

FSI = "\u2068"
PDI = "\u2069"

# A link or an address is Latin in any language, so it says nothing about the direction of the words around it.
_ADDRESSES = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)\S+@\S+")


_ENOUGH = 4000  # characters: nobody reads on to find out which way a text runs


def direction(text: str) -> Direction:
    """The direction of most of the strong letters (of the first 4,000 characters); on a tie that of the first one, and "ltr" where there are none.

    A browser's `dir="auto"` looks at the first strong letter only, which turns "OK سلام، رسید" around.
    """
    strong = [
        kind != "L" for kind in map(bidirectional, _ADDRESSES.sub(" ", text[:_ENOUGH])) if kind in {"L", "R", "AL"}
    ]
    rightward = 2 * sum(strong) - len(strong)
    if rightward == 0:
        return "rtl" if strong and strong[0] else "ltr"
    return "rtl" if rightward > 0 else "ltr"


def direction_within(part: str, around: Direction) -> Direction:
    """The direction of a part (a paragraph, a line) of a text that runs `around`: that of its letters where most of them and the
    first one agree, and `around` where they do not, or where it has none.

    Neither alone is right: most of the letters turn «با احترام، Mehregan Coffee» around, which ends a Persian letter; the first
    one turns "OK سلام، رسید". A part that both disagree on is mixed, and belongs to the text that it stands in. A lone address
    has no say around it (see `direction`), but it is read as it is written, from left to right.
    """
    strong = [
        kind != "L" for kind in map(bidirectional, _ADDRESSES.sub(" ", part[:_ENOUGH])) if kind in {"L", "R", "AL"}
    ]
    if not strong:
        return "ltr" if _ADDRESSES.search(part) else around
    most = direction(part)
    return most if strong[0] == (most == "rtl") else around


def isolate(value: str) -> str:
    """`value` between FSI and PDI (UAX #9), so that a reference or an address keeps its order inside any sentence.

    The marks stand around the value, never inside it: people copy values.
    """
    if value.startswith(FSI) and value.endswith(PDI):
        return value
    return f"{FSI}{value}{PDI}"


def isolate_foreign(value: str, surroundings: Direction) -> str:
    """`value` isolated where it would disturb a sentence of that direction: foreign letters, or Latin digits without letters."""
    kinds = {bidirectional(letter) for letter in value}
    if surroundings == "ltr":
        return isolate(value) if kinds & {"R", "AL"} else value
    latin = "L" in kinds or (not kinds & {"R", "AL"} and any("0" <= letter <= "9" for letter in value))
    return isolate(value) if latin else value
