"""What a start costs, from the process to a house that is ready, and what a house costs that has nothing to do.

    python -m bench.starting [--folder DIR] [--conversations 1000] [--starts 5] [--idle 30]

Beside the start stands what nobody can go below who uses the same libraries: a Python that imports them and ends. The files
of Python's own cache are there before anything is counted. With a folder the site is kept in it, and taken again next time.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bench.figures import Figure, Result, at_most, conclude, exactly, machine, told
from bench.footprint import counted_once_mb, cpu_seconds, family, resident_mb
from bench.harness import Stage, running, settled_mb, stage
from bench.site import BOT, FROM_IMAP, UNBRAKED, Site, make_site
from bench.web_site import Many, built
from tests.rig.bot_api import TOKEN, BotApi
from tests.rig.daemon import Daemon, environment
from tests.rig.loopback import free_port
from tests.rig.wait import until

LIBRARIES = (
    "sqlalchemy.dialects.sqlite",
    "pydantic",
    "jinja2",
    "starlette.applications",
    "uvicorn",
    "typer",
    "structlog",
    "apscheduler.schedulers.asyncio",
    "asyncio",
    "aiosmtpd.smtp",
    "aiosmtplib",
)
"""What every start of a house with one listener needs of others; all that is ours comes on top."""
MAILBOXES, BOTS = 10, 2
CALM = 5.0
"""Seconds after the house is ready and its memory still, in which what a start leaves to do is done."""
LOOK = 0.005
"""Seconds between two questions whether it is ready."""
MAILBOX = """\
[channel.support{number}]
kind = "email"
addresses = ["{user}"]
{intake}outgoing = "smtp"
smtp.host = "127.0.0.1"
smtp.port = {smtp_port}
smtp.tls = "off"

"""


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds until it was ready, and the seconds of processor time until then, children included."""

    seconds: float
    cpu: float


def measure(folder: Path, conversations: int = 1_000, starts: int = 5, idle: float = 30) -> list[Result]:
    """The start on a site of so many conversations, and so many seconds of idleness with mailboxes and bots."""
    return [starting(folder, conversations, starts), idling(idle)]


def starting(folder: Path, conversations: int, starts: int) -> Result:
    """Started so many times after one that does not count, each ended before the next."""
    web = free_port()
    site = built(folder / f"web-{conversations}", Many(conversations), free_port(), free_port(), web)
    _started(site)
    seen = [_started(site) for _ in range(starts)]
    floor = min(_imported() for _ in range(starts))
    seconds, cpu = (statistics.median(values) for values in ([s.seconds for s in seen], [s.cpu for s in seen]))
    figures = (
        at_most("start to ready, median", seconds, "s", 1.5, binding=False),
        told("start to ready, best", min(one.seconds for one in seen), "s"),
        told("CPU of a start, median", cpu, "s"),
        told("CPU of a start, best", min(one.cpu for one in seen), "s"),
        told("CPU of importing the same libraries, best", floor, "s"),
        exactly("starts that became ready", len(seen), starts),
    )
    return Result(f"start, {conversations:,} conversations", datetime.now(UTC), figures, machine())


def _started(site: Site) -> Start:
    began = time.monotonic()
    with _begun(site) as daemon:
        until(daemon.ready, within=90, every=LOOK, what="the daemon is ready")
        return Start(time.monotonic() - began, cpu_seconds(daemon.pid))


@contextmanager
def _begun(site: Site) -> Iterator[Daemon]:
    with running(site, wait=False) as daemon:
        yield daemon


def _imported() -> float:
    """Seconds of processor time of a Python that imports the libraries, nothing being collected meanwhile, as we do it."""
    words = f"import gc; gc.disable(); import {', '.join(LIBRARIES)}"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", words], env=environment(), check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def idling(seconds: float) -> Result:
    """Ten mailboxes that push and two bots that are polled, and nothing comes."""
    with stage() as servers, ExitStack() as ending:
        bots = [
            ending.enter_context(closing(BotApi(servers.scratch / f"bot{n}", username=f"example_desk{n}_bot").start()))
            for n in range(BOTS)
        ]
        site = _quiet_site(servers, bots)
        with running(site):
            pass  # as in service: a first start makes what is kept from then on, and holds what it took to make it
        daemon = ending.enter_context(running(site))
        settled_mb(daemon.pid)
        time.sleep(CALM)
        before, began = cpu_seconds(daemon.pid), time.monotonic()
        time.sleep(seconds)
        share = (cpu_seconds(daemon.pid) - before) / (time.monotonic() - began) * 100
        figures = (*_memory(daemon.pid), at_most("CPU", share, "%", 1, binding=False))
        connected = _connected(daemon)
    facts = {**machine(), "mailboxes": str(MAILBOXES), "bots": str(BOTS), "seconds": f"{seconds:g}"}
    return Result(
        "idle",
        datetime.now(UTC),
        (*figures, exactly("channels that are connected", connected, MAILBOXES + BOTS)),
        facts,
    )


def _connected(daemon: Daemon) -> int:
    said = daemon.cli("channels", "--format", "json").json()
    return sum(one["state"] == "connected" for one in said)


def _memory(pid: int) -> Iterator[Figure]:
    """The whole family's: once as a sum, and once with what its members share counted once."""
    yield at_most("resident, shared files counted once", counted_once_mb(pid), "MB", 150, binding=False)
    yield told("resident, summed", resident_mb(pid), "MB")
    yield told("processes", len(family(pid)))


def _quiet_site(servers: Stage, bots: Sequence[BotApi]) -> Site:
    web = free_port()
    whole = UNBRAKED.format(web_port=web)
    for number in range(MAILBOXES):
        user = f"support{number}@desk.example"
        servers.dovecot.maildir(user)
        intake = FROM_IMAP.format(port=servers.dovecot.imap_port, user=user)
        whole += MAILBOX.format(number=number, user=user, intake=intake, smtp_port=servers.sink.port)
    for number, bot in enumerate(bots):
        named = BOT.replace("[channel.bot]", f"[channel.bot{number}]").replace("_desk_", f"_desk{number}_")
        whole += named.format(api=bot.base, file=bot.file_base)
    site = make_site(servers.scratch / "idle", whole, web)
    token = site.folder / "bot-token"
    token.write_text(TOKEN, encoding="utf-8")
    token.chmod(0o600)
    return site


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when a start did not become ready."""
    parser = argparse.ArgumentParser(prog="python -m bench.starting", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--conversations", type=int, default=1_000)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--idle", type=float, default=30)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="inbox-starting-") as scratch:
        found = measure(asked.folder or Path(scratch), asked.conversations, asked.starts, asked.idle)
        sys.exit(conclude(found, Console()))


if __name__ == "__main__":
    main()
