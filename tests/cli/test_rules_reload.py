"""`inbox rules reload` and `history`: what is live, what was refused, and what was live before."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.past_site import LIVE
from inbox.cli import rules_reload
from inbox.daemon.lock import SiteLock
from inbox.domain.problems import Misconfigured
from inbox.store import decisions, live
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk


@pytest.fixture
def store(inbox: Talk, site: Path) -> Iterator[Store]:
    """The site's store, its tables made."""
    assert inbox("list").code == 0
    opened = Store("sqlite:///data/inbox.db", site)
    yield opened
    opened.close()


def went(unit: Unit, digest: str, tag: str, how: str, minutes: int) -> None:
    files = {"rules/10-a.toml": f'[[rule]]\nname = "one"\nthen.tag = "{tag}"\n'}
    now = LIVE.replace(minute=minutes)
    decisions.put_revision(unit, digest, files, now)
    live.went(unit, digest, how, {"rules/hours.toml": how}, now)


@contextmanager
def daemon(store: Store, site: Path, does: Callable[[Unit], None]) -> Iterator[None]:
    """Holds the site's lock, and does what a daemon does once somebody asks."""
    over = threading.Event()

    def answer(unit: Unit) -> bool:
        state = live.state(unit)
        if state.asked > state.answered:
            does(unit)
            live.answer(unit, state.asked)
            return True
        return False

    def run() -> None:
        while not over.wait(0.01) and not store.write_now(answer):
            pass

    thread = threading.Thread(target=run, name="daemon")
    with SiteLock(site / "data" / "inbox.lock"):
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def test_without_a_daemon_the_files_are_looked_over(inbox: Talk, site: Path, store: Store) -> None:
    said = inbox("rules", "reload")
    assert said.code == 0
    assert said.out.startswith("No daemon runs here. The files are right: rules ")
    (site / "rules" / "50-mine.toml").write_text("[[rule]]\nnmae = 1\n")
    said = inbox("rules", "reload")
    assert said.code == 1
    assert said.out.startswith("error: rules/50-mine.toml:")
    assert said.out.endswith("These files would be refused.\n")


def test_what_the_daemon_took_over_is_told(inbox: Talk, site: Path, store: Store) -> None:
    with daemon(store, site, lambda unit: went(unit, "abcdef0123456789", "a", "command", 1)):
        said = inbox("rules", "reload")
    assert (said.code, said.out) == (0, "Live now: rules abcdef0.\n")
    with daemon(store, site, lambda unit: live.wants_restart(unit, True)):
        said = inbox("rules", "reload", "--format", "json")
    told = said.json()
    assert (told["done"], told["revision"], told["restart"]) == ("cli.rules.reload.live", "abcdef0123456789", True)


def test_what_the_daemon_refused_is_told_with_what_goes_on(inbox: Talk, site: Path, store: Store) -> None:
    store.write_now(went, "abcdef0123456789", "a", "start", 1)
    wrong = Misconfigured("rules.no_name", where="rules/10-a.toml:1")
    with daemon(store, site, lambda unit: live.refused(unit, [wrong], LIVE)):
        said = inbox("rules", "reload", "--lang", "fa")
    assert said.code == 1
    assert said.out.startswith("خطا: ")
    assert said.out.splitlines()[-1].startswith("پذیرفته نشد")
    with daemon(store, site, lambda unit: live.refused(unit, [wrong], LIVE)):
        told = inbox("rules", "reload", "--format", "json").json()
    assert [one["where"] for one in told["findings"]] == ["rules/10-a.toml:1"]


def test_a_daemon_that_does_not_answer_may_answer_later(
    inbox: Talk, site: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules_reload, "PATIENCE", 0.0)
    with SiteLock(site / "data" / "inbox.lock"):
        said = inbox("rules", "reload")
    assert (said.code, said.out) == (75, "")
    assert "has not answered" in said.err


def test_history_tells_what_each_brought(inbox: Talk, store: Store) -> None:
    assert inbox("rules", "history").out == "No rules have gone live yet: `inbox run` has not run.\n"
    store.write_now(went, "aaaa111122223333", "a", "start", 1)
    store.write_now(went, "bbbb111122223333", "b", "files", 2)
    lines = inbox("rules", "history").out.splitlines()
    assert [line.split()[0] for line in lines] == ["*", "aaaa111"]
    assert lines[0].startswith("* bbbb111  2026-02-28 15:32  after files had changed  ~ one  rules/hours.toml")
    assert lines[1] == "  aaaa111  2026-02-28 15:31  with a start"
    told = inbox("rules", "history", "--limit", "1", "--format", "json").json()
    assert [(one["revision"], one["how"], one["live"], one["changes"]) for one in told] == [
        ("bbbb111122223333", "files", True, "~ one")
    ]
    assert "۱۴۰۴/۱۲/۰۹" in inbox("rules", "history", "--lang", "fa").out
