"""A site carried from SQLite to PostgreSQL: every table, every kind of value, all of it or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from inbox.domain.problems import Problem, Temporary
from inbox.store import carried, search
from inbox.store import tables as t
from inbox.store.carried import Reconciled
from inbox.store.migrate import migrate, untouched
from inbox.store.row_sums import without_nul
from inbox.store.store import Store
from inbox.store.tables import metadata
from tests.rig.postgres import Postgres
from tests.store import one_of_each
from tests.store.databases import Copy


@pytest.fixture
def source(copy_sqlite: Copy, tmp_path: Path) -> Iterator[Store]:
    """A site with a row in every table."""
    opened = Store(copy_sqlite(tmp_path), tmp_path)
    opened.write_now(one_of_each.fill)
    yield opened
    opened.close()


@pytest.fixture
def target(postgres: Postgres, tmp_path: Path) -> Iterator[Store]:
    """A database in which nobody has made anything yet."""
    opened = Store(postgres.database(), tmp_path)
    yield opened
    opened.close()


def of(found: list[Reconciled], table: str) -> Reconciled:
    return next(one for one in found if one.table == table)


def test_every_table_is_carried_and_both_databases_say_the_same(source: Store, target: Store) -> None:
    found = carried.carry(source, target, keep=True)
    tables = {one.table: one for one in found}
    assert set(tables) == {*metadata.tables, "search", "article_search"}
    assert [one.table for one in found if not one.agrees] == []
    assert [name for name in metadata.tables if tables[name].rows == 0] == []
    assert all(one.sum != "0" * 16 for one in found if one.table in metadata.tables)
    columns = [t.message.c.text, t.message.c.to]
    there, here = (store.read_now(lambda unit: unit.execute(sa.select(*columns)).one()) for store in (source, target))
    assert here.text == there.text, "nothing of a text is changed but NUL"


def test_a_nul_becomes_its_symbol_and_is_counted(source: Store, target: Store) -> None:
    source.write_now(lambda unit: unit.execute(sa.update(t.contact).values(name="a\0b")))
    made = of(carried.carry(source, target, keep=True), "contact")
    assert (made.agrees, made.replaced > 0) == (True, True)
    assert target.read_now(lambda unit: unit.execute(sa.select(t.contact.c.name)).scalar_one()) == "a␀b"
    assert without_nul(t.message.c.to, '"\\\\u0000 \\u0000"') == '"\\\\u0000 ␀"', "an escaped backslash is none"


def test_a_rehearsal_leaves_an_untouched_database_untouched(source: Store, target: Store) -> None:
    assert all(one.agrees for one in carried.carry(source, target, keep=False))
    assert untouched(target)


def test_what_ends_it_in_the_middle_leaves_nothing_and_the_next_run_does_all(source: Store, target: Store) -> None:
    def cut(table: str, _rows: int) -> None:
        if table == "message":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carried.carry(source, target, keep=True, told=cut)
    assert untouched(target)
    assert all(one.agrees for one in carried.carry(source, target, keep=True))


def test_ids_go_on_behind_those_that_came(source: Store, target: Store) -> None:
    source.write_now(
        lambda unit: unit.execute(sa.insert(t.team).values(id=4_711, **one_of_each.row(unit, t.team, 1_000)))
    )
    carried.carry(source, target, keep=True)
    assert target.write_now(lambda unit: unit.insert(t.team, **one_of_each.row(unit, t.team, 1_001))) == 4_712


def test_a_database_with_rows_is_left_alone(source: Store, target: Store) -> None:
    migrate(target)
    target.write_now(lambda unit: unit.insert_new(t.site, name="somebody", value="else"))
    with pytest.raises(Problem, match=r"carry\.not_empty.*site"):
        carried.carry(source, target, keep=True)
    assert target.read_now(lambda unit: unit.execute(sa.select(t.site.c.name)).scalar_one()) == "somebody"


def test_a_migrated_database_without_rows_is_taken(source: Store, target: Store) -> None:
    migrate(target)
    assert all(one.agrees for one in carried.carry(source, target, keep=True))


def test_a_row_that_refers_to_nothing_is_told(source: Store, target: Store, tmp_path: Path) -> None:
    """SQLite checks no key that was broken behind its back; PostgreSQL looks at each again, and says which."""

    with closing(sqlite3.connect(tmp_path / "inbox.db")) as behind, behind:
        behind.execute("UPDATE identity SET contact_id = 99999")
    with pytest.raises(Problem, match=r"carry\.refused.*identity"):
        carried.carry(source, target, keep=True)
    assert untouched(target)


def test_foreign_keys_stand_afterwards(source: Store, target: Store, copy_postgresql: Copy) -> None:
    carried.carry(source, target, keep=True)
    whole = Store(copy_postgresql(Path()), Path())
    try:
        assert keys(target) == keys(whole)
        assert keys(target)
    finally:
        whole.close()


def keys(store: Store) -> list[tuple[object, ...]]:
    asked = sa.text("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2")
    return store.read_now(lambda unit: [tuple(row) for row in unit.execute(asked)])


def test_leases_are_free_there_and_the_source_is_as_it_was(source: Store, target: Store) -> None:
    was = source.read_now(lambda unit: unit.execute(sa.select(t.lease)).one())
    carried.carry(source, target, keep=True)
    here = target.read_now(lambda unit: unit.execute(sa.select(t.lease)).one())
    assert (here.name, here.epoch) == (was.name, was.epoch)
    assert here.expires_at.year == 1970
    assert source.read_now(lambda unit: unit.execute(sa.select(t.lease)).one()) == was


def test_nobody_writes_to_the_source_meanwhile(source: Store, target: Store, tmp_path: Path) -> None:
    refused = []

    def write(table: str, _rows: int) -> None:
        if table == "contact":
            with closing(sqlite3.connect(tmp_path / "inbox.db", timeout=0.01)) as other:
                try:
                    other.execute("UPDATE contact SET name = 'another'")
                except sqlite3.OperationalError as error:
                    refused.append(str(error))

    carried.carry(source, target, keep=False, told=write)
    assert refused
    assert set(refused) == {"database is locked"}


def test_a_difference_is_seen_and_nothing_is_kept(
    source: Store, target: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that keeps something else than what it was told: here a trigger of somebody's own."""
    migrate(target)
    with target.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.name := 'another'; RETURN NEW; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER spoil BEFORE INSERT ON contact FOR EACH ROW EXECUTE FUNCTION spoil()"
        )
    found = carried.carry(source, target, keep=True)
    assert [one.table for one in found if not one.agrees] == ["contact"]
    assert target.read_now(lambda unit: unit.execute(sa.select(t.message.c.id)).first()) is None


def test_a_server_that_is_not_there_is_told(source: Store, tmp_path: Path) -> None:
    target = Store("postgresql://app@127.0.0.1:1/none", tmp_path)
    try:
        with pytest.raises(Temporary, match=r"store\.unreachable"):
            carried.carry(source, target, keep=True)
    finally:
        target.close()


def test_words_are_found_as_postgresql_finds_them(source: Store, target: Store) -> None:
    carried.carry(source, target, keep=True)
    said, indexed = target.read_now(search.standing)
    assert said == indexed == 1
