"""The walk that people are shown ends where the arithmetic ends, and names what stood in the way."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.sla.durations import Counting, Duration, Unit, after, parse
from inbox.sla.hours import Calendar, Hours
from inbox.sla.walk import Note, walk
from tests.unit.sla.drawing import places, round_the_clock, working_week

NOT_AT_ALL, A_MINUTE = timedelta(), timedelta(minutes=1)
SUNDAY_NOON = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)  # 12:00 in Tehran


def test_every_day_is_shown_with_what_it_counted_and_why_not_more() -> None:
    steps = walk(Calendar(working_week()), SUNDAY_NOON, parse("50 working hours", "here"))
    shown = [(s.day.isoformat(), s.counted / timedelta(hours=1), s.note, s.name) for s in steps]
    assert shown == [
        ("2026-11-22", 5.0, Note.OPEN, ""),
        ("2026-11-23", 0.0, Note.HOLIDAY, "founding day"),
        ("2026-11-24", 8.5, Note.OPEN, ""),
        ("2026-11-25", 8.5, Note.OPEN, ""),
        ("2026-11-26", 4.5, Note.OPEN, ""),
        ("2026-11-27", 0.0, Note.CLOSED, ""),
        ("2026-11-28", 8.5, Note.OPEN, ""),
        ("2026-11-29", 8.5, Note.OPEN, ""),
        ("2026-11-30", 6.5, Note.OPEN, ""),
    ]


def test_closures_half_days_and_estimated_holidays_are_named() -> None:
    noted = {
        s.day: (s.note, s.name) for s in walk(Calendar(working_week()), SUNDAY_NOON, parse("20 working days", "x"))
    }
    assert noted[date(2026, 12, 1)] == (Note.CLOSURE, "air pollution")
    assert noted[date(2026, 12, 6)] == (Note.HALF_DAY, "half day")
    assert noted[date(2026, 12, 16)] == (Note.ESTIMATED_HOLIDAY, "moon day")


def test_around_the_clock_is_one_step() -> None:
    for calendar, duration in (
        (Calendar(round_the_clock()), parse("50 working hours", "here")),
        (Calendar(working_week()), parse("50 hours (24x7)", "here")),
    ):
        (step,) = walk(calendar, SUNDAY_NOON, duration)
        assert (step.until - step.since, step.counted, step.note) == (
            timedelta(hours=50),
            timedelta(hours=50),
            Note.ALWAYS,
        )


def test_what_is_due_at_an_opening_ends_there() -> None:
    late_wednesday = datetime(2026, 11, 25, 12, tzinfo=UTC)
    steps = walk(Calendar(working_week()), late_wednesday, parse("1 working day", "here"))
    assert steps[-1].until == datetime(2026, 11, 28, 5, tzinfo=UTC)
    assert [s.day.day for s in steps] == [25, 26, 27, 28]


@given(places(), st.integers(1, 40), st.sampled_from(Unit), st.sampled_from(Counting))
@settings(max_examples=300, deadline=None)
def test_the_walk_ends_where_the_arithmetic_does_and_counts_what_lies_between(
    place: tuple[Hours, datetime], amount: int, unit: Unit, counting: Counting
) -> None:
    hours, start = place
    calendar, duration = Calendar(hours), Duration(amount, unit, counting)
    due, steps = after(calendar, start, duration), walk(calendar, start, duration)
    assert steps[-1].until == due
    assert all(a.until <= b.since and a.day <= b.day for a, b in pairwise(steps))
    if counting is Counting.WORKING:
        assert sum((s.counted for s in steps), timedelta()) == calendar.working_between(start, due)
        # Where clocks fall back over midnight (St. John's until 2011) it is the day before once more.
    counted = [s for s in steps if s.counted]
    assert all(s.day in {calendar.local(s.since - ago).date() for ago in (NOT_AT_ALL, A_MINUTE)} for s in counted)
