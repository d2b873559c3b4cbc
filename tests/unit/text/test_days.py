"""Days as people write them in a form."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.text.dates import day_table
from inbox.text.days import parse_day_in_words
from inbox.text.fold import persian_digits

MEANT = date(2026, 11, 26)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-26",
        " ۱۴۰۵/۰۹/۰۵ ",
        "۵ آذر ۱۴۰۵",
        "5 Azar 1405",
        "۵/۹/۱۴۰۵",
        "26/11/2026",
        "11/26/2026",
        "26 November 2026",
        "November 26th, 2026",
        "26 nov. 2026",
        "۲۶ نوامبر ۲۰۲۶",
        "\u202e2026-11-26",
    ],
)
def test_it_is_read_in_either_calendar_and_language(typed: str) -> None:
    assert parse_day_in_words(typed) == MEANT


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "04/03/2026", "5 Azar 2026", "26 November 1405", "31/11/2026", "۳۱ مهر ۱۴۰۵", "1 x 2026", "9" * 4000],
)
def test_what_could_be_two_days_or_none_is_none(typed: str) -> None:
    assert parse_day_in_words(typed) is None


@given(st.dates(date(1800, 1, 1), date(2200, 1, 1)), st.booleans(), st.booleans())
def test_each_day_is_read_as_itself(day: date, jalali: bool, persian: bool) -> None:
    written = day_table(day, jalali=jalali)
    assert parse_day_in_words(persian_digits(written) if persian else written) == day


@given(st.text(max_size=60))
def test_nothing_breaks_it(typed: str) -> None:
    parse_day_in_words(typed)
