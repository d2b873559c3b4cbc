"""Customers write by a timetable that waits for nobody, while agents work: how long everybody waits, and that nothing is lost.

    python -m bench.load [--rate 20] [--seconds 600] [--agents 20]

One daemon on SQLite with an SMTP listener, a mailbox at a real Dovecot and the web chat. A wait begins when the message was to be
sent, not when we came to sending it, so that a slow house cannot slow down what it is measured by (no coordinated omission).
Customers, agents, the mail server behind us and the measuring are this one process: what it costs and how late it was is told too.
"""

import argparse
import asyncio
import secrets
import sys
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console

from bench.customers import Customers, Doors, Told
from bench.figures import Figure, Result, at_most, conclude, machine, percentile, told
from bench.footprint import alive, cpu_seconds, resident_mb
from bench.harness import Stage, running, settled_mb, stage
from bench.outcome import judged, unsettled
from bench.shift import Done, Link, hire, work
from bench.site import MAIL, UNBRAKED, WEBCHAT, Site, imap_intake, listener_intake, make_site
from bench.tallied import Found, counted, found
from bench.timetable import Arrival, Way, timetable
from bench.workload import SEED
from inbox.store.migrate import migrate, untouched
from inbox.store.store import Store
from tests.rig.daemon import Daemon
from tests.rig.loopback import free_port
from tests.rig.wait import NeverHappened, until

BUSY = 20.0
"""Messages a second up to which waits are judged; beyond, nothing may be lost and waits are only told."""
MAILBOX = "desk@desk.test"
UNLIMITED = "automatic_per_hour = 0\n"
FIRST = 2.0
"""Seconds between the agents' beginning and the timetable's."""
LOOK = 0.5
"""Seconds between two looks at the daemon's memory."""
PATIENCE = 300.0
"""Seconds until what is not done yet counts as missing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of the time in which customers wrote: seconds, CPU seconds of the daemon with children and of this process; idle and peak MB."""

    seconds: float
    cpu: float
    ours: float
    idle: float
    peak: float


@dataclass(frozen=True, slots=True)
class Run:
    """All that is known of one run."""

    arrivals: Sequence[Arrival]
    told: Told
    done: Done
    cost: Cost
    found: Found


def measure(rate: float = BUSY, seconds: float = 600.0, agents: int = 20, seed: int = SEED) -> Result:
    """One run."""
    arrivals = list(timetable(rate, seconds, seed, datetime.now(UTC)))
    with stage() as servers:
        run = _run(servers, arrivals, agents, seed)
    for trouble in (*run.told.refused[:5], *run.done.trouble[:5]):
        print(trouble, file=sys.stderr)
    figures = (*_waits(run, judge=rate <= BUSY), *_costs(run), *counted(run.arrivals, run.told, run.done, run.found))
    facts = {**machine(), "messages a second": f"{rate:g}", "seconds": f"{seconds:g}", "agents": str(agents)}
    return Result(f"load, {rate:g} a second", datetime.now(UTC), figures, {**facts, "seed": str(seed)})


def _run(servers: Stage, arrivals: Sequence[Arrival], agents: int, seed: int) -> Run:
    doors = Doors(free_port(), free_port(), servers.dovecot, MAILBOX)
    servers.dovecot.maildir(MAILBOX)
    site = _site(servers, doors)
    links = _hired(site, agents)
    with running(site) as daemon:
        idle = settled_mb(daemon.pid)
        customers, done, cost = asyncio.run(_busy(daemon, doors, arrivals, links, seed, idle))
        _settle(daemon, site, len(arrivals))
        left = found(site.store, servers.sink.accepted, doors.web, customers.visitors)
    return Run(arrivals, customers, done, cost, left)


def _site(servers: Stage, doors: Doors) -> Site:
    mailbox = imap_intake(servers.dovecot.imap_port, MAILBOX)
    several = [
        ("support", listener_intake(doors.listener) + UNLIMITED, "support@desk.test"),
        ("desk", mailbox, MAILBOX),
    ]
    mail = [
        MAIL.format(address=address, intake=intake, smtp_port=servers.sink.port).replace(
            "channel.support", f"channel.{name}"
        )
        for name, intake, address in several
    ]
    configured = "\n".join([UNBRAKED.format(web_port=doors.web), *mail, WEBCHAT])
    return make_site(servers.scratch / f"load-{secrets.token_hex(3)}", configured, doors.web)


def _hired(site: Site, agents: int) -> list[Link]:
    with closing(Store(f"sqlite:///{site.store}", site.folder)) as store:
        if untouched(store):
            migrate(store)
        return store.write_now(hire, agents, datetime.now(UTC))


