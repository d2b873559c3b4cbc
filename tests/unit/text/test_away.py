"""An out-of-office note is known by its words where nothing else tells that a program wrote it."""

import pytest

from inbox.text.away import tells_of_absence


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office until Sunday with no access to mail.",
        "Hello,\n\nThank you for your mail. I am currently on annual leave and back on Monday.",
        "This is an automatic reply. I'm on vacation.",
        "I’m away from my desk today.",
        "Out of office: back on Monday",
        "با سلام\nاینجانب تا تاریخ ۸ آذر در مرخصی هستم.",
        "با سلام، تا یکشنبه در مرخصی می‌باشم.",
        "پاسخ خودکار: از دریافت ایمیل شما سپاسگزارم.",
        "سلام، امروز در دفتر نيستم.",
        "در حال حاضر خارج از محل کار هستم.",
        "این ایمیل به صورت خودکار فرستاده شده است.",
    ],
)
def test_who_is_away_is_known(text: str) -> None:
    assert tells_of_absence(text)


@pytest.mark.parametrize(
    "text",
    [
        "It is on its way.",
        "Reza is on leave; I answer for him.",
        "Reza is currently on annual leave, so I am looking into it.",
        "Your leave was granted, enjoy your vacation.",
        "We are out of the small ones, the office has ordered more.",
        "رضا در مرخصی است، من پاسخ می‌دهم.",
        "مرخصی شما ثبت شد.",
        "دفتر ما فردا باز است.",
        "پاسخ شما فردا می‌رسد.",
        "",
    ],
)
def test_who_is_there_is_not(text: str) -> None:
    assert not tells_of_absence(text)
