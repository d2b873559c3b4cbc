"""More than can be looked at: mails by SMTP as fast as they are taken. Memory stays flat, and the house says how far behind it is.

    python -m bench.flood [--count 3000] [--connections 40]

Each connection hands over its next mail when the one before is taken. Meanwhile /metrics is read twice a second, and `inbox status`
asked once while many wait. Afterwards everything is judged and acknowledged, each once.
"""

import argparse
import asyncio
import http.client
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from rich.console import Console

from bench.customers import Post
from bench.figures import Figure, Result, at_most, conclude, exactly, machine, told
from bench.footprint import alive, cpu_seconds, resident_mb
from bench.harness import running, settled_mb, stage
from bench.outcome import answered, judged, unsettled
from bench.site import Site, listener_intake
from bench.workload import SEED, Kind, Mail, build
from tests.rig.daemon import Daemon
from tests.rig.loopback import HOST, free_port
from tests.rig.wait import NeverHappened, until

UNLIMITED = "automatic_per_hour = 0\n"
LOOK = 0.5
"""Seconds between two looks."""
MANY = 200
"""Waiting arrivals from which `inbox status` is asked."""
WARM = 200
"""Mails before it, after which all that is loaded at its first use is there."""
MOST_GROWTH = 60.0
"""MB of memory above idle, as for any other backlog, however many wait: what holds it is the disk."""
PATIENCE = 300.0


