"""`inbox status`: whether it runs and how it stands, and 1 where something waits for a person; `--ready` for health checks."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inbox.daemon.lock import LOCK, Holder, SiteLock, held, holder
from inbox.domain.problems import Problem
from inbox.store import channels
from inbox.store import tables as t
from inbox.store.migrate import migrate
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk

NOW = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
HERE = Holder(os.getpid(), NOW, "1.2.3", "http://127.0.0.1:9")


@pytest.fixture
def store(site: Path) -> Store:
    """The site's database, new."""
    made = Store("sqlite:///data/inbox.db", site)
    migrate(made)
    return made


def test_a_site_that_never_ran_says_what_to_do_and_makes_nothing(site: Path, inbox: Talk) -> None:
    said = inbox("status")
    assert said.code == 1
    assert "inbox run" in said.out
    assert not (site / "data" / "inbox.db").exists()
    assert inbox("status", "--ready").code == 1


def test_what_waits_for_a_person_is_told_with_what_to_do(site: Path, inbox: Talk, store: Store) -> None:
    store.write_now(_trouble)
    store.close()
    said = inbox("status", "--format", "json")
    found = said.json()
    keys = {one["key"] for one in found["attention"]}
    assert {
        "cli.status.not_running",
        "cli.status.quarantined",
        "cli.status.held",
        "cli.status.receiving_stands",
    } <= keys
    assert all(one["told"] and "{" not in one["told"] for one in found["attention"])
    assert found["apart"] == {"quarantined": 1, "held": 1}
    assert found["database"]["bytes"] > 0
    said = inbox("status")
    assert said.code == 1
    assert "inbox quarantine" in said.out


def _trouble(unit: Unit) -> None:
    channels.ensure(unit, "mail", "email")  # type: ignore[arg-type]  # a name
    for key, verdict in (("new", None), ("bad", "quarantined"), ("unproved", "held")):
        unit.insert(t.arrival, channel="mail", key=key, received_at=NOW, size=1, verdict=verdict)


def test_a_daemon_that_runs_is_told_of_by_who_holds_the_lock(site: Path, inbox: Talk, store: Store) -> None:
    store.close()
    with SiteLock(site / "data" / LOCK) as lock:
        assert holder(site / "data" / LOCK) is None
        assert inbox("status", "--format", "json").json()["running"], "it starts"
        lock.tell(HERE)
        assert holder(site / "data" / LOCK) == HERE
        found = inbox("status", "--format", "json").json()
        assert (found["running"], found["ready"], found["version"]) == (True, False, "1.2.3")
        assert "cli.status.not_ready" in {one["key"] for one in found["attention"]}
        assert inbox("status", "--ready").code == 1
        with pytest.raises(Problem), SiteLock(site / "data" / LOCK):
            pass
    assert not held(site / "data" / LOCK)
    assert inbox("status", "--format", "json").json()["running"] is False


def test_a_shorter_word_leaves_nothing_of_a_longer_one(tmp_path: Path) -> None:
    with SiteLock(tmp_path / LOCK) as lock:
        lock.tell(Holder(1, NOW, "1.2.3-and-much-longer", "http://127.0.0.1:8025"))
        lock.tell(HERE)
        assert holder(tmp_path / LOCK) == HERE
