"""MIME entities written lean: a field at a time, CRLF only, nothing random. Bytes follow from the input alone."""

import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from channels.email.encodedwords import encode
from inbox.text.cleaning import clean_header

CRLF = "\r\n"
_LINE = 76
_LINE_MOST = 998  # RFC 5322, 2.1.1
_ANY_END = re.compile(rb"\r\n|\r|\n")
_TOKEN = re.compile(r"[A-Za-z0-9!#$&+.^_`|~-]+")
_TYPE = re.compile(r"[A-Za-z0-9!#$&+.^_-]{1,60}/[A-Za-z0-9!#$&+.^_-]{1,80}")
_TEXT_LINE_MOST = 990


@dataclass(frozen=True, slots=True)
class Entity:
    """Header lines (each with its CRLF) and an encoded content."""

    head: str
    body: bytes

    def bytes(self) -> bytes:
        """The entity as it stands in a mail."""
        return self.head.encode() + b"\r\n" + self.body


def field(name: str, text: str) -> str:
    """An unstructured field: clean, encoded words where letters need them, folded at 76 columns between words."""
    told = clean_header(text)
    return f"{name}: {_folded(encode(told, len(name) + 2), len(name) + 2)}{CRLF}"


def _folded(text: str, taken: int) -> str:
    if taken + len(text) <= _LINE or CRLF in text:
        return text
    lines, line = [], ""
    for word in text.split(" "):
        if line and taken + len(line) + 1 + len(word) > _LINE:
            lines.append(line)
            line, taken = word, 1
        else:
            line = f"{line} {word}" if line else word
    return f"{CRLF} ".join([*lines, line])


def listed(name: str, words: Sequence[str], separator: str = "") -> str:
    """A field of several words, each whole on a line: message ids and mailboxes are never broken or encoded as one.

    A first word that is too long for the line of the name stands on its own.
    """
    beside = len(name) + 2 + len(words[0].encode()) <= _LINE_MOST
    return f"{name}:{' ' if beside else f'{CRLF} '}{f'{separator}{CRLF} '.join(words)}{CRLF}"


def text_entity(subtype: str, text: str, more: Iterable[str] = ()) -> Entity:
    """A text part in UTF-8: 7bit where it is short ASCII lines, quoted-printable where mostly so, else base64."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = lines if lines.endswith("\n") else lines + "\n"
    raw = lines.encode("utf-8", "replace")
    encoding, body = _text_body(raw)
    head = f"Content-Type: text/{subtype}; charset=utf-8{CRLF}Content-Transfer-Encoding: {encoding}{CRLF}"
    return Entity(head + "".join(more), body)


def _text_body(raw: bytes) -> tuple[str, bytes]:
    plain = raw.isascii() and b"\x00" not in raw and b"--=_" not in raw
    if plain and max(map(len, raw.split(b"\n"))) <= _TEXT_LINE_MOST:
        return "7bit", raw.replace(b"\n", b"\r\n")
    upper = len(raw.translate(None, _ASCII))
    if upper * 6 < len(raw):
        # The library writes quoted-printable with the line ends that it reads; a lone CR is no line end any more here.
        return "quoted-printable", binascii.b2a_qp(raw).replace(b"\n", b"\r\n")
    return "base64", base64_lines(raw.replace(b"\n", b"\r\n"))


_ASCII = bytes(range(128))


def base64_lines(raw: bytes) -> bytes:
    """Base64 in lines of 76 characters (RFC 2045, 6.8)."""
    whole = binascii.b2a_base64(raw, newline=False)
    return b"".join(whole[at : at + _LINE] + b"\r\n" for at in range(0, len(whole), _LINE))


def file_entity(filename: str, content_type: str, content: bytes, content_id: str = "") -> Entity:
    """A file; with a `content_id` inline, to be shown by the HTML that names it."""
    kind = content_type if _TYPE.fullmatch(content_type) else "application/octet-stream"
    if kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"  # base64 is not allowed for these (RFC 2045, 6.4)
    head = (
        f"Content-Type: {kind}{_parameter('name', filename)}{CRLF}"
        f"Content-Transfer-Encoding: base64{CRLF}"
        f"Content-Disposition: {'inline' if content_id else 'attachment'}{_parameter('filename', filename)}{CRLF}"
    )
    return Entity(head + (f"Content-ID: <{content_id}>{CRLF}" if content_id else ""), base64_lines(content))


def _parameter(name: str, value: str) -> str:
    """A parameter on a line of its own; by RFC 2231 in pieces where it needs letters beyond ASCII or is long."""
    if value.isascii() and len(value) <= 60:
        told = value if _TOKEN.fullmatch(value) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return f";{CRLF} {name}={told}"
    coded = f"utf-8''{quote(value, safe='')}"
    if len(coded) <= 60:
        return f";{CRLF} {name}*={coded}"
    pieces = re.findall(r"(?:%..|[^%]){1,20}", coded)
    return "".join(f";{CRLF} {name}*{number}*={piece}" for number, piece in enumerate(pieces))


def multipart(subtype: str, boundary: str, parts: Sequence[Entity], more: str = "") -> Entity:
    """Parts behind one another, parted by a boundary that none of them may contain."""
    opening = f"--{boundary}{CRLF}".encode()
    body = b"".join(opening + part.bytes() + b"\r\n" for part in parts) + f"--{boundary}--{CRLF}".encode()
    return Entity(f'Content-Type: multipart/{subtype};{CRLF} boundary="{boundary}"{more}{CRLF}', body)
