"""The sweeper: one look at everything that can fall due, at the instant when the next thing does."""

from collections.abc import Callable
from datetime import timedelta

from inbox.pipeline.overdue import next_instant, sweep
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.recount import recount_some
from inbox.ports.clock import Clock
from inbox.runtime.logs import log
from inbox.store.store import Store

LOOK = 5.0
"""Seconds between two looks where nothing falls due sooner: what is new may be due before what was known."""


class Sweeper:
    """No timer per conversation: due instants are rows with an index."""

    def __init__(self, store: Store, playbook: Callable[[], Playbook], unknown_wait: timedelta, clock: Clock) -> None:
        self._store = store
        self._playbook = playbook
        self._unknown_wait = unknown_wait
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.settle()
            await self._clock.sleep(await self._pause())

    async def settle(self) -> None:
        """Everything that is due now; between what falls due, clocks are counted anew where hours or policies have changed."""
        while await self._store.write(recount_some, self._playbook(), self._clock.now()):
            await self._fell_due()
        await self._fell_due()

    async def _fell_due(self) -> None:
        while found := await self._store.write(sweep, self._playbook(), self._unknown_wait, self._clock.now()):
            log("sweep").info("fell-due", things=found)

    async def _pause(self) -> float:
        due = await self._store.read(next_instant)
        if due is None:
            return LOOK
        return min(LOOK, max(0.05, (due - self._clock.now()).total_seconds() + 0.01))
