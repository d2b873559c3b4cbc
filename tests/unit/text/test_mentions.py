"""A phrase is found as whole words, however the text or the phrase spaces them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.text.mentions import searchable


@pytest.mark.parametrize("written", ["می‌شود", "می شود", "میشود", "مي‌شود", "می\nشود"])
@pytest.mark.parametrize("sought", ["می‌شود", "می شود", "میشود"])
def test_every_spacing_finds_every_spacing(written: str, sought: str) -> None:
    assert searchable(f"این چرا {written}؟").mentions(sought)


@pytest.mark.parametrize(
    ("text", "phrase", "found"),
    [
        ("please start", "art", False),
        ("the art of it", "art", True),
        ("state of the ART.", "the art", True),
        ("انکار می‌کنند", "کار", False),
        ("رمز‌ها را فراموش کردم", "رمز", True),
        ("سفارش شمارهٔ ۱۲۳", "شماره 123", True),
        ("Refund, please", "refund please", True),
        ("e-mail", "email", True),
        ("nothing", "", False),
        ("nothing", "!?", False),
        ("", "x", False),
        ("ab ab abc", "abc", True),
        ("aab b", "ab", False),
    ],
)
def test_whole_words_only(text: str, phrase: str, found: bool) -> None:
    assert searchable(text).mentions(phrase) is found


@given(st.lists(st.text(alphabet="abcابپ", min_size=1), min_size=1), st.data())
def test_any_run_of_its_words_is_found(parts: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(parts) - 1))
    last = data.draw(st.integers(first, len(parts) - 1))
    assert searchable(" ".join(parts)).mentions("".join(parts[first : last + 1]))
