"""Old mail through the installed command: five hundred of them, beside a daemon, killed in the middle, and out again."""

import os
import signal
import smtplib
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bench.letters import SUPPORT
from bench.workload import Expected, Mail, build, write_eml, write_maildir, write_mbox
from tests.daemon.books import Books, books
from tests.daemon.commands import Commands
from tests.daemon.sites import MailChannel, Shed, listener
from tests.rig.daemon import Daemon, command, environment
from tests.rig.loopback import free_port
from tests.rig.wait import until

COUNT, SEED = 500, 11
NEW = f"From: new@example.org\r\nTo: {SUPPORT}\r\nSubject: Now\r\n\r\nHello, who is there?\r\n"


@pytest.fixture(scope="module")
def mails() -> list[Mail]:
    return list(build(COUNT, SEED))


@pytest.fixture
def box(mails: list[Mail], tmp_path: Path) -> Path:
    """The five hundred as an mbox."""
    list(write_mbox(mails, tmp_path / "old.mbox"))
    return tmp_path / "old.mbox"


@pytest.fixture
def quiet(sites: Shed) -> Daemon:
    """A site whose daemon does not run."""
    return sites.site(MailChannel())


def expected(mails: list[Mail]) -> dict[str, int]:
    return asdict(Expected.of(mail.kind for mail in mails))


def held(store: Books) -> dict[str, int]:
    """What the manifest of a stream counts, as it stands in the store."""
    count = store.count
    return {
        "conversations": count("SELECT count(*) FROM conversation"),
        "messages": count("SELECT count(*) FROM message"),
        "deliveries": count("SELECT count(*) FROM delivery"),
        "clocks": count("SELECT count(*) FROM clock"),
        "decisions": count("SELECT count(*) FROM decision"),
        "pending": count("SELECT count(*) FROM arrival WHERE verdict IS NULL"),
    }


def silent(mails: list[Mail]) -> dict[str, int]:
    """What there should be: everything of the manifest but whatever speaks."""
    e = expected(mails)
    nothing = dict.fromkeys(("deliveries", "clocks", "decisions", "pending"), 0)
    return {"conversations": e["conversations"], "messages": e["conversations"] + e["joins"], **nothing}


def conversations(store: Books) -> list[list[tuple[Any, ...]]]:
    """Who said what and when, conversation by conversation, whatever their references and ids are."""
    rows = store.rows(
        "SELECT m.conversation_id, m.direction, m.at, m.key, m.subject, m.text, count(a.id), coalesce(sum(a.size), 0) "
        "FROM message m LEFT JOIN attachment a ON a.message_id = m.id GROUP BY m.id ORDER BY m.at, m.key"
    )
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row[1:])
    return sorted(found.values())


def test_five_hundred_become_what_they_should_and_nobody_hears_of_it(
    quiet: Daemon, box: Path, mails: list[Mail]
) -> None:
    told = quiet.cli("import", "mbox", str(box), "--format", "json").json()
    e = expected(mails)
    assert (told["offered"], told["imported"], told["conversations"]) == (
        COUNT,
        e["conversations"] + e["joins"],
        e["conversations"],
    )
    assert told["duplicate"] == {"duplicate.key": e["duplicates"]}
    assert told["ignored"] == {"ignored.auto_reply": e["stray"], "ignored.report_of_the_past": e["reports"]}
    assert (told["quarantined"], told["unread"], told["adds_up"]) == (0, [], True)
    with books(quiet.site) as store:
        assert held(store) == silent(mails)
        joined = store.inbound()
        for mail in mails:
            if mail.conversation is not None and mail.message_id in joined:
                first = next(m for m in mails if m.conversation == mail.conversation)
                assert joined[mail.message_id] == joined[first.message_id]
    again = quiet.cli("import", "mbox", str(box), "--format", "json").json()
    assert (again["imported"], again["conversations"], again["contacts"], again["adds_up"]) == (0, 0, 0, True)
    assert again["duplicate"] == {"duplicate.key": COUNT}
    with books(quiet.site) as store:
        assert held(store) == silent(mails)
    assert Commands(quiet.site)("verify").code == 0
    quiet.start()
    with books(quiet.site) as store:
        assert held(store) == silent(mails), "a daemon that starts afterwards has nothing to say either"


