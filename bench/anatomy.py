"""Where a mail's time goes: seconds of the processor by what they are spent on, statements a mail, syncs a batch.

    python -m bench.anatomy [--count 600]

The daemon's own path in this process, on a real store: the files of a directory are landed in batches, parsed, judged, and their
acknowledgements handed over to a network that takes everything at once. How many that makes a second, until the last verdict,
stands beside the floor on the same files. What is counted is what reaches the driver; a statement that carries many rows is one.
Time is the thread's, so that other work on the machine disturbs it little, and what a part takes is without its statements and
without the parts within it. A commit that wrote is one sync of the write-ahead log; checkpoints come on top, one every few megabytes. The first batch is not
counted: what is made once is made in it.
"""

import argparse
import asyncio
import gc
import io
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from rich.console import Console

from bench.figures import Figure, Result, at_most, conclude, machine, percentile, ratio_at_least, told
from bench.floor import measure as measure_floor
from bench.growth import flat
from bench.outcome import answered, compare, stored
from bench.quarter.drive import AtOnce
from bench.scales import COMMIT, STATEMENTS, Scales, instead, weighed
from bench.site import Site, config, listener_intake, make_site
from bench.web_site import Many, built
from bench.workload import SEED, Expected, Kind, Mail, build, write_eml
from inbox.actions.listening import Listening
from inbox.daemon.house import House
from inbox.domain.arrivals import Item
from inbox.domain.ids import ChannelName
from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.pipeline import acknowledge, receive
from inbox.pipeline.turn import Turn
from inbox.ports.channel import HANDED, Batch, Channel, StageLog
from inbox.render.messages import Templates
from inbox.runtime import logs, receiver
from inbox.runtime.backlog import Backlog
from inbox.runtime.intake import Intake
from inbox.runtime.sender import Retry, Sender
from inbox.runtime.wakes import ProcessWake
from inbox.settings import load
from inbox.site import Site as Place
from inbox.site import catalogues
from inbox.store import people
from inbox.store.migrate import migrate
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.wording import load as load_wording
from tests.path.house import Here

SUPPORT = ChannelName("support")
BATCH = 50
WHOLE = "CPU for 1,000 mails, all of it in one process"
FROM_A_DIRECTORY = "mails a second from a directory, in one process"
ONE_PROCESS = 0.5  # times the floor that is wanted
CPU_WANTED = 2.0  # seconds for 1,000 mails
STATEMENTS_WANTED = 8.0
AROUND = "statements, around the driver"
NAMES = {
    "land": "landing",
    "parse": "parsing",
    "sender": "who writes, and whether they may",
    "place": "which conversation",
    "message": "the message and its words",
    "rules": "rules",
    "acknowledgement": "the acknowledgement",
    "promised time": "its promised time",
    "render": "rendering it",
    "compose": "composing its mail",
    "events and clocks": "events and clocks",
    "log": "the log",
    "judge": "judging, the rest",
    "hand over": "handing over",
    AROUND: AROUND,
    STATEMENTS: "statements, in the driver",
    COMMIT: "commits",
}
"""What is weighed, as it is told."""


class Nowhere(io.StringIO):
    """Where the log goes: it is put into words as always, and kept by nobody."""

    def write(self, words: str) -> int:
        """As if it were written."""
        return len(words)


class Takes:
    """A network that takes everything at once; it keeps what it was given."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt:
        """As a real one: it says so before the last byte leaves."""
        await stage(HANDED)
        self.sent.append(part.body)
        return Receipt((part.key,))


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of one stream of mails."""

    took: float
    """Seconds of the processor, the first batch not counted."""
    seconds: float
    """By the clock, without the handing over, the first batch not counted."""
    scales: Scales
    """Nothing lies on them where nothing was weighed."""
    kinds: Counter[str]
    """Statements by the kind of mail that they judged."""
    figures: tuple[Figure, ...]


