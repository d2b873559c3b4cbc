"""Letters that look like others: what a hasty reader takes a text for, and whether one word is put together of several scripts.

Unicode Technical Standard 39, section 4; only the letters that pass for Latin ones.
"""

import re
from unicodedata import combining, normalize

# Scripts with letters that pass for Latin ones: Greek and Coptic, Cyrillic, Armenian, Cherokee, Lisu.
ALIEN = re.compile(
    "[\u0370-\u03ff\u1f00-\u1fff\u2c80-\u2cff\u0400-\u052f\u1c80-\u1c8f\ua640-\ua69f\u0531-\u058f\u13a0-\u13ff\uab70-\uabbf\ua4d0-\ua4ff]"
)
_SCRIPTS = (
    re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    re.compile("[\u0370-\u03ff\u1f00-\u1fff\u2c80-\u2cff]"),
    re.compile("[\u0400-\u052f\u1c80-\u1c8f\ua640-\ua69f]"),
    re.compile("[\u0531-\u058f]"),
    re.compile("[\u13a0-\u13ff\uab70-\uabbf]"),
    re.compile("[\ua4d0-\ua4ff]"),
)
_WORD = re.compile(r"\w+")
_PASSES = {
    "a": "а\u0251",
    "b": "ь",
    "c": "с\u1d04\u03f2",
    "d": "ԁ",
    "e": "е",
    "g": "\u0261\u0581",
    "h": "һհ",
    "i": "іıι",
    "j": "јյ",
    "l": "ӏ\u029f",
    "n": "пոռ",
    "o": "оοօ",
    "p": "рρ",
    "q": "ԛզ",
    "r": "г",
    "s": "ѕ",
    "u": "սυ",
    "v": "ѵν",
    "w": "ԝա",
    "x": "хχ",
    "y": "уγ",
}
_LATIN = str.maketrans({alien: letter for letter, aliens in _PASSES.items() for alien in aliens})


def mixed(text: str) -> bool:
    """Whether one word of a text is written with letters of several scripts that look alike."""
    if ALIEN.search(text) is None:
        return False
    return any(sum(one.search(word) is not None for one in _SCRIPTS) > 1 for word in _WORD.findall(text))


def skeleton(text: str) -> str:
    """What a hasty reader takes a text for: Latin letters without accents, no digit that is like a letter."""
    if not text.isascii():
        apart = normalize("NFKD", text.casefold())
        text = "".join(letter for letter in apart if not combining(letter)).translate(_LATIN)
    return text.replace("rn", "m").replace("vv", "w").replace("0", "o").replace("1", "l").replace("i", "l")
