"""Chance as an argument: tokens drawn from a seed, so that a unit that runs again draws the same ones."""

import base64
import hashlib
import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entropy:
    """32 unguessable bytes from which a unit draws as many independent values as it needs, by label.

    Two labels give unrelated values (SHA-256 of seed and label); the same label gives the same value again.
    """

    seed: bytes

    @classmethod
    def fresh(cls) -> "Entropy":
        """A new seed from the system's generator. Called by the shell, never inside a unit."""
        return cls(secrets.token_bytes(32))

    def draw(self, label: str) -> bytes:
        """32 bytes for this label."""
        return hashlib.sha256(self.seed + label.encode()).digest()

    def token(self, label: str) -> str:
        """26 characters a-z2-7: 130 bits, safe in a mail address' local part, a header and a URL."""
        return base32(self.draw(label))[:26]


def base32(raw: bytes) -> str:
    """Lower-case RFC 4648 base32 without padding: survives systems that fold the case of a local part."""
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()
