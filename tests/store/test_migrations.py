"""The migrations lead to exactly the tables that the code works with, on both databases and from several processes."""

import importlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from inbox.domain.problems import Problem
from inbox.store import tables
from inbox.store.examine import damages
from inbox.store.migrate import SCRIPTS, known_revisions, migrate, pending
from inbox.store.store import Store
from inbox.store.tables import metadata
from inbox.store.unit import Unit
from tests.rig.postgres import Postgres
from tests.store import older
from tests.store.databases import Copy
from tests.store.rows import queued

ROOT = Path(__file__).parents[2]

Schema = set[tuple[object, ...]]

POSTGRES = """
SELECT 'column', table_name, column_name, data_type, is_nullable, column_default, is_identity
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', ''
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', tablename, indexname, indexdef, '', '', '' FROM pg_indexes WHERE schemaname = 'public'
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two empty databases of the same kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/two.db"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        yield server.database(), server.database()


def schema(store: Store) -> Schema:
    """Everything that the database knows about its tables, alembic's own apart."""
    with store.engine.connect() as connection:
        if store.sqlite:
            rows = connection.execute(sa.text("SELECT type, tbl_name, name, sql FROM sqlite_master"))
            found = {(kind, table, name, tidy(text or "")) for kind, table, name, text in rows}
        else:
            found = {tuple(row) for row in connection.execute(sa.text(POSTGRES))}
    return {row for row in found if row[1] != "alembic_version"}


def tidy(statement: str) -> tuple[str, ...]:
    """The parts of a CREATE TABLE in any order: which constraint comes first means nothing, and a column that was added
    later stands behind all of them; a table that was copied has its name in quotes."""
    head, _, inside = " ".join(statement.replace('"', "").split()).partition("(")
    parts, depth = [""], 0
    for letter in inside:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        elif depth >= 0:
            parts[-1] += letter
    return head.strip(), *sorted(part.strip() for part in parts)


def test_the_migrations_make_the_tables_of_the_code(urls: tuple[str, str], tmp_path: Path) -> None:
    migrated, created = (Store(url, tmp_path) for url in urls)
    migrate(migrated)
    metadata.create_all(created.engine)
    assert schema(migrated) ^ schema(created) == set(), (
        "before the first release: .venv/bin/python tools/first-migration"
    )
    assert schema(migrated)
    migrated.close()
    created.close()


def test_the_names_of_the_files_tell_the_order_that_alembic_goes_by() -> None:
    walked = [script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()][::-1]
    assert known_revisions() == tuple(walked)


def test_what_is_pending_is_told_and_then_done_once(urls: tuple[str, str], tmp_path: Path) -> None:
    store = Store(urls[0], tmp_path)
    wanted = pending(store)
    assert wanted[0] == "0001"
    assert pending(store) == wanted, "looking changes nothing"
    assert migrate(store) == wanted
    assert (pending(store), migrate(store)) == ((), ())
    store.close()


def test_two_nodes_that_start_together_migrate_once(urls: tuple[str, str], tmp_path: Path) -> None:
    stores = [Store(urls[0], tmp_path) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(migrate, stores), key=len)
    assert done[0] == ()
    assert done[1][0] == "0001"
    for store in stores:
        store.close()


def test_a_database_of_a_later_version_is_left_alone(urls: tuple[str, str], tmp_path: Path) -> None:
    store = Store(urls[0], tmp_path)
    migrate(store)
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for look in (pending, migrate):
        with pytest.raises(Problem) as caught:
            look(store)
        assert (caught.value.key, caught.value.facts) == ("store.newer", {"revision": "9999"})
    store.close()


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store("sqlite:///one.db", tmp_path)
    with store.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE conversation (id INTEGER)"))
    with pytest.raises(Problem) as caught:
        migrate(store)
    assert "already exists" in str(caught.value.__cause__)
    assert {row[1] for row in schema(store)} == {"conversation"}
    store.close()


def test_c10_killed_anywhere_in_a_migration_the_next_start_finishes_it_and_nothing_is_lost(
    urls: tuple[str, str], copy_sqlite: Copy, tmp_path: Path
) -> None:
    """Whatever was done is undone: the whole way is one transaction, and there is no half-way."""
    old, other = (left_by_an_earlier_version(url, copy_sqlite(tmp_path), tmp_path) for url in urls)
    other.close()
    before = counted(old)
    assert before["delivery"] == before["conversation"] == 1
    steps = int(killed_after(2**31, urls[1], tmp_path))
    assert steps > 100
    for last in (2, steps // 4, steps // 2, steps * 3 // 4, steps - 1, steps):
        assert killed_after(last, urls[0], tmp_path) == "", f"killed before statement {last} of {steps}"
        assert counted(old) == before, f"killed before statement {last} of {steps}"
        assert pending(old)[0] == "0038"
        assert damages(old) == ()
    assert migrate(old)[0] == "0038"
    assert pending(old) == ()
    after = counted(old)
    assert {name: after[name] for name in before} == before
    old.close()


def left_by_an_earlier_version(url: str, today: str, folder: Path) -> Store:
    """A store with the tables of revision 0037, and an answer in them that waits."""
    store, filled = Store(url, folder), Store(today, folder)
    queued(filled)
    older.made(store, "0037")
    older.carried_back(filled, store)
    filled.close()
    return store


def killed_after(last: int, url: str, folder: Path) -> str:
    """What a process says that migrates the database until it is killed."""
    words = [sys.executable, "-m", "tests.store.kill_migrating", url, str(folder), str(last)]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False, timeout=300)
    assert done.returncode in (0, -signal.SIGKILL)
    return done.stdout


def counted(store: Store) -> dict[str, int]:
    """How many rows each table holds that is there."""
    there = sa.inspect(store.engine).get_table_names()
    ours = [name for name in there if name in metadata.tables]
    asked = "SELECT count(*) FROM"
    with store.engine.connect() as connection:
        return {name: connection.exec_driver_sql(f'{asked} "{name}"').scalar_one() for name in ours}


def test_a_table_that_is_made_anew_keeps_its_rows_and_what_refers_to_them(store: Store) -> None:
    """SQLite alone has to: what PostgreSQL changes in place stays where it is."""
    screens = importlib.import_module("inbox.store.migrations.versions.0038_screens")

    def fill(unit: Unit) -> None:
        id = unit.execute(sa.select(tables.delivery.c.id)).scalar_one()
        unit.add(
            tables.recipient, {"delivery_id": id, "address": "ali@example.org", "state": "sent", "code": "", "text": ""}
        )

    def kept(unit: Unit) -> list[list[tuple[object, ...]]]:
        return [[tuple(row) for row in unit.execute(one.select())] for one in (tables.delivery, tables.recipient)]

    def again(unit: Unit) -> None:
        with Operations.context(MigrationContext.configure(unit.connection)):
            screens._made_anew()

    queued(store)
    store.write_now(fill)
    before = store.read_now(kept)
    if store.sqlite:
        store.write_now(again)
    assert store.read_now(kept) == before
    assert [len(rows) for rows in before] == [1, 1]
