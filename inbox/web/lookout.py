"""The lookout: one look at the store for all the visitors who wait for something new to see."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from inbox.domain.ids import ChannelName
from inbox.domain.problems import Temporary
from inbox.ports.clock import Clock
from inbox.ports.wake import VISITORS, Wake
from inbox.store import transcripts
from inbox.store.store import Store

LOOK = 30.0
"""Seconds after which it looks again though nobody woke it."""
OVERLAP = timedelta(seconds=30)
"""How far back each look reaches: a unit that began earlier may be committed later."""


class Lookout:
    """Of one process. `calls` carries the news to those who wait, a topic a visitor."""

    def __init__(self, channels: Sequence[ChannelName], store: Store, wake: Wake, calls: Wake, clock: Clock) -> None:
        self._channels = channels
        self._store = store
        self._wake = wake
        self._calls = calls
        self._clock = clock
        self._told: dict[tuple[ChannelName, str], datetime] = {}
        self._waited = Counter[str]()
        self._over = False

    async def run(self) -> None:
        """Until cancelled."""
        await self._wake.wait(VISITORS, 0)  # from here on no wake-up is missed
        since = self._clock.now()
        while True:
            now = self._clock.now()
            found = await self._store.read(transcripts.changed, self._channels, since - OVERLAP)
            for thread, at in found.items():
                if self._told.get(thread) != at:
                    self._calls.notify(_topic(*thread))
            self._told, since = found, now
            await self._wake.wait(VISITORS, LOOK)

    async def changed(self, channel: ChannelName, visitor: str, seconds: float) -> bool:
        """Until the visitor may have something new to see, or that much time has passed; each task has its own memory.

        Raises Temporary once the house ends.
        """
        topic = _topic(channel, visitor)
        self._waited[topic] += 1
        try:
            news = not self._over and await self._calls.wait(topic, seconds)
        finally:
            self._waited[topic] -= 1
            if not self._waited[topic]:
                del self._waited[topic]
        if self._over:
            raise Temporary("web.ending")
        return news

    @property
    def waiting(self) -> int:
        """How many visitors wait."""
        return len(self._waited)

    async def end(self) -> None:
        """The house ends: whoever waits is let go, and nobody waits any more."""
        self._over = True
        self._calls.notify(*self._waited)


def _topic(channel: ChannelName, visitor: str) -> str:
    return f"{channel} {visitor}"
