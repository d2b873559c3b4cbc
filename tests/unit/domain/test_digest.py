"""When a letter of the day is due: once for each local day, whatever the zone does with its clocks and whenever it is asked."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.domain.digest import Digest

ZONES = (
    "Asia/Tehran",
    "Europe/Berlin",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "UTC",
)
TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
DIGESTS = st.builds(Digest, TIMES, st.sampled_from(ZONES))
INSTANTS = st.integers(0, 26 * 365 * 24 * 60).map(lambda n: datetime(2009, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
PAUSES = st.integers(1, 4_000).map(lambda minutes: timedelta(minutes=minutes))


@given(DIGESTS, INSTANTS, st.integers(-3, 3) | st.none())
def test_what_is_due_next_is_due_then_and_not_before(digest: Digest, now: datetime, ago: int | None) -> None:
    told = None if ago is None else digest.day(now) + timedelta(days=ago)
    due, then = digest.due(told, now), digest.next(told, now)
    assert (due is not None) == (then <= now)
    if due is None:
        assert digest.due(told, then - timedelta(microseconds=1)) is None
        assert digest.due(told, then) is not None


@given(st.lists(st.tuples(PAUSES, DIGESTS | st.none()), min_size=1, max_size=60), DIGESTS, INSTANTS)
def test_no_day_has_two_letters_however_time_goes_and_the_zone_changes(
    steps: list[tuple[timedelta, Digest | None]], digest: Digest, now: datetime
) -> None:
    told: date | None = None
    days: list[date] = []
    for pause, another in steps:
        now, digest = now + pause, another or digest
        due = digest.due(told, now)
        if due is not None:
            assert due == digest.day(now), "never that of another day"
            assert digest.moment(due) <= now
            days.append(due)
            told = due
        assert digest.due(told, now) is None
    assert days == sorted(set(days))


@given(DIGESTS, INSTANTS)
def test_whoever_looks_each_quarter_of_an_hour_tells_every_day(digest: Digest, now: datetime) -> None:
    told: date | None = None
    days = []
    for _ in range(10 * 96):
        now += timedelta(minutes=15)
        if (due := digest.due(told, now)) is not None:
            days.append(due)
            told = due
    late = digest.at > time(23, 29)  # its quarter of an hour may be over with the day
    apart = [(after - before).days for before, after in pairwise(days)]
    gone = "Apia" in digest.zone or "Kiritimati" in digest.zone  # a day was skipped there
    assert len(days) >= 9 or late
    assert late or gone or set(apart) == {1}


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2027, 3, 28), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice(day: date, told: datetime) -> None:
    digest = Digest(time(2, 30), "Europe/Berlin")
    assert digest.moment(day) == told
    assert digest.due(None, told - timedelta(minutes=1)) is None
    assert digest.due(None, told) == day
    assert digest.due(day, told + timedelta(hours=1)) is None
    assert digest.next(day, told) == datetime.combine(day + timedelta(days=1), time(2, 30), ZoneInfo(digest.zone))
