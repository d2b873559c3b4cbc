"""Reply and forward prefixes go, in any language and any number; the subject stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.text.subjects import plain_subject, reply_subject


@pytest.mark.parametrize(
    "subject",
    [
        "Order 12",
        "Re: Order 12",
        "RE: re:Re : Order 12",
        "Fwd: FW: Order 12",
        "AW: WG: Order 12",
        "Re[2]: Order 12",
        "RE(3): Order 12",
        "Re^2: Order 12",
        "SV: VS: TR: RV: Odp: YNT: İLT: Order 12",
        "Antw: Antwort: Order 12",
        "پاسخ: Order 12",
        "پ: جواب: ارجاع: هدایت: بازارسال: فوروارد: Order 12",
        "\u200fپاسخ:\u200f Re: Order 12",
        "\u202bپاسخ : \u202cOrder 12",
        "رد: إعادة توجيه: Order 12",
        "回复：转发：Order 12",
        "  Re:\r\n Order 12 ",
    ],
)
def test_prefixes_go(subject: str) -> None:
    assert plain_subject(subject) == "Order 12"
    assert reply_subject(subject) == "Re: Order 12"


@pytest.mark.parametrize(
    "subject", ["Reply: needed", "Fire: now", "پاسخگویی: کند", "Re Order", "R: x", "جواب سلام", "12:30 Re: x"]
)
def test_words_that_only_look_like_prefixes_stay(subject: str) -> None:
    assert plain_subject(subject) == subject


@pytest.mark.parametrize("subject", ["", "Re:", "  \r\n", "Re: Fwd:", "پاسخ:"])
def test_an_empty_subject_is_still_a_valid_answer(subject: str) -> None:
    assert plain_subject(subject) == ""
    assert reply_subject(subject) == "Re:"


@given(st.text())
def test_answering_an_answer_adds_nothing(subject: str) -> None:
    assert reply_subject(reply_subject(subject)) == reply_subject(subject)


def test_a_hostile_subject_costs_no_time() -> None:
    began = time.process_time()
    plain_subject("Re:" * 20_000 + "\u200c" * 20_000 + "Re" + " " * 20_000)
    assert time.process_time() - began < 1
