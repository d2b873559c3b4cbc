"""Patterns with stars fit what shell patterns fit, in time that does not run away."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inbox.rulebook.globs import glob
from inbox.text.fold import fold


@given(st.text("ab*", max_size=8), st.text("ab", max_size=12))
@example("a*b*a", "aa")
@example("*", "")
@example("", "")
@example("ab*ba", "aba")
def test_fits_as_in_the_shell(pattern: str, value: str) -> None:
    assert glob(pattern).fits(value) == fnmatchcase(value, pattern)


@pytest.mark.parametrize(
    ("pattern", "value"), [("*@Example.COM", "a@example.com"), ("فاكتور*", "فاکتور ۱۲.pdf"), ("a[1]?*", "a[1]?x")]
)
def test_spelling_makes_no_difference_and_only_the_star_is_a_sign(pattern: str, value: str) -> None:
    assert glob(pattern).fits(fold(value))


def test_many_stars_over_a_long_value_are_answered() -> None:
    # A backtracking matcher would not come back from this.
    assert not glob("*a" * 200 + "*b").fits("a" * 50_000)
