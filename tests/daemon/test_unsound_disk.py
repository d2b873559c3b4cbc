"""A disk that does not keep what it was given, and a database that is not whole: told, and nothing that was reported is lost."""

import itertools
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench.workload import Kind, Mail, build
from inbox.daemon.unsound import NOT_DURABLE
from tests.daemon.books import books
from tests.daemon.commands import Commands
from tests.daemon.sites import MailChannel, Shed, listener, smtp
from tests.daemon.test_full_disk import offered
from tests.rig.daemon import Daemon, command
from tests.rig.loopback import free_port
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until


@pytest.fixture
def port() -> int:
    """Where it listens."""
    return free_port()


@pytest.fixture
def daemon(sites: Shed, port: int, smtp_sink: SmtpSink) -> Daemon:
    """A site that is handed its mail, not started yet."""
    return sites.site(MailChannel(intake=listener(port), outgoing=smtp(smtp_sink.port)))


def failing_from(sync: int) -> list[str]:
    """The command under strace: from so many of a thread's syncs on, the kernel says EIO."""
    calls = "fsync,fdatasync"
    return [
        *("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}"),
        *("-e", f"inject={calls}:error=EIO:when={sync}+", command()),
    ]


def test_c3_a_sync_that_fails_ends_the_daemon_and_nothing_that_was_taken_is_lost(
    sites: Shed, daemon: Daemon, port: int, smtp_sink: SmtpSink
) -> None:
    assert shutil.which("strace"), "run `make setup-test`"
    failing = sites.daemon(daemon.site, daemon.web, program=failing_from(60))
    failing.start()
    mails = (mail for seed in itertools.count(5) for mail in build(400, seed) if mail.kind is Kind.NEW)
    taken: list[Mail] = []

    def ended() -> bool:
        if offered(port, mail := next(mails)):
            taken.append(mail)
        return not failing.running

    until(ended, within=120, what="a sync of the database has failed, whatever else was refused before")
    assert failing.ended() == NOT_DURABLE
    assert "not-durable" in failing.words()
    assert "did not keep what was written" in failing.words()
    assert taken

    daemon.start()
    with closing(daemon), books(daemon.site) as store:
        # More may be there than was taken: what the disk kept though it said that it did not.
        until(lambda: not store.verdicts()["pending"] and not store.busy(), what="everything is settled")
        assert {mail.message_id for mail in taken} <= set(store.inbound())
        ids = [one.message_id for one in smtp_sink.accepted]
        assert len(set(ids)) == len(ids)
        assert store.deliveries()["sent"] + store.deliveries()["unknown"] == len(store.inbound())
        assert store.deliveries()["sent"] <= len(ids)
        assert Commands(daemon.site)("verify").code == 0


def spoiled(path: Path, table: str) -> None:
    """Write nonsense over the first page of a table."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)


def test_c14_a_damaged_page_is_found_at_the_start_and_nothing_is_written_any_more(daemon: Daemon, port: int) -> None:
    daemon.start()
    assert daemon.stop() == 0
    spoiled(daemon.site / "data" / "inbox.db", "attachment")
    daemon.start(wait=False)
    until(lambda: "is damaged" in daemon.words(), within=90, what="the log tells of the damage")
    until(lambda: daemon.get("/readyz")[0] == 503, what="it says that it is not ready")
    until(lambda: daemon.get("/healthz")[0] == 200, what="it stays up")
    assert not offered(port, next(build(1, 3)))
    assert daemon.get("/healthz")[0] == 200, "people can still read"
    assert daemon.running
    assert "restore the last backup" in daemon.words()
