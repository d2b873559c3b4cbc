"""The threads on which units run: one for SQLite, a few for PostgreSQL; people's work before bulk work."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Writer:
    """Runs jobs in order on its threads. Interactive jobs go before bulk ones; a bulk job keeps itself short."""

    def __init__(self, threads: int) -> None:
        self._interactive: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._bulk: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._ready = threading.Condition()
        self._closed = False
        self._threads = [threading.Thread(target=self._run, name=f"writer-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Callable[[], T], *, bulk: bool = False) -> "Future[T]":
        """The job's result, later. Raises RuntimeError once closed."""
        future: Future[T] = Future()
        with self._ready:
            if self._closed:
                raise RuntimeError("the store is closed")
            (self._bulk if bulk else self._interactive).append((job, future))
            self._ready.notify()
        return future

    async def run(self, job: Callable[[], T], *, bulk: bool = False) -> T:
        """The same, awaited. A caller that is cancelled does not stop the job: it commits or not as a whole."""
        return await asyncio.wrap_future(self.submit(job, bulk=bulk))

    @property
    def people_wait(self) -> bool:
        """Whether an interactive job is waiting: a bulk job ends then, and goes on behind it."""
        return bool(self._interactive)

    def steady(self) -> float:
        """Seconds since some instant, by which a bulk job keeps itself short."""
        return time.monotonic()

    def close(self) -> None:
        """Finish what was submitted, then end the threads. Safe twice."""
        with self._ready:
            self._closed = True
            self._ready.notify_all()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (next_job := self._take()) is not None:
            job, future = next_job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = job()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

    def _take(self) -> tuple[Callable[[], Any], Future[Any]] | None:
        with self._ready:
            while not (self._interactive or self._bulk or self._closed):
                self._ready.wait()
            if self._interactive:
                return self._interactive.popleft()
            return self._bulk.popleft() if self._bulk else None
