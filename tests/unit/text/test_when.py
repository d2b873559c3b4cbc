"""Times as people type them, in both languages and both calendars."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.text.when import parse_when

TEHRAN = ZoneInfo("Asia/Tehran")
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=TEHRAN)
"""A Tuesday, 3 Azar 1405."""


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TEHRAN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("15:00", at(24, 15)),
        ("9:00", at(25, 9)),
        ("10:30", at(25, 10, 30)),
        ("today 17:00", at(24, 17)),
        ("tomorrow", date(2026, 11, 25)),
        ("Tomorrow at 9", at(25, 9)),
        ("wednesday 15:00", at(25, 15)),
        ("tuesday", date(2026, 12, 1)),
        ("2026-12-01 10:00", at(1, 10, month=12)),
        ("1405-09-10 10:00", at(1, 10, month=12)),
        ("۱۴۰۵/۹/۱۰", date(2026, 12, 1)),
        ("فردا", date(2026, 11, 25)),
        ("فردا ساعت ۱۰", at(25, 10)),
        ("پس‌فردا", date(2026, 11, 26)),
        ("پس فردا ۱۰:۱۵", at(26, 10, 15)),
        ("سه‌شنبه ۱۵:۳۰", datetime(2026, 12, 1, 15, 30, tzinfo=TEHRAN)),
        ("سه شنبه", date(2026, 12, 1)),
        ("شنبه", date(2026, 11, 28)),
        ("2h", at(24, 12, 30)),
        ("in 45 minutes", at(24, 11, 15)),
        ("۲ ساعت", at(24, 12, 30)),
        ("۳ روز دیگر", at(27, 10, 30)),
        ("1 week", at(1, 10, 30, month=12)),
    ],
)
def test_what_people_type(typed: str, meant: datetime | date) -> None:
    assert parse_when(typed, NOW) == meant
    assert type(parse_when(typed, NOW)) is type(meant)


@pytest.mark.parametrize(
    "typed", ["", "soon", "25:00", "10:60", "1405-13-01", "friday-ish 10:00", "2026-02-30 10:00", "-2h"]
)
def test_what_is_no_time(typed: str) -> None:
    assert parse_when(typed, NOW) is None


@given(st.text(max_size=40))
def test_anything_at_all_is_a_time_or_none(typed: str) -> None:
    parse_when(typed, NOW)
