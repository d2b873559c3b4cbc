"""Telephone numbers as people type them, in one form: `+98912...` (ITU-T E.164), whatever digits and signs stand between."""

import re

from inbox.text.fold import latin_digits

_BETWEEN = re.compile(r"[\s\u200c\u200e\u200f().\-/‐‑–]+")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


def phone(typed: str, country: str) -> str | None:
    """The number; None for what is none. One with a single zero before it is of `country` (digits: `98`)."""
    bare = _BETWEEN.sub("", latin_digits(typed))
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    elif bare.startswith("0"):
        bare = f"+{country}{bare[1:]}"
    elif bare.isascii() and bare.isdecimal() and bare.startswith(country):
        bare = f"+{bare}"
    elif bare.isascii() and bare.isdecimal():
        bare = f"+{country}{bare}"
    return bare if _NUMBER.fullmatch(bare) else None
