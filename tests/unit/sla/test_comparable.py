"""Which past replies are taken for comparable: priority first where it has enough, then the nearest load."""

from inbox.sla.comparable import Past, comparable, load_of
from inbox.sla.survival import Sample

QUIET, BUSY = 1.0, 12.0


def past(
    seconds: float, count: int, priority: str = "normal", load: float | None = QUIET, *, still: bool = False
) -> list[Past]:
    return [Past(Sample(seconds, censored=still), priority, load)] * count


def test_the_priority_counts_where_enough_of_it_is_over() -> None:
    known = past(600, 20, "high") + past(7200, 60)
    assert comparable(known, "high", None, 20).quantile(0.85) == 600
    assert comparable(known[1:], "high", None, 20).quantile(0.85) == 7200, "19 are too few: all count"
    still = known[1:] + past(60, 30, "high", still=True)
    assert comparable(still, "high", None, 20).size == 109, "those still owed are not over"


def test_a_busy_hour_is_judged_by_busy_hours() -> None:
    known = past(600, 100, load=QUIET) + past(7200, 60, load=BUSY)
    assert comparable(known, "normal", 10.0, 20).quantile(0.85) == 7200
    assert comparable(known, "normal", 1.2, 20).quantile(0.85) == 600
    assert comparable(known, "normal", None, 20).size == 160, "without a load every load is alike"


def test_loads_are_compared_by_ratio() -> None:
    known = past(1, 60, load=2.0) + past(2, 60, load=9.0)
    assert comparable(known, "normal", 4.2, 20).quantile(0.5) == 1
    assert comparable(known, "normal", 4.3, 20).quantile(0.5) == 2


def test_what_nobody_counted_comes_last() -> None:
    known = past(1, 60, load=None) + past(2, 30, load=50.0)
    found = comparable(known, "normal", QUIET, 20)
    assert (found.size, found.quantile(0.6)) == (60, 2)


def test_a_load_is_places_for_each_agent() -> None:
    assert load_of(queue=7, on_shift=2) == 4.0
    assert load_of(queue=0, on_shift=0) == 1.0
