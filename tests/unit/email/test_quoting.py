"""What a person newly wrote, in many languages and by many mail programs; quick for any input."""

import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.quoting import new_words, reply_text

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


DATED = [
    "On 24 Nov 2026, at 10:30, Support <support@desk.test> wrote:",
    "On Tue, 24 Nov 2026 at 10:30, Support <support@desk.test> wrote:",
    "On Tuesday, 24 November 2026 at 10:30:00 am GMT, Support <support@desk.test> wrote:",
    "On 2026-11-24 10:30, Support wrote:",
    "On 11/24/2026 10:30 AM, Support wrote:",
    "On Nov 24, 2026, 10:30 +0330, Support <support@desk.test>, wrote:",
    "On 24.11.2026 10:30, support@desk.test wrote:",
    "Support <support@desk.test> wrote on 24.11.2026 10:30:",
    "On Nov 24, 2026 10:30, Support <support@desk.test> wrote:",
    "On 24 November 2026 10:30:00 GMT+03:30, Support <support@desk.test> wrote:",
    '24.11.2026, 10:30, "Support" <support@desk.test>:',
    "Tuesday, November 24, 2026 10:30 AM +03:30 from Support <support@desk.test>:",
    "On Tue, Nov 24, 2026, 10:30 AM Support <support@desk.test> wrote:",
    "Le 24/11/2026 à 10:30, Support a écrit :",
    "Le mardi 24 novembre 2026 à 10:30:00 UTC+1, Support <support@desk.test> a écrit :",
    "Le 24 nov. 2026 à 10:30 +0100, Support <support@desk.test>, a écrit :",
    "Am 24. November 2026 10:30:00 MEZ schrieb Support <support@desk.test>:",
    "Am Di., 24. Nov. 2026 um 10:30 Uhr schrieb Support <support@desk.test>:",
    "Support <support@desk.test> hat am 24.11.2026 10:30 CET geschrieben:",
    "Am 24.11.26 um 10:30 schrieb Support:",
    "El 24/11/2026 a las 10:30, Support escribió:",
    "El 24-11-2026 10:30, Support escribió:",
    "El martes, 24 de noviembre de 2026, 10:30:00 CET, Support <support@desk.test> escribió:",
    "Il 24/11/2026 10:30, Support ha scritto:",
    "Il martedì 24 novembre 2026 alle ore 10:30:00 CET, Support <support@desk.test> ha scritto:",
    "Il 24/11/2026 alle 10:30 CET, Support <support@desk.test> scrisse:",
    "Em 24/11/2026 10:30, Support escreveu:",
    "Em terça-feira, 24 de novembro de 2026 às 10:30:00 BRT, Support <support@desk.test> escreveu:",
    "A 24/11/2026 às 10:30, Support escreveu:",
    "Op 24-11-2026 om 10:30 schreef Support:",
    "Op 24 nov. 2026 om 10:30 heeft Support <support@desk.test> het volgende geschreven:",
    "Op dinsdag 24 november 2026 10:30:00 CET schreef Support <support@desk.test>:",
    "24 нояб. 2026 г., в 10:30, Support <support@desk.test> написал(а):",
    "Вторник, 24 ноября 2026, 10:30 +03:00 от Support <support@desk.test>:",
    "24 Kas 2026 Sal 10:30 tarihinde Support <support@desk.test> şunu yazdı:",
    "On 24.11.2026 10:30, Support yazdı:",
    "24 Kasım 2026 Salı 10:30:00 GMT+3 tarihinde, Support <support@desk.test> şunu yazdı:",
    "W dniu 24.11.2026 o 10:30, Support pisze:",
    "Dnia 24 listopada 2026 10:30 Support <support@desk.test> napisał(a):",
    "W dniu wtorek, 24 listopada 2026 10:30:00 CET, Support <support@desk.test> napisał:",
    "在 2026/11/24 10:30, Support 写道:",
    "在 2026年11月24日，10:30，Support <support@desk.test> 写道：",
    "Support <support@desk.test> 於 2026年11月24日 週二 上午10:30寫道：",
    "2026/11/24 10:30、Support <support@desk.test>のメール:",
    "On 2026/11/24 10:30, Support wrote:",
    "2026년 11월 24일 (화) 오전 10:30, Support <support@desk.test>님이 작성:",
    "في الثلاثاء، 24 نوفمبر 2026 في تمام 10:30 ص، كتب Support <support@desk.test>:",
    "في ٢٤ نوفمبر ٢٠٢٦، الساعة ١٠:٣٠ ص، كتب Support <support@desk.test>:",
    "بتاريخ الثلاثاء، 24 نوفمبر 2026، 10:30 كتب Support <support@desk.test>:",
    "در تاریخ ۲۴ نوامبر ۲۰۲۶، ساعت ۱۰:۳۰، پشتیبانی <support@desk.test> نوشت:",
    "به تاریخ ۱۴۰۵/۰۹/۰۳ ۱۰:۳۰، پشتیبانی نوشت:",
    "پشتیبانی <support@desk.test> در ۳ آذر ۱۴۰۵ ساعت ۱۰:۳۰ نوشت:",
    "پشتیبانی <support@desk.test> در تاریخ ۱۴۰۵/۹/۳ ۱۰:۳۰ چنین نوشت:",
    "در 2026-11-24 10:30، پشتیبانی نوشته:",
    "On Tue, Nov 24, 2026 at 10:30 AM پشتیبانی <support@desk.test> wrote:",
    "Den 24 nov. 2026 kl. 10:30 skrev Support <support@desk.test>:",
    "tir. 24. nov. 2026 kl. 10:30 skrev Support <support@desk.test>:",
    "ti 24. marrask. 2026 klo 10.30 Support (support@desk.test) kirjoitti:",
    "út 24. 11. 2026 v 10:30 odesílatel Support <support@desk.test> napsal:",
    "Support <support@desk.test> ezt írta (időpont: 2026. nov. 24., K, 10:30):",
    "În mar., 24 nov. 2026 la 10:30, Support <support@desk.test> a scris:",
    "Στις Τρί 24 Νοε 2026 στις 10:30, ο χρήστης Support <support@desk.test> έγραψε:",
    "вт, 24 лист. 2026 р. о 10:30 Support <support@desk.test> пише:",
    "Pada Sel, 24 Nov 2026 pukul 10.30 Support <support@desk.test> menulis:",
    "Vào Th 3, 24 thg 11, 2026 vào lúc 10:30 Support <support@desk.test> đã viết:",
]


