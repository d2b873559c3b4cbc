"""What a connection is opened with: durability, foreign keys, immediate locks, serializable units, whole instants."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from inbox.domain.problems import Misconfigured, Problem
from inbox.store.engine import open_engine
from inbox.store.store import Store
from inbox.store.types import Instant, compact, to_microseconds
from inbox.store.unit import Unit
from tests.store.databases import Copy


def asked(unit: Unit, question: str) -> object:
    return unit.connection.exec_driver_sql(question).scalar_one()


@pytest.mark.parametrize(
    ("pragma", "value"), [("synchronous", 2), ("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 10000)]
)
def test_every_connection_to_a_file_is_durable_and_strict(
    copy_sqlite: Copy, tmp_path: Path, pragma: str, value: object
) -> None:
    store = Store(copy_sqlite(tmp_path), tmp_path)
    question = f"PRAGMA {pragma}"
    assert (store.write_now(asked, question), store.read_now(asked, question)) == (value, value)
    store.close()


def test_a_unit_takes_the_write_lock_before_it_reads(copy_sqlite: Copy, tmp_path: Path) -> None:
    """Deferred, a unit that reads and then writes would fail at once when another writer came between."""
    store = Store(copy_sqlite(tmp_path), tmp_path)
    stranger = sqlite3.connect(tmp_path / "inbox.db", timeout=0, isolation_level=None, check_same_thread=False)

    def work(unit: Unit) -> str:
        unit.connection.exec_driver_sql("SELECT count(*) FROM arrival")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            stranger.execute("BEGIN IMMEDIATE")
        return "locked"

    assert store.write_now(work) == "locked"
    stranger.execute("BEGIN IMMEDIATE")
    assert store.read_now(asked, "SELECT count(*) FROM arrival") == 0, "a reader does not wait for a writer"
    stranger.close()
    store.close()


def test_units_are_serializable_on_a_server(copy_postgresql: Copy, tmp_path: Path) -> None:
    store = Store(copy_postgresql(tmp_path), tmp_path)
    assert store.write_now(asked, "SHOW transaction_isolation") == "serializable"
    assert store.read_now(asked, "SHOW transaction_read_only") == "on"
    store.close()


def test_a_closed_store_leaves_no_connection_behind(copy_postgresql: Copy, tmp_path: Path) -> None:
    url = copy_postgresql(tmp_path)
    store, watcher = Store(url, tmp_path), Store(url, tmp_path)
    store.write_now(asked, "SELECT 1")
    store.read_now(asked, "SELECT 1")
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    store.close()
    store.close()
    assert watcher.read_now(asked, others) == 0
    watcher.close()


def test_an_address_that_names_no_database_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="database_unknown"):
        open_engine("mysql://x/y", tmp_path)


def test_tables_that_are_not_there_yet_are_told(tmp_path: Path) -> None:
    store = Store("sqlite:///new/inbox.db", tmp_path)
    with pytest.raises(Problem, match="not_migrated"):
        store.read_now(asked, "SELECT count(*) FROM arrival")
    with pytest.raises(Problem, match="not_migrated"):
        store.write_now(asked, "SELECT count(*) FROM arrival")
    store.close()


def test_an_instant_is_whole_microseconds_of_utc_on_both(store: Store) -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    at = datetime(2026, 11, 21, 12, 30, 0, 1, tzinfo=tehran)
    table = sa.Table("trial", sa.MetaData(), sa.Column("at", Instant))

    def work(unit: Unit) -> datetime:
        table.create(unit.connection)
        unit.add(table, {"at": at})
        found: datetime = unit.execute(sa.select(table.c.at)).scalar_one()
        return found

    assert store.write_now(work) == at
    assert store.read_now(lambda unit: unit.execute(sa.select(table.c.at)).scalar_one()).tzinfo is UTC


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_microseconds(datetime(2026, 11, 21, tzinfo=UTC).replace(tzinfo=None))


def test_json_is_kept_short_and_readable() -> None:
    assert compact({"نام": ["علی", 1]}) == '{"نام":["علی",1]}'
