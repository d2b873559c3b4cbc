"""A database at one instant: what writers add meanwhile is not in it; of both kinds, and back again."""

import threading
from pathlib import Path

import pytest

from inbox.domain.ids import ArrivalId, ChannelName
from inbox.domain.problems import Problem
from inbox.store import arrivals, channels, restored
from inbox.store.arrivals import Landing
from inbox.store.restored import Mark
from inbox.store.snapshot import looked, put_back, readable, taken
from inbox.store.store import Store
from tests.rig.postgres import Postgres
from tests.store.rows import MAIL, NOW, later

DIGEST = "ab" * 32


@pytest.fixture(autouse=True)
def channel(store: Store) -> None:
    store.write_now(channels.ensure, MAIL, "email")


def land(store: Store, key: str, name: ChannelName = MAIL) -> None:
    landing = Landing(key, 1, None, DIGEST)
    store.write_now(lambda unit: arrivals.land(unit, name, [landing], None, NOW))


def test_what_is_written_meanwhile_is_not_in_it(store: Store, url: str, tmp_path: Path) -> None:
    ended, numbers = threading.Event(), iter(range(10_000))

    def writes() -> None:
        while not ended.is_set():
            land(store, f"while {next(numbers)}")

    land(store, "before")
    writer = threading.Thread(target=writes)
    writer.start()
    try:
        with taken(store, tmp_path / "copy", url) as found:
            pass
    finally:
        ended.set()
        writer.join()
    land(store, "after")
    assert found.blobs == (DIGEST,)
    assert found.counts["arrival"] >= 1
    if store.sqlite:
        assert looked(tmp_path / "copy") == found, "what was told is what is in the file"
    else:
        assert not readable(tmp_path / "copy")


def test_what_was_taken_goes_back(store: Store, url: str, tmp_path: Path, postgres: Postgres) -> None:
    land(store, "1")
    with taken(store, tmp_path / "copy", url) as found:
        pass
    other = f"sqlite:///{tmp_path}/copy" if store.sqlite else postgres.database()
    if not store.sqlite:
        put_back(tmp_path / "copy", other)
        with pytest.raises(Problem) as refused:  # it is not empty any more
            put_back(tmp_path / "copy", other)
        assert refused.value.key == "backup.tool_failed"
    again = Store(other, tmp_path)
    try:
        with taken(again, tmp_path / "second", other) as back:
            assert back == found
    finally:
        again.close()


def test_a_tool_that_is_not_there_is_told(
    store: Store, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    def attempt() -> None:
        with taken(store, tmp_path / "copy", url):
            pass

    if store.sqlite:
        attempt()
        return
    with pytest.raises(Problem) as missing:
        attempt()
    assert (missing.value.key, missing.value.facts["tool"]) == ("backup.no_tool", "pg_dump")


# -- the mark ----------------------------------------------------------------------------------------------------------
def test_a_mark_is_read_as_it_was_written(store: Store) -> None:
    assert store.read_now(restored.mark) is None
    for settled in (False, True):
        marked = Mark(NOW, later(hours=1), later(hours=2), 7, settled)
        store.write_now(restored.put, marked)
        assert store.read_now(restored.mark) == marked


@pytest.mark.parametrize(("came", "again"), [(-1, True), (0, False), (1, False), (None, False)])
def test_what_reached_the_network_before_the_end_may_have_been_seen_to(
    store: Store, came: int | None, again: bool
) -> None:
    store.write_now(restored.put, Mark(NOW, NOW, later(hours=2), 0))
    at = None if came is None else later(hours=2 + came)
    landing = Landing("1", 1, b"x", came=at)
    store.write_now(lambda unit: arrivals.land(unit, MAIL, [landing], None, NOW))
    [waiting] = store.read_now(lambda unit: arrivals.pending(unit, ArrivalId(0), 5, [MAIL], (), later(hours=9)))
    assert waiting.again is again
