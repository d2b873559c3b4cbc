"""Units: whole or not at all, run again with the same chance, people's work before bulk work."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from inbox.domain.problems import Temporary
from inbox.ports.wake import INTAKE
from inbox.store import store as rooms
from inbox.store.store import Busy, Store
from inbox.store.tables import site
from inbox.store.unit import Unit
from tests.rig.postgres import Postgres
from tests.store.databases import Copy
from tests.store.race import race


def put(unit: Unit, name: str, value: str = "") -> str:
    unit.add(site, {"name": name, "value": value})
    return name


def names(store: Store) -> list[str]:
    return store.read_now(lambda unit: [row.name for row in unit.execute(sa.select(site).order_by(site.c.name))])


class Wakes:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def notify(self, *topics: str) -> None:
        self.heard += topics

    async def wait(self, topic: str, seconds: float | None = None) -> bool:
        return topic in self.heard


class Points:
    """Remembers the crash points that were passed."""

    def __init__(self) -> None:
        self.passed: list[str] = []

    def __call__(self, point: str) -> None:
        self.passed.append(point)


def fail(unit: Unit, name: str) -> None:
    put(unit, name)
    unit.wake(INTAKE)
    raise ValueError(name)


# -- one unit ----------------------------------------------------------------------------------------------------------
async def test_a_unit_that_raises_leaves_nothing_and_wakes_nobody(url: str, tmp_path: Path) -> None:
    wakes = Wakes()
    store = Store(url, tmp_path, wake=wakes)
    with pytest.raises(ValueError, match="a"):
        await store.write(fail, "a")
    with pytest.raises(ValueError, match="b"):
        store.write_now(fail, "b")
    assert (names(store), wakes.heard) == ([], [])
    await store.write(lambda unit: unit.wake(INTAKE))
    assert wakes.heard == [INTAKE]
    store.close()


def test_wakes_go_out_after_the_commit(url: str, tmp_path: Path) -> None:
    points: list[str] = []
    wakes = Wakes()
    store = Store(url, tmp_path, wake=wakes, probe=lambda point: points.append(f"{point} {len(wakes.heard)}"))
    store.write_now(lambda unit: unit.wake(INTAKE))
    assert points == ["store.before_commit 0", "store.after_commit 0"]
    assert wakes.heard == [INTAKE]
    store.close()


def test_a_unit_that_is_run_again_draws_the_same_chance(store: Store) -> None:
    drawn: list[str] = []

    def work(unit: Unit) -> None:
        drawn.append(unit.entropy.token("x"))
        if len(drawn) < 4:
            raise _conflict()

    store.write_now(work)
    assert len(drawn) == 4
    assert len(set(drawn)) == 1
    store.write_now(work)
    assert len(set(drawn)) == 2, "another hand-over draws anew"


def test_after_five_conflicts_the_unit_is_given_up_as_busy(store: Store) -> None:
    tries: list[str] = []

    def work(unit: Unit) -> None:
        tries.append(put(unit, "a"))
        raise _conflict()

    with pytest.raises(Busy):
        store.write_now(work)
    assert (len(tries), names(store)) == (5, [])


def _conflict() -> exc.OperationalError:
    """The way in which both databases say that another writer came between."""
    cause = Exception("database is locked")
    cause.sqlstate = "40001"  # type: ignore[attr-defined]  # as the driver's own errors have it
    return exc.OperationalError("", None, cause)


def test_a_store_that_is_closed_takes_nothing_more(store: Store) -> None:
    store.close()
    with pytest.raises(RuntimeError):
        store.write_now(put, "a")


# -- many units --------------------------------------------------------------------------------------------------------
async def test_of_many_units_those_that_fail_leave_nothing_and_the_others_stay(url: str, tmp_path: Path) -> None:
    wakes = Wakes()
    store = Store(url, tmp_path, wake=wakes)
    results = await store.write_each(
        [
            lambda unit: put(unit, "a"),
            lambda unit: fail(unit, "b"),
            lambda unit: put(unit, "a"),
            lambda unit: put(unit, "c"),
        ]
    )
    assert names(store) == ["a", "c"]
    assert (results[0], results[3]) == ("a", "c")
    assert isinstance(results[1], ValueError)
    assert isinstance(results[2], exc.IntegrityError), "a unique key that is taken is that unit's own affair"
    assert wakes.heard == []
    store.close()


async def test_a_slice_ends_at_fifty_units(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "SLICE_SECONDS", dict.fromkeys(rooms.SLICE_SECONDS, 1000.0))
    probe = Points()
    store = Store(url, tmp_path, probe=probe)
    results = await store.write_each([partial(put, name=str(n)) for n in range(120)])
    assert results == [str(n) for n in range(120)]
    assert probe.passed.count("store.after_commit") == 3
    store.close()


async def test_a_slice_ends_when_its_time_is_up(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "SLICE_SECONDS", dict.fromkeys(rooms.SLICE_SECONDS, 0.0))
    probe = Points()
    store = Store(url, tmp_path, probe=probe)
    await store.write_each([partial(put, name=str(n)) for n in range(4)])
    assert probe.passed.count("store.after_commit") == 4
    store.close()


async def test_a_slice_ends_for_peoples_work(copy_sqlite: Copy, tmp_path: Path) -> None:
    """On one thread, a person's unit that comes while a slice runs is done behind the unit that was being done."""
    store = Store(copy_sqlite(tmp_path), tmp_path)
    order: list[str] = []
    waiting: list[asyncio.Future[None]] = []
    loop = asyncio.get_running_loop()

    def bulk(unit: Unit, name: str) -> None:
        if name == "bulk 0":
            asyncio.run_coroutine_threadsafe(person(), loop).result()
        order.append(name)

    async def person() -> None:
        waiting.append(asyncio.ensure_future(store.write(lambda _: order.append("person"))))
        await asyncio.sleep(0)

    await store.write_each([partial(bulk, name=f"bulk {n}") for n in range(4)])
    await waiting[0]
    assert order == ["bulk 0", "person", "bulk 1", "bulk 2", "bulk 3"]
    store.close()


