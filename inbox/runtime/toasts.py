"""Toasts: whoever pressed a button is told at once what came of it, over a connection of its own.

Nothing waits for a toast and nothing rests on it: the press is stored and judged before, and what cannot be told within
seconds is not told at all, for the network has forgotten the press by then.
"""

import asyncio
from collections.abc import Callable

from inbox.domain.arrivals import Toast
from inbox.domain.ids import ChannelName
from inbox.ports.channel import Channel, Telling
from inbox.runtime.logs import log
from inbox.text.wording import Wording

MOST = 100
"""Toasts of one channel that wait; further ones are given up."""
PATIENCE = 10.0
"""Seconds that a network is given for one."""
AT_ONCE = 4


class Toasts:
    """Those of one channel."""

    def __init__(self, name: ChannelName, build: Callable[[], Channel], wording: Wording) -> None:
        self._name = name
        self._build = build
        self._wording = wording
        self._waiting: asyncio.Queue[Toast] = asyncio.Queue(MOST)

    def tell(self, toast: Toast) -> None:
        """Have it told; returns at once."""
        try:
            self._waiting.put_nowait(toast)
        except asyncio.QueueFull:
            log("toast").warning("given-up", channel=self._name)

    async def run(self) -> None:
        """Until cancelled."""
        channel = self._build()
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(self._work(channel))
        finally:
            await channel.close()

    async def _work(self, channel: Channel) -> None:
        while True:
            toast = await self._waiting.get()
            if not isinstance(channel, Telling):
                continue
            words = self._wording.say(toast.language, toast.key, choice=toast.choice) if toast.key else ""
            try:
                async with asyncio.timeout(PATIENCE):
                    await channel.tell(toast.query, words)
            except Exception as error:  # whatever it is, the next one may go well
                log("toast").warning("not-told", channel=self._name, why=str(error))
