"""Our marks on mail: Message-IDs and reply addresses made of a message's token, and found again in what comes back."""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

from inbox.domain.entropy import base32
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import Purpose

OVERSIZED_MARK = "X-Inbox-Oversized"
"""The field that a fetcher puts before a mail of which it took the beginning only. From a stranger it does no harm."""
_LOCAL_MOST = 64  # RFC 5321, 4.5.3.1.1
_WHY = "|".join(Purpose)
_ID = re.compile(rf"<?((0?[a-z2-7]{{26}})\.({_WHY}))\.([a-z2-7]{{10}})@[^<>\s]+>?")
_ANYWHERE = re.compile(rf"0?[a-z2-7]{{26}}\.(?:{_WHY})\.[a-z2-7]{{10}}@[A-Za-z0-9.-]+".encode())
_TOKEN = re.compile(r"0?[a-z2-7]{26}")


@dataclass(frozen=True, slots=True)
class Marks:
    """The channel's own addresses and the site's secret, with which we tell our own marks from look-alikes.

    A Message-ID reads `<token.purpose.seal@domain>`. The seal is keyed (HMAC-SHA-256, 50 bits), so an id that only
    looks like ours is a stranger's; the token alone, 130 bits, is what opens a conversation, and only by look-up. An
    agent's token has a zero in front.
    """

    addresses: tuple[str, ...]
    secret: bytes

    def message_id(self, token: str, purpose: str, domain: str) -> NetworkKey:
        """The Message-ID of one message of ours, angle brackets included."""
        said = f"{token}.{purpose}"
        return NetworkKey(f"<{said}.{self._seal(said)}@{domain}>")

    def reply_address(self, address: str, token: str) -> str:
        """`support+<token>@domain`; the plain address where that would be too long to be legal."""
        local, _, domain = address.rpartition("@")
        marked = f"{local}+{token}"
        return f"{marked}@{domain}" if token and len(marked) <= _LOCAL_MOST else address

    def own(self, address: str) -> bool:
        """Whether an address (lower case) is ours, with or without something behind a plus sign."""
        local, _, domain = address.rpartition("@")
        return address in self.addresses or f"{local.partition('+')[0]}@{domain}" in self.addresses

    def token_of_address(self, address: str) -> str:
        """The token in a reply address of ours; empty where there is none."""
        local, _, domain = address.lower().rpartition("@")
        base, plus, token = local.partition("+")
        known = plus and f"{base}@{domain}" in self.addresses and _TOKEN.fullmatch(token)
        return token if known else ""

    def token_of_id(self, message_id: str) -> str:
        """The token in a Message-ID that we made; empty for any other id."""
        found = _ID.fullmatch(message_id)
        if found is None or not hmac.compare_digest(self._seal(found.group(1)), found.group(4)):
            return ""
        return found.group(2)

    def ids_within(self, raw: bytes) -> tuple[NetworkKey, ...]:
        """Our own Message-IDs anywhere in `raw`, in order: how a bounce in any format is tied to what it reports."""
        found = [f"<{one.decode('ascii')}>" for one in dict.fromkeys(_ANYWHERE.findall(raw))]
        return tuple(NetworkKey(one) for one in found if self.token_of_id(one))

    def ids_of_addresses(self, addresses: Iterable[str]) -> tuple[NetworkKey, ...]:
        """The Message-IDs that the message may have whose token stands in a reply address: automatic mail is sent from one.

        So a bounce that brings nothing back but itself is tied to what it reports.
        """
        told = {token: one.rpartition("@")[2] for one in addresses if (token := self.token_of_address(one))}
        return tuple(self.message_id(token, purpose, domain) for token, domain in told.items() for purpose in Purpose)

    def tokens(self, addresses: Iterable[str], references: Iterable[str]) -> tuple[str, ...]:
        """All tokens of ours in addresses and then in references, each once."""
        found = [*map(self.token_of_address, addresses), *map(self.token_of_id, references)]
        return tuple(token for token in dict.fromkeys(found) if token)

    def _seal(self, said: str) -> str:
        return base32(hmac.digest(self.secret, b"mail " + said.encode(), "sha256"))[:10]