async def test_on_a_server_peoples_work_does_not_wait_for_a_slice_at_all(copy_postgresql: Copy, tmp_path: Path) -> None:
    store = Store(copy_postgresql(tmp_path), tmp_path)

    def bulk(unit: Unit) -> str:
        return store.write_now(lambda _: "meanwhile")

    assert await store.write_each([bulk]) == ["meanwhile"]
    store.close()


async def test_trouble_of_the_database_fails_the_whole_slice_and_no_unit_is_blamed(store: Store) -> None:
    def trouble(unit: Unit) -> str:
        raise exc.OperationalError("", None, Exception("database or disk is full"))

    with pytest.raises(Temporary, match="disk_full"):
        await store.write_each([lambda unit: put(unit, "a"), trouble])
    assert names(store) == []


async def test_a_damaged_file_is_no_units_fault(store: Store) -> None:
    def trouble(unit: Unit) -> str:
        raise exc.DatabaseError("", None, Exception("database disk image is malformed"))

    with pytest.raises(Exception, match="damaged"):
        await store.write_each([lambda unit: put(unit, "a"), trouble])


# -- two at once -------------------------------------------------------------------------------------------------------
def test_two_that_read_and_write_at_once_both_count(store: Store, other: Store) -> None:
    """Read, add one, write: the second is run again on a server, and waits its turn on a file."""
    store.write_now(put, "n", "0")

    def count(unit: Unit) -> int:
        found = int(unit.execute(sa.select(site.c.value).where(site.c.name == "n")).scalar_one()) + 1
        unit.execute(sa.update(site).where(site.c.name == "n").values(value=str(found)))
        return found

    assert sorted(race((store, count), (other, count))) == [1, 2]


async def test_a_slice_that_met_another_writer_is_run_again_as_a_whole(
    store: Store, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "SLICE_SECONDS", dict.fromkeys(rooms.SLICE_SECONDS, 1000.0))
    store.write_now(put, "n", "0")
    meddled: list[int] = []

    def read(unit: Unit) -> str:
        return str(unit.execute(sa.select(site.c.value).where(site.c.name == "n")).scalar_one())

    def meddle(unit: Unit) -> None:
        if not meddled and not store.sqlite:
            other.write_now(lambda u: u.execute(sa.update(site).values(value="7")).rowcount)
        meddled.append(1)

    def write(unit: Unit) -> str:
        value = read(unit) + "1"
        unit.execute(sa.update(site).where(site.c.name == "n").values(value=value))
        return value

    results = await store.write_each([read, meddle, write])
    assert results == (["0", None, "01"] if store.sqlite else ["7", None, "71"])
    assert len(meddled) == (1 if store.sqlite else 2)


def test_a_lock_that_is_held_too_long_is_told_as_busy(copy_sqlite: Copy, tmp_path: Path) -> None:
    url = copy_sqlite(tmp_path)
    store, stubborn = Store(url, tmp_path), Store(url, tmp_path)
    store.write_now(lambda unit: unit.connection.exec_driver_sql("SELECT 1"))
    store._writer.submit(lambda: _impatient(store)).result()

    def hold(unit: Unit) -> None:
        with pytest.raises(Busy):
            store.write_now(put, "a")

    stubborn.write_now(hold)
    assert store.write_now(put, "a") == "a"
    store.close()
    stubborn.close()


def _impatient(store: Store) -> None:
    with store._writing() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA busy_timeout=1")


# -- a server that goes away -------------------------------------------------------------------------------------------
def test_a_server_that_is_not_there_is_told_and_comes_back(tmp_path: Path) -> None:
    server = Postgres(durable=True).start()
    try:
        store = Store(server.database(), tmp_path)
        store.write_now(lambda unit: site.create(unit.connection))
        store.write_now(put, "before")
        server.crash()
        for _ in range(2):
            with pytest.raises(Temporary, match="unreachable"):
                store.write_now(put, "meanwhile")
            with pytest.raises(Temporary, match="unreachable"):
                store.read_now(put, "meanwhile")
        server.start()
        store.write_now(put, "after")
        assert names(store) == ["after", "before"]
        store.close()
    finally:
        server.close()


def test_a_connection_that_is_cut_in_a_unit_costs_one_more_run(copy_postgresql: Copy, tmp_path: Path) -> None:
    url = copy_postgresql(tmp_path)
    store, killer = Store(url, tmp_path), Store(url, tmp_path)
    runs: list[int] = []

    def work(unit: Unit) -> str:
        backend = unit.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        runs.append(backend)
        put(unit, "a")
        if len(runs) == 1:
            killer.write_now(lambda u: u.execute(sa.select(sa.func.pg_terminate_backend(backend))))
        return put(unit, "b")

    assert store.write_now(work) == "b"
    assert (len(runs), names(store)) == (2, ["a", "b"])
    store.close()
    killer.close()
