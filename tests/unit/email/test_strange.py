"""What mail in the world is like where it is not as it should be: read all the same, nothing lost, nobody deceived."""

import base64

import pytest

from tests.unit.email.letters import codec, mail, message

PERSIAN = "سلام، سفارش من نرسید. می‌خواهم بدانم 🙂 #۱۲"


@pytest.mark.parametrize(
    ("charset", "body", "text"),
    [
        ("unknown-8bit", PERSIAN.encode(), PERSIAN),
        ("x-no-such-charset", PERSIAN.encode(), PERSIAN),
        ("utf-7", b"a +AGEAYg- b", "a ab b"),
        ("utf-16", PERSIAN.encode("utf-16"), PERSIAN),
        ("utf-16", PERSIAN.encode("utf-16")[:-1], PERSIAN[:-1]),
        ("base64", b"Hello", "Hello"),
        ("rot13", b"Hello", "Hello"),
    ],
)
def test_b6_any_charset_gives_words(charset: str, body: bytes, text: str) -> None:
    found = message(mail(f"Content-Type: text/plain; charset={charset}", body=b"\r\n" + body))
    assert found.text.startswith(text)


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "x-uuencode", "x-nobody-knows"])
def test_b6_a_broken_transfer_encoding_gives_what_can_be_saved(encoding: str) -> None:
    raw = mail(
        f"Content-Transfer-Encoding: {encoding}", "Content-Type: application/x; name=x", body=b"\r\n=\xff!SGVsbG8=\r\n"
    )
    (found,) = message(raw).attachments
    content = codec().attachment(raw, found.start, found.length, found.encoding)
    assert len(content) <= found.size + 3


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n", b"\r\r\n"])
def test_b7_any_line_ends_part_header_and_words(end: bytes) -> None:
    raw = mail(body=b"\r\none\r\n\r\ntwo\r\n").replace(b"\r\n", end)
    found = message(raw)
    assert (found.sender.address, found.subject) == ("sara@customer.test", "Order")
    assert found.text.split() == ["one", "two"]


def test_b7_nuls_and_raw_letters_in_a_header() -> None:
    found = message(b"Subject: \x00" + PERSIAN.encode() + b"\x00\r\nFrom: \x00a@b.test\r\n\r\n\x00x\x00")
    assert found.subject == PERSIAN
    assert found.text == "x"


def test_b7_a_header_alone_and_a_body_alone() -> None:
    assert message(b"From: a@b.test\r\nSubject: alone").subject == "alone"
    found = message(b"no header at all, only words\r\nand more")
    assert found.text == "no header at all, only words\nand more"
    assert {"no-from", "no-header"} <= set(found.defects)


def test_b8_of_two_content_types_the_first_counts_for_all() -> None:
    raw = mail("Content-Type: text/plain", "Content-Type: text/html", body=b"\r\n<b>bold</b>\r\n")
    found = message(raw)
    assert (found.text, found.html) == ("<b>bold</b>", None)


def test_b8_an_inner_boundary_like_the_outer_one_loses_no_file() -> None:
    inner = b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: application/x; name=f.bin\r\n\r\nX\r\n--a--\r\n"
    found = message(mail("Content-Type: multipart/mixed; boundary=a", body=b"\r\n" + inner))
    assert [one.filename for one in found.attachments] == ["f.bin"]


@pytest.mark.parametrize(
    "name",
    [
        "../../x",
        "C:\\\\x\\\\y",
        "\u202egnp.exe",
        "\u200b.htaccess",
        ".htaccess",
        "x" * 500,
        "CON",
        "a\x00b",
        "...",
        "/",
    ],
)
def test_b11_a_name_is_a_name_and_never_a_way(name: str) -> None:
    raw = mail(f'Content-Type: application/x; name="{name}"', body=b"\r\nX")
    (found,) = message(raw).attachments
    shown = found.filename
    assert shown
    assert shown == shown.strip(". ")
    assert not set(shown) & set("/\\\x00\u202e\u200b")
    assert len(shown.encode()) <= 255
    assert shown.partition(".")[0].upper() != "CON"


def within(kind: str, *parts: bytes) -> bytes:
    """A mail of several parts."""
    body = b"".join(b"--a\r\n" + part + b"\r\n" for part in parts)
    return mail(f"Content-Type: {kind}; boundary=a", body=b"\r\n" + body + b"--a--\r\n")


def test_b12_an_encrypted_mail_is_kept_as_its_parts() -> None:
    raw = within(
        'multipart/encrypted; protocol="application/pgp-encrypted"',
        b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
        b'Content-Type: application/octet-stream; name="encrypted.asc"\r\n\r\n-----BEGIN PGP MESSAGE-----',
    )
    found = message(raw)
    assert [one.content_type for one in found.attachments] == ["application/pgp-encrypted", "application/octet-stream"]
    assert found.html is None


@pytest.mark.parametrize("kind", ["application/pkcs7-mime", "application/x-pkcs7-mime", "application/ms-tnef"])
def test_b12_what_only_its_own_program_opens_is_a_file(kind: str) -> None:
    (found,) = message(mail(f"Content-Type: {kind}; name=smime.p7m", body=b"\r\nMIIB")).attachments
    assert (found.filename, found.content_type) == ("smime.p7m", kind)


def test_b12_of_an_alternative_that_nobody_shows_the_others_are_shown() -> None:
    found = message(
        within(
            "multipart/alternative",
            b"Content-Type: text/plain\r\n\r\nplain",
            b"Content-Type: text/x-amp-html\r\n\r\n<html amp4email><script async></script>",
            b"Content-Type: text/html\r\n\r\n<p>html</p>",
        )
    )
    assert found.text == "plain"
    assert found.html is not None
    assert "html" in found.html
    assert "script" not in found.html


def test_b12_an_image_of_the_html_is_tied_to_its_part() -> None:
    found = message(
        within(
            "multipart/related",
            b'Content-Type: text/html\r\n\r\n<p>see <img src="cid:Logo@x"></p>',
            b"Content-Type: image/png\r\nContent-ID: <logo@x>\r\n\r\nPNG",
        )
    )
    (image,) = found.attachments
    assert image.inline
    assert f'src="cid:{image.content_id}"' in (found.html or "")


@pytest.mark.parametrize("text", [PERSIAN, "👨‍👩‍👧 خانواده", "می‌روم ABC ۱۲۳ (test) \u200fنشان", "e\u0301 é"])
def test_b15_letters_of_every_kind_come_through_as_they_are(text: str) -> None:
    encoded = base64.encodebytes(text.encode())
    raw = mail("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", body=b"\r\n" + encoded)
    assert message(raw).text == text


def test_b15_half_a_letter_is_replaced_and_told() -> None:
    found = message(mail("Content-Type: text/plain; charset=utf-8", body=b"\r\nHi \xed\xa0\x80 there"))
    found.text.encode()
    assert "garbled-text" in found.defects
