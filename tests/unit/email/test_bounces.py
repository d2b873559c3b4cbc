"""Bounces in free text: who was not reached, with what code, for good or for now; and whose words are no bounce."""

import time

import pytest

from inbox.domain.happenings import DeliveryReport
from tests.unit.email.letters import codec, mail, message, report

NULL = "Return-Path: <>"
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.test>"
SUBJECT = "Undelivered Mail Returned to Sender"


def bounced(words: str, *fields: str, sender: str = DAEMON, subject: str = SUBJECT) -> bytes:
    """A mail of these words under an empty envelope."""
    raw = mail(
        NULL, "Content-Type: text/plain; charset=utf-8", *fields, body=f"\r\n{words}\r\n".encode(), sender=sender
    )
    return raw.replace(b"Subject: Order", f"Subject: {subject}".encode())


@pytest.mark.parametrize(
    ("words", "status", "permanent"),
    [
        ("<a@b.test>: 550 5.1.1 User unknown", "5.1.1", True),
        ("<a@b.test>: 450 4.2.0 Greylisted, see http://postgrey.test", "4.2.0", False),
        ("<a@b.test>: 550 no such user", "", True),
        ("<a@b.test>: 421 too busy", "", False),
        ("<a@b.test>: 552-mailbox full", "", True),
        ("<a@b.test>: User unknown", "", True),
        ("<a@b.test>: host 5.2.3.4 did not answer: 4.94.2", "", True),
        ("<a@b.test>: told 250 2.1.0 Ok, then 554 5.7.1 spam", "5.7.1", True),
        ("<a@b.test>: size 512 KB in 450 seconds", "", True),
    ],
)
def test_permanence_follows_the_class_of_status_or_code(words: str, status: str, permanent: bool) -> None:
    told = report(bounced(words))
    assert (told.outcome, told.recipient, told.status, told.permanent) == ("failed", "a@b.test", status, permanent)


@pytest.mark.parametrize(
    "words",
    [
        "mailbox is full",
        "user is over quota",
        "exceeded storage allocation: quota exceeded",
        "greylisted, try again later",
        "connection timed out",
        "Postfach ist voll",
        "La boîte aux lettres du destinataire est pleine",
        "El buzón del destinatario está lleno",
        "La casella del destinatario è piena",
        "A caixa de correio do destinatário está cheia",
        "De mailbox van de ontvanger is vol",
        "Почтовый ящик получателя переполнен",
        "Alıcının posta kutusu dolu",
        "Skrzynka odbiorcy jest przepełniona",
        "收件人邮箱已满",
        "受信者のメールボックスがいっぱいです",
        "صندوق پستی گیرنده پر شده است",
        "صندوق پستي گيرنده پر است",
        "صندوق البريد ممتلئ",
    ],
)
def test_a_full_mailbox_and_other_troubles_that_pass(words: str) -> None:
    told = report(bounced(f"a@b.test\n{words}"))
    assert (told.outcome, told.permanent) == ("failed", False)


@pytest.mark.parametrize(
    "words",
    [
        "user unknown",
        "Benutzer unbekannt",
        "utilisateur inconnu",
        "usuario desconocido",
        "utente sconosciuto",
        "usuário desconhecido",
        "onbekende gebruiker",
        "пользователь не существует",
        "kullanıcı bulunamadı",
        "nieznany użytkownik",
        "收件人不存在",
        "ユーザーが存在しません",
        "کاربر وجود ندارد",
        "المستخدم غير موجود",
    ],
)
def test_an_unknown_user_is_lost_for_good(words: str) -> None:
    assert report(bounced(f"a@b.test\n{words}")).permanent


@pytest.mark.parametrize(
    "words",
    [
        "Your message has not yet been delivered. We will keep trying for 3 days.",
        "THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE. 450 4.4.1",
        "Delivery to a@b.test has been delayed.",
        "Delivery incomplete. The server will retry for 46 more hours.",
        "Die Zustellung wird weiterhin versucht.",
        "Le serveur fera de nouvelles tentatives.",
        "Сервер продолжает попытки; они будут повторяться.",
        "服务器将继续尝试投递",
        "سرور دوباره تلاش خواهد کرد",
    ],
)
def test_a_warning_is_never_permanent(words: str) -> None:
    told = report(bounced(f"a@b.test\n{words}"))
    assert (told.outcome, told.permanent) == ("delayed", False)


@pytest.mark.parametrize(
    ("subject", "outcome"),
    [
        ("Successful Mail Delivery Report", "delivered"),
        ("Delivered: Order", "delivered"),
        ("Unsuccessful mail delivery", "failed"),
        ("Mail delivery unsuccessful", "failed"),
        ("Mail was not successfully delivered", "failed"),
    ],
)
def test_what_the_subject_says_of_the_outcome(subject: str, outcome: str) -> None:
    assert report(bounced("to a@b.test", subject=subject)).outcome == outcome


def test_a_subject_that_speaks_of_delay_makes_no_delay() -> None:
    told = report(bounced("Your message\n  Subject: delivery has been delayed\nto <a@b.test>: 550 5.1.1 unknown"))
    assert (told.outcome, told.permanent) == ("failed", True)


