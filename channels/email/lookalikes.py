"""Senders who look like somebody else: letters of another script, text turned around, an address shown in place of the real one.

What is shown to people is harmless by then (`inbox.text.cleaning`, domains in their ASCII form); the marks say that
somebody tried. Which letters look alike stands in `inbox.text.alike`.
"""

import re
from functools import lru_cache

from channels.email import charsets, encodedwords
from channels.email.addresses import normal
from inbox.domain.happenings import Address
from inbox.text.alike import ALIEN, mixed, skeleton

OTHER_ADDRESS = "name-shows-another-address"
OVERRIDE = "bidi-override-in-sender"
MIXED_NAME = "mixed-script-name"
LOOK_ALIKE = "look-alike-address"

_OVERRIDES = re.compile("[\u202d\u202e]")
_SHOWN = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_AT = str.maketrans({"\uff20": "@", "\ufe6b": "@", "\uff0e": "."})


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
    return top.isascii() and any(ALIEN.search(one) is not None and skeleton(one).isascii() for one in labels)


def _shown(domain: str) -> str:
    """A domain as browsers would show it; as it stands where it is no such name."""
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain
