"""What a browser keeps while somebody signs in elsewhere."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Began:
    """What the browser keeps while the person is away at the provider: without it, what comes back is worth nothing."""

    state: str
    nonce: str
    verifier: str
    onward: str = ""

    def packed(self) -> str:
        """As a cookie keeps it."""
        return urlsafe_b64encode(json.dumps([self.state, self.nonce, self.verifier, self.onward]).encode()).decode()

    @classmethod
    def unpacked(cls, kept: str) -> "Began | None":
        """What a browser brings back; None for what is no such thing."""
        try:
            state, nonce, verifier, onward = json.loads(urlsafe_b64decode(kept[:4000]))
        except (ValueError, TypeError, RecursionError):
            return None
        whole = all(isinstance(one, str) for one in (state, nonce, verifier, onward)) and state and nonce and verifier
        return cls(state, nonce, verifier, onward) if whole else None
