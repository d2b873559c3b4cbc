"""References are easy to read aloud, hard to mistake, and found however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.text.fold import persian_digits
from inbox.text.references import LONGEST, SHORTEST, normalise, reference


@given(st.binary(min_size=24, max_size=40), st.integers(SHORTEST, LONGEST))
def test_no_reference_can_be_misread(drawn: bytes, length: int) -> None:
    made = reference(drawn, length)
    assert len(made) == length
    assert not set(made) & set("01OILUAEIOU")
    assert made[0].isalpha()
    assert made[1].isdigit()
    assert reference(drawn, length) == made


@given(st.binary(min_size=8))
def test_it_is_found_however_it_is_typed(drawn: bytes) -> None:
    made = reference(drawn)
    for typed in (
        made,
        made.lower(),
        f"#{made}",
        f" [#{made}] ",
        " ".join(made),
        persian_digits(made),
        f"\u2068{made}\u2069",
    ):
        assert normalise(typed) == made


@pytest.mark.parametrize(
    "typed", ["", "#", "K7", "2345", "۲۳۴۵", "hello", "K7O2", "K1Q2", "سلام", "K7Q2/..", "#done", "K7Q2" * 4]
)
def test_what_is_no_reference(typed: str) -> None:
    assert normalise(typed) is None


def test_all_references_of_a_length_are_about_equally_likely() -> None:
    seen = [reference(number.to_bytes(8, "big")) for number in range(125_440)]
    assert len(set(seen)) == 125_440


def test_too_little_chance_or_a_strange_length_is_refused() -> None:
    with pytest.raises(ValueError, match="random bytes"):
        reference(b"1234567")
    with pytest.raises(ValueError, match="4 to 12"):
        reference(bytes(64), 3)
