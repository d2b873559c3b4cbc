"""Working time equals a minute-by-minute oracle in every zone, and keeps its laws."""

import itertools
import struct
import time as stopwatch
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inbox.domain.problems import Misconfigured
from inbox.sla.hours import Calendar, Holiday, Hours, Span
from tests.unit.sla.drawing import MINUTE, ZONES, Oracle, places, round_the_clock, working_week

HOUR = timedelta(hours=1)
NINE_TO_FIVE = (Span(540, 1020),)


def tehran(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Tehran")).astimezone(UTC)


@given(places(), st.integers(1, 1500))
@settings(max_examples=150, deadline=None)
def test_adding_working_time_equals_the_oracle(place: tuple[Hours, datetime], minutes: int) -> None:
    hours, start = place
    expected = Oracle(hours).add(start, minutes)
    assume(expected is not None)
    assert Calendar(hours).add_working(start, minutes * MINUTE) == expected


@given(places(), st.integers(0, 6000))
@settings(max_examples=100, deadline=None)
def test_working_time_between_equals_the_oracle(place: tuple[Hours, datetime], minutes: int) -> None:
    hours, start = place
    end = start + minutes * MINUTE
    calendar = Calendar(hours)
    assert calendar.working_between(start, end) == Oracle(hours).between(start, end)
    assert calendar.working_between(end, start) == -calendar.working_between(start, end)


@given(places(), st.integers(0, 2000))
@settings(max_examples=200, deadline=None)
def test_open_and_next_open_equal_the_oracle(place: tuple[Hours, datetime], minutes: int) -> None:
    hours, start = place
    at, oracle, calendar = start + minutes * MINUTE, Oracle(hours), Calendar(hours)
    assert calendar.is_open(at) == oracle.is_open(at)
    opening = calendar.next_open(at)
    assert oracle.is_open(opening)
    assert calendar.working_between(at, opening) == timedelta()
    assert opening == at or not oracle.is_open(opening - MINUTE)


@given(places(), st.timedeltas(timedelta(), 30 * HOUR), st.timedeltas(timedelta(), 30 * HOUR))
@settings(max_examples=300, deadline=None)
def test_due_never_precedes_start_nor_leaves_the_calendar_and_grows_with_the_amount(
    place: tuple[Hours, datetime], one: timedelta, more: timedelta
) -> None:
    hours, start = place
    calendar = Calendar(hours)
    due = calendar.add_working(start, one)
    assert due >= start
    assert calendar.covers(due)
    assert calendar.working_between(start, due) == one
    assert calendar.add_working(start, one + more) >= due
    assert Calendar(hours).add_working(start, one) == due


@given(places(), st.integers(0, 10), st.integers(0, 4))
@settings(max_examples=200, deadline=None)
def test_working_days_never_precede_start_nor_leave_the_calendar_and_grow(
    place: tuple[Hours, datetime], days: int, more: int
) -> None:
    hours, start = place
    calendar = Calendar(hours)
    due = calendar.add_working_days(start, days)
    assert due >= start
    assert calendar.covers(due)
    assert calendar.add_working_days(start, days + more) >= due


def test_no_zone_changes_twice_within_six_hours() -> None:
    """What the layout of a year rests on: looking at the offset every six hours misses no change."""
    for name in ZONES:
        changes = offset_changes(name)
        assert all(b - a > 6 * 3600 for a, b in itertools.pairwise(changes)), name


def offset_changes(zone: str) -> list[int]:
    """The instants since 1970 at which the zone's offset changes, in seconds, from its TZif file (RFC 9636, section 3)."""
    raw = resources.files("tzdata.zoneinfo").joinpath(*zone.split("/")).read_bytes()
    counts = struct.unpack_from(">6l", raw, 20)
    second = 44 + counts[3] * 5 + counts[4] * 6 + counts[5] + counts[2] * 8 + counts[1] + counts[0]
    _, _, _, times, types, _ = struct.unpack_from(">6l", raw, second + 20)
    at = struct.unpack_from(f">{times}q", raw, second + 44)
    kinds = struct.unpack_from(f">{times}B", raw, second + 44 + times * 8)
    offsets = [struct.unpack_from(">lBB", raw, second + 44 + times * 9 + 6 * n)[0] for n in range(types)]
    after = [offsets[kind] for kind in kinds]
    return [t for t, old, new in zip(at[1:], after, after[1:], strict=False) if old != new and t > 0]


def test_a_message_at_night_is_due_in_the_morning() -> None:
    calendar = Calendar(working_week())
    assert calendar.add_working(tehran(24, 22), 2 * HOUR) == tehran(25, 10, 30)


def test_friday_the_short_thursday_a_holiday_and_a_closure_are_walked_around() -> None:
    calendar = Calendar(working_week())
    assert calendar.add_working(tehran(26, 12), 2 * HOUR) == tehran(28, 9, 30)
    assert calendar.add_working(tehran(22, 16), 2 * HOUR) == tehran(24, 9, 30)
    assert calendar.add_working(tehran(30, 16), 2 * HOUR) == tehran(2, 9, 30, month=12)


def test_a_half_day_is_open_for_its_own_spans() -> None:
    calendar = Calendar(working_week())
    assert calendar.working_between(tehran(6, 0, month=12), tehran(7, 0, month=12)) == timedelta(hours=3.5)


def test_what_ends_at_closing_time_is_due_then_and_not_next_morning() -> None:
    calendar = Calendar(working_week())
    assert calendar.add_working(tehran(24, 13), 4 * HOUR) == tehran(24, 17)
    assert calendar.add_working(tehran(24, 13), 4 * HOUR + MINUTE) == tehran(25, 8, 31)
    assert calendar.add_working(tehran(24, 17), timedelta()) == tehran(25, 8, 30)


def test_a_break_in_the_day_does_not_count() -> None:
    calendar = Calendar(Hours("lunch", "UTC", ((Span(540, 720), Span(780, 1020)),) * 7))
    assert calendar.add_working(datetime(2026, 11, 24, 11, tzinfo=UTC), 2 * HOUR) == datetime(
        2026, 11, 24, 14, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("day", "length"),
    [(date(2026, 3, 28), 3), (date(2026, 3, 29), 2), (date(2026, 10, 25), 4)],
    ids=["ordinary", "skipped hour", "repeated hour"],
)
def test_a_night_span_is_as_long_as_the_night_was(day: date, length: int) -> None:
    calendar = Calendar(Hours("night", "Europe/Paris", ((Span(60, 240),),) * 7))
    assert sum((b - a for a, b in calendar.open_intervals(day)), timedelta()) == length * HOUR


def test_a_day_that_the_zone_skipped_is_no_working_day() -> None:
    calendar = Calendar(Hours("apia", "Pacific/Apia", (NINE_TO_FIVE,) * 7))
    assert calendar.open_intervals(date(2011, 12, 30)) == ()
    start = datetime(2011, 12, 29, 12, tzinfo=ZoneInfo("Pacific/Apia"))
    assert calendar.local(calendar.add_working_days(start, 1)).date() == date(2011, 12, 31)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (tehran(24, 11), 1, tehran(25, 11)),
        (tehran(22, 11), 1, tehran(24, 11)),  # over the holiday
        (tehran(24, 22), 1, tehran(26, 8, 30)),  # after hours counts as the next opening
        (tehran(25, 15), 1, tehran(28, 8, 30)),  # Thursday is over by then
        (tehran(25, 13), 1, tehran(26, 13)),  # closing time itself is still inside
        (tehran(25, 15), 2, tehran(28, 15)),
    ],
)
def test_a_working_day_is_the_same_time_on_the_next_working_day(start: datetime, days: int, due: datetime) -> None:
    assert Calendar(working_week()).add_working_days(start, days) == due


