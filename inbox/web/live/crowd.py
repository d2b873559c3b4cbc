"""The crowd: all pages that listen in this process, and one look at the store for all of them."""

import asyncio
from datetime import datetime

from inbox.domain.ids import EventId
from inbox.domain.scope import Scope
from inbox.ports.clock import Clock
from inbox.ports.wake import AGENTS, Wake
from inbox.store import attending
from inbox.store.attending import Look
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.web.live.listener import Listener

LOOK = 10.0
"""Seconds after which it looks again though nobody woke it: somebody may have gone away, a session may be over."""
PACE = 0.2
"""Seconds between two looks at least: what happens meanwhile is one look."""
A_SESSION = 4
"""Pages of one session that listen; the oldest rests until it is looked at again. A browser has six connections for all."""
ALTOGETHER = 2_000


class Crowd:
    """Of one process; belongs to the event loop that `run` runs on."""

    def __init__(self, store: Store, wake: Wake, clock: Clock) -> None:
        self._store = store
        self._wake = wake
        self._clock = clock
        self._listeners: list[Listener] = []
        self._upto: EventId | None = None
        self._ended = asyncio.Event()

    @property
    def size(self) -> int:
        """How many pages listen."""
        return len(self._listeners)

    async def run(self) -> None:
        """Until cancelled, or the house ends."""
        await self._wake.wait(AGENTS, 0)  # from here on no wake-up is missed
        while not self._ended.is_set():
            await self._wake.wait(AGENTS, LOOK)
            while self._listeners and await self._look():
                pass
            await self._pause()

    async def join(self, one: Listener, after: EventId | None) -> bool:
        """From now on it hears what is new behind that event; False where there is no room."""
        if self._ended.is_set() or len(self._listeners) >= ALTOGETHER:
            return False
        mine = [other for other in self._listeners if other.session == one.session and not other.over]
        for other in mine[: max(0, len(mine) - A_SESSION + 1)]:
            other.end("rest")
        self._listeners.append(one)  # before the first look: whatever it does not see, the next one of all does
        look, many = await self._store.read(_first, after, one.scope, self._clock.now())
        if self._upto is None:
            self._upto = look.upto
        one.hear(look, many=many)
        return True

    def leave(self, one: Listener) -> None:
        """The page is gone. Safe twice."""
        if one in self._listeners:
            self._listeners.remove(one)
        if not self._listeners:
            self._upto = None

    async def end(self) -> None:
        """The house ends: every page is let go, and none comes any more."""
        self._ended.set()
        for one in self._listeners:
            one.end("end")

    async def _look(self) -> bool:
        """One look for all; whether there may be more to see at once. Whose session is over hears nothing of it."""
        if self._upto is None:
            return False
        mine, now = list(self._listeners), self._clock.now()
        sessions = {one.session for one in mine}
        look = await self._store.read(attending.look, self._upto, {one.scope for one in mine}, sessions, now)
        self._upto = look.upto
        for one in mine:
            if one.session not in look.living:
                one.end("over")
            else:
                one.hear(look)
        return look.more

    async def _pause(self) -> None:
        """As long as the pace says, and no longer than the house stands."""
        try:
            async with asyncio.timeout(PACE):
                await self._ended.wait()
        except TimeoutError:
            return


def _first(unit: Unit, after: EventId | None, scope: Scope, now: datetime) -> tuple[Look, bool]:
    """What is new for a page that knows everything up to that event (None: up to now); and whether that is too much to tell."""
    newest = attending.latest(unit)
    look = attending.look(unit, newest if after is None else min(after, newest), {scope}, (), now)
    if look.upto >= newest:
        return look, False
    return Look(newest, (), look.here, look.unread, look.seen), True
