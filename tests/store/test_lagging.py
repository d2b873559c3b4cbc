"""How far behind receiving is: what waits is counted, and a pace is told from what happened lately and from nothing else."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from inbox.store import channels
from inbox.store import tables as t
from inbox.store.lagging import FEW, HANDFUL, LATE, SAMPLE, Behind, behind
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.rows import MAIL, NOW


@pytest.fixture(autouse=True)
def channel(store: Store) -> None:
    store.write_now(channels.ensure, MAIL, "email")


def came(store: Store, count: int, every: float, first: datetime, **more: object) -> None:
    """So many arrivals, that many seconds apart."""

    def unit(unit: Unit) -> None:
        known = unit.execute(sa.select(sa.func.count()).select_from(t.arrival)).scalar_one()
        for n in range(count):
            at = first + timedelta(seconds=n * every)
            unit.insert(t.arrival, channel=MAIL, key=f"{known + n}", received_at=at, size=1, **more)

    store.write_now(unit)


def judged(store: Store, count: int, every: float) -> None:
    """The oldest that wait have their verdicts, one after the other, the last of them now."""

    def unit(unit: Unit) -> None:
        waiting = sa.select(t.arrival.c.id).where(t.arrival.c.verdict.is_(None)).order_by(t.arrival.c.id).limit(count)
        for n, id in enumerate(unit.execute(waiting).scalars().all()):
            at = NOW - timedelta(seconds=(count - 1 - n) * every)
            row = sa.update(t.arrival).where(t.arrival.c.id == id)
            unit.execute(row.values(verdict="accepted", judged_at=at))

    store.write_now(unit)


def test_where_nothing_waits_there_is_nothing_to_tell(store: Store) -> None:
    assert store.read_now(behind, NOW) == Behind(0, None)
    came(store, 300, 0.01, NOW - timedelta(seconds=3))
    judged(store, 300, 0.01)
    found = store.read_now(behind, NOW)
    assert (found.waiting, found.left, found.far(NOW)) == (0, timedelta(), False)


def test_a_flood_that_is_over_is_done_at_the_pace_of_the_last_verdicts(store: Store) -> None:
    """A thousand came a minute ago; 400 are done, twenty a second."""
    came(store, 1000, 0.001, NOW - timedelta(minutes=1))
    judged(store, 400, 0.05)
    found = store.read_now(behind, NOW)
    assert (found.waiting, found.oldest) == (600, NOW - timedelta(seconds=60) + timedelta(milliseconds=400))
    assert found.judged == pytest.approx(20, rel=0.02)
    assert found.coming == pytest.approx(SAMPLE / 59.2, rel=0.02)
    assert found.left is not None
    assert found.left.total_seconds() == pytest.approx(600 / (20 - SAMPLE / 59.2), rel=0.02)
    assert found.far(NOW)


def test_where_more_comes_than_is_looked_at_no_end_is_told(store: Store) -> None:
    came(store, 1000, 0.02, NOW - timedelta(seconds=20))
    judged(store, 400, 0.05)
    found = store.read_now(behind, NOW)
    assert (found.left, found.grows) == (None, True)


def test_where_nothing_is_looked_at_any_more_the_pace_falls(store: Store) -> None:
    came(store, 1000, 0.001, NOW - timedelta(minutes=1))
    judged(store, 400, 0.05)
    before, after = (store.read_now(behind, NOW + timedelta(hours=hours)).judged for hours in (0, 1))
    assert before is not None
    assert after is not None
    assert after < before / 100


def test_of_a_few_no_pace_is_told(store: Store) -> None:
    came(store, FEW, 0.01, NOW)
    judged(store, FEW - 1, 0.01)
    found = store.read_now(behind, NOW)
    assert (found.waiting, found.judged, found.grows) == (1, None, False)


def test_one_that_stands_since_long_hides_no_pace(store: Store) -> None:
    """It lies far below what is looked at now."""
    came(store, 1, 1, NOW - timedelta(days=1))
    came(store, 1000, 0.01, NOW - timedelta(seconds=10), verdict="accepted", judged_at=NOW - timedelta(seconds=1))
    found = store.read_now(behind, NOW)
    assert (found.waiting, found.judged) == (1, SAMPLE)
    assert found.far(NOW)


def test_old_mail_waits_and_is_not_late(store: Store) -> None:
    came(store, HANDFUL, 1, NOW - timedelta(days=900), history=True)
    found = store.read_now(behind, NOW)
    assert (found.waiting, found.oldest, found.coming, found.far(NOW)) == (HANDFUL, None, None, False)
    came(store, 1, 1, NOW)
    assert store.read_now(behind, NOW).far(NOW)
    assert Behind(1, NOW).far(NOW + LATE) is False
