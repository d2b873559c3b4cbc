"""How fast a backlog of a real mailbox becomes conversations, beside the hand-written floor in the same run.

    python -m bench.ingest [--count 5000] [--seed 42]

The clock runs from the daemon being ready (or its first arrival, if that is earlier) until the last arrival has its
verdict: by then every acknowledgement that is due is queued. Then the outbox drains into the sink, and all is counted.
It is done twice: with the daemon and its children on one core, as the floor is, and on all that there are.
"""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from rich.console import Console

from bench.figures import Figure, Result, at_most, conclude, exactly, machine, ratio_at_least, told
from bench.floor import Floor
from bench.floor import measure as measure_floor
from bench.footprint import alive, cpu_seconds, watched
from bench.growth import flat
from bench.harness import Stage, running, settled_mb, stage
from bench.letters import SUPPORT
from bench.outcome import Stored, answered, compare, judged, stored, unsettled
from bench.site import Site, config, imap_intake
from bench.web_site import Many, built
from bench.workload import COUNT, SEED, Expected, build, write_eml
from tests.rig.loopback import free_port
from tests.rig.wait import NeverHappened, until

HELD = 0.2
"""Times the floor that all cores manage, or the run fails: somewhat less than they do now, so that what makes mail dearer shows.
What is wanted is above it, and is told as missed."""
ONE_CORE, ALL_CORES = 0.5, 0.8
"""Times the floor that are wanted: of one process, and with all cores."""
RATE = "mails a second"
CPU_WANTED = 2.0  # seconds for 1,000 mails, with children
MEMORY_WANTED = 60.0  # MB above the daemon's own idle
PATIENCE = 600.0  # seconds until a measurement is given up


@dataclass(frozen=True, slots=True)
class Run:
    """One backlog taken in: seconds and CPU seconds until the last verdict, seconds until the outbox was empty, peak MB."""

    seconds: float
    cpu: float
    drained_after: float
    peak_mb: float
    judged: int
    found: Stored


def measure(count: int = COUNT, seed: int = SEED) -> list[Result]:
    """Take in a backlog of `count` mails on one core and on all; the floor is measured before, between and after, on the same
    mails."""
    every = os.sched_getaffinity(0)
    with stage() as servers:
        mails = list(write_eml(build(count, seed), servers.scratch / "mails"))
        floors = [measure_floor(servers.scratch / "mails", repeat=1)]
        idle = _idle_mb(servers)
        taken: dict[str, tuple[Run, Sequence[bytes]]] = {}
        for name, cores in (("one core", {min(every)}), (f"{len(every)} cores", every)):
            before = len(servers.sink.accepted)
            user = f"{len(cores)}.{SUPPORT}"
            servers.dovecot.append_many(user, (mail.raw for mail in mails))
            run = _take_in(
                servers.site(f"ingest-{len(cores)}", imap_intake(servers.dovecot.imap_port, user)), count, cores
            )
            taken[name] = run, [mail.raw for mail in servers.sink.accepted[before:]]
            floors.append(measure_floor(servers.scratch / "mails", repeat=1))
    expected = Expected.of(mail.kind for mail in mails)
    facts = {**machine(), "mails": str(count), "seed": str(seed)}
    return [
        Result(
            f"ingest, {name}",
            datetime.now(UTC),
            (
                *_speed(run, floors, idle, ONE_CORE if name == "one core" else ALL_CORES),
                *compare(mails, expected, run.found, answered(sent)),
            ),
            facts,
        )
        for name, (run, sent) in taken.items()
    ]


