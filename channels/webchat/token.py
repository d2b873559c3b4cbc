"""Who a visitor is, without a row: a name that nobody can guess, signed by the site; and what else only the site can name."""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from inbox.ports.channel import Place

BYTES = 16
"""Of chance in an anonymous visitor's name: 128 bits."""
_RANDOM = "[a-z2-7]{26}"
VISITOR = re.compile(f"{_RANDOM}|user-{_RANDOM}")
"""A visitor's address on this kind of channel: one that drew it, or one that a host page vouches for."""
USER = "user-"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Everything is an HMAC-SHA256 under a key of this channel alone; nothing is stored, and each process says the same."""

    key: bytes

    def fresh(self) -> str:
        """A new visitor."""
        return _letters(secrets.token_bytes(BYTES))

    def token(self, visitor: str) -> str:
        """What the visitor's browser keeps and shows."""
        return f"{visitor}.{self._mark('token', visitor)}"

    def visitor(self, token: str) -> str | None:
        """Whose token it is; None where we did not make it."""
        visitor, _, mark = token.partition(".")
        if not VISITOR.fullmatch(visitor) or not mark.isascii():
            return None
        return visitor if hmac.compare_digest(mark, self._mark("token", visitor)) else None

    def user(self, id: str) -> str:
        """The visitor that a host page calls by this id: the same on each of their devices, and not to be guessed from it."""
        return USER + self._mark("user", id)[:26]

    def key_of(self, kind: str, visitor: str, id: str) -> str:
        """The key of what a visitor sends under an id of their own: sent again, it is the same."""
        return self._mark(kind, visitor, id)[:32]

    def form(self, visitor: str, once: str) -> str:
        """What a form of this visitor carries so that no other site can send it; `once` tells forms apart."""
        return f"{once}.{self._mark('form', visitor, once)}"

    def once(self, visitor: str, form: str) -> str | None:
        """Which form it was; None where it was none of this visitor's."""
        once, _, mark = form.partition(".")
        good = mark.isascii() and hmac.compare_digest(mark, self._mark("form", visitor, once))
        return once if once and good else None

    def _mark(self, *words: str) -> str:
        """52 letters. A word cannot run into the next: each is told with its length."""
        said = b"".join(len(word).to_bytes(4, "big") + word for word in (one.encode() for one in words))
        return _letters(hmac.new(self.key, said, hashlib.sha256).digest())


def tokens(place: Place) -> Tokens:
    """The tokens of the channel at that place."""
    return Tokens(hmac.new(place.secret, f"webchat\0{place.name}".encode(), hashlib.sha256).digest())


def _letters(content: bytes) -> str:
    return base64.b32encode(content).decode("ascii").rstrip("=").lower()
