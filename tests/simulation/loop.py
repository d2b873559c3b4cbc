"""An event loop without a clock and without threads: time is what the next timer waits for, and chance says who goes first.

Work belongs to a `Process`, by way of the context in which it runs: a frozen one is passed over until it thaws, an ended one for ever. So
nothing of it runs any more, not even what it would do at its end: that is how a power cut looks from within.
"""

import asyncio
import contextvars
import heapq
import random
import selectors
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")
BLINK = 0.002
"""Seconds that a look into the store takes, on average."""


class Standstill(Exception):
    """Nobody has anything to do, now or later: what is waited for never comes."""


class Process:
    """What can be frozen or ended as a whole."""

    def __init__(self) -> None:
        self.ended = False
        self._frozen = False
        self._held: list[asyncio.Handle] = []
        self.context = contextvars.copy_context()
        self.context.run(_RUNNING.set, self)

    def freeze(self) -> None:
        """Nothing of it runs until it thaws; the world goes on."""
        self._frozen = True

    def thaw(self) -> None:
        """All that was to run meanwhile runs now."""
        self._frozen = False
        held, self._held = self._held, []
        for handle in held:
            _ready(asyncio.get_running_loop()).append(handle)

    def takes(self, handle: asyncio.Handle) -> bool:
        """Whether the handle may run now; a frozen process keeps it."""
        if self._frozen and not self.ended:
            self._held.append(handle)
        return not (self._frozen or self.ended)


_RUNNING: ContextVar[Process | None] = ContextVar("running", default=None)


class _Still(selectors.DefaultSelector):
    """No socket is ever looked at."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs what is ready in an order drawn by `chance`; where nothing is, time is at once as late as the next timer says."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(_Still())
        self.elapsed = 0.0
        self._chance = chance
        self._numbers: WeakKeyDictionary[asyncio.Task[Any], int] = WeakKeyDictionary()
        self._created = 0
        self.set_task_factory(self._numbered)  # type: ignore[arg-type]  # what a factory is given is not said alike everywhere

    def time(self) -> float:
        """Seconds since it began."""
        return self.elapsed

    def leap(self, seconds: float) -> None:
        """As much time passes at once, as for a machine that slept."""
        self.elapsed += seconds

    def run_in_executor(  # type: ignore[override]  # of the arguments' types nothing is said here
        self, executor: Any, func: Callable[..., T], *args: Any
    ) -> "asyncio.Future[T]":
        """Run it in this thread, a little later."""
        waiting: asyncio.Future[T] = self.create_future()
        self.call_later(self._chance.expovariate(1 / BLINK), _settle, waiting, func, args)
        return waiting

    def _numbered(
        self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T], context: contextvars.Context | None = None
    ) -> "asyncio.Task[T]":
        self._created += 1
        task = asyncio.Task(work, loop=loop, context=context)
        self._numbers[task] = self._created
        return task

    def _run_once(self) -> None:
        timers: list[asyncio.TimerHandle] = vars(self)["_scheduled"]
        while timers and timers[0].cancelled():
            heapq.heappop(timers)
        if not _ready(self):
            if not timers:
                raise Standstill
            self.elapsed = max(self.elapsed, timers[0].when())
        while timers and timers[0].when() <= self.elapsed:
            _ready(self).append(heapq.heappop(timers))
        batch = list(_ready(self))
        _ready(self).clear()
        for handle in self._drawn(batch):
            process = _context(handle).get(_RUNNING)
            if not handle.cancelled() and (process is None or process.takes(handle)):
                handle._run()

    def _drawn(self, batch: list[asyncio.Handle]) -> list[asyncio.Handle]:
        """Whatever tells of a result goes first; of the tasks any may be next. They come out of sets, whose order is no seed's."""
        tasks = [(number, n) for n, handle in enumerate(batch) if (number := self._number(handle))]
        tasks.sort()
        self._chance.shuffle(tasks)
        mine = {n for _, n in tasks}
        return [one for n, one in enumerate(batch) if n not in mine] + [batch[n] for _, n in tasks]

    def _number(self, handle: asyncio.Handle) -> int:
        owner = getattr(_inside(handle, "_callback"), "__self__", None)
        return self._numbers.get(owner, 0) if isinstance(owner, asyncio.Task) else 0


def _ready(loop: asyncio.AbstractEventLoop) -> Any:
    return vars(loop)["_ready"]


def _context(handle: asyncio.Handle) -> contextvars.Context:
    """The context in which a handle runs."""
    found: contextvars.Context = _inside(handle, "_context")
    return found


def _inside(handle: asyncio.Handle, name: str) -> Any:
    """What the standard library keeps to itself."""
    return getattr(handle, name)


def _settle(waiting: "asyncio.Future[T]", func: Callable[..., T], args: tuple[Any, ...]) -> None:
    if waiting.cancelled():
        return
    try:
        result = func(*args)
    except Exception as error:
        waiting.set_exception(error)
    else:
        waiting.set_result(result)
