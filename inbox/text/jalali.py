"""The Jalali calendar, through persiantools; the one place where its untyped calls get types."""

from collections.abc import Callable
from datetime import date
from typing import cast

from persiantools.jdatetime import JalaliDate


def from_gregorian(on: date) -> tuple[int, int, int]:
    """Year, month and day of a Gregorian date in the Jalali calendar."""
    jalali = cast(Callable[[date], JalaliDate], JalaliDate.to_jalali)(on)
    return jalali.year, jalali.month, jalali.day


def to_gregorian(year: int, month: int, number: int) -> date:
    """The Gregorian date of a Jalali day; ValueError where the calendar has no such day (30 Esfand of a common year)."""
    jalali = cast(Callable[[int, int, int], JalaliDate], JalaliDate)(year, month, number)
    return jalali.to_gregorian()
