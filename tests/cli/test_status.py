"""`inbox status`: whether it runs and how it stands, and 1 where something waits for a person; `--ready` for health checks."""

import os
from datetime import UTC, datetime, timedelta
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


@pytest.mark.parametrize(("language", "words"), [("en", "60 arrivals wait"), ("fa", "۶۰ رسیده منتظر")])
def test_how_far_behind_receiving_is_and_when_it_will_have_caught_up(
    site: Path, inbox: Talk, store: Store, language: str, words: str
) -> None:
    """A hundred a second are done; the first of sixty that wait came a minute ago."""
    store.write_now(_flood)
    store.close()
    found = inbox("status", "--format", "json").json()["receiving"]
    assert found["waiting"] == 60
    assert 0 < found["left_seconds"] < 60
    assert found["judged_per_second"] > found["coming_per_second"] > 0
    said = inbox("status", "--lang", language).out
    assert words in said
    assert ("At the present pace" if language == "en" else "با آهنگ کنونی") in said


def _flood(unit: Unit) -> None:
    now = datetime.now(UTC)
    channels.ensure(unit, "mail", "email")  # type: ignore[arg-type]  # a name
    for n in range(260):
        judged = {"verdict": "accepted", "judged_at": now - timedelta(seconds=n / 100)} if n < 200 else {}
        came = now - timedelta(minutes=1)
        unit.insert(t.arrival, channel="mail", key=str(n), received_at=came, size=1, **judged)


def test_what_is_behind_by_a_few_is_not_told(site: Path, inbox: Talk, store: Store) -> None:
    store.close()
    said = inbox("status")
    assert "wait to be looked at" not in said.out


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