async def _busy(
    daemon: Daemon, doors: Doors, arrivals: Sequence[Arrival], links: Sequence[Link], seed: int, idle: float
) -> tuple[Told, Done, Cost]:
    over, customers = asyncio.Event(), Customers(doors, arrivals)
    working = asyncio.create_task(work(doors.web, links, seed, over))
    peaks = [idle]
    watching = asyncio.create_task(_watch(daemon, peaks))
    await asyncio.sleep(FIRST)
    began, cpu, ours = time.time(), cpu_seconds(daemon.pid), time.process_time()
    try:
        said = await customers.write(began)
        seconds, cpu = time.time() - began, cpu_seconds(daemon.pid) - cpu
        cost = Cost(seconds, cpu, time.process_time() - ours, idle, max(peaks))
    finally:
        over.set()
        watching.cancel()
    return said, await working, cost


async def _watch(daemon: Daemon, peaks: list[float]) -> None:
    while True:
        peaks.append(resident_mb(daemon.pid))
        await asyncio.sleep(LOOK)


def _settle(daemon: Daemon, site: Site, arrivals: int) -> None:
    """Until all is judged and handed on, or cannot be any more: then the counts tell what is missing."""
    with suppress(NeverHappened):
        until(
            lambda: (judged(site.store) >= arrivals and not unsettled(site.store)) or not alive(daemon.pid),
            within=PATIENCE,
            every=0.25,
        )


def _waits(run: Run, *, judge: bool) -> list[Figure]:
    """From when it was to be sent until its acknowledgement was at the customer's mail server or on their page."""
    acknowledged = {mail.answers: mail.at for mail in run.found.mails if not mail.words}
    waits: dict[Way, list[float]] = {way: [] for way in Way}
    for one in run.arrivals:
        seen = run.told.acknowledged.get(one.number) if one.way is Way.CHAT else acknowledged.get(one.key)
        if one.opens and seen is not None:
            waits[one.way].append((seen - run.told.due(one)) * 1000)
    every = [wait for several in waits.values() for wait in several]
    pages, acts, bound = run.done.pages, run.done.acts, 1.0 if judge else float("inf")
    first, last = _thirds(run)
    return [
        told("arrival to acknowledgement, p50", percentile(every, 50), "ms"),
        _bounded("arrival to acknowledgement, p99", percentile(every, 99), "ms", 1000, judge=judge),
        *(
            told(f"by {way}, p{percent}", percentile(several, percent), "ms")
            for way, several in waits.items()
            for percent in (50, 99)
        ),
        told("agents' pages, p50", percentile(pages, 50), "ms"),
        _bounded("agents' pages, p95", percentile(pages, 95), "ms", 100, judge=judge),
        told("agents' forms, p95", percentile(acts, 95), "ms"),
        told("ingest lag in the first third, p95", first, "ms"),
        _bounded("ingest lag in the last third, p95", last, "ms", 1000 * bound, judge=judge),
    ]


def _bounded(what: str, value: float, unit: str, bound: float, *, judge: bool) -> Figure:
    return at_most(what, value, unit, bound, binding=False) if judge else told(what, value, unit)


def _thirds(run: Run) -> tuple[float, float]:
    """Whether the house falls behind: milliseconds from an arrival's being stored to its verdict, early and late."""
    lags = run.found.lags
    third = max(1, len(lags) // 3)
    return percentile(lags[:third], 95), percentile(lags[-third:], 95)


def _costs(run: Run) -> list[Figure]:
    cost, late = run.cost, [one * 1000 for one in run.told.late]
    return [
        told("messages", len(run.arrivals)),
        told("pages and forms of agents", len(run.done.pages) + len(run.done.acts)),
        told("answers of agents", len(run.done.answers)),
        told("answers stopped, since something newer was said", run.done.stale),
        told("events heard by their pages", run.done.heard),
        told("daemon's share of a core, with children", cost.cpu * 100 / cost.seconds, "%"),
        told("this process' share of a core", cost.ours * 100 / cost.seconds, "%"),
        told("this process' lateness, p99", percentile(late, 99), "ms"),
        told("idle memory, with children", cost.idle, "MB"),
        at_most("peak memory above idle", cost.peak - cost.idle, "MB", 60, binding=False),
    ]


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when anything is missing or doubled."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rate", type=float, default=BUSY)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--agents", type=int, default=20)
    asked = parser.parse_args()
    sys.exit(conclude([measure(asked.rate, asked.seconds, asked.agents)], Console()))


if __name__ == "__main__":
    main()
