"""The bytes of one mail of the workload: a letter in Persian or English, an automatic reply, a delivery report."""

import base64
import quopri
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from enum import StrEnum
from urllib.parse import quote

SUPPORT = "support@desk.test"
ATTACHMENT_BYTES = 30 * 1024
# Bytes of text wanted before a letter ends: with its HTML half and the transfer encoding a mail comes to about 5 KB.
TEXT_BYTES = {"fa": 1050, "en": 1500}

PERSIAN_WORDS = (
    "سلام وقت بخیر سفارش من هنوز به دستم نرسیده است لطفاً پیگیری کنید ممنون از پشتیبانی شما "
    "حساب کاربری رمز عبور ورود خطا پرداخت فاکتور بازگشت وجه کارت بانکی درگاه تراکنش ناموفق "
    "مشکل دارد نمی‌شود می‌خواهم تلفن همراه نشانی پستی تهران اصفهان شیراز تبریز مشهد ارسال بسته "
    "کالا تعویض ضمانت‌نامه نصب برنامه نسخهٔ جدید به‌روزرسانی پیام کد تأیید دریافت نکردم شماره "
    "پیگیری مبلغ تومان ریال تخفیف اشتراک ماهانه سالانه لغو تمدید سرویس اینترنت قطع سرعت پایین"
)
ENGLISH_WORDS = (
    "hello please help my order has not arrived yet and the tracking number shows no update thank "
    "you for your support account password reset login error payment invoice refund card gateway "
    "transaction failed cannot open application update version install device screen router speed "
    "slow subscription renew cancel monthly yearly shipping address changed warranty replacement "
    "item broken missing confirmation code never received agent callback ticket billing team"
)
MAIL_PROGRAMS = ("Thunderbird", "Apple Mail (2.3731)", "Gmail", "Outlook 16.0")


class Language(StrEnum):
    """The language a customer writes in."""

    PERSIAN = "fa"
    ENGLISH = "en"


class Marking(StrEnum):
    """How an automatic reply says that a machine wrote it; both forms are seen in the wild."""

    STANDARD = "Auto-Submitted: auto-replied"  # RFC 3834 section 5
    OLD = "X-Autoreply: yes\r\nPrecedence: bulk"


@dataclass(frozen=True, slots=True)
class Person:
    """A customer as their mail program shows them."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"


@dataclass(frozen=True, slots=True)
class Heading:
    """What the header of a mail says; `ancestors` are the earlier ids of its conversation, oldest first."""

    sender: Person
    subject: str
    message_id: str
    sent_at: datetime
    ancestors: tuple[str, ...] = ()


def phrase(rng: random.Random, language: Language, length: int) -> str:
    """`length` words of a language in no particular order."""
    bank = (PERSIAN_WORDS if language is Language.PERSIAN else ENGLISH_WORDS).split()
    return " ".join(rng.choice(bank) for _ in range(length))


def paragraphs(rng: random.Random, language: Language) -> tuple[str, ...]:
    """Enough paragraphs for one letter."""
    told: list[str] = []
    while sum(len(one.encode()) for one in told) < TEXT_BYTES[language]:
        told.append(phrase(rng, language, rng.randint(18, 45)) + ".")
    return tuple(told)


def letter(
    rng: random.Random,
    heading: Heading,
    language: Language,
    told: Sequence[str],
    quoted: Sequence[str],
    attach: bool,
) -> bytes:
    """A person's mail: text and HTML, perhaps a quotation of what came before, perhaps a picture of 30 KB."""
    encoding = "base64" if language is Language.PERSIAN and rng.random() < 0.5 else "quoted-printable"
    both = [
        _text("plain", _plain_words(heading, told, quoted), encoding),
        _text("html", _html_words(heading, language, told), encoding),
    ]
    body = _multipart(rng, "alternative", both)
    if attach:
        body = _multipart(rng, "mixed", [body, _picture(rng, language)])
    return _mail(heading, [f"X-Mailer: {rng.choice(MAIL_PROGRAMS)}", "MIME-Version: 1.0"], body)


