"""A daemon that runs out of files: nobody is taken in, it stays up and says so once, and goes on when there are some again."""

import resource
import socket
from contextlib import suppress
from pathlib import Path

from bench.workload import Kind, build
from tests.daemon.books import books
from tests.daemon.sites import MailChannel, Shed, listener, smtp
from tests.daemon.test_full_disk import offered
from tests.rig.daemon import Daemon
from tests.rig.loopback import HOST, free_port
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until


def greeted(port: int) -> bool:
    """Whether anybody says a word to whoever connects."""
    with suppress(OSError), socket.create_connection((HOST, port), timeout=0.5) as sock:
        return bool(sock.recv(10))
    return False


def files(daemon: Daemon, most: int) -> None:
    """From now on it may have so many files open."""
    hard = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)[1]
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (most, hard))


def test_h4_without_a_file_left_nobody_is_taken_in_and_afterwards_it_goes_on(sites: Shed, smtp_sink: SmtpSink) -> None:
    port = free_port()
    daemon = sites.site(MailChannel(intake=listener(port), outgoing=smtp(smtp_sink.port))).start()
    first, second = [mail for mail in build(60, 9) if mail.kind is Kind.NEW][:2]
    assert offered(port, first)
    before = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)[0]
    lowest_free = next(n for n in range(1000) if not Path(f"/proc/{daemon.pid}/fd/{n}").is_symlink())
    files(daemon, lowest_free)
    until(lambda: not greeted(port), what="nobody is taken in")
    until(lambda: "out-of-files" in daemon.words(), what="the log tells of it")
    assert daemon.running
    assert daemon.words().count("so connections wait") == 1

    files(daemon, before)
    until(lambda: greeted(port), within=60, every=0.2, what="people are taken in again")
    assert offered(port, second)
    with books(daemon.site) as store:
        until(lambda: store.deliveries() == {"sent": 2}, within=90, what="both are answered")
        assert set(store.inbound()) == {first.message_id, second.message_id}
    until(daemon.ready, what="it is ready")
