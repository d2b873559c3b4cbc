"""Codes: however somebody writes one, it is equal to itself, and a text offers it for looking up."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.text.codes import GROUPS, LONGEST, MOST, SHORTEST, candidates, code
from inbox.text.fold import persian_digits

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PLAIN = st.text("ABCDEFGHKLMNPRSTUVWXYZ0123456789", min_size=SHORTEST, max_size=16).filter(
    lambda one: any(c.isdigit() for c in one)
)
Write = Callable[[str], str]
DIGITS: st.SearchStrategy[Write] = st.sampled_from([str, persian_digits, lambda text: text.translate(ARABIC)])
CASES: st.SearchStrategy[Write] = st.sampled_from([str, str.lower, str.title])
GAPS = st.sampled_from([" ", "-", ".", "/", " - ", "\u200c", "_", "\u2011"])


@st.composite
def typed(draw: st.DrawFn) -> tuple[str, str]:
    """A code, and one of the ways in which people write it: cut into up to four groups, in any digits and case."""
    plain = draw(PLAIN)
    cuts = sorted(draw(st.sets(st.integers(1, len(plain) - 1), max_size=GROUPS - 1)))
    groups = [plain[a:b] for a, b in zip([0, *cuts], [*cuts, len(plain)], strict=True)]
    return plain, draw(DIGITS)(draw(CASES)(draw(GAPS).join(groups)))


@given(typed())
def test_a_code_is_equal_to_itself_however_it_is_written(one: tuple[str, str]) -> None:
    plain, written = one
    assert code(written) == plain.lower()
    assert code(code(written)) == code(written)


@given(
    typed(),
    st.sampled_from(["{}", "Serial: {}.", "«{}»؟", "سریال دستگاه من {} است و روشن نمی‌شود", "(S/N={}), 2 pieces"]),
)
def test_a_text_offers_the_code_that_stands_in_it(one: tuple[str, str], around: str) -> None:
    plain, written = one
    assert plain.lower() in candidates(around.format(written))


@given(st.text(max_size=300))
def test_whatever_a_text_offers_is_a_code_written_plainly(text: str) -> None:
    found = candidates(text)
    assert len(found) == len(set(found)) <= MOST
    for one in found:
        assert code(one) == one
        assert SHORTEST <= len(one) <= LONGEST
        assert any(c.isdigit() for c in one)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("SN:1234-5678", "sn12345678"),
        ("sn 1234 5678", "sn12345678"),
        ("the PX-200/SN99887 of mine", "sn99887"),
        ("سریال SN ۱۲۳۴ ۵۶۷۸", "sn12345678"),
        ("a\nAB-1\n2345", "ab12345"),
    ],
)
def test_examples(text: str, there: str) -> None:
    assert there in candidates(text)


def test_what_is_short_has_no_digit_or_stands_too_far_apart_is_none() -> None:
    assert candidates("It does not start. Since 2026.") == ("notstartsince2026", "startsince2026", "since2026")
    assert candidates("hello there") == ()
    assert "ab12345" not in candidates("a b 1 2 345")


def test_a_long_text_costs_no_more_than_its_bound() -> None:
    assert len(candidates(" ".join(f"{n}X{n}0" for n in range(100_000)))) == MOST
