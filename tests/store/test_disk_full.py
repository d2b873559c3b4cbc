"""A full disk: told as such, nothing half written, and everything goes on once there is room."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from inbox.domain.problems import Temporary
from inbox.store import arrivals, channels
from inbox.store.arrivals import Landing
from inbox.store.examine import damages, writable
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.databases import Copy
from tests.store.rows import MAIL, NOW, waiting

ROOT = Path(__file__).parents[2]


@pytest.fixture
def small(copy_sqlite: Copy, tmp_path: Path) -> Store:
    """A file that may not grow."""
    store = Store(copy_sqlite(tmp_path), tmp_path)
    store.write_now(channels.ensure, MAIL, "email")
    limit(store, 1)
    return store


def limit(store: Store, pages: int) -> None:
    """The most pages; SQLite never takes fewer than there are."""
    store.write_now(lambda unit: unit.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar_one())


def land(unit: Unit, key: str, size: int = 200_000) -> int:
    return arrivals.land(unit, MAIL, [Landing(key, size, b"x" * size)], key, NOW)


def stored(store: Store) -> list[str]:
    return [w.key for w in store.read_now(waiting)]


async def test_a_unit_that_finds_no_room_is_temporary_trouble(small: Store) -> None:
    with pytest.raises(Temporary, match="disk_full"):
        small.write_now(land, "1")
    with pytest.raises(Temporary, match="disk_full"):
        await small.write_each([lambda unit: land(unit, "2", 1), lambda unit: land(unit, "3")])
    assert (stored(small), small.read_now(channels.cursor, MAIL)) == ([], None)
    limit(small, 1_000_000)
    assert small.write_now(land, "1") == 1
    assert (stored(small), small.read_now(channels.cursor, MAIL)) == (["1"], "1")
    assert damages(small) == ()
    small.close()


def test_the_doctor_finds_that_nothing_can_be_written(small: Store) -> None:
    small.write_now(lambda unit: unit.connection.exec_driver_sql("PRAGMA query_only=ON"))
    with pytest.raises(Exception, match="not_writable"):
        writable(small)
    small.close()


@pytest.mark.parametrize("room", [600_000, 1_111_111])
def test_a_disk_that_fills_up_loses_nothing_that_was_reported(copy_sqlite: Copy, tmp_path: Path, room: int) -> None:
    """The log beside the file hits the limit in the middle of a write; everything before stays readable and whole."""
    copy_sqlite(tmp_path)
    command = [sys.executable, "-m", "tests.store.fill_disk", str(tmp_path), str(room)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    told = json.loads(done.stdout)
    assert told["landed"] > 10
    assert told["problem"] == "store.disk_full"
    assert told["while_full"] == told["landed"]
    store = Store("sqlite:///inbox.db", tmp_path)
    assert stored(store)[: told["landed"]] == [str(n) for n in range(told["landed"])][:1000]
    assert len(stored(store)) == min(1000, told["landed"] + 1)
    assert damages(store) == ()
    store.close()
