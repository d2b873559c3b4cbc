"""Arrivals: landed once with the cursor behind them, judged once, tried three times, taken up again by a person."""

from pathlib import Path

import pytest

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.ids import ArrivalId, ChannelName
from inbox.ports.wake import INTAKE, SETTINGS
from inbox.store import arrivals, channels
from inbox.store.arrivals import Landing
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.plans import plan
from tests.store.race import race
from tests.store.rows import CHAT, MAIL, NOW, later, waiting

DIGEST = "ab" * 32


@pytest.fixture(autouse=True)
def channel(store: Store) -> None:
    for name, kind in ((MAIL, "email"), (CHAT, "telegram")):
        store.write_now(channels.ensure, name, kind)


def land(store: Store, *keys: str, name: ChannelName = MAIL, cursor: str | None = None, **marks: bool) -> int:
    items = [Landing(key, len(key), key.encode()) for key in keys]
    return store.write_now(lambda unit: arrivals.land(unit, name, items, cursor, NOW, **marks))


def pending(store: Store, after: int = 0, most: int = 50, braked: tuple[ChannelName, ...] = ()) -> list[str]:
    return [w.key for w in store.read_now(waiting, after, most, braked)]


def one(store: Store, key: str) -> ArrivalId:
    return next(w.id for w in store.read_now(waiting) if w.key == key)


# -- landing -----------------------------------------------------------------------------------------------------------
def test_a_batch_lands_with_its_cursor(store: Store) -> None:
    assert store.read_now(channels.cursor, MAIL) is None
    assert land(store, "1", "2", cursor="c2") == 2
    assert (pending(store), store.read_now(channels.cursor, MAIL)) == (["1", "2"], "c2")
    first = store.read_now(arrivals.one, one(store, "1"))
    assert first is not None
    noun = first.arrival(b"1")
    assert (noun.channel, noun.key, noun.raw, noun.received_at, noun.tries) == (MAIL, "1", b"1", NOW, 0)
    assert store.read_now(arrivals.one, ArrivalId(99)) is None


def test_what_is_fetched_again_is_stopped_by_its_key_and_the_cursor_still_moves(store: Store) -> None:
    land(store, "1", "2", cursor="c2")
    assert land(store, "2", "3", cursor="c3") == 1
    assert land(store, "3", cursor=None) == 0
    assert (pending(store), store.read_now(channels.cursor, MAIL)) == (["1", "2", "3"], "c3")
    assert land(store, "1", name=CHAT) == 1, "another channel has keys of its own"


def test_an_empty_batch_moves_the_cursor_and_wakes_nobody(store: Store) -> None:
    woken: set[str] = set()

    def work(unit: Unit) -> None:
        arrivals.land(unit, MAIL, [], "end", NOW)
        woken.update(unit.wakes)
        arrivals.land(unit, MAIL, [Landing("1", 1, b"1")], None, NOW)
        assert unit.wakes == {INTAKE}

    store.write_now(work)
    assert (woken, store.read_now(channels.cursor, MAIL)) == (set(), "end")


def test_large_bytes_are_a_blob_with_a_row(store: Store) -> None:
    store.write_now(lambda u: arrivals.land(u, MAIL, [Landing(k, 9, None, DIGEST) for k in "ab"], None, NOW))
    assert [w.blob for w in store.read_now(waiting)] == [DIGEST, DIGEST]


def test_history_and_first_sync_are_kept_apart(store: Store) -> None:
    land(store, "old", history=True)
    land(store, "first", first_sync=True)
    marks = [(w.key, w.history, w.first_sync) for w in store.read_now(waiting)]
    assert marks == [("old", True, False), ("first", False, True)]


def test_the_same_batch_landed_twice_at_once_is_stored_once(store: Store, other: Store) -> None:
    items = [Landing(str(n), 1, b"x") for n in range(5)]

    def work(unit: Unit) -> int:
        return arrivals.land(unit, MAIL, items, "c", NOW)

    assert sorted(race((store, work), (other, work))) == [0, 5]
    assert pending(store) == list("01234")


# -- waiting -----------------------------------------------------------------------------------------------------------
def test_what_waits_comes_in_order_and_in_pieces(store: Store) -> None:
    land(store, *"abcde")
    assert pending(store, most=2) == ["a", "b"]
    assert pending(store, after=one(store, "b"), most=2) == ["c", "d"]