@pytest.mark.parametrize("introduction", DATED)
def test_a_dated_introduction_is_known_without_marks_and_broken_in_two(introduction: str) -> None:
    broken = "\n".join(textwrap.wrap(introduction, 60, break_on_hyphens=False, break_long_words=False))
    for written in (introduction, broken):
        assert reply_text(f"{NEW}\n\n{written}\n{OLD}") == NEW
        assert reply_text(f"{NEW}\n\n{written}\n\nIt was sent.\n") == NEW


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
    ("De: Support", "Enviada em: terça", "Para: Sara", "Assunto: Order"),
    ("Från: Support", "Skickat: tisdag", "Till: Sara", "Ämne: Order"),
    ("Feladó: Support", "Elküldve: kedd", "Címzett: Sara", "Tárgy: Order"),
    ("寄件者: Support", "寄件日期: 星期二", "收件者: Sara", "主旨: Order"),
    ("From : Support", "To : Sara", "Date : 24/11/2026", "Subject :"),
    ("Subject: Order", "Date: Tuesday", "From: Support", "To: Sara"),
    ("差出人: Support", "送信日時: 火曜日", "宛先: Sara", "件名: Order"),
]


@pytest.mark.parametrize("lines", HEADERS)
def test_a_header_block_ends_the_new_words(lines: tuple[str, ...]) -> None:
    block = "\n".join(lines)
    assert reply_text(f"{NEW}\n\n{block}\n\nIt was sent.\n") == NEW
    assert reply_text(f"{NEW}\n\n{'_' * 32}\n{block}\n\nIt was sent.\n") == NEW
    assert reply_text(NEW + "\n\n" + "\n\n".join(lines) + "\n\nIt was sent.\n") == NEW


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
        "-----پیغام اصلی-----",
        "-----پيام اصلي-----",
        "-------- Mensagem original --------",
        "-----Urspr. Nachricht-----",
        "-----Orijinal Mesaj-----",
        "-------- Oryginalna wiadomość --------",
        "-------- الرسالة الأصلية --------",
        "-------- 元のメッセージ --------",
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
        "شروع پیام هدایت‌شده:",
        "Début du message réexpédié :",
        "Inicio del mensaje reenviado:",
        "Inizio messaggio inoltrato:",
        "Begin doorgestuurd bericht:",
        "-------- İletilmiş İleti --------",
        "---------- Przekazana wiadomość ---------",
        "开始转发的邮件：",
        "بدء الرسالة المعاد توجيهها:",
        "----- Forwarded by Sara/Desk on 24.11.2026 10:30 -----",
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
        "ارسال‌شده از iPhone من",
        "از گلکسی من ارسال شد",
        "دریافت Outlook برای iOS<https://aka.ms/x>",
        "فرستاده شده از دستگاه اندرویدی من",
        "[Sent from my Huawei phone]",
        "⁣Get BlueMail for Android ​",
        "Gesendet mit der GMX Mail App",
        "Obtenir Outlook pour iOS",
        "Wysłane z Outlook dla systemu Android",
        "发自我的小米手机",
        "مُرسل من الـ iPhone الخاص بي",
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
        "On 24.11.2026 your colleague wrote:\nyou get a refund.\nI did not.",
        "My trip\nFrom: THR\nTo: IST\nDate: 3 December\nPlease change the date.",
        "سفر من\nاز: تهران\nبه: مشهد\nتاریخ: ۳ آذر ۱۴۰۵\nساعت: ۱۰:۳۰",
        "My data\n________________\nName: Sara\nModel: K\nBought: May",
        "Hello\nارسال با پیک، گوشی سامسونگ",
        "Telefon dün gönderildi",
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
    ("closing", "below"),
    [
        ("Kind regards,", "Shop manager\nTel. +44 20 7946 0958"),
        ("با احترام", "مدیر بازرگانی\nتلفن: ۰۲۱۸۸۰۰۰۰۰۰"),
        ("با تشکر،", "شرکت نمونه\nwww.shop.test"),
        ("Mit freundlichen Grüßen", "Einkauf\nShop GmbH · Hafenstr. 5\nTel. 040 555"),
        ("Cordialement", "Tél. : 01 70 18 99 12"),
        ("مع أطيب التحيات،", "مدير المشتريات\nهاتف: +966 11 555 0123"),
    ],
)
def test_contact_data_under_a_closing_are_cut_and_the_name_stays(closing: str, below: str) -> None:
    assert reply_text(f"{NEW}\n\n{closing}\nSara\n{below}") == f"{NEW}\n\n{closing}\nSara"


