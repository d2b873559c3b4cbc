"""The measurement of clocks measures what it says: so many open, as many due in each round, and all of them told."""

from bench.sla import DUE, NOW, ROUNDS, SIZES, fill, ground, measure, people, swept
from inbox.store import tables as t
from inbox.store.unit import Unit


def test_so_many_are_open_and_what_is_due_is_told_and_no_more() -> None:
    def running(unit: Unit) -> int:
        return sum(row.stopped_at is None for row in unit.execute(t.clock.select()))

    with ground() as on:
        on.store.write_now(people)
        fill(on.store, 1, 601, ROUNDS)
        assert on.store.read_now(running) == 1_200
        assert swept(on).told == DUE * ROUNDS
        rows = on.store.read_now(lambda unit: list(unit.execute(t.clock.select())))
        told = [row for row in rows if row.breached_at is not None]
        assert len(told) == DUE * ROUNDS
        assert all(row.metric == "first_reply" and row.due_at >= NOW for row in told)


def test_the_figures_name_every_size() -> None:
    result = measure(SIZES[0], 0.01)
    names = [one.what for one in result.figures]
    assert f"{SIZES[0]:,} open, sweep with {DUE} due" in names
    assert [one.what for one in result.figures if one.binding] == ["breaches told"]
    assert not any(one.failed for one in result.figures)
