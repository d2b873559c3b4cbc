"""The signature that a mail goes out with (DKIM, RFC 6376): the same mail and key always give the same bytes."""

import binascii
import hashlib
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from channels.email.headers import Headers, headers_of
from channels.email.signing_keys import SigningKey

_ONCE = ("from", "to", "cc", "reply-to", "subject", "date", "message-id", "content-type")
"""Signed once more than they are there, so that nobody can add a second one (RFC 6376, 8.15)."""
_MORE = (
    "in-reply-to",
    "references",
    "mime-version",
    "content-transfer-encoding",
    "auto-submitted",
    "content-language",
    "list-unsubscribe",
    "list-unsubscribe-post",
)
"""The last two have to be signed, or no program offers its one click (RFC 8058, 4)."""
_WHITE = re.compile(rb"[ \t]+")
_LINE = 70


@dataclass(frozen=True, slots=True)
class Signature:
    """Under which name we sign: the key is looked up at `<selector>._domainkey.<domain>`."""

    domain: str
    selector: str
    key: SigningKey

    @property
    def record_name(self) -> str:
        """Where the record with the public key has to stand."""
        return f"{self.selector}._domainkey.{self.domain}"


def signed(mail: bytes, signature: Signature) -> bytes:
    """The mail with a DKIM-Signature field in front; the rest is as it was.

    Both canonicalizations are relaxed: white space that a server on the way changes breaks nothing. `t=` is the mail's own
    Date and there is no `x=`, so a second try, whenever it comes, hands over the same bytes.
    """
    head, _, body = mail.partition(b"\r\n\r\n")
    headers = headers_of(head)
    names = [*(name for name in (*_ONCE, *_MORE) if name in headers.first), *_ONCE]
    unsigned = _field(signature, headers, names, body)
    said = b"".join(b"%s:%s\r\n" % (name.encode(), _relaxed(headers.first[name])) for name in names[: -len(_ONCE)])
    proof = signature.key.sign(said + b"dkim-signature:" + _relaxed(unsigned.replace("\r\n", "").encode()))
    written = _lines(binascii.b2a_base64(proof, newline=False).decode("ascii"))
    return f"DKIM-Signature: {unsigned}{written}\r\n".encode() + mail


def _field(signature: Signature, headers: Headers, names: list[str], body: bytes) -> str:
    """The field's value up to and with `b=`."""
    digest = binascii.b2a_base64(hashlib.sha256(relaxed_body(body)).digest(), newline=False).decode("ascii")
    date = headers.text("date")
    at = f" t={int(parsedate_to_datetime(date).timestamp())};" if date else ""
    return (
        f"v=1; a={signature.key.algorithm}-sha256; c=relaxed/relaxed;\r\n d={signature.domain};\r\n s={signature.selector};"
        f"{at}\r\n h={_names(names)};\r\n bh={digest};\r\n b="
    )


def _names(names: list[str]) -> str:
    lines, line = [], ""
    for name in names:
        if len(line) + len(name) > _LINE:
            lines.append(line)
            line = ""
        line += f"{name}:"
    return "\r\n ".join([*lines, line]).removesuffix(":")


def _lines(text: str) -> str:
    return "\r\n ".join(text[at : at + _LINE] for at in range(0, len(text), _LINE))


def _relaxed(value: bytes) -> bytes:
    """A field's value, unfolded, as it is signed (RFC 6376, 3.4.2)."""
    return _WHITE.sub(b" ", value).strip(b" ")


def relaxed_body(body: bytes) -> bytes:
    """The content as it is signed (RFC 6376, 3.4.4)."""
    told = _WHITE.sub(b" ", body).replace(b" \r\n", b"\r\n").rstrip(b" \r\n")
    return told + b"\r\n" if told else b""
