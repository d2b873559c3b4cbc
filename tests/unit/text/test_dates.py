"""Instants are told in the calendar, digits and zone of the reader."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import MONTH_NAMES_FA

from inbox.text import dates
from inbox.text.calendars import ENGLISH, PERSIAN
from inbox.text.jalali import from_gregorian, to_gregorian

TEHRAN, UTC_ZONE = ZoneInfo("Asia/Tehran"), ZoneInfo("UTC")
THEN = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


def test_a_moment() -> None:
    assert dates.moment(THEN, "fa", TEHRAN) == "سه‌شنبه ۳ آذر ۱۴۰۵ ساعت ۱۰:۳۰"
    assert dates.moment(THEN, "en", TEHRAN) == "Tuesday 24 November 2026, 10:30"
    assert dates.moment(THEN, "fa", TEHRAN, year=False) == "سه‌شنبه ۳ آذر ساعت ۱۰:۳۰"
    assert dates.moment(THEN, "en", TEHRAN, year=False) == "Tuesday 24 November, 10:30"


def test_its_parts_and_its_other_calendar() -> None:
    assert dates.day(THEN, "fa", TEHRAN) == "سه‌شنبه ۳ آذر ۱۴۰۵"
    assert dates.day_of(date(2026, 3, 21), "fa") == "شنبه ۱ فروردین ۱۴۰۵"
    assert dates.clock_time(THEN, "fa", TEHRAN) == "۱۰:۳۰"
    assert dates.clock_time(THEN, "en", UTC_ZONE) == "07:00"
    assert dates.table(THEN, "fa", TEHRAN) == "۱۴۰۵/۰۹/۰۳ ۱۰:۳۰"
    assert dates.table(THEN, "en", TEHRAN) == "2026-11-24 10:30"
    assert dates.other_calendar(THEN, "fa", TEHRAN) == "سه‌شنبه ۲۴ نوامبر ۲۰۲۶ ساعت ۱۰:۳۰"
    assert dates.other_calendar(THEN, "en", TEHRAN) == "Tuesday 3 Azar 1405, 10:30"


def test_the_day_is_the_local_one() -> None:
    evening = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
    assert dates.table(evening, "en", TEHRAN) == "2026-11-25 00:30"
    assert dates.day(evening, "fa", TEHRAN).startswith("چهارشنبه ۴ آذر")


def test_a_regional_tag_is_understood_and_a_foreign_language_gets_english() -> None:
    assert dates.clock_time(THEN, "fa-IR", TEHRAN) == "۱۰:۳۰"
    assert dates.day(THEN, "de", TEHRAN) == "Tuesday 24 November 2026"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        dates.moment(THEN.replace(tzinfo=None), "fa", TEHRAN)


@pytest.mark.parametrize(
    ("after", "fa", "en"),
    [
        (timedelta(seconds=59), "همین حالا", "just now"),
        (timedelta(seconds=-59), "همین حالا", "just now"),
        (timedelta(minutes=5), "۵ دقیقه دیگر", "in 5 minutes"),
        (timedelta(minutes=-1), "۱ دقیقه پیش", "1 minute ago"),
        (timedelta(hours=-1, minutes=-59), "۱ ساعت پیش", "1 hour ago"),
        (timedelta(hours=23), "۲۳ ساعت دیگر", "in 23 hours"),
        (timedelta(days=-3), "۳ روز پیش", "3 days ago"),
        (timedelta(days=-60), "۲ ماه پیش", "2 months ago"),
        (timedelta(days=400), "۱ سال دیگر", "in 1 year"),
    ],
)
def test_relative_words(after: timedelta, fa: str, en: str) -> None:
    assert dates.relative(THEN + after, THEN, "fa") == fa
    assert dates.relative(THEN + after, THEN, "en") == en


@pytest.mark.parametrize(
    ("seconds", "fa", "en"),
    [
        (0, "۰ ثانیه", "0 s"),
        (59.9, "۵۹ ثانیه", "59 s"),
        (60, "۱ دقیقه", "1 m"),
        (3600, "۱ ساعت", "1 h"),
        (4800, "۱ ساعت و ۲۰ دقیقه", "1 h 20 m"),
        (-4800, "۱ ساعت و ۲۰ دقیقه", "1 h 20 m"),
        (47 * 3600, "۴۷ ساعت", "47 h"),
        (48 * 3600, "۲ روز", "2 d"),
        (50 * 3600 + 1800, "۲ روز و ۲ ساعت", "2 d 2 h"),
    ],
)
def test_durations(seconds: float, fa: str, en: str) -> None:
    assert dates.duration(seconds, "fa") == fa
    assert dates.duration(seconds, "en") == en


@pytest.mark.parametrize(
    ("zone", "fa", "en"),
    [
        ("Asia/Tehran", "به وقت تهران", "Tehran time"),
        ("America/New_York", "به وقت نیویورک", "New York time"),
        ("America/Argentina/Buenos_Aires", "به وقت \u2068Buenos Aires\u2069", "Buenos Aires time"),
        ("UTC", "به وقت جهانی", "UTC"),
        ("Etc/GMT-3", "به وقت \u2068UTC+3\u2069", "UTC+3 time"),
    ],
)
def test_spoken_zones(zone: str, fa: str, en: str) -> None:
    assert dates.spoken_zone(ZoneInfo(zone), "fa") == fa
    assert dates.spoken_zone(ZoneInfo(zone), "en") == en


@pytest.mark.parametrize(
    "typed", ["1405-09-03", "1405/9/3", "۱۴۰۵/۰۹/۰۳", "١٤٠٥-٩-٣", "2026-11-24", "2026.11.24", " ۲۰۲۶-۱۱-۲۴\u200f"]
)
def test_a_typed_day_in_either_calendar(typed: str) -> None:
    assert dates.parse_day(typed) == date(2026, 11, 24)


@pytest.mark.parametrize(
    "typed",
    ["", "tomorrow", "05-09-03", "24/11/2026", "2026-02-30", "1404-12-30", "1405-13-01", "0000-01-01", "2026-11-24x"],
)
def test_what_is_no_day(typed: str) -> None:
    assert dates.parse_day(typed) is None


@given(st.dates(date(1800, 1, 1), date(2200, 12, 31)))
def test_both_calendars_lead_back_to_the_day(on: date) -> None:
    assert to_gregorian(*from_gregorian(on)) == on
    assert dates.parse_day(f"{on:%Y-%m-%d}") == on
    year, month, number = from_gregorian(on)
    assert dates.parse_day(f"{year}/{month}/{number}") == on


def test_the_leap_year_has_its_last_day() -> None:
    assert dates.parse_day("1403-12-30") == date(2025, 3, 20)


def test_our_names_are_those_of_the_standard_tables() -> None:
    for own, locale in ((PERSIAN, Locale("fa")), (ENGLISH, Locale("en"))):
        assert own.weekdays == tuple(locale.days["format"]["wide"][at] for at in range(7))
        assert own.gregorian_months == tuple(locale.months["stand-alone"]["wide"][at] for at in range(1, 13))
    assert list(PERSIAN.jalali_months) == MONTH_NAMES_FA[1:]
