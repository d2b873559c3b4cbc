"""How fast a backlog of a real mailbox becomes conversations, beside the hand-written floor in the same run.

    python -m bench.ingest [--count 5000] [--seed 42]

The clock runs from the daemon being ready (or its first arrival, if that is earlier) until the last arrival has its
verdict: by then every acknowledgement that is due is queued. Then the outbox drains into the sink, and all is counted.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from rich.console import Console

from bench.figures import Figure, Result, at_least, at_most, conclude, machine, told
from bench.floor import Floor
from bench.floor import measure as measure_floor
from bench.footprint import alive, cpu_seconds, watched
from bench.harness import Stage, running, settled_mb, stage
from bench.letters import SUPPORT
from bench.outcome import Stored, answered, compare, judged, stored, unsettled
from bench.site import imap_intake
from bench.workload import COUNT, SEED, Expected, Mail, build, write_eml
from tests.rig.wait import NeverHappened, until

RATIO_WANTED = 0.3
MEMORY_WANTED = 60.0  # MB above the daemon's own idle
PATIENCE = 600.0  # seconds until a measurement is given up


@dataclass(frozen=True, slots=True)
class Run:
    """One backlog taken in: seconds and CPU seconds until the last verdict, seconds until the outbox was empty, peak MB."""

    seconds: float
    cpu: float
    drained_after: float
    peak_mb: float
    found: Stored


def measure(count: int = COUNT, seed: int = SEED) -> Result:
    """Take in a backlog of `count` mails; the floor is measured before and after it, on the same mails."""
    with stage() as servers:
        mails = list(write_eml(build(count, seed), servers.scratch / "mails"))
        floors = [measure_floor(servers.scratch / "mails", repeat=1)]
        idle = _idle_mb(servers)
        run = _take_in(servers, mails)
        floors += [measure_floor(servers.scratch / "mails", repeat=1) for _ in range(2)]
        answers = answered(mail.raw for mail in servers.sink.accepted)
    expected = Expected.of(mail.kind for mail in mails)
    figures = (*_speed(run, floors, idle), *compare(mails, expected, run.found, answers))
    return Result("ingest", datetime.now(UTC), figures, {**machine(), "mails": str(count), "seed": str(seed)})


def _idle_mb(servers: Stage) -> float:
    """What the daemon needs with nothing to do: the same site, but an empty mailbox."""
    servers.dovecot.maildir("idle@desk.test")
    intake = imap_intake(servers.dovecot.imap_port, "idle@desk.test")
    with running(servers.site("idle", intake)) as daemon:
        return settled_mb(daemon.pid)


def _take_in(servers: Stage, mails: Sequence[Mail]) -> Run:
    servers.dovecot.append_many(SUPPORT, (mail.raw for mail in mails))
    intake = imap_intake(servers.dovecot.imap_port, SUPPORT)
    site = servers.site("ingest", intake)
    store = site.store
    with running(site, wait=False) as daemon, watched(daemon.pid) as peak:
        until(lambda: daemon.ready() or judged(store) or not daemon.running, within=60, what="the daemon is ready")
        if not daemon.running:
            raise RuntimeError(f"The daemon ended before it took any mail: {daemon.words()}")
        began, cpu = time.perf_counter(), cpu_seconds(daemon.pid)
        _wait(daemon.pid, lambda: judged(store) >= len(mails))
        seconds, cpu = time.perf_counter() - began, cpu_seconds(daemon.pid) - cpu
        _wait(daemon.pid, lambda: not unsettled(store))
        drained = time.perf_counter() - began
    return Run(seconds, cpu, drained, peak.mb, stored(store))


def _wait(pid: int, done: Callable[[], bool]) -> None:
    """Until it is done, or cannot be any more: then the counts tell what is missing, which says more than an error."""
    with suppress(NeverHappened):
        until(lambda: done() or not alive(pid), within=PATIENCE, every=0.1)


def _speed(run: Run, floors: Sequence[Floor], idle: float) -> tuple[Figure, ...]:
    floor, ours = median(one.mails_per_second for one in floors), run.found.judged / run.seconds
    return (
        told("mails a second", ours, "/s"),
        told("floor, same run", floor, "/s"),
        at_least("ratio to the floor", ours / floor, "", RATIO_WANTED, binding=True),
        told("CPU for 1,000 mails, with children", run.cpu * 1000 / max(run.found.judged, 1), "s"),
        told("floor's CPU for 1,000 mails", median(one.cpu_seconds_per_1000 for one in floors), "s"),
        told("until the outbox was empty", run.drained_after, "s"),
        told("idle memory, with children", idle, "MB"),
        at_most("peak memory above idle", run.peak_mb - idle, "MB", MEMORY_WANTED, binding=False),
    )


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when a count or the ratio is not met."""
    parser = argparse.ArgumentParser(prog="python -m bench.ingest", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    sys.exit(conclude([measure(asked.count, asked.seed)], Console()))


if __name__ == "__main__":
    main()
