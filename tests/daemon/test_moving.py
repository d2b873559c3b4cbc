"""Moving here through the installed command: killed in the middle, run again, and a daemon that has nothing to say afterwards."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.desk_export import Made, write
from bench.moving import COUNTED, SILENT, counts
from tests.daemon.books import Books, books
from tests.daemon.commands import Commands
from tests.daemon.sites import MailChannel, Shed
from tests.rig.daemon import Daemon, command, environment
from tests.rig.wait import until

MESSAGES = 900


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return tmp_path / "export"


@pytest.fixture
def made(export: Path) -> Made:
    return write(export, MESSAGES, seed=3)


@pytest.fixture
def quiet(sites: Shed) -> Daemon:
    """A site whose daemon does not run."""
    return sites.site(MailChannel())


def _has(store: Books, messages: int) -> Callable[[], bool]:
    return lambda: store.count("SELECT count(*) FROM message") >= messages


def test_killed_in_the_middle_it_goes_on_and_one_more_run_changes_nothing(
    quiet: Daemon, export: Path, made: Made, tmp_path: Path
) -> None:
    here = Commands(quiet.site)
    here("agents", "add", "sara", "--name", "Sara", "--address", "sara@shop.example")
    words = ["import", "zendesk", str(export)]
    assert here(*words, "--plan", str(tmp_path / "plan.toml")).code == 0
    words += ["--with", str(tmp_path / "plan.toml")]
    running = [command(), *words, "--site", str(quiet.site)]
    with books(quiet.site) as store:
        for some in (MESSAGES // 10, MESSAGES // 2):
            process = subprocess.Popen(running, env=environment(), stdout=subprocess.DEVNULL, start_new_session=True)
            try:
                until(_has(store, some), within=120, every=0.005, what=f"{some} are in")
                os.killpg(process.pid, signal.SIGKILL)
            finally:
                process.kill()
                process.wait()
            assert store.count("SELECT count(*) FROM arrival WHERE verdict IS NULL") == 0
    held = counts(quiet.site)["message"]
    assert held < made.words
    told = here.json(*words)
    assert told["adds_up"]
    assert told["messages"]["new"] + told["notes"]["new"] == made.words - held
    before = counts(quiet.site)
    assert {name: before[name] for name in SILENT} == dict.fromkeys(SILENT, 0)
    assert (before["conversation"], before["message"], before["contact"]) == (made.matters, made.words, made.persons)
    again = here.json(*words)
    assert sum(again[kind]["new"] for kind in ("persons", "matters", "messages", "notes")) == 0
    assert counts(quiet.site) == before
    assert here("verify").code == 0
    quiet.start()
    after = counts(quiet.site)
    assert {name: after[name] for name in COUNTED} == before, (
        "a daemon that starts afterwards has nothing to say either"
    )


def test_beside_a_daemon_the_open_ones_are_in_the_queue_at_once(
    sites: Shed, export: Path, made: Made, tmp_path: Path
) -> None:
    daemon = sites.site(MailChannel()).start()
    here = Commands(daemon.site)
    words = ["import", "zendesk", str(export)]
    assert here(*words, "--plan", str(tmp_path / "plan.toml")).code == 0
    done = here(*words, "--with", str(tmp_path / "plan.toml"), "--format", "json")
    assert (done.code, json.loads(done.out)["adds_up"]) == (0, True)
    with books(daemon.site) as store:
        assert store.count("SELECT count(*) FROM conversation WHERE state = 'open'") == made.open
    assert {name: counts(daemon.site)[name] for name in SILENT} == dict.fromkeys(SILENT, 0)
