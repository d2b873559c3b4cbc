"""Direction follows most of the letters; embedded values keep their order."""

import pytest

from inbox.text.bidi import FSI, PDI, Direction, direction, direction_within, isolate, isolate_foreign


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("سلام", "rtl"),
        ("hello", "ltr"),
        ("OK سلام، سفارش رسید", "rtl"),
        ("سلام, my order has not arrived", "ltr"),
        ("ab اب", "ltr"),
        ("اب ab", "rtl"),
        ("", "ltr"),
        ("۱۲۳ !", "ltr"),
        ("ببینید https://example.com/a/very/long/path?with=query", "rtl"),
        ("نامه به support@example.com رسید", "rtl"),
        ("שלום", "rtl"),
    ],
)
def test_direction(text: str, expected: str) -> None:
    assert direction(text) == expected


@pytest.mark.parametrize(
    ("part", "around", "expected"),
    [
        ("با احترام، Mehregan Coffee", "rtl", "rtl"),
        ("با احترام، Mehregan Coffee", "ltr", "ltr"),
        ("OK سلام، سفارش رسید", "rtl", "rtl"),
        ("OK سلام، سفارش رسید", "ltr", "ltr"),
        ("Sent from my iPhone", "rtl", "ltr"),
        ("سلام و احترام", "ltr", "rtl"),
        ("09123456789", "rtl", "rtl"),
        ("—", "ltr", "ltr"),
        ("https://example.com/a/", "rtl", "ltr"),
        ("بسته: https://example.com/a/", "ltr", "rtl"),
    ],
)
def test_a_part_of_two_minds_runs_as_what_is_around_it(part: str, around: Direction, expected: str) -> None:
    assert direction_within(part, around) == expected


def test_an_isolated_value_stands_between_marks_once() -> None:
    assert isolate("K7Q2") == f"{FSI}K7Q2{PDI}"
    assert isolate(isolate("K7Q2")) == isolate("K7Q2")


@pytest.mark.parametrize(
    ("value", "surroundings", "isolated"),
    [
        ("K7Q2", "rtl", True),
        ("a@b.c", "rtl", True),
        ("127.0.0.1:8025", "rtl", True),
        ("سارا", "rtl", False),
        ("۱ ساعت و ۲۰ دقیقه", "rtl", False),
        ("۱۰:۳۰", "rtl", False),
        ("", "rtl", False),
        ("سارا", "ltr", True),
        ("Sara", "ltr", False),
        ("10:30", "ltr", False),
    ],
)
def test_only_what_would_disturb_is_isolated(value: str, surroundings: str, isolated: bool) -> None:
    told = isolate_foreign(value, "rtl" if surroundings == "rtl" else "ltr")
    assert told == (isolate(value) if isolated else value)
