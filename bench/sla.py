"""What clocks cost: the sweep with ever more of them open and the same number due, due times a second, the estimator's latency.

    python -m bench.sla [--clocks 1000000]

A SQLite file with conversations of two running clocks each. At every size the same number falls due, in rounds; a sweep that
follows what exists instead of what is due would cost ten times as much at the next size. The floor of the estimator is the
same history read by hand and its percentile taken, without hours, queue or censoring, in the same run.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from rich.console import Console

from bench.figures import Figure, Result, at_least, at_most, conclude, exactly, machine, percentile, told
from bench.growth import flat
from inbox.__main__ import main as inbox
from inbox.cli.context import Chosen, Context
from inbox.pipeline.overdue import next_instant, sweep
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.promising import prospect
from inbox.pipeline.recount import AT_ONCE, recount_some
from inbox.rulebook.decision import Effects
from inbox.site import catalogues
from inbox.sla.hours import Calendar
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.wording import load

T = TypeVar("T")
CLOCKS, SHORT = 1_000_000, 100_000
SIZES = (10_000, 100_000, 1_000_000)
DUE, ROUNDS, LOOKS = 100, 5, 50
DEARER = 3.0
"""Times the cost of a hundred times fewer clocks: an index is somewhat deeper, and the machine is never quite alone."""
HISTORY = 5_000
NOW = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Tehran")).astimezone(UTC)
AFAR = NOW + timedelta(days=300)
WAIT = timedelta(minutes=15)
BATCH = 5_000
SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Ground:
    """A site with the shipped rules, and its open store."""

    store: Store
    playbook: Playbook


@contextmanager
def ground() -> Iterator[Ground]:
    """For as long as the measurement lasts."""
    with tempfile.TemporaryDirectory(prefix="inbox-bench-") as folder:
        if inbox(["init", folder, "--yes", "--quiet"]):
            raise RuntimeError("the site was not made")
        context = Context(Chosen(Path(folder)), load(catalogues()), "en")
        try:
            yield Ground(context.store, context.playbook())
        finally:
            context.close()


def fill(store: Store, first: int, last: int, due: int) -> None:
    """Conversations of these numbers, each with a running clock for its first reply and one for its resolution; of the first
    ones, in `due` groups, the reply is due one minute after the other from NOW on."""
    for begin in range(first, last, BATCH):
        store.write_now(_batch, begin, min(begin + BATCH, last), first, due)


def _batch(unit: Unit, begin: int, end: int, first: int, due: int) -> None:
    base = {"channel": "support", "contact_id": 1, "tags": [], "fields": [], "pinned": [], "policy": "standard"}
    matters, clocks = [], []
    for number in range(begin, end):
        started = NOW - timedelta(seconds=number % 80_000)
        group = (number - first) // DUE
        reply = NOW + timedelta(minutes=group) if group < due else AFAR + timedelta(seconds=number % 90_000)
        moment = {"opened_at": started, "changed_at": started, "waiting_since": started, "acted_at": started}
        matters.append({"id": number, "reference": f"B{number}", "version": 1, **base, **moment, "due_at": reply})
        at = {"conversation_id": number, "cycle": 1, "started_at": started, "hours": "support", "pauses": []}
        clocks.append({**at, "metric": "first_reply", "target": "4 working hours", "due_at": reply})
        clocks.append({**at, "metric": "resolution", "target": "5 working days", "due_at": AFAR})
    unit.execute(sa.insert(t.conversation), matters)
    unit.execute(sa.insert(t.clock), clocks)


def history(store: Store, count: int, seed: int) -> None:
    """So many first replies of the last 80 days, most of them within the hour and some very late, as help desks have them."""
    dice = random.Random(seed)  # a workload, not a secret
    rows = []
    for number in range(count):
        stopped = NOW - timedelta(seconds=dice.randrange(80 * 86_400))
        took = min(dice.lognormvariate(8.2, 1.1), 200_000.0)
        at = {"conversation_id": 1, "cycle": number + 10, "started_at": stopped - timedelta(seconds=took), "pauses": []}
        clock = {"metric": "first_reply", "stopped_at": stopped, "ended": "reply", "worked_seconds": took}
        rows.append({**at, **clock, "target": "4 working hours", "hours": "support", "due_at": stopped})
    store.write_now(lambda unit: unit.execute(sa.insert(t.clock), rows) and None)


@dataclass(frozen=True, slots=True)
class Swept:
    """At one size: milliseconds of CPU of a sweep with `DUE` clocks due, of one with nothing due, and how many were told."""

    due_ms: float
    idle_ms: float
    told: int


def swept(on: Ground) -> Swept:
    """Round by round, as many due in each; then looks at which nothing is. By the CPU, which others cannot take away."""
    counts, due, idle = [], [], []
    for number in range(ROUNDS):
        at = NOW + timedelta(minutes=number, seconds=30)
        begun = time.process_time()
        counts.append(on.store.write_now(sweep, on.playbook, WAIT, at))
        due.append((time.process_time() - begun) * 1_000)
    for _ in range(LOOKS):
        begun = time.process_time()
        counts.append(on.store.write_now(sweep, on.playbook, WAIT, NOW + timedelta(minutes=ROUNDS)))
        on.store.read_now(next_instant)
        idle.append((time.process_time() - begun) * 1_000)
    return Swept(statistics.median(due), statistics.median(idle), sum(counts))


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    found = work()
    return (time.perf_counter() - began) * 1_000, found


def estimator(on: Ground) -> list[Figure]:
    """The honest time for somebody who has not written yet: with what was learnt read anew, and with what is fresh."""
    speaker = next(iter(on.playbook.channels.values()))

    def ask(at: datetime) -> object:
        return on.store.read_now(prospect, Effects(policy="standard"), speaker, on.playbook, at)

    cold = [_timed(partial(ask, NOW + timedelta(minutes=n)))[0] for n in range(100)]
    warm = [_timed(lambda: ask(NOW + timedelta(minutes=200)))[0] for n in range(200)][1:]
    floor = [_timed(lambda: on.store.read_now(_by_hand))[0] for _ in range(100)]
    least = percentile(floor, 50)
    return [
        told("estimate, history read anew, p50, beside the same by hand", percentile(cold, 50), "ms", floor=least),
        told("estimate, history read anew, p99", percentile(cold, 99), "ms"),
        told("estimate, history fresh, p50", percentile(warm, 50), "ms"),
        told("estimate, history fresh, p99", percentile(warm, 99), "ms"),
    ]


def _by_hand(unit: Unit) -> float:
    rows = unit.execute(
        sa.text(
            "SELECT worked_seconds FROM clock WHERE metric = 'first_reply' AND stopped_at IS NOT NULL"
            " ORDER BY stopped_at DESC LIMIT 300"
        )
    )
    took = sorted(float(row[0]) for row in rows)
    return took[int(len(took) * 0.85)]


def due_times(calendar: Calendar, seconds: float) -> tuple[float, float]:
    """Due times of four working hours a second of CPU, and plain sums of two instants beside them."""
    starts = [NOW + timedelta(seconds=37 * n) for n in range(2_000)]
    length = timedelta(hours=4)
    return (
        _rate(lambda: [calendar.add_working(at, length) for at in starts], len(starts), seconds),
        _rate(lambda: [at + length for at in starts], len(starts), seconds),
    )


def _rate(work: Callable[[], object], times: int, seconds: float) -> float:
    done, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < seconds:
        work()
        done += times
    return done / spent


def counted_anew(on: Ground, slices: int) -> float:
    """Conversations a second whose clocks all come out differently, stored with their events."""
    took, _ = _timed(lambda: [on.store.write_now(recount_some, on.playbook, NOW) for _ in range(slices)])
    return slices * AT_ONCE / (took / 1_000)


def measure(clocks: int = SHORT, seconds: float = SECONDS, seed: int = 42) -> Result:
    """All sizes up to so many clocks."""
    figures: list[Figure] = []
    sizes = [size for size in SIZES if size <= clocks] or [clocks]
    with ground() as on:
        on.store.write_now(people)
        on.store.write_now(sweep, on.playbook, WAIT, NOW)  # what is made once is made now
        found: list[Swept] = []
        done = 1
        for size in sizes:
            fill(on.store, done, size // 2 + 1, ROUNDS)
            done = size // 2 + 1
            found.append(swept(on))
            figures += [
                told(f"{size:,} open, sweep with {DUE} due", found[-1].due_ms, "ms of CPU"),
                told(f"{size:,} open, sweep with nothing due", found[-1].idle_ms, "ms of CPU"),
            ]
        if len(sizes) > 1:
            figures.append(
                flat("a sweep with nothing due", {s: one.idle_ms for s, one in zip(sizes, found, strict=True)})
            )
            figures.append(
                flat(f"a sweep with {DUE} due", {s: one.due_ms for s, one in zip(sizes, found, strict=True)})
            )
            grown = f"{sizes[-1] // sizes[0]} times the clocks, a sweep costs"
            figures += [
                at_most(f"{grown} with {DUE} due", found[-1].due_ms / found[0].due_ms, "times", DEARER, binding=True),
                at_most(
                    f"{grown} with nothing due", found[-1].idle_ms / found[0].idle_ms, "times", DEARER, binding=True
                ),
            ]
        figures.append(exactly("breaches told", sum(one.told for one in found), DUE * ROUNDS * len(sizes)))
        history(on.store, HISTORY, seed)
        figures += estimator(on)
        rate, plain = due_times(on.playbook.calendars["support"], seconds)
        figures += [
            at_least("due times a second, beside plain sums", rate, "/s", 20_000, binding=False, floor=plain),
            told("conversations counted anew", counted_anew(on, min(20, sizes[-1] // 2 // AT_ONCE)), "/s"),
        ]
    return Result("sla", datetime.now(UTC), tuple(figures), {**machine(), "clocks": str(sizes[-1]), "seed": str(seed)})


def people(unit: Unit) -> None:
    unit.insert_new(t.channel, name="support", kind="email")
    unit.insert(t.contact, name="Somebody", tags=[], created_at=NOW)


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when a sweep costs more the more clocks are open."""
    parser = argparse.ArgumentParser(prog="python -m bench.sla", description=__doc__.splitlines()[0])
    parser.add_argument("--clocks", type=int, default=CLOCKS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--seed", type=int, default=42)
    asked = parser.parse_args()
    sys.exit(conclude([measure(asked.clocks, asked.seconds, asked.seed)], Console()))


if __name__ == "__main__":
    main()