def automatic_reply(rng: random.Random, heading: Heading, marking: Marking) -> bytes:
    """A vacation notice, marked as such."""
    words = f"I am out of the office until Monday.\n{phrase(rng, Language.ENGLISH, 40)}\n"
    return _mail(heading, [marking, "MIME-Version: 1.0"], _text("plain", words, "quoted-printable"))


def report(rng: random.Random, heading: Heading, about: str, failed: str) -> bytes:
    """A delivery status notification (RFC 3464): the mail `about` could not be delivered to the address `failed`."""
    explanation = (
        "Content-Type: text/plain; charset=us-ascii\r\n\r\nThis is the mail system at host mx.customer.test.\r\n\r\n"
        f"<{failed}>: host mail said: 550 5.1.1 User unknown\r\n"
    )
    status = (
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.test\r\n\r\n"
        f"Final-Recipient: rfc822; {failed}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n"
    )
    returned = (
        f"Content-Type: text/rfc822-headers\r\n\r\nFrom: {SUPPORT}\r\nTo: {failed}\r\n"
        f"Message-ID: {about}\r\nSubject: your request\r\n"
    )
    parts = [part.encode() for part in (explanation, status, returned)]
    body = _multipart(rng, "report; report-type=delivery-status", parts)
    return b"Return-Path: <>\r\n" + _mail(heading, [Marking.STANDARD, "MIME-Version: 1.0"], body)


def _mail(heading: Heading, more: Sequence[str], body: bytes) -> bytes:
    """A whole mail; `body` begins with the header lines of its outermost part."""
    lines = [
        f"From: {heading.sender}",
        f"To: Support <{SUPPORT}>",
        f"Subject: {_header_words(heading.subject)}",
        f"Date: {format_datetime(heading.sent_at)}",
        f"Message-ID: {heading.message_id}",
    ]
    if heading.ancestors:
        lines.append(f"In-Reply-To: {heading.ancestors[-1]}")
        lines.append("References: " + "\r\n ".join(heading.ancestors[-8:]))
    return "\r\n".join([*lines, *more, ""]).encode() + body


def _header_words(words: str) -> str:
    """Encoded words (RFC 2047) where a header could not carry the letters."""
    return words if words.isascii() else Header(words, "utf-8", header_name="Subject").encode(linesep="\r\n")


def _plain_words(heading: Heading, told: Sequence[str], quoted: Sequence[str]) -> str:
    words = "\n\n".join(told) + f"\n\n-- \n{heading.sender.name}\n{heading.sender.address}\n"
    if quoted:
        words += f"\nOn {format_datetime(heading.sent_at)}, Support wrote:\n" + "\n".join(
            "> " + line for line in quoted
        )
    return words


def _html_words(heading: Heading, language: Language, told: Sequence[str]) -> str:
    direction = "rtl" if language is Language.PERSIAN else "ltr"
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body dir="{direction}">'
        + "".join(f"<p>{paragraph}</p>\n" for paragraph in told)
        + f"<div><b>{heading.sender.name}</b><br>{heading.sender.address}</div></body></html>\n"
    )


def _text(subtype: str, words: str, encoding: str) -> bytes:
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    encoded = (
        base64.encodebytes(words.replace("\n", "\r\n").encode())
        if encoding == "base64"
        else quopri.encodestring(words.encode())
    )
    return head.encode() + encoded.replace(b"\n", b"\r\n")


def _picture(rng: random.Random, language: Language) -> bytes:
    persian = language is Language.PERSIAN
    name = f"filename*=utf-8''{quote('رسید.png')}" if persian else 'filename="receipt.png"'  # RFC 2231
    head = (
        "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment; {name}\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(rng.randbytes(ATTACHMENT_BYTES)).replace(b"\n", b"\r\n")


def _multipart(rng: random.Random, subtype: str, parts: Sequence[bytes]) -> bytes:
    boundary = f"=_{rng.getrandbits(64):016x}"
    opening = f"--{boundary}\r\n".encode()
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(opening + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
