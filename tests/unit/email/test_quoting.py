"""What a person newly wrote, in many languages and by many mail programs; quick for any input."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.quoting import reply_text

NEW = "Thanks, it came.\nBut the box was open."
OLD = "\n> It was sent.\n> Regards\n"

INTRODUCTIONS = [
    "در تاریخ سه‌شنبه ۳ آذر ۱۴۰۵ ساعت ۱۰:۳۰ پشتیبانی <support@desk.test> نوشت:",
    "در ۱۴۰۵/۰۹/۰۳ ۱۰:۳۰، پشتیبانی نوشته است:",
    "پشتیبانی در تاریخ ۲۴ نوامبر ۲۰۲۶ نوشته:",
    "On Tue, Nov 24, 2026 at 10:30 AM Support <support@desk.test> wrote:",
    "On 24/11/2026 10:30, Support wrote:",
    "Am 24.11.2026 um 10:30 schrieb Support <support@desk.test>:",
    "Am Di., 24. Nov. 2026 um 10:30 Uhr schrieb Support\n<support@desk.test>:",
    "Le mar. 24 nov. 2026 à 10:30, Support <support@desk.test> a écrit :",
    "El mar, 24 nov 2026 a las 10:30, Support (<support@desk.test>) escribió:",
    "Il giorno mar 24 nov 2026 alle ore 10:30 Support <support@desk.test> ha scritto:",
    "Em ter., 24 de nov. de 2026 às 10:30, Support <support@desk.test> escreveu:",
    "Op di 24 nov 2026 om 10:30 schreef Support <support@desk.test>:",
    "вт, 24 нояб. 2026 г. в 10:30, Support <support@desk.test>:",
    "24.11.2026 10:30, Support пишет:",
    "Support <support@desk.test>, 24 Kas 2026 Sal, 10:30 tarihinde şunu yazdı:",
    "wt., 24 lis 2026 o 10:30 Support <support@desk.test> napisał(a):",
    "في الثلاثاء، 24 نوفمبر 2026 في 10:30 كتب Support <support@desk.test>:",
    "2026年11月24日(火) 10:30 Support <support@desk.test>:",
    "Support <support@desk.test> 于2026年11月24日周二 10:30写道：",
    "Den tis 24 nov. 2026 kl 10:30 skrev Support <support@desk.test>:",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_an_introduction_and_what_it_quotes_are_folded(introduction: str) -> None:
    assert reply_text(f"{NEW}\n\n{introduction}\n{OLD}") == NEW


HEADERS = [
    ("از: پشتیبانی", "تاریخ: ۳ آذر ۱۴۰۵", "به: سارا", "موضوع: سفارش"),
    ("فرستنده: پشتیبانی", "ارسال شده: سه‌شنبه", "گیرنده: سارا", "موضوع: سفارش"),
    ("From: Support", "Sent: Tuesday", "To: Sara", "Subject: Order"),
    ("*From:* Support", "*Sent:* Tuesday", "*To:* Sara", "*Subject:* Order"),
    ("Von: Support", "Gesendet: Dienstag", "An: Sara", "Betreff: Order"),
    ("De : Support", "Envoyé : mardi", "À : Sara", "Objet : Order"),
    ("De: Support", "Enviado: martes", "Para: Sara", "Asunto: Order"),
    ("Da: Support", "Inviato: martedì", "A: Sara", "Oggetto: Order"),
    ("Van: Support", "Verzonden: dinsdag", "Aan: Sara", "Onderwerp: Order"),
    ("От: Support", "Отправлено: вторник", "Кому: Sara", "Тема: Order"),
    ("Kimden: Support", "Gönderildi: Salı", "Kime: Sara", "Konu: Order"),
    ("Od: Support", "Wysłano: wtorek", "Do: Sara", "Temat: Order"),
    ("من: Support", "تم الإرسال: الثلاثاء", "إلى: Sara", "الموضوع: Order"),
    ("发件人: Support", "发送时间: 星期二", "收件人: Sara", "主题: Order"),
    ("差出人: Support", "送信日時: 火曜日", "宛先: Sara", "件名: Order"),
]


@pytest.mark.parametrize("lines", HEADERS)
def test_a_header_block_ends_the_new_words(lines: tuple[str, ...]) -> None:
    block = "\n".join(lines)
    assert reply_text(f"{NEW}\n\n{block}\n\nIt was sent.\n") == NEW
    assert reply_text(f"{NEW}\n\n{'_' * 32}\n{block}\n\nIt was sent.\n") == NEW


@pytest.mark.parametrize("lines", HEADERS)
def test_under_a_forwarding_subject_a_header_block_is_content(lines: tuple[str, ...]) -> None:
    text = "\n".join((NEW, "", *lines, "", "It was sent."))
    for subject in ("Fwd: Order", "WG: Order", "بازارسال: سفارش"):
        assert reply_text(text, subject) == text


@pytest.mark.parametrize(
    "separator",
    [
        "-----پیام اصلی-----",
        "-----Original Message-----",
        "-------- Original Message --------",
        "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
        "-----Mensaje original-----",
        "-----Исходное сообщение-----",
        "-----原始邮件-----",
    ],
)
def test_a_separator_ends_the_new_words(separator: str) -> None:
    assert reply_text(f"{NEW}\n\n{separator}\nanything\n") == NEW


@pytest.mark.parametrize(
    "separator",
    [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "-------- Weitergeleitete Nachricht --------",
        "---------- پیام بازارسال شده ----------",
        "---------- پیام هدایت شده ----------",
        "---------- Пересылаемое сообщение ----------",
    ],
)
def test_a_forwarded_mail_is_content(separator: str) -> None:
    text = f"{NEW}\n\n{separator}\nFrom: a@b.test\nDate: today\nTo: me\nSubject: x\n\n> even this"
    assert reply_text(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Get Outlook for iOS<https://aka.ms/x>",
        "ارسال شده از آیفون من",
        "از گوشی سامسونگ من ارسال شد",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verzonden vanaf mijn iPhone",
        "Отправлено с iPhone",
        "iPhone'umdan gönderildi",
        "iPhoneから送信",
        "Sent with Proton Mail secure email.",
    ],
)
def test_what_a_telephone_adds_is_folded(line: str) -> None:
    assert reply_text(f"{NEW}\n\n{line}\n") == NEW


@pytest.mark.parametrize(
    "words",
    [
        "On Monday I wrote:\nplease cancel.\nNothing happened.",
        "Hello\nSent via DHL",
        "سلام\nاز تلفن همراه نمی‌توانم وارد شوم",
        "Prices:\nfrom: 10\nto: 20",
        "He wrote:\nyour order is late",
        "List -- of things\n- one\n- two",
        "سلام\nبه پشتیبانی نوشتم: کسی پاسخ نداد",
        "At 10:30 I called. The agent said:\nwait.",
    ],
)
def test_ordinary_words_stay(words: str) -> None:
    assert reply_text(words) == words


def test_inline_answers_stay() -> None:
    text = "Hi\n\nOn 24/11/2026 10:30, Support wrote:\n> Which order?\n1234\n> When?\nMay\n"
    assert reply_text(text) == "Hi\n\n1234\nMay"


def test_an_answer_below_the_quote_stays() -> None:
    assert reply_text(f"On 24/11/2026 10:30, Support wrote:\n> Which order?\n\n{NEW}") == NEW


def test_when_nothing_new_was_written_all_stays() -> None:
    assert reply_text("> only\n> a quote") == "> only\n> a quote"
    assert reply_text("-----Original Message-----\nx") == "-----Original Message-----\nx"


def test_a_signature_is_cut() -> None:
    assert reply_text(f"{NEW}\n\n-- \nSara\nShop Ltd\n+98 21 0000") == NEW


@pytest.mark.parametrize(
    "bomb",
    [
        "On ",
        "\n",
        "On \n",
        "a:\n",
        "-- \n",
        "From: x\n",
        "_",
        "wrote:\n",
        "On 2020 x@y\n",
        "-" * 39 + "\n",
        "نوشته:\n",
        "* ",
        ">",
    ],
)
def test_64_kb_of_anything_take_no_time(bomb: str) -> None:
    text = (bomb * 65_536)[:65_536]
    started = time.process_time()
    reply_text(text)
    assert time.process_time() - started < 0.2  # some 20 ms; the rest is for a busy machine


@given(st.text(st.sampled_from("On wrote:\n>-_ از نوشت: ۱۴۰۵ a@b.c"), max_size=400))
def test_nothing_is_invented_and_something_is_always_left(text: str) -> None:
    kept = reply_text(text)
    assert bool(kept) == bool(text.strip())
    lines = iter(text.strip().split("\n"))
    assert all(any(line.strip() == other.strip() for other in lines) for line in kept.split("\n"))