@pytest.mark.parametrize(
    "below",
    [
        "Sara",
        "Sara\nOrder 55120\nTel. 0912 000",
        "Sara\nشماره سفارش: ۸۸۱۲\nتلفن: ۰۹۱۲",
        "Sara\nsara@x.test\nP.S. The manual is missing.",
        "Sara\nMy new address: sara@x.test",
        "Sara\nsara@x.test\nWhen will you come?",
        "Sara\nWe are at home all day and somebody will open the door for you\nTel. 0912",
    ],
)
def test_words_under_a_closing_stay(below: str) -> None:
    assert reply_text(f"{NEW}\n\nRegards\n{below}") == f"{NEW}\n\nRegards\n{below}"


def test_a_signature_above_inline_answers_takes_none_of_them() -> None:
    text = f"{NEW}\n-- \nSara\n\nOn 24/11/2026 10:30, Support wrote:\n> Which order?\n1234\n> When?\nMay"
    assert reply_text(text) == f"{NEW}\n1234\nMay"


def test_what_apple_forwards_within_a_quote_is_content_and_what_it_answers_is_not() -> None:
    forward = "> Begin forwarded message:\n> \n> From: Shop\n> \n> Paid."
    assert reply_text(f"Look:\n\n{forward}") == f"Look:\n\n{forward}"
    assert reply_text(f"{NEW}\n\nOn 24/11/2026 10:30, Support wrote:\n{forward}") == NEW


@pytest.mark.parametrize("pointer", ["See my answers below in red.", "پاسخ‌ها در متن زیر است", "Antworten siehe unten"])
def test_answers_between_the_lines_of_an_unmarked_mail_stay(pointer: str) -> None:
    text = f"{pointer}\n\nFrom: Support\nSent: Tuesday\nTo: Sara\nSubject: Order\n\nWhich size?\nLarge"
    assert reply_text(text) == text


def test_a_quote_that_only_the_html_tells_of_is_folded() -> None:
    html = '<div>Two, please.</div><blockquote type="cite">How many?</blockquote>'
    assert new_words("Two, please.\nHow many?", html) == "Two, please."
    assert new_words("Two, please.\nHow many?", "<p>Two, please.</p><p>How many?</p>") == "Two, please.\nHow many?"
    assert new_words("How many?", '<blockquote type="cite">How many?</blockquote>') == "How many?"


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
        "Regards\nTel: 1\n",
        "> Begin forwarded message:\nx\n",
        "2026 10:30 <a@b>\n",
        "On 11,\n2 <a@b>\n",
        "(a@" * 50 + ":\n",
        "(1,t" * 90 + ":\n",
        "Name <a@b.c>\n",
        "2026 10:3 ",
        "original-----\n",
        "=" * 40 + "x\n",
        "_" * 32 + "\na: b\nc: d\n",
        "\u200fي\n",
        "sent from my iphone\n",
        "see " + "x" * 38 + " ",
        "(+1 ) ",
    ],
)
def test_64_kb_of_anything_take_no_time(bomb: str) -> None:
    text = (bomb * 65_536)[:65_536]
    assert min(_seconds(text) for _ in range(4)) < 0.05  # some 30 ms at most; the best of four, for a busy machine


def _seconds(text: str) -> float:
    started = time.process_time()
    reply_text(text)
    return time.process_time() - started


@given(st.text(st.sampled_from("On wrote:\n>-_ از نوشت: ۱۴۰۵ a@b.c"), max_size=400))
def test_nothing_is_invented_and_something_is_always_left(text: str) -> None:
    kept = reply_text(text)
    assert bool(kept) == bool(text.strip())
    lines = iter(text.strip().split("\n"))
    assert all(any(line.strip() == other.strip() for other in lines) for line in kept.split("\n"))