def measure(count: int = 600) -> Result:
    """On an empty site."""
    with tempfile.TemporaryDirectory(prefix="inbox-bench-") as scratch:
        folder = Path(scratch) / "mails"
        mails = list(write_eml(build(count, SEED), folder))
        floor = measure_floor(folder)
        bare, found = (
            asyncio.run(
                _opened(
                    make_site(Path(scratch) / name, config(listener_intake(1), 1, 1), 1), mails, folder, weigh=weigh
                )
            )
            for name, weigh in (("bare", False), ("weighed", True))
        )
    there = mails[BATCH:]
    rate = len(there) / bare.seconds
    figures = (
        ratio_at_least(FROM_A_DIRECTORY, rate, "/s", floor.mails_per_second, ONE_PROCESS, binding=False),
        at_most(WHOLE, bare.took * 1000 / len(there), "s", CPU_WANTED, binding=False, floor=floor.cpu_seconds_per_1000),
        *_times(found, len(there)),
        *_statements(found, there),
        *_syncs(found, len(there)),
        *found.figures,
    )
    return Result("anatomy of a mail", datetime.now(UTC), figures, {**machine(), "mails": str(count)})


def over(folder: Path, histories: Sequence[int], count: int = 600) -> Result:
    """On sites that hold so many conversations already: what a mail costs, and how many statements."""
    figures: list[Figure] = []
    cpu: dict[int, float] = {}
    asked: dict[int, float] = {}
    for history in histories:
        with tempfile.TemporaryDirectory(prefix="inbox-bench-") as scratch:
            made = built(folder / f"web-{history}", Many(history), 1, 1, 1)
            site = Site(Path(scratch) / "site", 1)
            shutil.copytree(made.folder, site.folder, ignore=shutil.ignore_patterns("*.log", "*.lock", "*.sock"))
            mails = list(write_eml(build(count, SEED), Path(scratch) / "mails"))
            found = asyncio.run(_opened(site, mails, Path(scratch) / "mails", weigh=True))
        weighed_ones = count - BATCH
        cpu[history] = found.took * 1000 / weighed_ones
        asked[history] = found.scales.counted("statements") / weighed_ones
        figures += [
            told(f"{history:,} conversations before: CPU for 1,000 mails", cpu[history], "s"),
            told(f"{history:,} conversations before: statements a mail", asked[history]),
        ]
    figures += [flat("CPU of a mail, all of it in one process", cpu), flat("statements a mail", asked)]
    return Result("anatomy over histories", datetime.now(UTC), tuple(figures), {**machine(), "mails": str(count)})


async def _opened(site: Site, mails: Sequence[Mail], folder: Path, *, weigh: bool) -> Opened:
    """All mails through the house, from the files of a folder."""
    logs.configure("json", "info", out=Nowhere())
    scales, kinds, wake, network = Scales(), Counter[str](), ProcessWake(), Takes()
    with closing(Store(f"sqlite:///{site.store}", site.folder)) as store:
        migrate(store)
        before = stored(site.store)
    rooms = House.build(Place(site.folder), load(Place(site.folder)), wake=wake)
    rooms.store.close()
    rooms.store = AtOnce(f"sqlite:///{site.store}", site.folder, wake=wake)
    if weigh:
        scales.attach(rooms.store.engine)
    wake.attach()
    try:
        with weighed(scales, _parts(rooms) if weigh else {}):
            took, seconds = await _run(rooms, mails, folder, scales, kinds, network, wake)
        sent, now = answered(network.sent), stored(site.store)
    finally:
        gc.unfreeze()
        rooms.close()
    found = type(now)(
        now.verdicts - before.verdicts,
        now.without_reason - before.without_reason,
        now.conversations - before.conversations,
        now.messages - before.messages,
    )
    return Opened(
        took, seconds, scales, kinds, compare(list(mails), Expected.of(mail.kind for mail in mails), found, sent)
    )


def _parts(rooms: House) -> dict[str, list[tuple[Any, str]]]:
    """What is weighed as what: the names by which the path calls them."""
    codec = type(rooms.playbook.channels[SUPPORT].codec)
    return {
        "parse": [(codec, "parse")],
        "sender": [
            *(
                (receive, name)
                for name in ("screen", "reconcile", "agents_words", "outside", "typed", "asked_in_chat", "asked")
            ),
            (people, "meet"),
        ],
        "place": [(receive, "by_old_number"), (receive, "place"), (receive, "turn_in")],
        "message": [(receive, "_record")],
        "rules": [(receive, "decide")],
        "acknowledgement": [(receive, "acknowledge")],
        "promised time": [(acknowledge, "outlook")],
        "render": [(Templates, "message")],
        "compose": [(codec, "compose")],
        "events and clocks": [(Turn, "close")],
        "log": [(receiver.Receiver, "_tell")],
        AROUND: [(Unit, name) for name in ("run", "count", "execute", "add", "savepoint")],
    }


