"""The fingerprint of a mail: equal for two copies of one mail that took different ways, different for any two mails."""

import hashlib
from collections.abc import Iterator

from channels.email.headers import Headers
from channels.email.transfer import Buffer

# What servers and filters on the way add. A copy by another way has other ones, the mail is the same.
_TRACES = (
    "received x-received return-path delivered-to x-original-to x-original-from envelope-to x-envelope-to x-envelope-from "
    "delivery-date authentication-results x-authentication-results received-spf dkim-signature domainkey-signature "
    "dkim-filter x-spam x-virus-scanned x-virus-status x-antivirus x-antivirus-status x-uid x-uidl x-keywords status "
    "x-status x-imap x-imapbase x-mozilla-status x-mozilla-status2 x-mozilla-keys lines content-length x-forwarded-to "
    "x-forwarded-for x-getmail-retrieved-from-mailbox x-evolution-source x-account-key x-rspamd-server x-rspamd-queue-id "
    "x-delivered-to x-apparently-to x-loop-check x-inbox-oversized old-return-path x-mailfrom x-resolved-to x-sieve fetchinfo "
    "x-inbox-dkim-key"
)
_TRACE_FAMILIES = (
    "arc- x-spam- x-google- x-gm- x-ms-exchange- x-forefront- x-microsoft- x-rspamd- x-proofpoint- x-mimecast- x-barracuda- "
    "x-ironport- x-amavis- x-yahoo- x-ymail- x-mailgun-incoming x-pm- x-zoho- x-sg- x-ses-receipt x-scanned- resent-"
)
_NAMES = frozenset(_TRACES.split())
_FAMILIES = tuple(_TRACE_FAMILIES.split())
_CHUNK = 1 << 20


def fingerprint(headers: Headers, raw: Buffer, body: int) -> str:
    """SHA-256 (hex) over the fields that are no traces, refolded, and the content from `body` on with any line ends.

    Where neither Message-ID nor Date tells two mails apart, the traces count too: an alert that says the same every
    night must not be taken for a copy.
    """
    all_count = "message-id" not in headers.first and "date" not in headers.first
    digest = hashlib.sha256()
    for name, value in headers.fields:
        if all_count or not (name in _NAMES or name.startswith(_FAMILIES)):
            digest.update(name.encode() + b":" + b" ".join(value.split()) + b"\n")
    for piece in _lines(raw, body):
        digest.update(piece)
    return digest.hexdigest()


def _lines(raw: Buffer, body: int) -> Iterator[bytes]:
    """The content with LF for line ends, without those at its very end."""
    yield b"\n"
    held = b""
    for start in range(body, len(raw), _CHUNK):
        piece = held + raw[start : start + _CHUNK]
        kept = piece.rstrip(b"\r\n")
        held = piece[len(kept) :]
        yield kept.replace(b"\r\n", b"\n")