def over(folder: Path, histories: Sequence[int], count: int) -> Result:
    """What a mail costs in a store that holds so many conversations already, each with ten messages."""
    cpu: dict[int, float] = {}
    figures: list[Figure] = []
    with stage() as servers:
        mails = [mail.raw for mail in build(count, SEED)]
        for history in histories:
            user = f"{history}.{SUPPORT}"
            servers.dovecot.append_many(user, mails)
            run = _take_in(_after(servers, folder, history, user), count, os.sched_getaffinity(0))
            cpu[history] = run.cpu * 1000 / max(run.judged, 1)
            figures += [
                told(f"{history:,} conversations before: CPU for 1,000 mails, with children", cpu[history], "s"),
                told(f"{history:,} conversations before: mails a second", run.judged / run.seconds, "/s"),
                exactly(f"{history:,} conversations before: judged", run.judged, count),
            ]
    figures.append(flat("CPU of a mail", cpu))
    return Result("ingest over histories", datetime.now(UTC), tuple(figures), {**machine(), "mails": str(count)})


def _after(servers: Stage, folder: Path, history: int, user: str) -> Site:
    """A copy of the made-up site of that history, which takes its mail from a mailbox."""
    made = built(folder / f"web-{history}", Many(history), servers.sink.port, free_port(), free_port())
    site = Site(servers.scratch / f"ingest-after-{history}", free_port())
    shutil.copytree(made.folder, site.folder, ignore=shutil.ignore_patterns("*.log", "*.lock", "*.sock"))
    configured = config(imap_intake(servers.dovecot.imap_port, user), servers.sink.port, site.web_port)
    (site.folder / "config.toml").write_text(configured, encoding="utf-8")
    return site


def _idle_mb(servers: Stage) -> float:
    """What the daemon needs with nothing to do: the same site, but an empty mailbox."""
    servers.dovecot.maildir("idle@desk.test")
    intake = imap_intake(servers.dovecot.imap_port, "idle@desk.test")
    with running(servers.site("idle", intake)) as daemon:
        return settled_mb(daemon.pid)


def _take_in(site: Site, count: int, cores: set[int]) -> Run:
    """Until so many more are judged than were before."""
    store, before = site.store, judged(site.store) if site.store.exists() else 0
    with ExitStack() as ending:
        with _on(cores):
            daemon = ending.enter_context(running(site, wait=False))
        peak = ending.enter_context(watched(daemon.pid))
        until(lambda: daemon.ready() or judged(store) > before or not daemon.running, within=60, what="it is ready")
        if not daemon.running:
            raise RuntimeError(f"The daemon ended before it took any mail: {daemon.words()}")
        began, cpu = time.perf_counter(), cpu_seconds(daemon.pid)
        _wait(daemon.pid, lambda: judged(store) >= before + count)
        seconds, cpu = time.perf_counter() - began, cpu_seconds(daemon.pid) - cpu
        _wait(daemon.pid, lambda: not unsettled(store))
        drained = time.perf_counter() - began
        found = stored(store)
    return Run(seconds, cpu, drained, peak.mb, judged(store) - before, found)


@contextmanager
def _on(cores: set[int]) -> Iterator[None]:
    """What is started meanwhile runs on these cores alone, and so do its children."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _wait(pid: int, done: Callable[[], bool]) -> None:
    """Until it is done, or cannot be any more: then the counts tell what is missing, which says more than an error."""
    with suppress(NeverHappened):
        until(lambda: done() or not alive(pid), within=PATIENCE, every=0.1)


def _speed(run: Run, floors: Sequence[Floor], idle: float, wanted: float) -> tuple[Figure, ...]:
    floor, ours = median(one.mails_per_second for one in floors), run.judged / run.seconds
    cpu = run.cpu * 1000 / max(run.judged, 1)
    least = median(one.cpu_seconds_per_1000 for one in floors)
    return (
        ratio_at_least(RATE, ours, "/s", floor, wanted, binding=False),
        *(
            [ratio_at_least(f"{RATE}, in any case", ours, "/s", floor, HELD, binding=True)]
            if wanted == ALL_CORES
            else []
        ),
        at_most("CPU for 1,000 mails, with children", cpu, "s", CPU_WANTED, binding=False, floor=least),
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
    sys.exit(conclude(measure(asked.count, asked.seed), Console(), "ingest"))


if __name__ == "__main__":
    main()
