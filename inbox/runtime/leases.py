"""Holding a lease while something runs: taken before, renewed beside it, given up after; lost, it stops what it guards."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
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


class Leases:
    """The leases of one process, which is known by its `holder` name."""

    def __init__(self, store: Store, holder: str, clock: Clock) -> None:
        self._store = store
        self._holder = holder
        self._clock = clock
        self._epochs: dict[str, int] = {}

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
        keeper = asyncio.create_task(self._keep(name))
        try:
            await asyncio.wait({task, keeper}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
        finally:
            for one in (task, keeper):
                one.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await one
            with suppress(Problem):
                await self._store.write(leases.give_up, name, self._holder)

    async def _take(self, name: str) -> int | None:
        return await self._store.write(leases.take, name, self._holder, LASTING, self._clock.now())

    async def _keep(self, name: str) -> None:
        """Ends when the lease is somebody else's, was so meanwhile, or could not be renewed while it lasted."""
        failed = 0.0
        while failed < LASTING.total_seconds() - RENEW:
            await self._clock.sleep(RENEW)
            try:
                async with asyncio.timeout(PATIENCE):
                    epoch = await self._take(name)
                if epoch != self._epochs[name]:
                    break
                failed = 0.0
            except Problem:
                failed += RENEW
            except TimeoutError:
                failed += RENEW + PATIENCE
        log("lease").warning("lost", name=name)
