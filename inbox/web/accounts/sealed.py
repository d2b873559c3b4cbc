"""Keys of one-time codes as the store keeps them: sealed with the site's own secret, so that a copy of the database makes no code."""

import hashlib
import hmac
from functools import cached_property
from typing import TYPE_CHECKING

from inbox.domain.ids import AgentId
from inbox.store import credentials
from inbox.store.unit import Unit
from inbox.web.accounts.codes import is_key

if TYPE_CHECKING:
    from joserfc.jwk import OctKey

_HOW = {"alg": "dir", "enc": "A256GCM"}


class Seal:
    """Of one site. Without a secret nothing is sealed, and what is sealed stays so."""

    def __init__(self, secret: bytes = b"") -> None:
        own = hmac.new(secret, b"keys of one-time codes", hashlib.sha256).digest()
        self._own = own if secret else None

    @cached_property
    def _key(self) -> "OctKey | None":
        from joserfc.jwk import OctKey  # here, for most who start see no key

        return None if self._own is None else OctKey.import_key(self._own)

    def close(self, whose: AgentId, key: str) -> str:
        """As it is kept: a compact JWE (RFC 7516) that names whose it is, so that nobody's can be put in another's place."""
        if self._key is None:
            return key
        from joserfc import jwe

        return jwe.encrypt_compact(_HOW, f"{whose} {key}".encode(), self._key)

    def open(self, whose: AgentId, kept: str) -> str:
        """The key. What was kept in clear before is as it is; empty for what another secret sealed, or for somebody else."""
        if is_key(kept) or self._key is None:
            return kept
        from joserfc import jwe
        from joserfc.errors import JoseError

        try:
            found = (jwe.decrypt_compact(kept, self._key).plaintext or b"").decode()
        except (JoseError, ValueError):
            return ""
        owner, _, key = found.partition(" ")
        return key if owner == str(whose) and is_key(key) else ""


def seal_all(unit: Unit, seal: Seal) -> int:
    """What an older version kept in clear; how many there were."""
    clear = [(whose, kept) for whose, kept in credentials.keys(unit) if is_key(kept)]
    for whose, key in clear:
        credentials.reseal(unit, whose, seal.close(whose, key))
    return len(clear)