def test_a_night_shift_belongs_to_the_day_on_which_it_starts() -> None:
    night = Hours("night", "UTC", ((), (), (), (Span(1320, 1560),), (), (Span(1320, 1560),), ()))
    calendar = Calendar(night)
    friday_one = datetime(2026, 11, 27, 1, tzinfo=UTC)
    assert calendar.working_day(friday_one) == date(2026, 11, 26)
    assert calendar.add_working_days(friday_one, 1) == datetime(2026, 11, 29, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="closed"):
        calendar.working_day(datetime(2026, 11, 27, 3, tzinfo=UTC))


def test_a_leap_day_and_new_year_are_ordinary_days() -> None:
    calendar = Calendar(Hours("daily", "UTC", (NINE_TO_FIVE,) * 7))
    assert calendar.add_working(datetime(2028, 2, 28, 16, tzinfo=UTC), 2 * HOUR) == datetime(
        2028, 2, 29, 10, tzinfo=UTC
    )
    assert calendar.add_working(datetime(2026, 12, 31, 16, tzinfo=UTC), 2 * HOUR) == datetime(
        2027, 1, 1, 10, tzinfo=UTC
    )


def test_always_is_plain_time() -> None:
    calendar = Calendar(round_the_clock())
    start = datetime(2026, 11, 27, 23, 59, tzinfo=UTC)
    assert calendar.add_working(start, 50 * HOUR) == start + 50 * HOUR
    assert calendar.working_between(start, start + 50 * HOUR) == 50 * HOUR
    assert calendar.is_open(start)
    assert calendar.add_working_days(start, 2) == start + 48 * HOUR


