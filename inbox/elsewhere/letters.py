"""Words made into a mail, so that they are read, cleaned and kept exactly as a mail is: HTML, quotes, language, files.

A name from outside stands in an encoded word (RFC 2047) or a parameter value (RFC 2231), bodies and files in Base64 (RFC 2045).
"""

import base64
from collections.abc import Iterable, Sequence
from datetime import UTC
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote

from inbox.domain.happenings import Address
from inbox.elsewhere.vocabulary import File, Words
from inbox.text.cleaning import clean_header

MOST = 40 << 20
"""Bytes of the files of one mail, at most: encoded they stay below what is looked at of a mail."""
_PLAIN = ("application", "audio", "image", "video", "text")
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.+-")


def letter(
    words: Words, subject: str, sender: Address, to: Sequence[Address], named: str
) -> tuple[bytes, tuple[File, ...]]:
    """The mail, and the files that are not in it: the export does not hold them, or they are too large. `named`: what this is there.
    Raises OSError where a file cannot be read."""
    inside: list[File] = []
    left: list[File] = []
    size = 0
    for file in words.files:
        fits = file.path is not None and size + file.size <= MOST
        size += file.size if fits else 0
        (inside if fits else left).append(file)
    head = [
        f"From: {_person(sender)}",
        f"Date: {format_datetime(words.at.astimezone(UTC))}",
        f"Subject: {_encoded(subject)}",
        f"X-Imported-From: {_encoded(named)}",
        "MIME-Version: 1.0",
    ]
    head += [f"{name}: {_people(people)}" for name, people in (("To", to), ("Cc", words.cc)) if people]
    if words.key.startswith("<") and words.key.endswith(">") and words.key.isascii() and words.key.isprintable():
        head.append(f"Message-ID: {words.key}")
    return _lines(head) + _whole(words, inside), tuple(left)


def _whole(words: Words, files: Sequence[File]) -> bytes:
    bodies = (
        [_part("text/plain; charset=utf-8", words.text.encode("utf-8", "replace"))]
        if words.text or not words.html
        else []
    )
    if words.html:
        bodies.append(_part("text/html; charset=utf-8", words.html.encode("utf-8", "replace")))
    body = bodies[0] if len(bodies) == 1 else _multipart("alternative", bodies)
    if not files:
        return body
    return _multipart("mixed", [body, *(_enclosed(file) for file in files)])


def _multipart(kind: str, parts: Sequence[bytes]) -> bytes:
    """No line of a part can be the border: every part is Base64 or has borders of its own."""
    border = f"=_{kind}_="
    head = f'Content-Type: multipart/{kind}; boundary="{border}"\r\n\r\n'.encode()
    return head + b"".join(f"--{border}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{border}--\r\n".encode()


def _part(kind: str, content: bytes, more: Iterable[str] = ()) -> bytes:
    head = _lines([f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *more])
    return head + b"\r\n" + base64.encodebytes(content).replace(b"\n", b"\r\n")


def _enclosed(file: File) -> bytes:
    assert file.path is not None
    name = quote(clean_header(file.name)[:200].encode("utf-8", "replace"), safe="")
    return _part(
        _kind(file.content_type), file.path.read_bytes(), [f"Content-Disposition: attachment; filename*=utf-8''{name}"]
    )


def _kind(told: str) -> str:
    main, _, sub = told.lower().partition(";")[0].strip().partition("/")
    return f"{main}/{sub}" if main in _PLAIN and sub and set(sub) <= _SAFE else "application/octet-stream"


def _people(people: Iterable[Address]) -> str:
    return ",\r\n ".join(_person(one) for one in people)


def _person(one: Address) -> str:
    return f"{_encoded(one.name)} <{one.address}>" if one.name else f"<{one.address}>"


def _encoded(text: str) -> str:
    """As encoded words, whatever it is made of: then nothing in it can be read as anything else."""
    clean = clean_header(text)
    return Header(clean, "utf-8", maxlinelen=75).encode(linesep="\r\n") if clean else ""


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")
