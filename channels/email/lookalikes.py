"""Senders who look like somebody else: letters of another script, text turned around, an address shown in place of the real one.

What is shown to people is harmless by then (`inbox.text.cleaning`, domains in their ASCII form); the marks say that
somebody tried. Which letters look alike: Unicode Technical Standard 39, section 4; only those that pass for Latin.
"""

import re
from functools import lru_cache
from unicodedata import combining, normalize

from channels.email import charsets, encodedwords
from channels.email.addresses import normal
from inbox.domain.happenings import Address

OTHER_ADDRESS = "name-shows-another-address"
OVERRIDE = "bidi-override-in-sender"
MIXED_NAME = "mixed-script-name"
LOOK_ALIKE = "look-alike-address"

_OVERRIDES = re.compile("[\u202d\u202e]")
_SHOWN = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_AT = str.maketrans({"\uff20": "@", "\ufe6b": "@", "\uff0e": "."})
# Scripts with letters that pass for Latin ones: Greek and Coptic, Cyrillic, Armenian, Cherokee, Lisu.
_ALIEN = re.compile(
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


def tricks(value: bytes, sender: Address, ours: tuple[str, ...]) -> set[str]:
    """What is false about a sender, by name. `value` is the From field as it stands, `ours` are our own addresses."""
    found = set()
    plain = value.isascii()
    if (not plain or b"=?" in value) and _OVERRIDES.search(_unfolded(value)):
        found.add(OVERRIDE)
    if _shows_another(sender):
        found.add(OTHER_ADDRESS)
    if not sender.name.isascii() and mixed(sender.name):
        found.add(MIXED_NAME)
    if _false(sender.address, ours):
        found.add(LOOK_ALIKE)
    return found


def mixed(text: str) -> bool:
    """Whether one word of a text is written with letters of several scripts that look alike."""
    if _ALIEN.search(text) is None:
        return False
    return any(sum(one.search(word) is not None for one in _SCRIPTS) > 1 for word in _WORD.findall(text))


def skeleton(text: str) -> str:
    """What a hasty reader takes a text for: Latin letters without accents, no digit that is like a letter."""
    if not text.isascii():
        apart = normalize("NFKD", text.casefold())
        text = "".join(letter for letter in apart if not combining(letter)).translate(_LATIN)
    return text.replace("rn", "m").replace("vv", "w").replace("0", "o").replace("1", "l").replace("i", "l")


def _unfolded(value: bytes) -> str:
    text = charsets.decode(value)[0]
    return encodedwords.decode(text) if "=?" in text else text


def _shows_another(sender: Address) -> bool:
    name = sender.name if sender.name.isascii() else sender.name.translate(_AT)
    return "@" in name and any(normal(one) not in ("", sender.address) for one in _SHOWN.findall(name))


def _false(address: str, ours: tuple[str, ...]) -> bool:
    local, _, domain = address.rpartition("@")
    if not local.isascii() and mixed(local):
        return True
    own, alike = _domains(ours)
    if domain in own:
        return False
    shown = _shown(domain) if "xn--" in domain else domain
    if not shown.isascii() and (mixed(shown) or _passes_for_latin(shown)):
        return True
    return skeleton(shown) in alike


@lru_cache(maxsize=64)
def _domains(ours: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The domains of our own addresses, and what a hasty reader takes them for."""
    own = frozenset(one.rpartition("@")[2] for one in ours)
    return own, frozenset(map(skeleton, own))


def _passes_for_latin(domain: str) -> bool:
    """Whether a whole label of another script can be read as Latin letters; below a domain of its own script nobody would."""
    *labels, top = domain.split(".")
    return top.isascii() and any(_ALIEN.search(one) is not None and skeleton(one).isascii() for one in labels)


def _shown(domain: str) -> str:
    """A domain as browsers would show it; as it stands where it is no such name."""
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain
