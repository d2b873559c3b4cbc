"""When agents work, laid out: shifts, nights, absences, and time counted on them."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.domain.ids import AgentId
from inbox.domain.people import Absence, Agent, Roster, Shift
from inbox.pipeline.duties import NEVER, Duty, duty
from inbox.sla.duty import on_duty
from inbox.sla.hours import Calendar, Hours, Span

SARA = Agent(AgentId(1), "sara", "Sara")
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = MONDAY + timedelta(days=7)


def at(day: int, hour: float) -> float:
    return (MONDAY + timedelta(days=day, hours=hour)).timestamp()


def shift(weekday: int, start: int, end: int, zone: str = "UTC") -> Shift:
    return Shift(SARA.id, weekday, time(start), time(end % 24), zone)


def laid(*shifts: Shift, away: tuple[Absence, ...] = (), usual: Calendar | None = None) -> Duty:
    return duty(Roster(agents=(SARA,), shifts=shifts, absences=away), SARA, usual, MONDAY, WEEK)


def test_a_working_day_and_the_time_on_it() -> None:
    mine = laid(shift(0, 9, 17), shift(1, 9, 12))
    assert mine.spans[:2] == ((at(0, 9), at(0, 17)), (at(1, 9), at(1, 12)))
    assert [mine.from_(at(0, hour)) for hour in (8, 9, 12, 17)] == [at(0, 9), at(0, 9), at(0, 12), at(1, 9)]
    assert mine.worked(at(0, 12)) == 3 * 3600
    assert mine.worked(at(0, 23)) == mine.worked(at(1, 9)) == 8 * 3600
    assert mine.after(at(0, 12), 3600) == at(0, 13)
    assert mine.after(at(0, 16), 3600) == at(0, 17), "done at closing time"
    assert mine.after(at(0, 16), 7200) == at(1, 10)
    assert mine.after(at(0, 20), 3600) == at(1, 10), "begun while nobody works"
    assert mine.after(at(0, 20), 0) == at(1, 9)
    assert mine.after(at(6, 0), 10**9) == NEVER


def test_a_night_shift_ends_the_day_after_and_touching_ones_are_one() -> None:
    assert laid(shift(0, 22, 6)).spans[:1] == ((at(0, 22), at(1, 6)),)
    assert laid(shift(0, 9, 12), shift(0, 12, 15), shift(0, 14, 17)).spans[:1] == ((at(0, 9), at(0, 17)),)


def test_absences_are_cut_out() -> None:
    lunch = Absence(SARA.id, MONDAY + timedelta(hours=12), MONDAY + timedelta(hours=13))
    ill = Absence(SARA.id, MONDAY + timedelta(hours=16), MONDAY + timedelta(days=2))
    mine = laid(shift(0, 9, 17), shift(1, 9, 17), away=(lunch, ill))
    assert mine.spans[:2] == ((at(0, 9), at(0, 12)), (at(0, 13), at(0, 16)))


def test_somebody_without_shifts_works_in_the_usual_hours() -> None:
    week = ((Span(8 * 60, 16 * 60),), *((),) * 6)
    usual = Calendar(Hours("support", "UTC", week=week))
    assert laid(usual=usual).spans[0] == (at(0, 8), at(0, 16))
    assert laid().spans == ((MONDAY.timestamp(), WEEK.timestamp()),)
    assert laid(usual=Calendar(Hours("always", "UTC", always=True))).spans == laid().spans


def test_a_disabled_agent_never_works() -> None:
    gone = Agent(AgentId(1), "sara", "Sara", disabled=True)
    mine = duty(Roster(agents=(gone,)), gone, None, MONDAY, WEEK)
    assert (mine.spans, mine.from_(at(0, 1)), mine.worked(at(3, 0)), mine.after(at(0, 0), 1)) == ((), NEVER, 0.0, NEVER)


SHIFTS = st.builds(
    shift, st.integers(0, 6), st.integers(0, 23), st.integers(0, 23), st.sampled_from(["UTC", "Asia/Tehran"])
)
HOURS = st.integers(0, 7 * 24 * 4 - 1).map(lambda quarters: MONDAY + timedelta(minutes=15 * quarters))


@given(st.lists(SHIFTS, min_size=1, max_size=4), st.lists(st.tuples(HOURS, HOURS), max_size=2), HOURS)
@settings(max_examples=200, deadline=None)
def test_it_is_the_duty_that_the_house_knows(
    shifts: list[Shift], away: list[tuple[datetime, datetime]], now: datetime
) -> None:
    whole = [one for one in shifts if one.start != one.end]
    absences = tuple(Absence(SARA.id, min(pair), max(pair)) for pair in away)
    roster = Roster(agents=(SARA,), shifts=tuple(whole), absences=absences)
    if whole:
        laid_out = duty(roster, SARA, None, MONDAY, WEEK)
        assert (laid_out.from_(now.timestamp()) == now.timestamp()) is on_duty(roster, SARA, now)


@given(st.lists(SHIFTS, min_size=1, max_size=3), HOURS, st.integers(1, 400))
@settings(max_examples=200, deadline=None)
def test_what_was_worked_until_the_end_is_what_it_took(shifts: list[Shift], now: datetime, minutes: int) -> None:
    mine = laid(*(one for one in shifts if one.start != one.end))
    end = mine.after(now.timestamp(), minutes * 60)
    if end < NEVER:
        assert mine.worked(end) - mine.worked(now.timestamp()) == pytest.approx(minutes * 60)
