"""Public keys that travel with a mail: looked up where a network may be asked, and read where none may.

The reading child has no network, and a mail may be read again after its sender changed keys. So whoever fetches puts what the
DNS said in front of the raw mail, as `X-Inbox-Dkim-Key`, under a seal of the site's secret that nobody else can make.
"""

import binascii
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from channels.email.addresses import addresses
from channels.email.headers import Headers, headers_of
from inbox.domain.entropy import base32

FIELD = "x-inbox-dkim-key"
SIGNATURES_MOST = 3
"""Signatures of one mail that are looked at: its sender's own, and what a provider adds."""
RECORD_MOST = 2_000
"""Bytes of the longest record that is taken: one for RSA-4096 has 800."""
HEAD_MOST = 65_536
_TAG = re.compile(r"(?:^|;)\s*([ds])\s*=\s*([A-Za-z0-9_.-]{1,253})\s*(?=;|$)")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


@dataclass(frozen=True, slots=True)
class Stamps:
    """Makes and knows our seals."""

    secret: bytes

    def stamped(self, mail: bytes, keys: Mapping[str, bytes]) -> bytes:
        """The mail with a field in front for each key (name in the DNS, text of the record)."""
        return b"".join(self._field(name, record) for name, record in keys.items()) + mail

    def keys(self, headers: Headers) -> dict[str, bytes]:
        """The keys that we put there; a field with another seal is a stranger's."""
        found = {}
        for value in headers.every(FIELD):
            seal, _, rest = value.decode("latin-1").partition(" ")
            if hmac.compare_digest(self._seal(rest).encode(), seal.encode()):
                name, _, record = rest.partition(" ")
                found[name] = binascii.a2b_base64(record)
        return found

    def _field(self, name: str, record: bytes) -> bytes:
        said = f"{name} {binascii.b2a_base64(record, newline=False).decode('ascii')}"
        return f"X-Inbox-Dkim-Key: {self._seal(said)} {said}\r\n".encode()

    def _seal(self, said: str) -> str:
        return base32(hmac.digest(self.secret, b"dkim key " + said.encode(), "sha256"))[:26]


def names_wanted(mail: bytes) -> tuple[str, ...]:
    """Where the keys of a mail's signatures stand in the DNS: of the first few that could vouch for its From, each once."""
    headers = headers_of(mail[:HEAD_MOST].replace(b"\r\n", b"\n").partition(b"\n\n")[0])
    senders, _ = addresses(headers.raw("from"))
    if len(senders) != 1:
        return ()
    return tuple(dict.fromkeys(_names(headers.every("dkim-signature"), senders[0].address.rpartition("@")[2])))[
        :SIGNATURES_MOST
    ]


def vouches(domain: str, sender: str) -> bool:
    """Whether `domain` speaks for mail from `sender`, both domains: it is that one, or stands above or below it."""
    return "." in domain and (domain == sender or sender.endswith(f".{domain}") or domain.endswith(f".{sender}"))


def _names(values: Iterable[bytes], sender: str) -> Iterable[str]:
    for value in values:
        tags = {name: told.lower() for name, told in _TAG.findall(value[:4_000].decode("latin-1"))}
        domain, name = tags.get("d", ""), f"{tags.get('s', '')}._domainkey.{tags.get('d', '')}"
        if vouches(domain, sender) and len(name) <= 253 and all(map(_LABEL.fullmatch, name.split("."))):
            yield name
