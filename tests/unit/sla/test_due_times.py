"""Due times over every zone: as a walk over the minutes finds them, never too early, never moved back by a pause, never by chance.

`EXAMPLES` says how many cases are drawn in all, 2,000 unless it says more; `make nightly` draws 100,000. A case is drawn by
its number alone, so that one which fails is drawn again by everybody.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from inbox.domain.conversations import Priority
from inbox.sla.board import Board, ClockFact, Kind, Terms, advance, replay
from inbox.sla.clocks import ClockState
from inbox.sla.durations import Counting, Duration, Unit, parse
from inbox.sla.hours import DAY_MINUTES, Calendar, Holiday, Hours, Span
from inbox.sla.metrics import Metric, Target
from inbox.sla.policy import Policy
from tests.unit.sla.drawing import MINUTE, ZONES, Oracle, changes

EXAMPLES = int(os.environ.get("EXAMPLES", "2000"))
PARTS = 8
WALKED = DAY_MINUTES
"""Minutes that the oracle looks at; a due time farther away is held to the other laws alone."""

Rests = Sequence[tuple[datetime, int]]
"""When each pause began, and how many minutes it took."""


@dataclass(frozen=True, slots=True)
class Case:
    """Hours in one of all zones, a start near their exceptions or a change of the zone, a target and pauses."""

    hours: Hours
    start: datetime
    duration: Duration
    rests: Rests


def case(number: int) -> Case:
    dice = Random(number)
    zone = ZONES[number % len(ZONES)]
    day = date(1990, 1, 4) + timedelta(days=dice.randrange(20_000))
    if dice.random() < 0.3 and (near := changes(zone, day.year)):
        day = dice.choice(near) - timedelta(days=dice.randrange(3))
    start = datetime.combine(day, time.min, UTC) + dice.randrange(DAY_MINUTES) * MINUTE
    at, rests = start, []
    for _ in range(dice.randrange(4)):
        at += dice.randrange(900) * MINUTE
        rests.append((at, dice.randrange(3000)))
        at += (rests[-1][1] + 600) * MINUTE
    return Case(hours(dice, zone, day), start, duration(dice), rests)


def hours(dice: Random, zone: str, day: date) -> Hours:
    week = [spans(dice) for _ in range(7)]
    week[dice.randrange(7)] = (Span(dice.randrange(600), dice.randrange(700, 1800)),)
    near = [day + timedelta(days=n) for n in range(-3, 6)]
    off = {one: Holiday("day off", spans=spans(dice)) for one in near if dice.random() < 0.2}
    return Hours("drawn", zone, tuple(week), off, {one: "closed" for one in near if dice.random() < 0.1})


def spans(dice: Random) -> tuple[Span, ...]:
    """None to three stretches that do not overlap; the last may run past midnight."""
    edges = sorted(dice.sample(range(48), 2 * dice.randrange(4)))
    found = [Span(a * 30, b * 30) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    if found and dice.random() < 0.3:
        found[-1] = Span(found[-1].start, found[-1].start + dice.randrange(1, DAY_MINUTES + 1))
    return tuple(found)


def duration(dice: Random) -> Duration:
    unit, most = dice.choice([(Unit.MINUTES, 240), (Unit.MINUTES, 900), (Unit.HOURS, 40), (Unit.DAYS, 12)])
    return Duration(dice.randrange(1, most), unit, dice.choice([Counting.WORKING, Counting.WORKING, Counting.ALWAYS]))


def terms(hours: Hours, target: Duration) -> Terms:
    targets = {(metric, priority): Target(target, hours.name) for metric in Metric for priority in Priority}
    return Terms({"p": Policy("p", targets)}, {hours.name: Calendar(hours)})


def facts(start: datetime, rests: Rests = ()) -> list[ClockFact]:
    """Somebody asks, and it is now and then their turn."""
    told = [ClockFact(start, Kind.POLICY_CHANGED, policy="p"), ClockFact(start, Kind.CUSTOMER_WROTE)]
    for since, minutes in rests:
        told += [ClockFact(since, Kind.WAITING_STARTED), ClockFact(since + minutes * MINUTE, Kind.WAITING_ENDED)]
    return told


def resolution(told: list[ClockFact], under: Terms) -> ClockState:
    [found] = [s for s in replay(told, under, told[-1].at).states if s.metric is Metric.RESOLUTION]
    return found


def due(told: list[ClockFact], under: Terms) -> datetime:
    found = resolution(told, under).due_at
    assert found is not None
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_the_laws_of_due_times_hold_in_every_zone(part: int) -> None:
    for number in range(part, EXAMPLES, PARTS):
        one = case(number)
        under = terms(one.hours, one.duration)
        told = f"case {number}: {one}"
        walked(one, under, told)
        inside(one, under, told)
        monotone(one, under, told)
        repeatable(one, under, told)


def walked(one: Case, under: Terms, told: str) -> None:
    """The due time without pauses is that of a walk over the minutes."""
    if one.duration.unit is Unit.DAYS or one.duration.counting is Counting.ALWAYS:
        return
    minutes = one.duration.length // MINUTE
    expected = Oracle(one.hours).add(one.start, minutes, limit=WALKED)
    assert expected is None or due(facts(one.start), under) == expected, told


def inside(one: Case, under: Terms, told: str) -> None:
    """It is never before its start nor outside the calendar."""
    for at in (due(facts(one.start), under), due(facts(one.start, one.rests), under)):
        assert at >= one.start, told
        assert one.duration.counting is Counting.ALWAYS or under.calendars[one.hours.name].covers(at), told


def monotone(one: Case, under: Terms, told: str) -> None:
    """A pause, and a longer one, never make it due sooner."""
    plain, rested = due(facts(one.start), under), due(facts(one.start, one.rests), under)
    assert rested >= plain, told
    for n, (since, minutes) in enumerate(one.rests):
        longer = [*one.rests[:n], (since, minutes + 300), *one.rests[n + 1 :]]
        assert due(facts(one.start, longer), under) >= rested, told


def repeatable(one: Case, under: Terms, told: str) -> None:
    """Step by step, all over again, counted anew and by another process that reads the same: always the same."""
    happened = facts(one.start, one.rests)
    board = Board()
    for fact in happened:
        board = advance(board, fact, under)
    whole = replay(happened, under, happened[-1].at)
    assert board.states == whole.states, told
    again = terms(replace(one.hours), parse(str(one.duration), "p"))
    assert replay(happened, again, happened[-1].at).states == whole.states, told
    assert advance(whole, ClockFact(happened[-1].at, Kind.RECOUNTED), again).states == whole.states, told
    later = ClockFact(happened[-1].at + timedelta(days=9), Kind.RECOUNTED)
    assert due([*happened, later], again) == due(happened, under), told
