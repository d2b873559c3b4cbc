"""What a text is about, in its own words; and what words have in common with their endings."""

import pytest

from inbox.text.fold import fold
from inbox.text.telling import LONGEST, READ, root, telling


def test_greetings_and_courtesies_tell_nothing() -> None:
    assert telling("Hello, could you please help me? Thanks!", 9) == []
    assert telling("سلام وقت بخیر، لطفاً می‌خواهم راهنمایی بفرمایید", 9) == []


def test_what_is_wanted_is_told_in_its_order_and_once() -> None:
    assert telling("Refund: where is my refund for the broken grinder?", 9) == ["refund", "broken", "grinder"]
    assert telling("گارانتی آسیاب برقی‌ام", 9) == ["گارانتی", "اسیاب", "برقی"]


def test_no_more_than_asked_for() -> None:
    assert telling("refund grinder invoice", 2) == ["refund", "grinder"]


@pytest.mark.parametrize(
    "private",
    ["anna@example.org", "https://example.org/secret?token=abc", "6037991234567890", "۶۰۳۷۹۹۱۲۳۴۵۶۷۸۹۰", "09121234567"],
)
def test_nobodys_address_or_number(private: str) -> None:
    assert telling(f"refund {private}", 9) == ["refund"]


def test_only_the_beginning_is_read() -> None:
    assert telling("a " * READ + "refund", 9) == []
    assert telling("x" * (LONGEST + 1), 9) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("refunds", "refund"),
        ("refunded", "refund"),
        ("deliveries", "delivery"),
        ("سفارشم", "سفارش"),
        ("بسته‌ها".replace("\u200c", ""), "بسته"),
    ],
)
def test_endings_do_not_part_words(one: str, other: str) -> None:
    assert root(fold(one)) == root(fold(other))


@pytest.mark.parametrize(("one", "other"), [("order", "offer"), ("بسته", "بسیار"), ("bank", "bag")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert root(fold(one)) != root(fold(other))


def test_a_short_word_keeps_its_ending() -> None:
    assert root("gas") == "gas"
