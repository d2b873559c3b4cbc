"""Which past replies are taken for comparable: priority first where it has enough, then the nearest load and hour."""

from inbox.sla.comparable import Moment, Past, comparable, load_of
from inbox.sla.survival import Sample

NOON = 12.0
QUIET, BUSY = Moment.of(1.0, NOON), Moment.of(12.0, NOON)


def past(
    seconds: float, count: int, priority: str = "normal", asked: Moment | None = QUIET, *, still: bool = False
) -> list[Past]:
    return [Past(Sample(seconds, censored=still), priority, asked)] * count


def under(load: float) -> Moment:
    return Moment.of(load, NOON)


def test_the_priority_counts_where_enough_of_it_is_over() -> None:
    known = past(600, 20, "high") + past(7200, 60)
    assert comparable(known, "high", None, 20).quantile(0.85) == 600
    assert comparable(known[1:], "high", None, 20).quantile(0.85) == 7200, "19 are too few: all count"
    still = known[1:] + past(60, 30, "high", still=True)
    assert comparable(still, "high", None, 20).size == 109, "those still owed are not over"


def test_a_busy_hour_is_judged_by_busy_hours() -> None:
    known = past(600, 100, asked=QUIET) + past(7200, 60, asked=BUSY)
    assert comparable(known, "normal", under(10.0), 20).quantile(0.85) == 7200
    assert comparable(known, "normal", under(1.2), 20).quantile(0.85) == 600
    assert comparable(known, "normal", None, 20).size == 160, "without a moment all are alike"


def test_loads_are_compared_by_ratio() -> None:
    known = past(1, 60, asked=under(2.0)) + past(2, 60, asked=under(9.0))
    assert comparable(known, "normal", under(4.2), 20).quantile(0.5) == 1
    assert comparable(known, "normal", under(4.3), 20).quantile(0.5) == 2


def test_the_last_hour_of_the_day_is_judged_by_last_hours() -> None:
    known = past(600, 100, asked=Moment.of(1.0, 9.5)) + past(7200, 60, asked=Moment.of(1.0, 16.5))
    assert comparable(known, "normal", Moment.of(1.0, 16.0), 20).quantile(0.85) == 7200
    assert comparable(known, "normal", Moment.of(1.0, 10.0), 20).quantile(0.85) == 600


def test_hours_are_compared_around_the_clock() -> None:
    known = past(1, 60, asked=Moment.of(1.0, 23.5)) + past(2, 60, asked=Moment.of(1.0, 4.0))
    assert comparable(known, "normal", Moment.of(1.0, 0.5), 20).quantile(0.5) == 1


def test_six_hours_weigh_as_much_as_twice_the_load() -> None:
    assert under(2.0).apart(under(4.0)) == under(2.0).apart(Moment.of(2.0, NOON + 6)) == 1.0


def test_what_nobody_counted_comes_last() -> None:
    known = past(1, 60, asked=None) + past(2, 30, asked=under(50.0))
    found = comparable(known, "normal", QUIET, 20)
    assert (found.size, found.quantile(0.6)) == (60, 2)


def test_a_load_is_places_for_each_agent() -> None:
    assert load_of(queue=7, on_shift=2) == 4.0
    assert load_of(queue=0, on_shift=0) == 1.0
