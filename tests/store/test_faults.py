"""What happens to databases: processes killed in a commit, servers that crash, answers that get lost, readers that never end."""

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from inbox.domain.problems import Misconfigured, Temporary
from inbox.store import arrivals, channels, engine
from inbox.store.examine import damages
from inbox.store.store import Store
from inbox.store.tables import site
from inbox.store.unit import Unit
from tests.rig.postgres import Postgres
from tests.rig.proxy import FaultProxy
from tests.store.databases import Copy
from tests.store.race import race
from tests.store.rows import MAIL, NOW, waiting

ROOT = Path(__file__).parents[2]
KILLS = 4


def put(unit: Unit, name: str, value: str = "") -> str:
    unit.add(site, {"name": name, "value": value})
    return name


def landed(store: Store) -> list[int]:
    return sorted(int(w.key) for w in store.read_now(waiting))


# -- C1 ----------------------------------------------------------------------------------------------------------------
def test_c1_whoever_is_killed_at_any_instant_of_a_commit_keeps_what_was_reported(url: str, tmp_path: Path) -> None:
    """Each process is killed a few commits later than the one before; what it told of is there, and at most one thing more."""
    chance, told = random.Random(1), 0
    for kill in range(KILLS):
        words = [sys.executable, "-m", "tests.store.kill_writer", url, str(tmp_path), str(told)]
        writer = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        for _ in range(chance.randrange(1, 20)):
            told = int(writer.stdout.readline()) + 1
        writer.kill()
        rest, _ = writer.communicate()
        told += len(rest.splitlines())
        store = Store(url, tmp_path)
        found = landed(store)
        assert found[:told] == list(range(told)), f"after kill {kill}"
        assert len(found) <= told + 1
        told = len(found)
        assert damages(store) == ()
        store.close()


# -- C4 ----------------------------------------------------------------------------------------------------------------
def test_c4_a_reader_that_does_not_end_keeps_nobody_from_writing_and_its_log_shrinks_after_it(
    copy_sqlite: Copy, tmp_path: Path
) -> None:
    url = copy_sqlite(tmp_path)
    log = tmp_path / "inbox.db-wal"
    store, reader = Store(url, tmp_path), Store(url, tmp_path)
    reading, ends = threading.Event(), threading.Event()

    def read(unit: Unit) -> int:
        before = unit.execute(sa.select(sa.func.count()).select_from(site)).scalar_one()
        reading.set()
        assert ends.wait(30)
        return int(unit.execute(sa.select(sa.func.count()).select_from(site)).scalar_one() - before)

    seen: list[int] = []
    thread = threading.Thread(target=lambda: seen.append(reader.read_now(read)))
    thread.start()
    assert reading.wait(30)
    for n in range(300):
        store.write_now(put, str(n), "x" * 60_000)
    grown = log.stat().st_size
    ends.set()
    thread.join()
    assert seen == [0], "it has seen one state of the world"
    assert grown > 16_000_000
    for n in range(3):
        store.write_now(put, f"after {n}")
    store.write_now(lambda unit: None)
    reused = log.stat().st_size
    for n in range(20):
        store.write_now(put, f"later {n}", "x" * 60_000)
    assert log.stat().st_size == reused, "written over from its beginning"
    store.close()
    reader.close()


# -- C6, C7, C8 --------------------------------------------------------------------------------------------------------
@pytest.fixture
def server() -> Iterator[Postgres]:
    """A server that may crash."""
    made = Postgres(durable=True).start()
    yield made
    made.close()


def test_c6_a_server_that_crashes_in_the_middle_of_a_unit_leaves_nothing_of_it_and_is_used_again(
    server: Postgres, tmp_path: Path
) -> None:
    store = Store(server.database(), tmp_path)
    store.write_now(lambda unit: site.create(unit.connection))
    runs: list[int] = []

    def work(unit: Unit) -> str:
        runs.append(1)
        put(unit, "half")
        if len(runs) == 1:
            server.crash()
            server.start()
        return put(unit, "whole")

    assert store.write_now(work) == "whole"
    names = store.read_now(lambda unit: [row.name for row in unit.execute(sa.select(site).order_by(site.c.name))])
    assert (len(runs), names) == (2, ["half", "whole"])
    store.close()


def test_c7_where_the_answer_to_a_commit_gets_lost_the_unit_runs_again_and_nothing_is_there_twice(
    copy_postgresql: Copy, tmp_path: Path
) -> None:
    """The commit reached the server, its answer did not reach us: the unique key makes the second run a no-op."""
    direct = sa.make_url(copy_postgresql(tmp_path))
    assert direct.port is not None
    with closing(FaultProxy(direct.port).start()) as proxy:
        cut: list[int] = []
        fresh: list[int] = []

        def probe(point: str) -> None:
            if point == "store.before_commit" and armed and not cut:
                cut.append(proxy.passed["down"])
                proxy.cut_after(0)
            elif point == "store.after_commit":
                proxy.heal()

        armed: list[bool] = []
        url = direct.set(port=proxy.port).render_as_string(hide_password=False)
        store = Store(url, tmp_path, probe=probe)
        store.write_now(channels.ensure, MAIL, "email")
        armed.append(True)

        def land(unit: Unit) -> None:
            if cut:
                proxy.heal()
            fresh.append(arrivals.land(unit, MAIL, [arrivals.Landing("1", 1, b"x")], "1", NOW))

        for _ in range(2):  # the first connection after a cut may meet the weather too
            try:
                store.write_now(land)
                break
            except Temporary:
                proxy.heal()
        assert cut
        assert fresh == [1, 0], "the first run was committed"
        assert landed(store) == [1]
        store.close()


def test_c8_of_two_units_that_wait_for_each_other_both_are_done_in_the_end(
    copy_postgresql: Copy, tmp_path: Path
) -> None:
    url = copy_postgresql(tmp_path)
    store, other = Store(url, tmp_path), Store(url, tmp_path)
    for name in "ab":
        store.write_now(put, name, "0")
    both = threading.Barrier(2, timeout=20)
    runs: list[str] = []

    def crosswise(unit: Unit, *names: str) -> None:
        runs.append(names[0])
        for name in names:
            changed = sa.update(site).where(site.c.name == name).values(value=site.c.value + names[0])
            unit.execute(changed)
            if runs.count(names[0]) == 1 and name == names[0]:
                both.wait()

    race((store, lambda unit: crosswise(unit, "a", "b")), (other, lambda unit: crosswise(unit, "b", "a")))
    values = store.read_now(lambda unit: [row.value for row in unit.execute(sa.select(site).order_by(site.c.name))])
    assert [sorted(value) for value in values] == [["0", "a", "b"]] * 2
    assert len(runs) > 2, "one of them was taken back and run again"
    store.close()
    other.close()


# -- C13 ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "refused"), [("nfs4", True), ("cifs", True), ("ext4", False), ("tmpfs", False)])
def test_c13_a_file_on_another_machine_is_refused_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, refused: bool
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw\n"
        f"80 22 0:50 / {tmp_path} rw,relatime shared:9 - {kind} server:/export rw\n"
        "81 22 0:51 / /proc rw - proc proc rw\n"
    )
    monkeypatch.setattr(engine, "MOUNTS", mounts)
    if not refused:
        Store("sqlite:///data/inbox.db", tmp_path).close()
        return
    with pytest.raises(Misconfigured, match=rf"network_folder.*{tmp_path}.*{kind}"):
        Store("sqlite:///data/inbox.db", tmp_path)


def test_c13_where_the_kernel_tells_no_mounts_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOUNTS", tmp_path / "none")
    Store("sqlite:///data/inbox.db", tmp_path).close()
