"""The watchdog: how late the event loop is, what held it up, and the end of a process whose loop stands still.

A thread looks at the loop from beside it. It counts its own ticks and not the clock, so that a process that was stopped and
goes on is not taken for one that hangs. What holds Python's lock as well stops both; that is for whoever watches the process.
"""

import asyncio
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable

from inbox.runtime import logs

EVERY = 0.25
"""Seconds between two beats of the loop, and between two looks at it."""
SLOW = 1.0
"""Seconds of delay from which it is told what held the loop up."""
STUCK = 30.0
"""Seconds without a beat after which the process ends itself: whoever started it starts it again."""
ENDED = 70
"""The exit code of that (sysexits.h: EX_SOFTWARE)."""
DEEP = 8
"""Frames that are told of what runs, the innermost."""


def _nothing() -> None:
    """Where nobody waits for a sign of life."""


def end() -> None:
    """End the process here and now: nothing that would have to run on the loop can."""
    logs.drain()
    os._exit(ENDED)


class Watchdog:
    """Of one event loop. `late` is told the seconds of each beat's delay; `alive` is called at each beat, on the loop: a sign of
    life for whoever watches the process from outside."""

    def __init__(
        self,
        late: Callable[[float], None],
        alive: Callable[[], None] = _nothing,
        *,
        stuck: float = STUCK,
        end: Callable[[], None] = end,
    ) -> None:
        self._late = late
        self._alive = alive
        self._stuck = stuck
        self._end = end
        self._beats = 0

    async def run(self) -> None:
        """Until cancelled."""
        over = threading.Event()
        look = threading.Thread(target=self._look, args=(threading.get_ident(), over), name="watchdog", daemon=True)
        look.start()
        try:
            while True:
                before = time.monotonic()
                await asyncio.sleep(EVERY)
                self._beat(max(0.0, time.monotonic() - before - EVERY))
        finally:
            over.set()

    def _beat(self, late: float) -> None:
        self._beats += 1
        self._late(late)
        self._alive()
        if late > SLOW:
            logs.log("loop").warning("was-late", lag_s=round(late, 3))

    def _look(self, thread: int, over: threading.Event) -> None:
        seen, silent, told = self._beats, 0.0, False
        while not over.wait(EVERY):
            if self._beats != seen:
                seen, silent, told = self._beats, 0.0, False
                continue
            silent += EVERY
            if silent > SLOW and not told:
                told = True
                logs.log("loop").warning("held-up", running=running(thread))
            if silent >= self._stuck:
                logs.log("loop").error("stuck", seconds=silent, running=running(thread))
                self._end()
                return


def running(thread: int) -> list[str]:
    """What a thread is doing, the innermost frame last: files, lines and functions, never a value."""
    frame = sys._current_frames().get(thread)
    stack = traceback.extract_stack(frame) if frame is not None else []
    return [f"{os.path.basename(one.filename)}:{one.lineno} {one.name}" for one in stack[-DEEP:]]
