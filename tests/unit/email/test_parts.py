"""The parts of a mail are ranges of its bytes, and every cap holds before anything is decoded."""

import email
from email.message import Message
from pathlib import Path

import pytest

from bench.workload import build
from channels.email.parts import DEPTH_CAP, PARTS_CAP, part_of
from inbox.domain.arrivals import Spooled
from inbox.domain.problems import Unreadable
from tests.unit.email.bombs import nested, parts
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
