"""The receiver: takes arrivals without a verdict in their order, has them parsed, and runs RECEIVE on each."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from inbox.blobs import Blobs
from inbox.domain.arrivals import Judged, Raw, Toast, Verdict
from inbox.domain.ids import ArrivalId, ChannelName, EventId
from inbox.domain.problems import Problem, Temporary, Unreadable
from inbox.pipeline.acknowledge import FirstSyncBrake
from inbox.pipeline.outcome import stored
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.receive import Hear, JudgedElsewhere, arrive
from inbox.ports.clock import Clock
from inbox.ports.probe import Probe, silent
from inbox.ports.wake import INTAKE, OUTBOX, SETTINGS, Wake
from inbox.runtime.backlog import Backlog
from inbox.runtime.logs import log, trace
from inbox.runtime.out_of_files import out_of_files
from inbox.runtime.parsers import Parsed, Parsers
from inbox.store import arrivals, fragments
from inbox.store.arrivals import Waiting
from inbox.store.lagging import behind
from inbox.store.lately import newest
from inbox.store.store import Store
from inbox.store.traced import Became, became
from inbox.store.types import EPOCH
from inbox.store.unit import Unit

AT_ONCE = 50
"""Arrivals in hand at a time: they are in memory, and twice as many while the next are being parsed."""
FEW = 10
"""No more than these in a handful are no backlog any more."""
LOOK = 30.0
"""Seconds after which the receiver looks again though nobody woke it."""


class Receiver:
    """One for all channels: threading wants the order in which things arrived."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        parsers: Parsers,
        playbook: Callable[[], Playbook],
        wake: Wake,
        clock: Clock,
        backlog: Backlog,
        hear: Hear,
        probe: Probe = silent,
        toast: Callable[[ChannelName, Toast], None] | None = None,
    ) -> None:
        self._toast = toast
        self._store = store
        self._blobs = blobs
        self._parsers = parsers
        self._playbook = playbook
        self._wake = wake
        self._clock = clock
        self._backlog = backlog
        self._hear = hear
        self._probe = probe
        self._braked: set[ChannelName] = set()
        self._told: EventId | None = None
        self._due: datetime | None = None
        """When the next piece has waited long enough for the rest of its whole, of those that had not at the last look."""
        self._looked = EPOCH
        self._failing = False

    async def run(self) -> None:
        """Until cancelled. What an arrival does wrong is its own affair; what the database does ends the run."""
        release = asyncio.create_task(self._release())
        try:
            await self._wake.wait(INTAKE, 0)  # from here on no wake-up is missed
            while True:
                await self.settle()
                await self._wake.wait(INTAKE, await self._pause())
        finally:
            release.cancel()
            with suppress(asyncio.CancelledError):
                await release

    async def _pause(self) -> float:
        """Until something is due that waits for the rest of it."""
        if self._due is not None and self._due <= self._looked:
            self._due = await self._store.read(fragments.next_due, self._looked)
        return LOOK if self._due is None else min(LOOK, max(0.02, (self._due - self._clock.now()).total_seconds()))

    async def settle(self) -> int:
        """Give a verdict to everything that waits; how many arrivals were looked at. What failed is tried again at once,
        until it is quarantined."""
        seen = await self._pass()
        while self._failing:
            seen += await self._pass()
        return seen

    async def _pass(self) -> int:
        """From the oldest to the newest: while one handful is received, the next is being parsed. A handful that is not full was
        the last: what has come since wakes us again."""
        self._failing, self._looked = False, self._clock.now()
        if self._told is None:
            self._told = await self._store.read(newest)
            self._due = await self._store.read(fragments.next_due, self._looked)
        seen, ahead = 0, asyncio.create_task(self._take(ArrivalId(0)))
        received: list[tuple[Waiting, Judged | Exception | None]] = []
        try:
            while batch := await ahead:
                await self._mind(batch)
                ahead = asyncio.create_task(self._take(batch[-1][0].id) if len(batch) == AT_ONCE else _nothing())
                received, _ = await asyncio.gather(self._receive(batch), self._conclude(received))
                seen += len(batch)
            await self._conclude(received)
            self._caught_up()
        finally:
            ahead.cancel()
            with suppress(asyncio.CancelledError):
                await ahead
            if self._backlog.level():
                self._wake.notify(OUTBOX)
        return seen

    async def _mind(self, batch: Sequence[tuple[Waiting, Parsed]]) -> None:
        """Notice a backlog, and where it comes to be late, say how far behind we are."""
        now = self._clock.now()
        if len(batch) == AT_ONCE:
            self._backlog.behind(now)
        elif len(batch) <= FEW and self._backlog.level():  # while ever more comes, nothing else would say so
            self._wake.notify(OUTBOX)
        came = [waiting.received_at for waiting, _ in batch if not waiting.history]
        if len(batch) == AT_ONCE and came and self._backlog.late(min(came), now):
            seen = await self._store.read(behind, now)
            log("receive").warning("behind", waiting=seen.waiting, oldest_s=round((now - min(came)).total_seconds(), 1))

    def _caught_up(self) -> None:
        if (since := self._backlog.caught_up()) is not None:
            log("receive").info("caught-up", after_s=round((self._clock.now() - since).total_seconds(), 1))

    async def _take(self, after: ArrivalId) -> list[tuple[Waiting, Parsed]]:
        known = tuple(self._playbook().channels)
        waiting = await self._store.read(
            arrivals.pending, after, AT_ONCE, known, tuple(self._braked), self._clock.now()
        )
        raws = [await self._raw(w) for w in waiting]
        readable = [(w.channel, raw) for w, raw in zip(waiting, raws, strict=True) if not isinstance(raw, Unreadable)]
        parsed = iter(await self._parsers.parse(readable))
        return [(w, raw if isinstance(raw, Unreadable) else next(parsed)) for w, raw in zip(waiting, raws, strict=True)]

    async def _raw(self, waiting: Waiting) -> Raw | Unreadable:
        """The bytes; where they are gone from the disk, that is this arrival's trouble and no other's. Raises Temporary where
        they lie in a bucket that cannot be reached, or nothing can be opened: then they wait, and are read later."""
        if waiting.raw is not None:
            return waiting.raw
        assert waiting.blob is not None
        try:
            return await asyncio.to_thread(self._blobs.find, waiting.blob)
        except OSError as error:
            if out_of_files(error):
                raise Temporary("receive.out_of_files") from error
            return Unreadable("receive.bytes_gone", digest=waiting.blob, reason=error.strerror or type(error).__name__)

    async def _receive(
        self, batch: Sequence[tuple[Waiting, Parsed]]
    ) -> list[tuple[Waiting, Judged | Exception | None]]:
        playbook = self._playbook()
        self._probe("receive.before")
        results = await self._store.write_each([partial(self._unit, w, p, playbook) for w, p in batch])
        self._probe("receive.after")
        return [(waiting, result) for (waiting, _), result in zip(batch, results, strict=True)]

    async def _conclude(self, received: Sequence[tuple[Waiting, Judged | Exception | None]]) -> None:
        """What is to be told of a handful; done while the next one is being received."""
        known = await self._known() if received else {}
        for waiting, result in received:
            with trace(waiting.id):
                if isinstance(result, FirstSyncBrake):
                    self._brake(waiting.channel, result)
                elif result is None or isinstance(result, JudgedElsewhere):
                    continue
                elif isinstance(result, Exception):
                    await self._failed(waiting, result)
                else:
                    self._tell(waiting, result, known.get(waiting.id))

    async def _known(self) -> Mapping[ArrivalId, Became]:
        """What became of the arrivals since this was asked last: for the log alone, which must not hinder anything. With one look
        we know until when pieces wait."""
        try:
            (self._told, known), self._due = await self._store.read(_after, self._told, self._looked)
        except Problem:
            return {}
        return known

    def _unit(self, waiting: Waiting, parsed: Parsed, playbook: Playbook, unit: Unit) -> Judged | None:
        if isinstance(parsed, Unreadable):
            raise parsed
        raw = waiting.raw if waiting.raw is not None else b""
        return arrive(unit, waiting.arrival(raw), parsed, playbook, self._clock.now(), self._hear)

    def _tell(self, waiting: Waiting, judged: Judged, one: Became | None) -> None:
        took = round((self._clock.now() - waiting.received_at).total_seconds(), 4)
        told = {"arrival": waiting.id, "channel": waiting.channel, "reason": judged.reason or None, "took_s": took}
        if one is not None:
            told |= {"conv": one.reference, "msg": one.message, "rules": list(one.rules), "first": one.first or None}
        log("receive").info(judged.verdict.value, **told)
        if judged.toast is not None and self._toast is not None:
            self._toast(waiting.channel, judged.toast)

    def _brake(self, channel: ChannelName, brake: FirstSyncBrake) -> None:
        if channel not in self._braked:
            log("receive").warning("first-sync-brake", **brake.facts)
        self._braked.add(channel)

    async def _release(self) -> None:
        """A person may have released the brake: try again whenever something was configured."""
        while True:
            await self._wake.wait(SETTINGS)
            if self._braked:
                self._braked.clear()
                self._wake.notify(INTAKE)

    async def _failed(self, waiting: Waiting, error: Exception) -> None:
        """Counted as a try of it. Raises Temporary where it is no fault of what arrived."""
        if out_of_files(error):
            raise Temporary("receive.out_of_files") from error
        self._failing = True
        problem = error if isinstance(error, Problem) else Problem("receive.failed", error=type(error).__name__)
        gone = await self._store.write(arrivals.tried, waiting.id, stored(problem), self._clock.now())
        word = Verdict.QUARANTINED.value if gone else "tried"
        unexpected = None if isinstance(error, Problem) else error
        log("receive").error(word, arrival=waiting.id, channel=waiting.channel, why=problem, exc_info=unexpected)


async def _nothing() -> list[tuple[Waiting, Parsed]]:
    """What comes after the last handful."""
    return []


def _after(
    unit: Unit, told: EventId | None, looked: datetime
) -> tuple[tuple[EventId, dict[ArrivalId, Became]], datetime | None]:
    return became(unit, told), fragments.next_due(unit, looked)
