"""An excerpt is never longer than asked and never cuts what a reader sees as one sign."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.text.excerpts import cut, excerpt


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 10, "short"),
        ("exactly10!", 10, "exactly10!"),
        ("two words here", 10, "two words…"),
        ("سلام سفارش من نرسیده", 12, "سلام سفارش…"),
        ("unbreakable" * 9, 20, "unbreakableunbreaka…"),
        ("line one\n\n line two", 40, "line one line two"),
        ("a\u202eb", 5, "ab"),
        ("anything", 1, "…"),
        ("anything", 0, ""),
        ("", 5, ""),
    ],
)
def test_excerpts(text: str, limit: int, expected: str) -> None:
    assert excerpt(text, limit) == expected


@pytest.mark.parametrize(
    "sign", ["👨‍👩‍👧‍👦", "👍🏽", "🇮🇷", "e\u0301", "سَّ", "❤️", "🏴\U000e0067\U000e0062\U000e007f", "می‌"]
)
def test_one_sign_is_kept_or_left_out_whole(sign: str) -> None:
    text = "x" + sign + "y"
    borders = {cut(text, limit) for limit in range(len(text) + 1)}
    inside = set(range(2, 1 + len(sign)))
    if sign == "می‌":
        inside = {3}  # two letters and a joiner that belongs to the second
    assert not borders & inside
    assert {0, 1, 1 + len(sign), len(text)} <= borders


def test_flags_are_cut_in_pairs() -> None:
    assert [cut("🇮🇷🇩🇪🇫🇷", limit) for limit in range(7)] == [0, 0, 2, 2, 4, 4, 6]


@given(st.text(), st.integers(0, 40))
def test_never_longer_than_the_limit(text: str, limit: int) -> None:
    assert len(excerpt(text, limit)) <= limit