async def _run(
    rooms: House,
    mails: Sequence[Mail],
    folder: Path,
    scales: Scales,
    kinds: Counter[str],
    network: Takes,
    wake: ProcessWake,
) -> tuple[float, float]:
    """Seconds of the processor from the second batch on, and by the clock without the handing over."""
    hear, backlog = Listening.of(load_wording(catalogues())), Backlog()
    judging = receiver.Receiver(
        rooms.store, rooms.blobs, Here(rooms), lambda: rooms.playbook, wake, rooms.clock, backlog, hear
    )
    sending = Sender(
        SUPPORT,
        cast(Channel, network),
        rooms.owner,
        rooms.store,
        lambda: rooms.playbook,
        Retry(),
        wake,
        rooms.clock,
        backlog,
    )
    intake = Intake(rooms.store, rooms.blobs, rooms.clock)
    by_key = {str(mail.index): mail.kind for mail in mails}

    def counting(unit: Any, arrival: Any, *more: Any) -> Any:
        before = scales.counted("statements")
        try:
            return receive.arrive(unit, arrival, *more)
        finally:
            kinds[by_key[arrival.key]] += scales.counted("statements") - before

    files, seconds = sorted(folder.iterdir()), 0.0
    with instead(receiver, "arrive", counting):
        for first in range(0, len(mails), BATCH):
            began = time.perf_counter()
            items = tuple(Item(str(int(file.stem)), file.read_bytes()) for file in files[first : first + BATCH])
            with scales.part("land"):
                await intake.land(SUPPORT, Batch(items, None))
            with scales.part("judge"):
                await judging.settle()
            seconds += time.perf_counter() - began
            with scales.part("hand over"):
                while await sending.settle():
                    pass
            if first == 0:  # what is made once is made by now
                scales.reset()
                kinds.clear()
                gc.freeze()  # as the daemon does when it has started
                seconds, cpu = 0.0, time.thread_time()
    return time.thread_time() - cpu, seconds


def _times(found: Opened, count: int) -> Iterator[Figure]:
    per = {name: seconds * 1000 / count for name, seconds in found.scales.seconds.items()}
    yield told("the same on the scales, which weigh something themselves", found.took * 1000 / count, "s")
    for name, said in NAMES.items():
        yield told(f"of it {said}", per.get(name, 0.0), "s")


def _statements(found: Opened, mails: Sequence[Mail]) -> Iterator[Figure]:
    there = Counter(mail.kind for mail in mails)
    for kind in (Kind.NEW, Kind.REPLY, Kind.AUTOMATIC, Kind.STRAY, Kind.REPORT, Kind.DUPLICATE):
        if there[kind]:
            what, asked = f"statements to judge one that is {kind.value}", found.kinds[kind] / there[kind]
            new = kind is Kind.NEW
            yield at_most(what, asked, "", STATEMENTS_WANTED, binding=False) if new else told(what, asked)
    for part in ("land", "judge", "hand over"):
        yield told(f"{part}: statements a mail", found.scales.counts[f"{part} statements"] / len(mails))
    yield told("savepoints set and released, a mail", found.scales.counted("marks") / len(mails))


def _syncs(found: Opened, count: int) -> Iterator[Figure]:
    for part in ("land", "judge", "hand over"):
        yield told(f"{part}: syncs a batch of {BATCH}", found.scales.counts[f"{part} transactions"] * BATCH / count)
    waits = [seconds * 1000 for seconds in found.scales.waited]
    yield told("a sync by the clock, p50", percentile(waits, 50), "ms")
    yield told("a sync by the clock, p95", percentile(waits, 95), "ms")


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when a count is not met."""
    parser = argparse.ArgumentParser(prog="python -m bench.anatomy", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=600)
    sys.exit(conclude([measure(parser.parse_args().count)], Console(), "anatomy"))


if __name__ == "__main__":
    main()
