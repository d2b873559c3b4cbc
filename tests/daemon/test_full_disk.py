"""A full disk: mail is refused for now, nothing that was taken is lost, and it goes on by itself when there is room again."""

import resource
import smtplib
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Protocol

import pytest

from bench.letters import SUPPORT
from bench.workload import Kind, Mail, build
from tests.daemon.books import books
from tests.daemon.commands import Commands
from tests.daemon.sites import MailChannel, Shed, listener, smtp
from tests.rig.daemon import Daemon
from tests.rig.loopback import free_port
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until

MEGABYTES = 16
"""Room enough for the store and a write-ahead log that cannot begin anew because somebody is always reading."""


class Disk(Protocol):
    """Something that can be full."""

    def fill(self, daemon: Daemon) -> None: ...
    def free(self, daemon: Daemon) -> None: ...


class Limit:
    """No file of the daemon may grow any more (EFBIG): what everybody can arrange."""

    def fill(self, daemon: Daemon) -> None:
        """Let the daemon write below the present size of its write-ahead log, and its own log a little."""
        size = (daemon.site / "data" / "inbox.db-wal").stat().st_size
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def free(self, daemon: Daemon) -> None:
        """As before."""
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class Small:
    """A file system of a few megabytes under data/ (ENOSPC): what root can arrange."""

    def fill(self, daemon: Daemon) -> None:
        """Take all that is left."""
        with suppress(OSError), (daemon.site / "data" / "filler").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    def free(self, daemon: Daemon) -> None:
        """Give it back."""
        (daemon.site / "data" / "filler").unlink()


@contextmanager
def mounted(folder: Path) -> Iterator[bool]:
    """A small file system on a folder; False where we may not."""
    words = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=0700", "tmpfs", str(folder)]
    done = subprocess.run(words, capture_output=True, check=False)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def port() -> int:
    """Where it listens."""
    return free_port()


@pytest.fixture(params=["limit", "small"])
def place(request: pytest.FixtureRequest, sites: Shed, port: int) -> Iterator[tuple[Daemon, Disk]]:
    """A running daemon and the disk it writes to; where nothing can be mounted, the limit serves twice."""
    daemon = sites.site(MailChannel(intake=listener(port)))
    if request.param == "limit":
        yield daemon.start(), Limit()
        return
    with mounted(daemon.site / "data") as may:
        yield daemon.start(), Small() if may else Limit()
        daemon.close()


def offered(port: int, mail: Mail) -> bool:
    """Hand a mail over; whether it was taken. What is refused is refused for now only, or met a door that is closed."""
    try:
        client = smtplib.SMTP("127.0.0.1", port, local_hostname="customer.test", timeout=60)
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, ConnectionError):
        return False
    with closing(client):
        try:
            client.sendmail("customer@customer.test", [SUPPORT], mail.raw)
        except smtplib.SMTPResponseException as refused:
            if refused.smtp_code not in (421, 451) or b"try again later" not in refused.smtp_error:
                raise
            return False
        except smtplib.SMTPServerDisconnected:
            return False
    return True


def test_mail_is_refused_for_now_and_taken_again_when_there_is_room(place: tuple[Daemon, Disk], port: int) -> None:
    daemon, disk = place
    mails = iter([mail for mail in build(400, 3) if mail.kind is Kind.NEW])
    taken = [mail for mail, _ in zip(mails, range(3), strict=False) if offered(port, mail)]
    assert len(taken) == 3
    disk.fill(daemon)
    refused: list[Mail] = []
    while not refused:
        mail = next(mails)
        (taken if offered(port, mail) else refused).append(mail)
    until(lambda: "store.disk_full" in daemon.words(), what="the log tells of the disk")
    assert daemon.running
    assert daemon.get("/healthz")[0] == 200
    if isinstance(disk, Small):
        assert daemon.get("/readyz")[0] == 503

    disk.free(daemon)
    until(lambda: offered(port, refused[0]), within=60, every=0.2, what="mail is taken again")
    taken += refused
    with closing(daemon), books(daemon.site) as store:
        until(lambda: store.judged() >= len(taken), within=60, what="everything has its verdict")
        assert set(store.inbound()) == {mail.message_id for mail in taken}
        # What could not be handed over while the disk was full is tried again a minute later, and two minutes after that.
        until(lambda: store.deliveries() == {"sent": len(taken)}, within=300, what="everybody is acknowledged")
        assert len(list((daemon.site / "data/outgoing/new").iterdir())) == len(taken)
        verified = Commands(daemon.site)("verify")
        assert verified.code == 0, verified.out


def test_an_answer_that_could_not_be_written_down_is_settled_later(sites: Shed, port: int, smtp_sink: SmtpSink) -> None:
    daemon = sites.site(MailChannel(intake=listener(port), outgoing=smtp(smtp_sink.port))).start()
    silence = smtp_sink.hangs_at("dot")
    assert offered(port, next(build(1, 3)))
    smtp_sink.wait_for(1)
    disk = Limit()
    disk.fill(daemon)
    silence.release()
    until(lambda: "store.disk_full" in daemon.words(), what="the log tells of the disk")
    disk.free(daemon)
    with books(daemon.site) as store:
        until(lambda: not store.deliveries()["sending"], what="somebody looks after it")
        assert set(store.deliveries()) <= {"sent", "unknown"}
    assert len(smtp_sink.accepted) == 1
