"""Durations name their calendar, in English and Persian; what does not is refused with what to write."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.domain.problems import Misconfigured
from inbox.sla.durations import Counting, Duration, Unit, after, parse
from inbox.sla.hours import Calendar
from inbox.text.durations import spoken
from tests.unit.sla.drawing import round_the_clock, working_week

W, A = Counting.WORKING, Counting.ALWAYS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 working hours", Duration(4, Unit.HOURS, W)),
        ("1 working hour", Duration(1, Unit.HOURS, W)),
        (" 2  Working Days ", Duration(2, Unit.DAYS, W)),
        ("90 working minutes", Duration(90, Unit.MINUTES, W)),
        ("30 minutes (24x7)", Duration(30, Unit.MINUTES, A)),
        ("30 min (24/7)", Duration(30, Unit.MINUTES, A)),
        ("1 day (24×7)", Duration(1, Unit.DAYS, A)),
        ("4 working h", Duration(4, Unit.HOURS, W)),
        ("۴ ساعت کاری", Duration(4, Unit.HOURS, W)),
        ("٤ ساعت كاري", Duration(4, Unit.HOURS, W)),
        ("۲ روز کاری", Duration(2, Unit.DAYS, W)),
        ("۳۰ دقیقه (شبانه‌روزی)", Duration(30, Unit.MINUTES, A)),
        ("۳۰ دقیقه (شبانه روزی)", Duration(30, Unit.MINUTES, A)),
        ("۳۰ دقیقه (۲۴×۷)", Duration(30, Unit.MINUTES, A)),
    ],
)
def test_durations_are_read(text: str, expected: Duration) -> None:
    assert parse(text, "here") == expected


@given(st.builds(Duration, st.integers(1, 366), st.sampled_from(Unit), st.sampled_from(Counting)))
def test_a_duration_reads_back_what_it_says(duration: Duration) -> None:
    assert parse(str(duration), "here") == duration


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1d", "sla.duration_bare"),
        ("4h", "sla.duration_bare"),
        ("4 hours", "sla.duration_bare"),
        ("۲ روز", "sla.duration_bare"),
        ("4 working hours (24x7)", "sla.duration_bare"),
        ("0 working hours", "sla.duration_zero"),
        ("367 working days", "sla.duration_long"),
        ("999999999 days (24x7)", "sla.duration_long"),
        ("", "sla.duration_unread"),
        ("soon", "sla.duration_unread"),
        ("-4 working hours", "sla.duration_unread"),
        ("1.5 working hours", "sla.duration_unread"),
        ("4 working weeks", "sla.duration_unread"),
        ("9" * 40 + " working hours", "sla.duration_unread"),
    ],
)
def test_what_is_no_duration_is_refused(text: str, key: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        parse(text, "policies.toml: policy.p.low.update")
    assert caught.value.key == key
    assert caught.value.facts["where"] == "policies.toml: policy.p.low.update"


def test_a_bare_duration_is_told_what_to_write() -> None:
    with pytest.raises(Misconfigured) as caught:
        parse("4h", "here")
    assert caught.value.facts["working"] == "4 working hours"
    assert caught.value.facts["always"] == "4 hours (24x7)"


def test_after_counts_on_the_calendar_that_the_duration_names() -> None:
    support = Calendar(working_week())
    friday = datetime(2026, 11, 27, 6, 30, tzinfo=UTC)  # 10:00 in Tehran, closed
    assert after(support, friday, parse("4 working hours", "here")) == datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert after(support, friday, parse("1 working day", "here")) == datetime(2026, 11, 29, 5, tzinfo=UTC)
    assert after(support, friday, parse("30 minutes (24x7)", "here")) == friday + timedelta(minutes=30)
    assert after(support, friday, parse("2 days (24x7)", "here")) == friday + timedelta(days=2)
    assert after(Calendar(round_the_clock()), friday, parse("4 working hours", "here")) == friday + timedelta(hours=4)


@pytest.mark.parametrize(
    ("text", "persian"),
    [
        ("5 working days", "۵ روز کاری"),
        ("1 working hour", "۱ ساعت کاری"),
        ("30 minutes (24x7)", "۳۰ دقیقه (شبانه\u200cروزی)"),
    ],
)
def test_a_duration_is_said_in_words_that_are_read_back(text: str, persian: str) -> None:
    duration = parse(text, "here")
    assert (spoken(duration, "fa"), spoken(duration, "en")) == (persian, text)
    assert parse(persian, "here") == duration
