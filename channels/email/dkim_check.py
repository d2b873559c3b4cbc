"""Our own look at the signatures of a mail (DKIM, RFC 6376), with the keys that came with it; no network is asked."""

import re
from collections.abc import Mapping

import dkim

from channels.email.key_stamps import SIGNATURES_MOST, vouches
from channels.email.transfer import Buffer

_ON_TRIAL = re.compile(rb"(?:^|;)\s*t\s*=[^;]*\by\b")
SIZE_MOST = 1_100_000
"""Bytes of the largest mail that is looked at: the reader splits it into lines, and a larger one was not held in memory."""


def vouched(raw: Buffer, sender: str, keys: Mapping[str, bytes]) -> bool:
    """Whether a signature of the sender's own domain, or one above or below it, is right.

    A signature that is wrong proves nothing: lists and gateways change mail. One that leaves a part of the content open
    (`l=`) does not count, for anybody may have added to that, nor does SHA-1 (RFC 8301, 3.1) or a key on trial (`t=y`).
    Expiry (`x=`) is judged when the mail is read.
    """
    if not keys or len(raw) > SIZE_MOST:
        return False
    try:
        reader = dkim.DKIM(raw[:], minkey=1024, timeout=0)
        signatures = sum(name.lower() == b"dkim-signature" for name, _ in reader.headers)
        return any(_right(reader, number, sender, keys) for number in range(min(signatures, 2 * SIGNATURES_MOST)))
    except dkim.DKIMException:
        return False


def _right(reader: dkim.DKIM, number: int, sender: str, keys: Mapping[str, bytes]) -> bool:
    def known(name: bytes, **_: object) -> bytes | None:
        record = keys.get(name.decode("latin-1").rstrip(".").lower(), b"")
        return record if record and not _ON_TRIAL.search(record) else None

    try:
        right = reader.verify(idx=number, dnsfunc=known)
    # Strangers' bytes in a library that expects well-formed ones: whatever it trips over, the signature is not right.
    except Exception:
        return False
    fields = reader.signature_fields
    whole = b"l" not in fields and fields[b"a"] != b"rsa-sha1"
    return bool(right) and whole and vouches(fields[b"d"].decode("latin-1").lower(), sender)
