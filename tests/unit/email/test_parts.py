"""The parts of a mail are ranges of its bytes, and every cap holds before anything is decoded."""

import email
import time
from email.message import Message
from pathlib import Path

import pytest

from bench.workload import build
from channels.email.parts import DEPTH_CAP, PARTS_CAP, part_of
from inbox.domain.arrivals import Spooled
from inbox.domain.problems import Unreadable
from tests.unit.email.letters import codec, mail, message

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


def leaves(raw: bytes) -> list[tuple[str, bytes]]:
    """Content type and encoded content of each leaf, as our splitter finds them."""
    root, _ = part_of(raw, len(raw))
    return [(part.kind, part.content(raw).rstrip()) for part in root.walk() if not part.children]


def stdlib_leaves(raw: bytes) -> list[tuple[str, bytes]]:
    """The same as the standard library's parser finds them."""
    parts = email.message_from_bytes(raw).walk()
    return [(part.get_content_type(), payload(part)) for part in parts if not part.is_multipart()]


def payload(part: "Message[str, str]") -> bytes:
    """The encoded content of a part, without the line ends behind it."""
    return str(part.get_payload()).encode("utf-8", "surrogateescape").rstrip()


def test_well_formed_mail_has_the_parts_that_the_standard_library_finds() -> None:
    for one in build(120, 7):
        assert leaves(one.raw) == stdlib_leaves(one.raw) or b"text/rfc822-headers" in one.raw


def test_an_attachment_is_a_range_that_decodes_to_its_bytes() -> None:
    for one in build(60, 42):
        if b"image/png" in one.raw:
            (found,) = message(one.raw).attachments
            content = codec().attachment(one.raw, found.start, found.length, found.encoding)
            assert len(content) == found.size == 30 * 1024


def test_a_spooled_attachment_is_read_from_its_file(tmp_path: Path) -> None:
    raw = next(one.raw for one in build(60, 42) if b"image/png" in one.raw)
    file = tmp_path / "mail"
    file.write_bytes(raw)
    spooled = Spooled(file, len(raw))
    (found,) = message(raw).attachments
    assert codec().parse(spooled) == codec().parse(raw)
    assert codec().attachment(spooled, found.start, found.length, found.encoding) == codec().attachment(
        raw, found.start, found.length, found.encoding
    )


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b" \t\n" * 5000])
def test_a_mail_of_nothing_is_unreadable(raw: bytes, tmp_path: Path) -> None:
    file = tmp_path / "mail"
    file.write_bytes(raw)
    for one in (raw, Spooled(file, len(raw))):
        with pytest.raises(Unreadable):
            codec().parse(one)


def parts(count: int) -> bytes:
    """A mail of many parts."""
    one = b"--a\r\nContent-Type: text/plain; name=x\r\n\r\nhi\r\n"
    return mail("Content-Type: multipart/mixed; boundary=a", body=b"\r\n" + one * count + b"--a--\r\n")


def nested(depth: int) -> bytes:
    """A mail of multiparts within multiparts."""
    levels = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (one, one) for one in range(depth))
    return mail(body=b"".join(levels) + b"\r\nhi")


def test_at_most_a_thousand_parts() -> None:
    root, defects = part_of(parts(3 * PARTS_CAP), 10**9)
    assert len(list(root.walk())) == PARTS_CAP
    assert "oversized" in defects


def test_at_most_fifty_levels() -> None:
    root, defects = part_of(nested(3 * DEPTH_CAP), 10**9)
    assert len(list(root.walk())) == DEPTH_CAP + 1
    assert "oversized" in defects


def test_at_most_a_hundred_references_the_first_and_the_newest() -> None:
    found = message(mail("References: " + " ".join(f"<{one}@x>" for one in range(5000)))).references
    assert len(found) == 100
    assert found[0] == "<4999@x>"
    assert found[-1] == "<0@x>"


def html(body: bytes) -> bytes:
    """A mail of HTML alone."""
    return mail("Content-Type: text/html; charset=utf-8", body=b"\r\n" + body)


BOMBS = {
    "20,000 encoded words in From": b"From: " + b" ".join([b"=?utf-8?Q?a?="] * 20_000) + b" <a@b>\r\n\r\nx",
    "100,000 addresses": mail("Cc: " + ", ".join(f"a{one}@b.test" for one in range(100_000))),
    "100,000 parts": parts(100_000),
    "3,000 levels": nested(3_000),
    "20,000 levels of one boundary": mail(body=b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 20_000),
    "3,000 mails in mails": mail(body=b"Content-Type: message/rfc822\r\n\r\n" * 3_000 + b"x"),
    "90,000 brackets in From": b"From: " + b"(" * 90_000 + b"a@b\r\n\r\nx",
    "1 MB of References": mail("References: " + " ".join(f"<{one}@x>" for one in range(90_000))),
    "5 MB in one field": mail("X-A: " + "b" * 5_000_000),
    "100,000 fields": mail(*["X-A: b"] * 100_000),
    "50,000 nested div": html(b"<div>" * 50_000),
    "open formatting before paragraphs": html(
        b"".join(b"<font size=%d>" % one for one in range(180)) + b"<p>x" * 2_000
    ),
    "900,000 ampersands": html(b"&" * 900_000),
    "900,000 angle brackets": html(b"<" * 900_000),
    "padding without end": mail("Content-Transfer-Encoding: base64", body=b"\r\n" + b"=" * 3_000_000),
    "uuencoded lines of nothing": mail(
        "Content-Transfer-Encoding: x-uuencode", body=b"\r\nbegin 644 x\n" + b"M\n" * 500_000
    ),
    "delimiters that are none": mail("Content-Type: multipart/mixed; boundary=a", body=b"\r\n" + b"\n--aX" * 500_000),
    "On On On": mail(body=b"\r\n" + b"On " * 20_000),
    "50,000 empty lines": mail(body=b"\r\n" + b"\n" * 50_000 + b"x"),
    "quotes that never close": b"From: " + b'\\"' * 45_000 + b"\r\n\r\nx",
    "a domain of 45,000 Persian letters": b"From: a@" + "آ".encode() * 45_000 + b"\r\n\r\nx",
    "comments in Authentication-Results": mail("Authentication-Results: mx.desk.test; " + "(" * 90_000),
    "a file name of 30,000 steps": mail('Content-Type: application/x; name="' + "a./" * 30_000 + '"'),
    "a bounce of at signs": b"Return-Path: <>\r\nFrom: mailer-daemon@x\r\nSubject: failure notice\r\n\r\n"
    + b"a.b@" * 200_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_bomb_takes_two_seconds(name: str) -> None:
    started = time.process_time()
    codec("mx.desk.test").parse(BOMBS[name])
    assert time.process_time() - started < 2
