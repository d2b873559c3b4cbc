"""How often strangers ask is counted by all nodes together, in windows that end."""

from datetime import timedelta

from limits import RateLimitItemPerMinute
from limits.aio.strategies import FixedWindowRateLimiter

from inbox.store import housekeeping, paces
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.testing import FakeClock
from inbox.web.counts import StoredCounts, counts
from tests.store.race import race
from tests.store.rows import NOW, later


def test_a_window_begins_with_the_first_and_ends_by_itself(store: Store) -> None:
    assert [store.write_now(paces.hit, "a", 60, 1, later(seconds=n * 20)) for n in range(4)] == [1, 2, 3, 1]
    assert store.read_now(paces.standing, "a", later(seconds=61)) == (1, later(seconds=120))
    assert store.read_now(paces.standing, "a", later(seconds=120)) == (0, later(seconds=120))
    assert store.read_now(paces.standing, "b", NOW) == (0, NOW)


def test_what_is_over_is_removed(store: Store) -> None:
    store.write_now(paces.hit, "a", 60, 1, NOW)
    assert store.write_now(housekeeping.tidy, later(seconds=59)) == 0
    assert store.write_now(housekeeping.tidy, later(seconds=61)) == 1


async def test_two_nodes_count_together(store: Store, other: Store) -> None:
    clock, item = FakeClock(NOW), RateLimitItemPerMinute(3)
    mine, hers = (FixedWindowRateLimiter(StoredCounts(one, clock, "api")) for one in (store, other))
    assert [await one.hit(item, "token") for one in (mine, hers, mine, hers)] == [True, True, True, False]
    assert not await mine.test(item, "token")
    stats = await mine.get_window_stats(item, "token")
    assert (stats.remaining, stats.reset_time) == (0, (NOW + timedelta(minutes=1)).timestamp())
    assert await FixedWindowRateLimiter(StoredCounts(store, clock, "portal")).hit(item, "token"), "counted apart"
    await hers.clear(item, "token")
    assert await mine.hit(item, "token")


def test_nobody_is_lost_where_two_count_at_once(store: Store, other: Store) -> None:
    def counted(unit: Unit) -> int:
        return paces.hit(unit, "a", 60, 1, NOW)

    assert sorted(race((store, counted), (other, counted))) == [1, 2]


def test_one_process_counts_in_memory(store: Store) -> None:
    assert isinstance(counts(store, FakeClock(NOW), "api"), StoredCounts) != store.sqlite