@dataclass(slots=True)
class Seen:
    """What was seen meanwhile. `waited`: the most arrivals that waited; `oldest`: seconds of the oldest of them; `end_told`: how
    often there was an end to tell; `status`: the words of `inbox status`, once many waited."""

    memory: list[float] = field(default_factory=list)
    waited: float = 0.0
    oldest: float = 0.0
    end_told: int = 0
    status: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds until all were taken, judged, and acknowledged; CPU seconds of the daemon with children until then."""

    taken: float
    judged: float
    acknowledged: float
    cpu: float


def measure(count: int = 3000, connections: int = 40, seed: int = SEED) -> Result:
    """One flood of new matters."""
    mails = list(islice((mail for mail in build((count + WARM) * 2, seed) if mail.kind is Kind.NEW), count + WARM))
    listener = free_port()
    with stage() as servers:
        site = servers.site("flood", listener_intake(listener) + UNLIMITED)
        with running(site) as daemon:
            idle = settled_mb(daemon.pid)
            asyncio.run(_flood(daemon, listener, mails[:WARM], connections, Seen()))
            _drained(daemon, site, WARM, time.perf_counter(), Seen())
            warm, seen = settled_mb(daemon.pid), Seen()
            began, cpu = time.perf_counter(), cpu_seconds(daemon.pid)
            asyncio.run(_flood(daemon, listener, mails[WARM:], connections, seen))
            taken = time.perf_counter() - began
            judged_after, all_after = _drained(daemon, site, len(mails), began, seen)
            run = Run(taken, judged_after, all_after, cpu_seconds(daemon.pid) - cpu)
            ended = judged(site.store)
        answers = answered(mail.raw for mail in servers.sink.accepted)
        lines = Counter(_events(daemon.words()))
    figures = (*_figures(run, seen, idle, warm, count), *_counts(mails, ended, answers, seen, lines))
    return Result("flood", datetime.now(UTC), figures, {**machine(), "mails": str(count), "seed": str(seed)})


async def _flood(daemon: Daemon, port: int, mails: Sequence[Mail], connections: int, seen: Seen) -> None:
    post, waiting = Post(port), iter(mails)

    async def server() -> None:
        for mail in waiting:
            await post.hand_over(mail.raw)

    watching = asyncio.create_task(_watch(daemon, seen))
    try:
        await asyncio.gather(*(server() for _ in range(connections)))
    finally:
        watching.cancel()
        post.close()


async def _watch(daemon: Daemon, seen: Seen) -> None:
    while True:
        await asyncio.to_thread(_look, daemon, seen)
        await asyncio.sleep(LOOK)


def _look(daemon: Daemon, seen: Seen) -> None:
    seen.memory.append(resident_mb(daemon.pid))
    numbers = _metrics(daemon.web)
    waits = sum(value for name, value in numbers.items() if name.startswith("inbox_receive_queue_arrivals"))
    seen.waited = max(seen.waited, waits)
    seen.oldest = max(seen.oldest, numbers.get("inbox_receive_queue_oldest_seconds", 0.0))
    seen.end_told += waits > 0 and numbers.get("inbox_receive_queue_left_seconds", float("inf")) != float("inf")
    if waits > MANY and not seen.status:
        seen.status = daemon.cli("status").out


def _metrics(port: int) -> Mapping[str, float]:
    with closing(http.client.HTTPConnection(HOST, port, timeout=30)) as connection:
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] != "#")}


def _drained(daemon: Daemon, site: Site, count: int, began: float, seen: Seen) -> tuple[float, float]:
    """Seconds since the beginning until all are judged, and until all are acknowledged; NaN where that did not happen."""

    def done() -> bool:
        _look(daemon, seen)
        return judged(site.store) >= count or not alive(daemon.pid)

    with suppress(NeverHappened):
        until(done, within=PATIENCE, every=LOOK / 2)
        ended = time.perf_counter() - began
        until(lambda: not unsettled(site.store) or not alive(daemon.pid), within=PATIENCE, every=0.1)
        until(lambda: "caught-up" in _events(daemon.words()) or "behind" not in _events(daemon.words()), within=10)
        return ended, time.perf_counter() - began
    return float("nan"), float("nan")


def _events(words: str) -> list[str]:
    return list(_told(words))


def _told(words: str) -> Iterator[str]:
    for line in words.splitlines():
        with suppress(ValueError):
            said = json.loads(line)
            if isinstance(said, dict):
                yield str(said.get("event"))


def _figures(run: Run, seen: Seen, idle: float, warm: float, count: int) -> Iterator[Figure]:
    yield told("mails taken a second", count / run.taken, "/s")
    yield told("mails judged a second", count / run.judged, "/s")
    yield told("until the last was acknowledged", run.acknowledged, "s")
    yield told("CPU for 1,000 mails, with children", run.cpu * 1000 / count, "s")
    yield told("most arrivals that waited", seen.waited)
    yield told("longest that one waited", seen.oldest, "s")
    yield told("readings of /metrics that told when it will be over", seen.end_told)
    yield told("idle memory, with children", idle, "MB")
    peak = max(seen.memory, default=0.0)
    yield told(f"after {WARM} mails", warm, "MB")
    yield told("peak memory above that", peak - warm, "MB")
    yield at_most("peak memory above idle", peak - idle, "MB", MOST_GROWTH, binding=False)


def _counts(
    mails: Sequence[Mail], judged: int, answers: Counter[str], seen: Seen, lines: Counter[str]
) -> Iterator[Figure]:
    yield exactly("arrivals judged", judged, len(mails))
    yield exactly("mails acknowledged once", sum(answers[mail.message_id] == 1 for mail in mails), len(mails))
    yield exactly("other mails at the sink", answers.total() - len(mails), 0)
    yield exactly("inbox status says how far behind it is", int(_says(seen)), 1)
    yield exactly("behind in the log, and not caught up", lines["behind"] - lines["caught-up"], 0)
    yield told("times that the log says of being behind", lines["behind"])


def _says(seen: Seen) -> bool:
    """Where never many waited, there was nothing to say."""
    return seen.waited <= MANY or "wait to be looked at" in seen.status


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when anything is missing or doubled, or was not said."""
    parser = argparse.ArgumentParser(prog="python -m bench.flood", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--connections", type=int, default=40)
    asked = parser.parse_args()
    sys.exit(conclude([measure(asked.count, asked.connections)], Console()))


if __name__ == "__main__":
    main()
