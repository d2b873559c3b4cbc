"""Signs mail as it goes out. The key is read by whoever sends, and by nobody who composes, shows or parses mail."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from channels.email import secrets
from channels.email.signing import Signature, signed
from channels.email.signing_keys import BadKey, key_of
from inbox.domain.outgoing import FrozenPart
from inbox.domain.problems import Credentials
from inbox.domain.secrets import SecretReference


@dataclass(frozen=True, slots=True)
class Signer:
    """One channel's name to sign under. Its key is read anew for each mail, so that a new one needs no restart."""

    domain: str
    selector: str
    reference: SecretReference
    site: Path

    async def signature(self) -> Signature:
        """Raises Credentials where there is no usable key, Temporary where a command that prints it fails."""
        pem = await secrets.read(self.reference, self.site)
        try:
            return Signature(self.domain, self.selector, await asyncio.to_thread(key_of, pem))
        except BadKey as error:
            key = "dkim.short_key" if error.bits else "dkim.bad_key"
            raise Credentials(key, source=str(self.reference), bits=error.bits) from None

    async def sign(self, part: FrozenPart) -> FrozenPart:
        """The same part with a signature. Without a key nothing goes out: unsigned, it would be taken for a forgery."""
        signature = await self.signature()
        return replace(part, body=await asyncio.to_thread(signed, part.body, signature))
