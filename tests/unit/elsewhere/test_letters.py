"""Words made into a mail: the mail codec reads them back whole, cleaned as every mail is, and no name breaks out of its place."""

from datetime import UTC, datetime
from pathlib import Path

from channels.email.codec import EmailCodec
from inbox.domain.happenings import Address, InboundMessage
from inbox.elsewhere import letters
from inbox.elsewhere.letters import letter
from inbox.elsewhere.vocabulary import File, Words

AT = datetime(2024, 3, 1, 8, tzinfo=UTC)
ALI, US = Address("ali@example.org", 'علی "رضا"\r\nBcc: eve@example.org'), Address("support@inbox.example")
CODEC = EmailCodec(("support@inbox.example",), b"s" * 32)


def read(words: Words, subject: str = "سفارش", sender: Address = ALI) -> tuple[InboundMessage, bytes]:
    raw, _ = letter(words, subject, sender, [US], "zendesk 1/2")
    (said,) = CODEC.parse(raw)
    assert isinstance(said, InboundMessage)
    return said, raw


def test_text_and_html_come_back_and_the_html_is_cleaned() -> None:
    html = '<p>سلام <b>خوبید</b></p><script>alert(1)</script><a href="javascript:x">y</a>'
    said, _ = read(Words("2", AT, "customer", text="سلام خوبید", html=html))
    assert (said.text, said.subject, said.language, said.automatic) == ("سلام خوبید", "سفارش", "fa", None)
    assert said.html is not None
    assert "<b>" in said.html
    assert "script" not in said.html
    only, _ = read(Words("2", AT, "customer", html="<p>one</p><p>two</p>"))
    assert only.text.split() == ["one", "two"]


def test_a_name_stays_a_name() -> None:
    said, raw = read(Words("2", AT, "customer", text="x"), "a\r\nBcc: eve@example.org")
    assert b"\nBcc" not in raw
    assert (said.sender.address, said.cc, said.to) == ("ali@example.org", (), (US,))
    assert "علی" in said.sender.name


def test_files_are_in_it_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(range(256)) * 40)
    file = File('../نقشه "x".bin', "application/x-thing; evil\r\nX: y", 10_240, tmp_path / "a")
    said, raw = read(Words("2", AT, "customer", text="x", files=(file,)))
    (found,) = said.attachments
    assert found.filename.endswith(".bin")
    assert found.content_type == "application/x-thing"
    assert CODEC.attachment(raw, found.start, found.length, found.encoding) == bytes(range(256)) * 40
    page = File("page.html", "multipart/mixed", 10_240, tmp_path / "a")
    said, _ = read(Words("2", AT, "customer", text="x", files=(page, file)))
    assert [one.content_type for one in said.attachments] == ["application/octet-stream", "application/x-thing"]


def test_what_is_not_there_or_too_large_is_named_apart(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    here, gone = File("a", "text/plain", 1, tmp_path / "a"), File("b")
    vast = File("c", "", letters.MOST + 1, tmp_path / "a")
    _, left = letter(Words("2", AT, "customer", text="x", files=(here, gone, vast)), "s", ALI, [US], "zendesk 1/2")
    assert left == (gone, vast)


def test_odd_letters_do_no_harm() -> None:
    said, _ = read(
        Words("2", AT, "customer", text="a\ud800b", key="<m1@example.org>"), sender=Address("ali@example.org")
    )
    assert said.text.startswith("a")
    assert said.key == "<m1@example.org>"
    said, raw = read(Words("2", AT, "customer", text="x", key="<m1>\r\nBcc: eve@example.org>"))
    assert b"Bcc" not in raw
