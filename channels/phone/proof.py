"""How a telephone system proves that it is ours: by the secret itself, or by a signature that is made with it."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from channels.phone.options import PhoneOptions
from inbox.ports.channel import Place
from inbox.ports.secrets import secret

HEADER = "x-inbox-token"
SIGNATURE = "x-inbox-signature"
FIELD = "token"
"""The field of those that can set no header."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What must be shown. The secret is read anew for each call, so that a new one needs no restart."""

    secret: bytes
    how: Literal["token", "hmac"]

    @classmethod
    def of(cls, options: PhoneOptions, place: Place) -> "Proof":
        """That of a channel. Raises Credentials where its secret cannot be read. Reads a file: for a thread."""
        assert options.secret is not None, "there is no face without one"
        return cls(secret(options.secret, place.site).encode(), options.proof)

    @property
    def may_stand_within(self) -> bool:
        """Whether it may be a field of what is posted: known only once that is read."""
        return self.how == "token"

    def shown_by(self, headers: Mapping[str, str]) -> bool:
        """Whether what stands in the head may be it: the secret is, a signature can be."""
        return self._same(_token(headers)) if self.how == "token" else bool(headers.get(SIGNATURE))

    def holds(self, headers: Mapping[str, str], body: bytes, field: str) -> bool:
        """Whether it is proved, now that all is read; takes the same time for every wrong one of a length."""
        if self.how == "token":
            return self._same(_token(headers)) or self._same(field)
        made = hmac.digest(self.secret, body, hashlib.sha256).hex()
        told = headers.get(SIGNATURE, "").strip().lower().removeprefix("sha256=")
        return hmac.compare_digest(told.encode("utf-8", "replace"), made.encode())

    def _same(self, told: str) -> bool:
        return hmac.compare_digest(told.encode("utf-8", "replace"), self.secret)


def _token(headers: Mapping[str, str]) -> str:
    kind, _, told = headers.get("authorization", "").partition(" ")
    return told.strip() if kind.lower() == "bearer" and told.strip() else headers.get(HEADER, "")