def test_a_calendar_that_never_opens_is_refused_and_not_searched_for_ever() -> None:
    never = Calendar(Hours("never", "UTC"))
    start = datetime(2026, 11, 24, tzinfo=UTC)
    for ask in (never.next_open, lambda at: never.add_working(at, HOUR), lambda at: never.add_working_days(at, 1)):
        with pytest.raises(Misconfigured) as caught:
            ask(start)
        assert caught.value.key == "sla.never_open"


def test_a_calendar_that_stops_opening_is_refused_in_the_middle_of_a_count() -> None:
    years = {date(2026, 12, 1) + timedelta(days=n): Holiday("closed down") for n in range(900)}
    calendar = Calendar(Hours("ends", "UTC", (NINE_TO_FIVE,) * 7, holidays=years))
    start = datetime(2026, 11, 30, 12, tzinfo=UTC)
    with pytest.raises(Misconfigured):
        calendar.add_working(start, 8 * HOUR)
    with pytest.raises(Misconfigured):
        calendar.add_working_days(start, 1)


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(Misconfigured) as caught:
        Calendar(Hours("moon", "Moon/Tranquility", (NINE_TO_FIVE,) * 7))
    assert caught.value.facts["zone"] == "Moon/Tranquility"


def test_naive_instants_and_negative_amounts_are_refused() -> None:
    calendar = Calendar(working_week())
    with pytest.raises(ValueError, match="no zone"):
        calendar.next_open(tehran(24, 11).replace(tzinfo=None))
    with pytest.raises(ValueError, match="cannot add"):
        calendar.add_working(tehran(24, 11), -HOUR)
    with pytest.raises(ValueError, match="cannot add"):
        calendar.add_working_days(tehran(24, 11), -1)
    with pytest.raises(ValueError, match="7 days"):
        Hours("short", "UTC", ((),))


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (tehran(14, 10, month=12), tehran(14, 16, month=12), None),  # today is open already, nothing can move onto it
        (tehran(14, 10, month=12), tehran(15, 9, month=12), date(2026, 12, 16)),  # it may come a day early
        (tehran(16, 10, month=12), tehran(17, 9, month=12), date(2026, 12, 16)),  # or a day late
        (tehran(17, 7, month=12), tehran(17, 12, month=12), date(2026, 12, 16)),  # this morning it might still come
        (tehran(17, 10, month=12), tehran(19, 9, month=12), None),  # it is over
        (tehran(24, 10), tehran(25, 10), None),
    ],
)
def test_an_estimated_holiday_shakes_the_days_beside_it_but_not_a_day_that_has_begun(
    since: datetime, until: datetime, found: date | None
) -> None:
    assert Calendar(working_week()).estimated_holiday_between(since, until) == found


def test_around_the_clock_no_holiday_matters() -> None:
    shaky = {date(2026, 12, 16): Holiday("moon day", estimated=True)}
    calendar = Calendar(Hours("always", "Asia/Tehran", holidays=shaky, always=True))
    assert calendar.estimated_holiday_between(tehran(15, 10, month=12), tehran(17, 10, month=12)) is None


def test_the_version_follows_the_content_and_not_the_name() -> None:
    one = Hours("one", "UTC", (NINE_TO_FIVE,) * 7)
    assert one.version == Hours("two", "UTC", (NINE_TO_FIVE,) * 7).version
    others = [
        Hours("one", "Asia/Tehran", (NINE_TO_FIVE,) * 7),
        Hours("one", "UTC", (NINE_TO_FIVE,) * 6 + ((),)),
        Hours("one", "UTC", (NINE_TO_FIVE,) * 7, holidays={date(2026, 1, 1): Holiday("new year")}),
        Hours("one", "UTC", (NINE_TO_FIVE,) * 7, closures={date(2026, 1, 1): "new year"}),
        Hours("one", "UTC", always=True),
    ]
    assert len({one.version, *(h.version for h in others)}) == 6
    assert len({one, *others}) == 6


def test_laying_out_many_years_keeps_only_the_last_few() -> None:
    calendar = Calendar(working_week())
    for year in range(2000, 2030):
        calendar.next_open(datetime(year, 6, 1, tzinfo=UTC))
    first = calendar.next_open(datetime(2000, 6, 1, tzinfo=UTC))
    assert first == Calendar(working_week()).next_open(datetime(2000, 6, 1, tzinfo=UTC))
    assert len(calendar._years) <= 8


def test_four_working_hours_cost_microseconds() -> None:
    calendar = Calendar(working_week())
    starts = [tehran(1, 0) + n * 37 * MINUTE for n in range(5000)]
    calendar.add_working(starts[-1], 4 * HOUR)
    began = stopwatch.process_time()
    for start in starts:
        calendar.add_working(start, 4 * HOUR)
    # About 2 µs on the machine this was written on; the bound only tells it from a walk over days or minutes.
    assert (stopwatch.process_time() - began) / len(starts) < 50e-6
