"""Who wrote what a mail passes on: by the repeated header of many programs and languages, or by the attached mail."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from channels.email.codec import EmailCodec
from inbox.domain.happenings import Address, Forwarded, InboundMessage

CORPUS = Path(__file__).parents[2] / "corpus"
CODEC = EmailCodec(("support@desk.test",), b"corpus" * 6)


def passed_on(raw: bytes) -> Forwarded | None:
    (said,) = CODEC.parse(raw)
    assert isinstance(said, InboundMessage)
    return said.forwarded


@pytest.mark.parametrize(
    ("name", "sender", "subject", "begins", "words"),
    [
        (
            "en-gmail-forward-with-comment-and-own-signature",
            Address("billing@desk-payments.test", "Billing"),
            "Invoice 88-102",
            "Dear customer,",
            "Is this really from you? The account number is new to me.",
        ),
        (
            "fa-forward-outlook-baz-ersal-keeps-all",
            Address("anbar@sazeh.test", "انبار"),
            "شکایت مشتری",
            "دو کارتن خیس رسیده است.",
            "لطفاً پیگیری شود.",
        ),
    ],
)
def test_the_repeated_header_tells_who_wrote_it(
    name: str, sender: Address, subject: str, begins: str, words: str
) -> None:
    found = passed_on((CORPUS / f"{name}.eml").read_bytes())
    assert found is not None
    assert (found.sender.address, found.subject) == (sender.address, subject)
    assert found.text.startswith(begins)
    assert found.words.startswith(words)


def _mail(text: str, subject: str = "Fwd: Parcel") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Reza <reza@acme.test>", "support@desk.test", subject
    mail["Message-ID"] = "<forward@acme.test>"
    mail.set_content(text)
    return mail


@pytest.mark.parametrize(
    "header",
    [
        "From: Sara <sara@x.test>\nDate: Tue, 24 Nov 2026\nSubject: Parcel\nTo: reza@acme.test",
        "From: Sara [mailto:sara@x.test]\nSent: Tuesday, November 24, 2026 9:58 AM\nTo: Reza\nSubject: Parcel",
        "> From: Sara <sara@x.test>\n> Subject: Parcel\n> Date: 24 November 2026\n> To: reza@acme.test",
        "از: Sara <sara@x.test>\nتاریخ: سه‌شنبه ۳ آذر\nموضوع: Parcel\nبه: reza@acme.test",
        "Von: Sara\n <sara@x.test>\nGesendet: Dienstag\nAn: Reza\nBetreff: Parcel",
    ],
    ids=["gmail", "outlook", "apple", "persian", "broken line"],
)
def test_headers_of_many_programs(header: str) -> None:
    quoted = "> " if header.startswith(">") else ""
    mark = "Begin forwarded message:" if quoted else "---------- Forwarded message ---------"
    found = passed_on(bytes(_mail(f"Please look.\n\n{quoted}{mark}\n{header}\n{quoted}\n{quoted}Where is it?\n")))
    assert found is not None
    assert (found.sender.address, found.subject) == ("sara@x.test", "Parcel")
    assert (found.text, found.words) == ("Where is it?", "Please look.")


def test_an_attached_mail_tells_all_of_itself() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"], inner["Message-ID"] = "Sara <sara@x.test>", "Parcel", "<hers@x.test>"
    inner["Date"], inner["References"] = "Tue, 24 Nov 2026 10:00:00 +0330", "<before@x.test>"
    inner.set_content("Where is it?")
    mail = _mail("Please look.")
    mail.add_attachment(inner)
    found = passed_on(bytes(mail))
    assert found is not None
    assert (found.sender, found.text.strip(), found.key) == (
        Address("sara@x.test", "Sara"),
        "Where is it?",
        "<hers@x.test>",
    )
    assert (found.references, found.words) == (("<before@x.test>",), "Please look.")
    assert found.sent_at is not None


@pytest.mark.parametrize(
    "text",
    [
        "Where is it?",
        "---------- Forwarded message ---------\nFrom: Sara\nSubject: Parcel\nTo: x\n\nWhere?",
        "---------- Forwarded message ---------\nFrom: a@x.test, b@x.test\nSubject: Parcel\n\nWhere?",
        "---------- Forwarded message ---------",
    ],
    ids=["nothing passed on", "no address", "two senders", "nothing behind the mark"],
)
def test_where_nobody_is_told_nobody_is_named(text: str) -> None:
    assert passed_on(bytes(_mail(text))) is None


def test_a_quote_in_an_answer_is_not_passed_on() -> None:
    text = "Thanks.\n\n-----Original Message-----\nFrom: Sara <sara@x.test>\nSubject: Parcel\nTo: reza\n\nWhere?"
    assert passed_on(bytes(_mail(text, "Re: Parcel"))) is None


def test_what_we_wrote_ourselves_is_nobodys_matter() -> None:
    text = "---------- Forwarded message ---------\nFrom: <support@desk.test>\nSubject: Parcel\nTo: sara\n\nHere."
    assert passed_on(bytes(_mail(text))) is None


def test_a_header_that_never_ends_names_nobody() -> None:
    line = "From: Sara <sara@x.test>\n"
    assert passed_on(bytes(_mail("---------- Forwarded message ---------\n" + line * 3_000))) is None
