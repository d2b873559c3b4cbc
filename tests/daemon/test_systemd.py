"""What systemd hears of a real daemon: ready, alive, reloading with its instant, stopping; and a second INT that ends at once."""

import select
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.workload import Kind, build
from tests.daemon.books import books
from tests.daemon.sites import ENVIRONMENT, MailChannel, Shed, imap, smtp
from tests.rig.daemon import Daemon
from tests.rig.dovecot import Dovecot
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until


class Systemd:
    """Listens as the service manager does, and remembers each datagram as its lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._wire = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._wire.bind(str(path))
        self._wire.setblocking(False)
        self._heard: list[dict[str, str]] = []

    def heard(self, word: str) -> list[dict[str, str]]:
        """The datagrams that tell this."""
        try:
            while True:
                lines = self._wire.recv(4096).decode().splitlines()
                self._heard.append(dict(line.split("=", 1) for line in lines))
        except BlockingIOError:
            pass
        return [one for one in self._heard if word in one]

    def wait_for(self, word: str, count: int = 1) -> dict[str, str]:
        """The one of that number that tells this."""
        until(lambda: len(self.heard(word)) >= count, what=f"systemd hears {word}")
        return self.heard(word)[count - 1]

    def hears_within(self, seconds: float) -> bool:
        """Whether anything more comes within that time."""
        return bool(select.select([self._wire], [], [], seconds)[0])

    def close(self) -> None:
        self._wire.close()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    made = Systemd(tmp_path / "notify")
    yield made
    made.close()


def halted(pid: int) -> bool:
    """Whether the kernel has stopped it (proc(5))."""
    return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "T"


def under(systemd: Systemd, daemon: Daemon, **more: str) -> Daemon:
    """The same site, started as a service of systemd."""
    return Daemon(daemon.site, daemon.web, {**ENVIRONMENT, "NOTIFY_SOCKET": str(systemd.path), **more})


def test_it_tells_how_it_stands(sites: Shed, systemd: Systemd) -> None:
    daemon = under(systemd, sites.site(MailChannel()), WATCHDOG_USEC="1000000")
    try:
        daemon.start()
        ready = systemd.wait_for("READY")
        assert ready["READY"] == "1"
        assert "of 1 channels connected" in ready["STATUS"]
        assert daemon.get("/healthz")[0] == 200, "whoever is told that it is ready can ask for a page"
        until(lambda: any("1 of 1" in one["STATUS"] for one in systemd.heard("STATUS")), what="the channel is there")
        systemd.wait_for("WATCHDOG", 3)

        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        daemon.signal(signal.SIGHUP)
        told = systemd.wait_for("RELOADING")
        assert before <= int(told["MONOTONIC_USEC"]) <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        systemd.wait_for("READY", 2)

        (daemon.site / "rules" / "99-broken.toml").write_text("no rule", encoding="utf-8")
        daemon.signal(signal.SIGHUP)
        systemd.wait_for("RELOADING", 2)
        systemd.wait_for("READY", 3)
        assert daemon.running, "what is refused ends a reload as well, and nothing else"

        assert daemon.stop(within=20) == 0
        systemd.wait_for("STOPPING")
    finally:
        daemon.close()


def test_signs_of_life_stop_where_it_hangs(sites: Shed, systemd: Systemd) -> None:
    daemon = under(systemd, sites.site(MailChannel()), WATCHDOG_USEC="200000").start()
    try:
        systemd.wait_for("WATCHDOG", 3)
        daemon.signal(signal.SIGSTOP)
        until(lambda: halted(daemon.pid), what="it hangs")
        stopped = len(systemd.heard("WATCHDOG"))
        assert not systemd.hears_within(1.0), "five signs of life would have come meanwhile"
        daemon.signal(signal.SIGCONT)
        systemd.wait_for("WATCHDOG", stopped + 1)
    finally:
        daemon.close()


def test_a_watchdog_of_another_process_hears_nothing_of_us(sites: Shed, systemd: Systemd) -> None:
    daemon = under(systemd, sites.site(MailChannel()), WATCHDOG_USEC="200000", WATCHDOG_PID="1").start()
    try:
        until(lambda: any("1 of 1" in one["STATUS"] for one in systemd.heard("STATUS")), what="the channel is there")
        assert not systemd.hears_within(1.0)
        assert not systemd.heard("WATCHDOG")
    finally:
        daemon.close()


def test_a_second_int_ends_at_once(sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink) -> None:
    way_in, way_out = imap(dovecot.imap_port, mailbox), smtp(smtp_sink.port)
    daemon = sites.site(MailChannel(intake=way_in, outgoing=way_out)).start()
    smtp_sink.hangs_at("dot")
    dovecot.deliver(mailbox, next(mail for mail in build(40, 5) if mail.kind is Kind.NEW).raw)
    smtp_sink.wait_for(1)
    daemon.signal(signal.SIGINT)
    until(lambda: '"event": "stopping"' in daemon.words(), what="it begins to stop, and waits for what is being sent")
    daemon.signal(signal.SIGINT)
    assert daemon.ended(within=5) == 130
    with books(daemon.site) as store:
        assert store.deliveries() == {"sending": 1}, "as after a kill: the next start sees to it"
