"""Periods of a contract: counted from its first day in its own calendar, without drift, leap days and all."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.domain.contracts import Agreed, Almanac, Cadence, Contract
from inbox.domain.ids import ContactId, ContractId
from inbox.sla.periods import Period, finished, months_after, period_of, periods, share_of
from inbox.text.jalali import to_gregorian

DAYS = st.dates(date(1990, 1, 1), date(2080, 1, 1))
ALMANACS = st.sampled_from(("jalali", "gregorian"))


def contract(
    first: date, last: date | None = None, period: Cadence = Cadence.MONTH, almanac: Almanac = "gregorian"
) -> Contract:
    return Contract(
        ContractId(1), "A", ContactId(1), None, "", Agreed("vip"), first, last, period, almanac, Decimal(100), "EUR"
    )


@pytest.mark.parametrize(
    ("first", "months", "almanac", "expected"),
    [
        (date(2024, 1, 31), 1, "gregorian", date(2024, 2, 29)),  # a leap February
        (date(2025, 1, 31), 1, "gregorian", date(2025, 2, 28)),
        (date(2025, 1, 31), 2, "gregorian", date(2025, 3, 31)),  # counted from the 31st, not from the 28th
        (date(2024, 2, 29), 12, "gregorian", date(2025, 2, 28)),
        (date(2024, 2, 29), 48, "gregorian", date(2028, 2, 29)),
        (to_gregorian(1403, 12, 30), 12, "jalali", to_gregorian(1404, 12, 29)),  # 1403 is a leap year, 1404 is none
        (to_gregorian(1403, 12, 30), 60, "jalali", to_gregorian(1408, 12, 30)),  # and 1408 is one again
        (to_gregorian(1404, 6, 31), 1, "jalali", to_gregorian(1404, 7, 30)),  # Mehr has thirty days
        (to_gregorian(1404, 11, 15), 3, "jalali", to_gregorian(1405, 2, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last(first: date, months: int, almanac: Almanac, expected: date) -> None:
    assert months_after(first, months, almanac) == expected


@given(first=DAYS, days=st.integers(0, 4000), cadence=st.sampled_from(Cadence), almanac=ALMANACS)
def test_every_day_lies_in_just_one_period(first: date, days: int, cadence: Cadence, almanac: Almanac) -> None:
    day = first + timedelta(days=days)
    found = period_of(first, day, cadence, almanac)
    assert found.since <= day < found.until
    assert period_of(first, found.since, cadence, almanac) == found
    assert period_of(first, found.until, cadence, almanac).since == found.until


def test_no_day_before_the_first_has_a_period() -> None:
    with pytest.raises(ValueError, match="lies before"):
        period_of(date(2026, 1, 2), date(2026, 1, 1), Cadence.MONTH, "gregorian")


def test_a_contract_that_ends_within_a_period_has_a_shorter_last_one() -> None:
    short = contract(date(2026, 1, 1), date(2026, 2, 14))
    found = list(periods(short, date(2026, 12, 31)))
    assert found == [Period(date(2026, 1, 1), date(2026, 2, 1)), Period(date(2026, 2, 1), date(2026, 2, 15))]
    assert share_of(short, found[0]) == (31, 31)
    assert share_of(short, found[1]) == (14, 28)


def test_what_is_over_is_finished() -> None:
    quarterly = contract(to_gregorian(1405, 1, 1), period=Cadence.QUARTER, almanac="jalali")
    assert finished(quarterly, to_gregorian(1405, 3, 31)) == []
    spring = Period(to_gregorian(1405, 1, 1), to_gregorian(1405, 4, 1))
    assert finished(quarterly, to_gregorian(1405, 4, 1)) == [spring]
    assert spring.days == 93
