"""Holding a lease while something runs: taken before, renewed beside it, given up after; lost, it stops what it guards."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from inbox.domain.problems import Problem
from inbox.ports.clock import Clock
from inbox.runtime.logs import log
from inbox.store import leases
from inbox.store.leases import Fence
from inbox.store.store import Store

LASTING = timedelta(seconds=15)
RENEW = 4.0
"""Seconds between renewals: one may fail before the lease counts as lost. Whoever stands by takes over within 19 seconds, so that
all is under way again within 30, on a busy machine too."""
PATIENCE = 2.5
"""Seconds that one renewal may take: a store that does not answer must not keep us at work that is somebody else's by then."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A lease that something runs under; `lost` is set when it is over with it."""

    name: str
    epoch: int
    lost: asyncio.Event = field(default_factory=asyncio.Event)


class Leases:
    """The leases of one process, which is known by its `holder` name. All that it holds is renewed together: a process with a
    dozen channels would else write to the disk every quarter of a second, with nothing to do."""

    def __init__(self, store: Store, holder: str, clock: Clock) -> None:
        self._store = store
        self._holder = holder
        self._clock = clock
        self._epochs: dict[str, int] = {}
        self._held: list[_Held] = []
        self._keeper: asyncio.Task[None] | None = None

    def fence(self, name: str) -> Fence:
        """What a unit calls that must not be done by one whose lease is somebody else's by now, whether it knows that or not."""
        return lambda unit: leases.require(unit, name, self._holder, self._epochs.get(name, 0))

    async def guard(
        self, name: str, run: Callable[[], Awaitable[None]], standing_by: Callable[[], None] = lambda: None
    ) -> None:
        """Wait for the lease, then run under it; returns when `run` does, or when the lease was lost.

        `standing_by` is called where another node has it.
        """
        while (epoch := await self._take(name)) is None:
            standing_by()
            await self._clock.sleep(RENEW)
        self._epochs[name] = epoch
        log("lease").info("taken", name=name, epoch=epoch)
        task = asyncio.ensure_future(run())
        held = self._hold(_Held(name, epoch))
        over = asyncio.create_task(held.lost.wait())
        try:
            await asyncio.wait({task, over}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
        finally:
            for one in (task, over):  # renewed until the work has ended: a send in hand may take its time
                one.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await one
            self._let_go(held)
            with suppress(Problem):
                await self._store.write(leases.give_up, name, self._holder)

    async def _take(self, name: str) -> int | None:
        return await self._store.write(leases.take, name, self._holder, LASTING, self._clock.now())

    def _hold(self, held: _Held) -> _Held:
        self._held.append(held)
        if self._keeper is None or self._keeper.done():
            self._keeper = asyncio.create_task(self._keep())
        return held

    def _let_go(self, held: _Held) -> None:
        self._held.remove(held)
        if not self._held and self._keeper is not None:
            self._keeper.cancel()
            self._keeper = None

    async def _keep(self) -> None:
        """Renew what is held. Each is lost when it is somebody else's, was so meanwhile, or could not be renewed while it lasted."""
        failed = 0.0
        try:
            while True:
                await self._clock.sleep(RENEW)
                held = [one for one in self._held if not one.lost.is_set()]
                failed, kept = await self._renewed(held, failed)
                for one in held:
                    if kept.get(one.name) != one.epoch:
                        _lose(one)
        finally:
            for one in self._held:
                _lose(one)

    async def _renewed(self, held: Sequence[_Held], failed: float) -> tuple[float, Mapping[str, int]]:
        """The seconds for which it failed by now, and the epochs of what is still ours, as far as is known."""
        names = [one.name for one in held]
        try:
            async with asyncio.timeout(PATIENCE):
                return 0.0, await self._store.write(leases.keep, names, self._holder, LASTING, self._clock.now())
        except Problem:
            failed += RENEW
        except TimeoutError:
            failed += RENEW + PATIENCE
        in_time = failed < LASTING.total_seconds() - RENEW
        return failed, {one.name: one.epoch for one in held} if in_time else {}


def _lose(held: _Held) -> None:
    if not held.lost.is_set():
        log("lease").warning("lost", name=held.name)
        held.lost.set()