@pytest.mark.parametrize(
    ("words", "recipient"),
    [
        ("From: support@desk.test\nTo: a@b.test\n550 no", "a@b.test"),
        ("Your mail from support@desk.test could not be delivered to a@b.test", "a@b.test"),
        ("Your mail from support+abc@desk.test could not be delivered to a@b.test", "a@b.test"),
        ("Message-ID: <x1@mail.test>\nmailer-daemon@mx.test says: <A@B.test>: 550 no", "a@b.test"),
        (
            "550 no\n\n--- Below this line is a copy of the message.\n\nTo: Ali <a@b.test>\nMessage-ID: <1@desk.test>",
            "a@b.test",
        ),
        ("550 no mailbox", ""),
    ],
)
def test_whose_address_it_is(words: str, recipient: str) -> None:
    assert report(bounced(words)).recipient == recipient


def test_the_header_names_the_recipient_before_the_words_do() -> None:
    told = report(bounced("contact x@y.test about it: 550", "X-Failed-Recipients: a@b.test, c@d.test"))
    assert told.recipient == "a@b.test"


def test_the_subject_names_the_recipient_where_nothing_else_does() -> None:
    told = report(bounced("not listed", subject="DELIVERY FAILURE: User ali (a@b.test) not listed in Directory"))
    assert told.recipient == "a@b.test"


def test_the_mail_that_came_back_is_named() -> None:
    words = (
        "<a@b.test>: 550\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <ours@desk.test>\nTo: a@b.test"
    )
    assert report(bounced(words)).about == ("<ours@desk.test>",)


@pytest.mark.parametrize(
    ("sender", "subject", "words", "fields"),
    [
        ("Sara <sara@customer.test>", "Undelivered Mail Returned to Sender", "a@b.test: 550 5.1.1 unknown", ()),
        (
            "Sara <sara@customer.test>",
            "failure notice",
            "This is the qmail-send program",
            ("Return-Path: <sara@customer.test>",),
        ),
        (
            "postmaster@customer.test",
            "Mail delivery failed",
            "why is a@b.test unknown?",
            ("Return-Path: <postmaster@customer.test>",),
        ),
        ("postmaster@customer.test", "Re: Undeliverable: Order", "a@b.test could not be delivered", ()),
        ("System Administrator <it@customer.test>", "Undeliverable mail", "Hello, can you help?", ()),
    ],
)
def test_a_person_who_writes_about_a_bounce(sender: str, subject: str, words: str, fields: tuple[str, ...]) -> None:
    raw = mail(*fields, body=f"\r\n{words}\r\n".encode(), sender=sender).replace(
        b"Subject: Order", f"Subject: {subject}".encode()
    )
    assert message(raw).automatic in (None, "bulk")


def test_a_vacation_reply_under_an_empty_envelope_is_no_bounce() -> None:
    raw = bounced("I am away; nobody reads this.", sender="ali@customer.test", subject="Re: Order")
    assert message(raw).automatic == "auto-reply"


@pytest.mark.parametrize("subject", ["Read: this first", "Return receipt for the goods?", "خوانده شد: چه شد؟"])
def test_a_subject_alone_is_no_read_receipt(subject: str) -> None:
    raw = mail("Content-Type: text/plain; charset=utf-8", body=b"\r\nPlease look at the notes.\r\n")
    assert message(raw.replace(b"Subject: Order", f"Subject: {subject}".encode())).automatic is None


def test_a_read_receipt_in_words() -> None:
    raw = mail(body=b"\r\nYour message\r\n\r\nwas read on Tuesday, 10:31.\r\n").replace(
        b"Subject: Order", b"Subject: Read: Order"
    )
    told = report(raw)
    assert (told.outcome, told.recipient) == ("read", "sara@customer.test")


BOMBS = [
    *(
        "a@",
        "@",
        "a.",
        "<a@b.test>",
        "5.1.",
        "550 ",
        "-",
        "--- ",
        "=_*-",
        "to: ",
        "From: x\n",
        "\n",
        " ",
        "> ",
        "message-id: <",
    ),
    *(
        "mailbox ",
        "user user ",
        "delivery to ",
        "could not be ",
        "Your message to ",
        "нельзя ",
        "صندوق ",
        "ارسال ",
        "تحویل ",
        "wird nicht ",
    ),
    *(
        "exceed ",
        "temporarily",
        "has not been delivered ",
        "recipient address recipient ",
        "n't been able to ",
        "postfach ",
    ),
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_64_kb_of_anything_take_no_time(bomb: str) -> None:
    raw = bounced((bomb * 65_536)[:65_536], subject=(bomb.strip() * 300)[:300].replace("\n", " "))
    started = time.process_time()
    codec().parse(raw)
    assert time.process_time() - started < 2  # a tenth of that; the rest is for a busy machine


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_status_part_of_anything_takes_no_time(bomb: str) -> None:
    status = "\r\n\r\n".join(f"Final-Recipient: rfc822;{bomb * 50}\r\nAction: failed" for _ in range(600))
    body = f"\r\n--x\r\n\r\n{bomb * 1000}\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n--x--\r\n"
    raw = mail(
        NULL,
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
        body=body.encode(),
        sender=DAEMON,
    )
    started = time.process_time()
    (found,) = codec().parse(raw)
    assert isinstance(found, DeliveryReport)
    assert time.process_time() - started < 2
