"""Leases by the database's own time, and acts that are done once."""

from datetime import timedelta

import pytest

from inbox.domain.problems import Problem
from inbox.store import housekeeping, idempotency, leases
from inbox.store.store import Store
from inbox.store.types import EPOCH
from inbox.store.unit import Unit
from tests.store.race import Work, race
from tests.store.rows import NOW, later

LONG, GONE = timedelta(hours=1), timedelta(seconds=-1)


def take(store: Store, holder: str, lasting: timedelta = LONG, at: float = 0) -> int | None:
    return store.write_now(leases.take, "receiver", holder, lasting, later(seconds=at))


# -- leases ------------------------------------------------------------------------------------------------------------
def test_a_lease_is_held_by_one_and_kept_under_the_same_epoch(store: Store) -> None:
    assert [take(store, "one"), take(store, "two"), take(store, "one")] == [1, None, 1]
    assert store.write_now(leases.take, "sweeper", "two", LONG, NOW) == 1, "another name is another lease"


def test_a_lease_that_ran_out_goes_over_under_a_new_epoch(store: Store) -> None:
    take(store, "one", GONE)
    assert take(store, "two", GONE, at=1) == 2
    assert take(store, "one", at=2) == 3
    assert take(store, "two", at=3) is None


def test_a_lease_that_was_given_up_is_free_at_once(store: Store) -> None:
    take(store, "one")
    store.write_now(leases.give_up, "receiver", "two")
    assert take(store, "two") is None, "nobody gives up for another"
    store.write_now(leases.give_up, "receiver", "one")
    assert take(store, "two") == 2


def test_a_process_that_is_the_only_one_waits_for_nobody(store: Store) -> None:
    take(store, "killed")
    store.write_now(leases.free_all)
    assert take(store, "me") == 2


def test_two_that_want_a_free_lease_at_once_do_not_both_get_it(store: Store, other: Store) -> None:
    found = race(
        (store, lambda u: leases.take(u, "receiver", "one", LONG, NOW)),
        (other, lambda u: leases.take(u, "receiver", "two", LONG, NOW)),
    )
    assert sorted(found, key=str) == [1, None]


def test_two_that_take_over_at_once_do_not_both_get_it(store: Store, other: Store) -> None:
    take(store, "dead", GONE)
    found = race(
        (store, lambda u: leases.take(u, "receiver", "one", LONG, later(seconds=1))),
        (other, lambda u: leases.take(u, "receiver", "two", LONG, later(seconds=1))),
    )
    assert sorted(found, key=str) == [2, None]


def test_on_a_server_no_nodes_own_clock_matters(store: Store) -> None:
    """Somebody whose clock is ten years ahead takes nothing from the holder; on a file there is one clock anyway."""
    ahead = later(days=3650)
    take(store, "one")
    taken = store.write_now(leases.take, "receiver", "two", LONG, ahead)
    assert taken == (2 if store.sqlite else None)
    told = store.read_now(leases.stored_now, ahead)
    assert (told == ahead) is store.sqlite
    assert told.tzinfo is not None


# -- acts that are done once -------------------------------------------------------------------------------------------
KEY = ("agent:7", "reply", "key 1")


def test_an_answer_is_given_again_for_the_same_act_only(store: Store) -> None:
    assert store.read_now(idempotency.answered, *KEY, "digest") is None
    store.write_now(idempotency.remember, *KEY, "digest", "the answer", NOW)
    assert store.read_now(idempotency.answered, *KEY, "digest") == "the answer"
    with pytest.raises(Problem, match="key_reused"):
        store.read_now(idempotency.answered, *KEY, "another digest")
    for stranger in (("agent:8", *KEY[1:]), ("agent:7", "note", "key 1"), ("agent:7", "reply", "key 2")):
        assert store.read_now(idempotency.answered, *stranger, "digest") is None


def test_an_act_that_comes_twice_at_once_is_done_once(store: Store, other: Store) -> None:
    def act(name: str) -> Work:
        def work(unit: Unit) -> str:
            before = idempotency.answered(unit, *KEY, "digest")
            if before is None:
                idempotency.remember(unit, *KEY, "digest", name, NOW)
            return before or name

        return work

    found = race((store, act("one")), (other, act("two")))
    assert found in (["one", "one"], ["two", "two"])


def test_what_has_served_its_time_is_removed(store: Store) -> None:
    store.write_now(idempotency.remember, *KEY, "digest", "old", later(days=-3))
    store.write_now(idempotency.remember, "agent:7", "reply", "key 2", "digest", "new", NOW)
    assert store.write_now(housekeeping.tidy, later(days=-2)) == 1
    assert store.read_now(idempotency.answered, *KEY, "digest") is None
    assert store.read_now(idempotency.answered, "agent:7", "reply", "key 2", "digest") == "new"
    assert store.write_now(housekeeping.tidy, EPOCH) == 0
