"""Leases by the database's own time, and acts that are done once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from inbox.domain.problems import Problem
from inbox.store import housekeeping, idempotency, leases
from inbox.store.store import Store
from inbox.store.tables import site
from inbox.store.types import EPOCH
from inbox.store.unit import Unit
from tests.store.databases import Copy
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


def test_what_one_holds_is_kept_together_and_what_it_gave_up_or_another_took_is_not(store: Store) -> None:
    take(store, "one", GONE)
    for name in ("sweeper", "webhooks", "reporter"):
        store.write_now(leases.take, name, "one", GONE, NOW)
    take(store, "two", at=1)
    store.write_now(leases.give_up, "sweeper", "one")
    asked = ("receiver", "sweeper", "webhooks")
    assert store.write_now(leases.keep, asked, "one", LONG, later(seconds=2)) == {"webhooks": 1}
    assert [store.write_now(leases.held, name, later(seconds=3)) for name in ("webhooks", "sweeper", "reporter")] == [
        True,
        False,
        False,
    ]


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


def test_what_is_done_under_a_lease_is_not_done_by_who_held_it_before(store: Store) -> None:
    done: list[str] = []

    def act(unit: Unit, who: str) -> None:
        done.append(who)

    take(store, "one", GONE)
    ours = partial(leases.require, name="receiver", holder="one", epoch=1)
    store.write_now(leases.fenced, ours, act, "ran out, and nobody else wants it")
    assert take(store, "two", GONE, at=1) == 2
    with pytest.raises(leases.LostLease):
        store.write_now(leases.fenced, ours, act, "too late")
    assert take(store, "one", at=2) == 3
    with pytest.raises(leases.LostLease):
        store.write_now(leases.fenced, ours, act, "of another time")
    assert done == ["ran out, and nobody else wants it"]


def test_who_takes_over_comes_before_or_after_all_that_is_done_under_a_lease(store: Store, other: Store) -> None:
    """On each database: either the claim was made while the lease was ours, or it was not made."""
    take(store, "one", GONE)

    def act(unit: Unit) -> str:
        unit.add(site, {"name": "claimed", "value": "one"})
        return "claimed"

    def takes_over(unit: Unit) -> object:
        epoch = leases.take(unit, "receiver", "two", LONG, later(seconds=1))
        seen = unit.execute(sa.select(site.c.value).where(site.c.name == "claimed")).scalar_one_or_none()
        return (epoch, seen)

    ours = partial(leases.require, name="receiver", holder="one", epoch=1)
    claimed, taken = race((store, lambda u: leases.fenced(u, ours, act)), (other, takes_over))
    if taken[0] == 2 and taken[1] is None:
        assert isinstance(claimed, leases.LostLease)
    else:
        assert (claimed, taken) == ("claimed", (2, "one"))


def test_on_a_server_a_process_that_stands_still_in_a_transaction_holds_up_nobody(
    copy_postgresql: Copy, tmp_path: Path
) -> None:
    """The server ends it, and what it did is undone: it may be stopped for hours. A file has one process to itself."""
    url = copy_postgresql(tmp_path)
    with closing(Store(url, tmp_path)) as store, closing(Store(url, tmp_path)) as other:
        _stands_still(store, other)


def _stands_still(store: Store, other: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def stands_still(unit: Unit) -> int | None:
        epoch = leases.take(unit, "receiver", "stopped", LONG, NOW)
        begun.set()
        go_on.wait(60)
        return epoch

    with ThreadPoolExecutor(1) as pool:
        stopped = pool.submit(store.write_now, stands_still)
        assert begun.wait(10)
        before = time.monotonic()
        assert take(other, "two") == 1
        assert time.monotonic() - before < 20
        go_on.set()
        assert stopped.result() is None, "done again, it finds another's lease"


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
