"""What SMTP is told about a part before its bytes: addresses in the form that stands on the wire, and what the server must know."""

import re
from dataclasses import dataclass

from inbox.domain.outgoing import FrozenPart
from inbox.domain.problems import Permanent

_IMPOSSIBLE = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")
LONGEST = 254
"""Bytes of the longest address that fits a path (RFC 5321 4.5.3.1.3, less the angle brackets)."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient: the address as the house knows it, and as SMTP writes it."""

    address: str
    wire: bytes

    @property
    def international(self) -> bool:
        """True where only a server with SMTPUTF8 (RFC 6531) understands it."""
        return not self.wire.isascii()


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything that is said before DATA."""

    sender: bytes
    recipients: tuple[Recipient, ...]
    eight_bit: bool
    size: int

    @classmethod
    def of(cls, part: FrozenPart) -> "Envelope":
        """Looks at a part before anybody is called. Raises Permanent for addresses and bytes that can never be sent."""
        ends = part.body.count(b"\r\n")
        if not ends == part.body.count(b"\r") == part.body.count(b"\n"):
            # Servers disagree on whether a lone CR or LF ends a line, and so on where a mail ends (SMTP smuggling).
            raise Permanent("email.bare_line_ending", key=part.key)
        recipients = tuple(Recipient(address, wire(address)) for address in part.recipients)
        if not recipients:
            raise Permanent("email.nobody_to_send_to", key=part.key)
        sender = wire(part.sender) if part.sender else b""
        return cls(sender, recipients, not part.body.isascii(), len(part.body))


def wire(address: str) -> bytes:
    """The address for SMTP: the domain in ASCII (RFC 5891), the local part in UTF-8. Raises Permanent where it cannot exist."""
    local, at, domain = address.rpartition("@")
    try:
        if not (local and at and domain) or _IMPOSSIBLE.search(address):
            raise UnicodeError
        written = local.encode() + b"@" + _domain(domain)
    except UnicodeError:
        raise Permanent("email.impossible_address", address=address) from None
    if len(written) > LONGEST:
        raise Permanent("email.impossible_address", address=address)
    return written


def _domain(domain: str) -> bytes:
    return domain.encode("ascii") if domain.isascii() else domain.encode("idna")
