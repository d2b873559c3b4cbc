"""The stage of a measurement: a real Dovecot, an SMTP sink, and the installed daemon on a site of its own."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.figures import RESULTS
from bench.footprint import cpu_seconds, resident_mb
from bench.site import Site, config, make_site
from tests.rig.authority import Authority
from tests.rig.daemon import Daemon
from tests.rig.dovecot import PASSWORD, Dovecot
from tests.rig.loopback import free_port
from tests.rig.smtp_sink import Accepted, SmtpSink
from tests.rig.wait import until

STILL_FOR = 1.0  # seconds without a change of memory, or without work: the daemon has nothing left to do
RESTING = 0.05  # of a core, at most: what timers do is no work
STILL_MB = 0.5  # what timers and the garbage collector move is no change


@dataclass(frozen=True, slots=True)
class Stage:
    """Running servers and a scratch folder that all vanish at the end."""

    scratch: Path
    dovecot: Dovecot
    sink: SmtpSink

    def site(self, name: str, intake: str) -> Site:
        """A new site with one channel of this intake, its mail going out to the sink."""
        web_port = free_port()
        return make_site(self.scratch / name, config(intake, self.sink.port, web_port), web_port)


@contextmanager
def stage() -> Iterator[Stage]:
    """Start the servers; end them and throw everything away afterwards."""
    with ExitStack() as ending:
        scratch = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="inbox-bench-")))
        authority = ending.enter_context(closing(Authority()))
        dovecot = ending.enter_context(closing(Dovecot(authority)))
        sink = ending.enter_context(closing(SmtpSink(scratch / "sink")))
        yield Stage(scratch, dovecot.start(), sink.start())


@contextmanager
def running(site: Site, *, wait: bool = True) -> Iterator[Daemon]:
    """The daemon from its start (ready unless told not to wait) until it has stopped on TERM; its log is kept."""
    daemon = Daemon(site.folder, site.web_port, {"BENCH_PASSWORD": PASSWORD})
    try:
        yield daemon.start(wait=wait)
        if daemon.running:
            daemon.stop()
    finally:
        daemon.close()
        RESULTS.mkdir(parents=True, exist_ok=True)
        (RESULTS / f"{site.folder.name}.log").write_text(daemon.words(), encoding="utf-8")


def settled_mb(pid: int) -> float:
    """The memory of an idle daemon: what it holds once that has hardly changed for a second."""
    seen, since = resident_mb(pid), time.monotonic()

    def still() -> bool:
        nonlocal seen, since
        now = resident_mb(pid)
        if abs(now - seen) > STILL_MB:
            seen, since = now, time.monotonic()
        return time.monotonic() - since > STILL_FOR

    until(still, within=60, every=0.05, what="the daemon's memory stays the same for a second")
    return seen


def at_rest(pid: int) -> None:
    """Wait until a daemon has done what a start leaves to be done beside the work: it reads the whole file of its database,
    some ten seconds for each gigabyte."""

    def resting() -> bool:
        before = cpu_seconds(pid)
        time.sleep(STILL_FOR)
        return cpu_seconds(pid) - before < RESTING * STILL_FOR

    until(resting, within=300, what="the daemon has nothing to do")


def accepted_at(mail: Accepted) -> float:
    """When the sink took a mail, in seconds since the epoch."""
    return datetime.fromisoformat(mail.at).timestamp()
