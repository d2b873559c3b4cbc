"""Who a host page says is signed in there, believed under an HMAC that only its server can make."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inbox.text.cleaning import clean_header

LONGEST = 320
"""Characters of an id, a name, an address."""


@dataclass(frozen=True, slots=True)
class User:
    """A person of the host page: its own id of them; name and mail address where it tells them."""

    id: str
    mail: str = ""
    name: str = ""


def proof(user: User, secret: bytes) -> str:
    """What the host page's server has to send along: HMAC-SHA256 (hex) of the id, the mail and the name, a line each.

    UTF-8, joined by line feeds, without one at the end; what is not told is an empty line.
    """
    return hmac.new(secret, "\n".join((user.id, user.mail, user.name)).encode(), hashlib.sha256).hexdigest()


def proved(said: Mapping[str, Any], secret: bytes) -> User | None:
    """The user that `id`, `mail`, `name` and `proof` tell of; None where the proof is not of these words."""
    words = [said.get(name) or "" for name in ("id", "mail", "name", "proof")]
    if not all(isinstance(word, str) and len(word) <= LONGEST for word in words) or not words[0]:
        return None
    id, mail, name, given = words
    # A word with a line feed could pass for two of them.
    if any(clean_header(word) != word for word in (id, mail, name)) or not given.isascii():
        return None
    user = User(id, mail, name)
    return user if hmac.compare_digest(given.lower(), proof(user, secret)) else None
