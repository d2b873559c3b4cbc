"""Months of both calendars, and where a week begins."""

from datetime import date

import pytest

from inbox.text.months import Month, begins_week, in_week, month_of, parse_month


@pytest.mark.parametrize("typed", ["1405-09", "۱۴۰۵/۹", "1405.9", " 1405-09 "])
def test_a_month_may_be_typed_in_many_ways(typed: str) -> None:
    assert parse_month(typed) == Month(1405, 9, jalali=True)


@pytest.mark.parametrize("typed", ["", "1405", "1405-13", "1405-0", "0026-11", "1405-09-01", "Azar"])
def test_what_is_no_month_is_none(typed: str) -> None:
    assert parse_month(typed) is None


def test_a_month_has_its_days_in_order() -> None:
    azar = Month(1405, 9, jalali=True).days()
    assert (azar[0], azar[-1], len(azar)) == (date(2026, 11, 22), date(2026, 12, 21), 30)
    assert len(Month(1403, 12, jalali=True).days()) == 30, "a leap year"
    assert len(Month(1404, 12, jalali=True).days()) == 29
    december = Month(2026, 12, jalali=False).days()
    assert (december[0], december[-1]) == (date(2026, 12, 1), date(2026, 12, 31))


def test_a_month_is_called_by_its_name_and_that_of_a_day_is_of_the_language() -> None:
    assert Month(1405, 9, jalali=True).title("fa") == "آذر ۱۴۰۵"
    assert Month(1405, 9, jalali=True).title("en") == "Azar 1405"
    assert Month(2026, 12, jalali=False).title("fa") == "دسامبر ۲۰۲۶"
    assert month_of(date(2026, 11, 24), "fa") == Month(1405, 9, jalali=True)
    assert month_of(date(2026, 11, 24), "en") == Month(2026, 11, jalali=False)


def test_a_week_begins_on_saturday_in_persian_and_on_monday_in_english() -> None:
    saturday, monday = date(2026, 11, 28), date(2026, 11, 30)
    assert [begins_week(day, "fa") for day in (saturday, monday)] == [True, False]
    assert [begins_week(day, "en") for day in (saturday, monday)] == [False, True]
    assert sorted(range(7), key=lambda day: in_week(day, "fa")) == [5, 6, 0, 1, 2, 3, 4]