def test_killed_in_the_middle_it_goes_on_where_it_was(quiet: Daemon, box: Path, mails: list[Mail]) -> None:
    env, words = environment(), ["import", "mbox", str(box), "--site", str(quiet.site)]
    quiet.cli("list")  # the database is made
    with books(quiet.site) as store:
        for some in (60, 200):
            running = subprocess.Popen([command(), *words], env=env, stdout=subprocess.DEVNULL, start_new_session=True)
            try:
                until(_has(store, some), within=60, every=0.002, what=f"{some} are in")
                os.killpg(running.pid, signal.SIGKILL)
            finally:
                running.kill()
                running.wait()
            state = held(store)
            assert some <= state["messages"] < silent(mails)["messages"]
            assert (state["pending"], state["deliveries"]) == (0, 0)
        landed = store.judged()
        told = quiet.cli("import", "mbox", str(box), "--format", "json").json()
        assert told["adds_up"]
        assert told["duplicate"]["duplicate.key"] == landed + expected(mails)["duplicates"]
        assert held(store) == silent(mails)
    assert Commands(quiet.site)("verify").code == 0


def _has(store: Books, messages: int) -> Callable[[], bool]:
    return lambda: store.count("SELECT count(*) FROM message") >= messages


def test_beside_a_daemon_which_goes_on_answering(sites: Shed, box: Path, mails: list[Mail]) -> None:
    port = free_port()
    daemon = sites.site(MailChannel(intake=listener(port))).start()
    env, words = environment(), ["import", "mbox", str(box), "--site", str(daemon.site), "--format", "json"]
    with books(daemon.site) as store:
        running = subprocess.Popen([command(), *words], env=env, stdout=subprocess.PIPE, text=True)
        until(_has(store, 20), within=60, every=0.002, what="the first are in")
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("new@example.org", [SUPPORT], NEW)
        until(lambda: store.deliveries()["sent"] == 1, what="who writes now is answered")
        out, _ = running.communicate(timeout=120)
        assert running.returncode == 0, out
        now, old = held(store), silent(mails)
        assert (now["conversations"], now["messages"]) == (old["conversations"] + 1, old["messages"] + 2)
        assert (now["deliveries"], now["decisions"], now["pending"]) == (1, 1, 0)
    assert Commands(daemon.site)("verify").code == 0


def test_what_is_exported_makes_the_same_conversations_elsewhere(
    quiet: Daemon, sites: Shed, box: Path, tmp_path: Path
) -> None:
    here, there = Commands(quiet.site), sites.site(MailChannel(), name="other")
    here("import", "mbox", str(box))
    here("agents", "add", "sara", "--name", "Sara")
    quiet.start()
    with books(quiet.site) as store:
        for reference in store.references()[:3]:
            assert here("reply", reference, "--as", "sara", "It left today.\nFrom tomorrow you can track it.").code == 0
            assert here("note", reference, "--as", "sara", "SECRET").code == 0
        until(lambda: store.deliveries()["sent"] == 3, what="the answers went out")
        assert here("export", "--mbox", str(tmp_path / "all.mbox")).code == 0
        assert b"SECRET" not in (tmp_path / "all.mbox").read_bytes()
        told = Commands(there.site).json("import", "mbox", str(tmp_path / "all.mbox"))
        assert (told["ours"], told["adds_up"], told["ignored"], told["quarantined"]) == (3, True, {}, 0)
        with books(there.site) as other:
            assert _told(conversations(store)) == _told(conversations(other))
        again = here.json("import", "mbox", str(tmp_path / "all.mbox"))
        assert (again["imported"], again["duplicate"]["duplicate.ours"]) == (0, 3)
    assert Commands(there.site)("verify").code == 0


def _told(found: list[list[tuple[Any, ...]]]) -> list[list[tuple[Any, ...]]]:
    """Without the notes; of our answers only which they are: their text is told apart from what it quotes, their time
    is that of the mail, in whole seconds."""
    ours = ("outbound",)
    return sorted([(*ours, row[2]) if row[0] in ours else row for row in rows if row[0] != "note"] for rows in found)


@pytest.mark.parametrize("form", ["maildir", "eml"])
def test_the_other_forms_make_the_same(quiet: Daemon, mails: list[Mail], tmp_path: Path, form: str) -> None:
    write = {"maildir": write_maildir, "eml": write_eml}[form]
    list(write(mails, tmp_path / "old"))
    told = Commands(quiet.site).json("import", form, str(tmp_path / "old"))
    assert (told["offered"], told["adds_up"]) == (COUNT, True)
    with books(quiet.site) as store:
        assert held(store) == silent(mails)