@pytest.mark.parametrize("braked", [[], [CHAT]])
def test_what_has_its_verdict_is_not_read_to_find_what_waits(tmp_path: Path, braked: list[ChannelName]) -> None:
    steps = plan(tmp_path, lambda unit: arrivals.pending(unit, ArrivalId(0), 50, [MAIL, CHAT], braked, NOW))
    assert "SEARCH arrival USING INDEX ix_arrival_pending (id>?)" in steps
    assert not any("TEMP B-TREE" in step for step in steps), steps


def test_of_a_channel_that_is_not_configured_nothing_is_taken_and_the_others_go_on(store: Store) -> None:
    land(store, "1", name=CHAT)
    land(store, "2")
    assert [w.key for w in store.read_now(arrivals.pending, ArrivalId(0), 1, (MAIL,))] == ["2"]


def test_of_a_braked_channel_nothing_of_its_first_sync_waits(store: Store) -> None:
    land(store, "old", first_sync=True)
    land(store, "new")
    land(store, "chat", name=CHAT, first_sync=True)
    assert pending(store, braked=(MAIL,)) == ["new", "chat"]
    assert pending(store, braked=(MAIL, CHAT)) == ["new"]


def test_a_first_sync_is_counted_and_released_by_a_person(store: Store) -> None:
    assert [store.write_now(channels.count_first_sync, MAIL, 2) for _ in range(3)] == [True, True, False]
    woken: list[set[str]] = []

    def work(unit: Unit) -> bool:
        released = channels.release_first_sync(unit, MAIL)
        woken.append(unit.wakes)
        return released

    assert store.write_now(work)
    assert woken == [{SETTINGS}], "whoever holds the brake looks again"
    assert not store.write_now(channels.release_first_sync, ChannelName("nobody"))
    row = store.read_now(channels.one, MAIL)
    assert row is not None
    assert (row.first_sync_due, row.first_sync_released) == (2, True)
    assert store.write_now(channels.count_first_sync, MAIL, 2)


# -- verdicts ----------------------------------------------------------------------------------------------------------
def test_a_verdict_ends_the_waiting_and_is_given_once(store: Store) -> None:
    land(store, "1", "2")
    id = one(store, "1")
    assert store.write_now(arrivals.judge, id, Judged(Verdict.IGNORED, "ignored.bounce"), later(seconds=1))
    assert not store.write_now(arrivals.judge, id, Judged(Verdict.ACCEPTED), later(seconds=2))
    assert not store.write_now(arrivals.judge, ArrivalId(99), Judged(Verdict.ACCEPTED), NOW)
    assert pending(store) == ["2"]
    assert store.read_now(arrivals.verdicts) == {"ignored": 1, "pending": 1}


def test_of_two_who_judge_at_once_one_finds_it_judged(store: Store, other: Store) -> None:
    land(store, "1")
    id = one(store, "1")

    def work(unit: Unit) -> bool:
        return arrivals.judge(unit, id, Judged(Verdict.ACCEPTED), NOW)

    assert sorted(race((store, work), (other, work))) == [False, True]


def test_the_third_failure_is_quarantine_with_the_error(store: Store) -> None:
    land(store, "1")
    id = one(store, "1")
    assert [store.write_now(arrivals.tried, id, f"error {n}", NOW) for n in range(3)] == [False, False, True]
    assert pending(store) == []
    (apart,) = store.read_now(arrivals.apart)
    assert (apart.id, apart.verdict, apart.reason, apart.key) == (id, "quarantined", "error 2", "1")


def test_a_person_takes_a_quarantined_one_up_again_or_lets_it_go(store: Store) -> None:
    land(store, "1", "2")
    ids = [one(store, key) for key in ("1", "2")]
    assert not store.write_now(arrivals.retry, ids[0]), "what waits is not in quarantine"
    for id in ids:
        store.write_now(arrivals.judge, id, Judged(Verdict.QUARANTINED, "error"), NOW)
    assert store.write_now(arrivals.retry, ids[0])
    again = store.read_now(arrivals.one, ids[0])
    assert again is not None
    assert (again.tries, pending(store)) == (0, ["1"])
    assert store.write_now(arrivals.ignore, ids[1], "ignored.by_hand", NOW)
    assert not store.write_now(arrivals.ignore, ids[1], "ignored.by_hand", NOW)
    assert store.read_now(arrivals.verdicts) == {"pending": 1, "ignored": 1}
    assert store.read_now(arrivals.apart) == []
