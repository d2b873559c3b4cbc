"""Transfer encodings: the bytes that base64, quoted-printable or uuencode stand for, however damaged."""

import binascii
import re
from mmap import mmap

from inbox.domain.happenings import Encoding

Buffer = bytes | mmap
"""A mail in memory, or a spooled one mapped into it."""
_CHUNK = 1 << 20
_NAMES: dict[str, Encoding] = {
    "": "identity",
    "7bit": "identity",
    "8bit": "identity",
    "binary": "identity",
    "7-bit": "identity",
    "8-bit": "identity",
    "base64": "base64",
    "quoted-printable": "quoted-printable",
    "quotedprintable": "quoted-printable",
    "x-uuencode": "uuencode",
    "uuencode": "uuencode",
    "x-uue": "uuencode",
    "uue": "uuencode",
}
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_BEGIN = re.compile(rb"^begin [0-7]{3,4} ", re.MULTILINE)


def encoding_of(value: bytes) -> Encoding | None:
    """What a Content-Transfer-Encoding field names; None where nobody knows it (the bytes are then taken as they are)."""
    return _NAMES.get(value.partition(b";")[0].strip(b" \t\"'").decode("ascii", "replace").lower())


def decode(raw: bytes, encoding: str) -> tuple[bytes, bool]:
    """The decoded bytes, as many as can be saved, and whether all was well. Never raises."""
    if encoding == "base64":
        return _base64(raw)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw), True
    if encoding == "uuencode":
        return _uuencode(raw)
    return raw, True


def size(raw: Buffer, start: int, end: int, encoding: str) -> int:
    """How many bytes `decode` would give for that range; for base64 counted without decoding, and not all at once."""
    if encoding == "identity":
        return end - start
    if encoding != "base64":
        return len(decode(raw[start:end], encoding)[0])
    letters = 0
    for at in range(start, end, _CHUNK):
        piece = raw[at : min(end, at + _CHUNK)]
        letters += len(piece) - piece.count(b"\n") - piece.count(b"\r") - piece.count(b"=")
    return letters * 3 // 4


def _base64(raw: bytes) -> tuple[bytes, bool]:
    raw = raw.rstrip()
    if raw.find(b"=", 0, -2) == -1:  # padding in the middle would end the library's decoding there
        try:
            return binascii.a2b_base64(raw), True
        except binascii.Error:
            pass
    return b"".join(map(_base64_run, re.split(rb"=+", raw))), False


def _base64_run(raw: bytes) -> bytes:
    plain = _NOT_BASE64.sub(b"", raw)
    usable = plain[:-1] if len(plain) % 4 == 1 else plain
    return binascii.a2b_base64(usable + b"=" * (-len(usable) % 4))


def _uuencode(raw: bytes) -> tuple[bytes, bool]:
    begin = _BEGIN.search(raw)
    if begin is None:
        return raw, False
    told = []
    for line in raw[begin.start() :].splitlines()[1:]:
        if line.rstrip() in (b"end", b"`", b""):
            break
        told.append(_uuencoded_line(line))
    return b"".join(told), True


def _uuencoded_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Programs that count a line's length wrong: take as many bytes as the first letter promises.
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            return b""
