"""What we write: read by the standard library and by ourselves it says what was meant, and nothing can be slipped into it."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.compose import trimmed
from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import File, FrozenPart, Outgoing, Purpose
from inbox.domain.problems import Permanent
from inbox.text.cleaning import clean_header
from tests.unit.email.letters import OURS, SECRET, codec

TOKEN = "abcdefghijklmnopqrstuvwxyz"
REPLY = Outgoing(
    purpose=Purpose.REPLY,
    token=TOKEN,
    sender=Address(OURS, "پشتیبانی فروشگاه"),
    to=(Address("sara@customer.test", "سارا احمدی"),),
    subject="Re: سفارش شمارهٔ ۱۲۳۴ که هنوز به دستم نرسیده است",
    text="سلام\nبسته فردا می‌رسد.\n\nhttps://desk.test/o/1\n",
    date=datetime(2026, 11, 24, 7, 0, tzinfo=UTC),
    language="fa",
    direction="rtl",
    answers=NetworkKey("<m1@customer.test>"),
    references=(NetworkKey("<m0@customer.test>"),),
)
ENGLISH = replace(REPLY, subject="Re: Order", text="Hello\nit comes tomorrow.\n", language="en", direction="ltr")


def frozen(what: Outgoing) -> FrozenPart:
    """The one part of a mail."""
    (part,) = codec().compose(what)
    return part


def read(what: Outgoing) -> EmailMessage:
    """The mail as the standard library reads it, strictly."""
    found = email.message_from_bytes(frozen(what).body, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


def ours(what: Outgoing) -> InboundMessage:
    """The mail as we read it ourselves."""
    (found,) = codec().parse(frozen(what).body)
    assert isinstance(found, InboundMessage)
    return found


def test_a_persian_reply_is_read_as_it_was_meant() -> None:
    mail = read(REPLY)
    assert mail["Subject"] == REPLY.subject
    assert str(mail["Date"]) == "Tue, 24 Nov 2026 07:00:00 +0000"
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().replace("\r\n", "\n") == REPLY.text
    assert 'dir="rtl"' in page.get_content()
    found = ours(REPLY)
    assert found.sender == REPLY.sender
    assert found.to == REPLY.to
    assert found.references == ("<m1@customer.test>", "<m0@customer.test>")
    assert found.own
    assert found.automatic is None


def test_the_same_input_gives_the_same_bytes() -> None:
    assert frozen(REPLY) == frozen(REPLY)
    assert frozen(REPLY).body != frozen(replace(REPLY, token=TOKEN[::-1])).body


def test_the_id_and_the_reply_address_carry_the_token() -> None:
    part = frozen(REPLY)
    assert part.key.startswith(f"<{TOKEN}.reply.")
    assert part.key.endswith("@desk.test>")
    assert read(REPLY)["Message-ID"] == part.key
    assert f"support+{TOKEN}@desk.test" in str(read(REPLY)["Reply-To"])
    assert SECRET not in part.body


def test_envelope_and_lane() -> None:
    part = frozen(replace(REPLY, cc=(Address("Boss@Customer.test"), Address("sara@customer.test"))))
    assert part.recipients == ("sara@customer.test", "boss@customer.test")
    assert part.lane == "sara@customer.test"
    assert part.sender == OURS
    assert part.number == 0


@pytest.mark.parametrize("purpose", [Purpose.ACKNOWLEDGEMENT, Purpose.NOTICE])
def test_automatic_mail_says_so_and_its_bounce_finds_back(purpose: Purpose) -> None:
    what = replace(ENGLISH, purpose=purpose)
    mail = read(what)
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Precedence"] == "bulk"
    assert frozen(what).sender == f"support+{TOKEN}@desk.test"
    assert ours(what).automatic == "auto-reply"
    assert read(replace(what, purpose=Purpose.NOTICE, answers=NetworkKey("")))["Auto-Submitted"] == "auto-generated"


def test_a_reply_of_a_person_bears_no_marks_of_a_machine() -> None:
    assert not {"auto-submitted", "precedence", "x-auto-response-suppress"} & {name.lower() for name in read(REPLY)}


def test_plain_english_is_plain() -> None:
    mail = read(ENGLISH)
    assert mail.get_content_type() == "text/plain"
    assert mail["Content-Transfer-Encoding"] == "7bit"
    assert mail["Content-Language"] == "en"


def test_html_gets_a_direction_on_its_root_and_on_each_block() -> None:
    page = read(replace(REPLY, html='<p>یک</p><p dir="ltr">two</p><ul class="x"><li>سه</li></ul>')).get_body(("html",))
    assert page is not None
    text = page.get_content()
    assert '<html lang="fa" dir="rtl">' in text
    assert '<p dir="rtl">یک</p><p dir="ltr">two</p><ul dir="rtl" class="x">' in text


def test_files_and_inline_images() -> None:
    files = (
        File("رسید خرید فروشگاه اینترنتی نمونه با نام بسیار بلند.pdf", "application/pdf", b"%PDF" * 1000),
        File("../../x.txt", "text/plain", b"a\nb"),
        File("logo.png", "image/png", b"\x89PNG", content_id="logo@desk.test"),
    )
    what = replace(REPLY, html='<p>سلام <img src="cid:logo@desk.test"></p>', files=files)
    mail, found = read(what), ours(what)
    assert [one.get_filename() for one in mail.iter_attachments()] == [files[0].filename, "x.txt"]
    assert next(one.get_content() for one in mail.iter_attachments()) == files[0].content
    assert {one.filename for one in found.attachments} == {files[0].filename, "x.txt", "logo.png"}
    (logo,) = [one for one in found.attachments if one.inline]
    assert logo.content_id == "logo@desk.test"
    assert 'src="cid:logo@desk.test"' in (found.html or "")
    body = frozen(what).body
    for one, file in zip(
        sorted(found.attachments, key=lambda one: one.size),
        sorted(files, key=lambda one: len(one.content)),
        strict=True,
    ):
        assert codec().attachment(body, one.start, one.length, one.encoding) == file.content


@pytest.mark.parametrize("size", [79, 81, 300, 985, 986, 990])
def test_d18_long_ids_are_whole_on_the_wire(size: int) -> None:
    long = NetworkKey("<" + "a" * (size - 15) + "@outlook.test>")
    assert len(long) == size
    body = frozen(replace(REPLY, answers=long, references=(long, NetworkKey("<m0@customer.test>")))).body
    head = body.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert head.replace(b"\r\n ", b" ").count(b"In-Reply-To: " + long.encode()) == 1
    assert ours(replace(REPLY, answers=long, references=())).references == (long,)
    assert read(replace(REPLY, answers=long))["In-Reply-To"].strip() == long


@pytest.mark.parametrize(
    "id",
    ["<" + "b" * 976 + "@outlook.test>", "no id", "<a b@x>", "<a\r\nX-Evil: 1@x>", "<سلام@x>", "<\ud800@x>", "<>", ""],
)
def test_d18_an_id_that_no_header_can_carry_is_left_out(id: str) -> None:
    head = frozen(replace(REPLY, answers=NetworkKey(id), references=(NetworkKey(id),))).body.partition(b"\r\n\r\n")[0]
    assert b"In-Reply-To" not in head
    assert b"References" not in head
    assert head.isascii()


def test_a_long_thread_keeps_its_first_and_its_last_ids() -> None:
    ids = [f"<{one:04d}.{'x' * 40}@customer.test>" for one in range(200)]
    kept = trimmed(ids)
    assert kept[0] == ids[0]
    assert kept[1:] == ids[-len(kept) + 1 :]
    assert sum(map(len, kept)) + len(kept) <= 998
    assert trimmed([]) == []
    assert trimmed(ids[:1]) == ids[:1]
    long = [f"<{'x' * 970}{one}@a.test>" for one in range(4)]
    assert trimmed(long) == [long[0], long[-1]]


LONG = ", Eve <eve@other.test>, " * 10


@pytest.mark.parametrize(
    "name", [LONG, f"a{LONG}", f'"{LONG}', f"{'x' * 69}, eve@other.test", f"سارا{LONG}", "=?utf-8?q?a?=, b"]
)
def test_a_name_of_any_length_is_only_a_name(name: str) -> None:
    what = replace(ENGLISH, sender=Address(OURS, name), to=(Address("sara@customer.test", name),))
    mail, found = read(what), ours(what)
    assert [one.addr_spec for one in mail["To"].addresses] == ["sara@customer.test"]
    assert [one.addr_spec for one in mail["From"].addresses] == [OURS]
    assert found.to == (Address("sara@customer.test", clean_header(name).strip("'\" ")),)


def test_a_text_that_holds_its_own_boundary_parts_nothing() -> None:
    what = replace(ENGLISH, text=f"a\n--=_m{TOKEN}\nb\n--=_m{TOKEN}--\n", files=(File("a.txt", "text/plain", b"x"),))
    assert ours(what).text == what.text.rstrip()
    assert len(ours(what).attachments) == 1


def test_a_word_that_no_line_holds_is_encoded_in_pieces() -> None:
    what = replace(ENGLISH, subject="x" * 3000)
    assert max(map(len, frozen(what).body.split(b"\r\n"))) <= 998
    assert ours(what).subject == what.subject
    assert read(what)["Subject"] == what.subject


def test_automatic_mail_is_no_list_and_offers_nothing_to_leave() -> None:
    for purpose in Purpose:
        assert b"List-" not in frozen(replace(REPLY, purpose=purpose)).body


EVIL = st.text(st.sampled_from('ab \r\n\x00\u2028\u2029\x85\ud800\t:<>@,;"\\=?سا\u202e'), max_size=60) | st.text(
    max_size=60
)


@given(EVIL, EVIL, EVIL, EVIL)
def test_s11_nothing_from_outside_makes_a_header_or_a_recipient(
    name: str, subject: str, filename: str, language: str
) -> None:
    what = replace(
        ENGLISH,
        sender=Address(OURS, name),
        to=(Address("sara@customer.test", name),),
        subject=subject,
        language=language,
        files=(File(filename, "text/plain\r\nX-Evil: 1", b"x", content_id=""),),
    )
    part = frozen(what)
    mail = email.message_from_bytes(part.body)
    allowed = [
        "Date",
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Content-Language",
    ]
    assert [header for header in mail if header not in ("MIME-Version", "Content-Type")] == [
        one for one in allowed if one != "Content-Language" or clean_header(language)
    ]
    assert part.recipients == ("sara@customer.test",)
    found = ours(what)
    assert [one.address for one in found.to] == ["sara@customer.test"]
    assert found.sender.address == OURS
    assert found.subject == clean_header(subject)


@given(st.text(max_size=300))
def test_d21_lines_end_with_crlf_only_and_the_text_is_whole(text: str) -> None:
    body = frozen(replace(ENGLISH, text=text)).body
    assert body.replace(b"\r\n", b"").count(b"\n") == 0
    assert body.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(map(len, body.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "address",
    [
        "sara",
        "@customer.test",
        "sara@",
        "a b@customer.test",
        "sara@customer..test",
        "sara@" + "a" * 64 + ".test",
        "a" * 65 + "@customer.test",
        "sara@customer.test\r\nRCPT TO:<x@y>",
        "a@" + "b." * 130 + "test",
        "a,b@customer.test",
        '"a\r\nRCPT TO:<x@y>"@customer.test',
        '"a\\"@customer.test',
        '"a"b"@customer.test',
    ],
)
def test_d17_an_impossible_recipient_is_proven_before_any_connection(address: str) -> None:
    with pytest.raises(Permanent) as told:
        codec().compose(replace(REPLY, to=(Address(address),)))
    assert told.value.key == "mail.impossible_address"


def test_who_wrote_without_an_address_cannot_be_answered() -> None:
    with pytest.raises(Permanent) as told:
        codec().compose(replace(REPLY, to=(Address(" "),)))
    assert told.value.key == "mail.no_recipient"


def test_no_recipient_at_all() -> None:
    with pytest.raises(Permanent):
        codec().compose(replace(REPLY, to=()))


def test_a_domain_in_another_script_is_written_in_its_ascii_form() -> None:
    part = frozen(replace(REPLY, to=(Address("info@مثال.ایران"),)))
    assert part.recipients == ("info@xn--mgbh0fb.xn--mgba3a4f16a",)
    assert b"To: info@xn--mgbh0fb.xn--mgba3a4f16a\r\n" in part.body


def test_an_address_too_long_for_a_token_goes_without() -> None:
    long = "a" * 45 + "@desk.test"
    assert b"\r\nReply-To" not in frozen(replace(REPLY, sender=Address(long))).body


def test_what_many_are_told_can_be_refused_with_one_click() -> None:
    stop = "https://help.acme.example/stop/4-7-k2m9x3v8d6h1j0w2r5n7m5t2c7"
    told = replace(ENGLISH, purpose=Purpose.BROADCAST, answers=NetworkKey(""), references=(), stop=stop)
    mail = read(told)
    assert mail["List-Unsubscribe"] == f"<{stop}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (mail["Precedence"], mail["Auto-Submitted"]) == ("bulk", "auto-generated")
    plain = read(replace(told, stop=stop.replace("https", "http")))
    assert (plain["List-Unsubscribe"] is not None, plain["List-Unsubscribe-Post"]) == (True, None)
    for wrong in ("", "javascript:x", "https://x/a>\r\nBcc: all@x"):
        assert read(replace(told, stop=wrong))["List-Unsubscribe"] is None
