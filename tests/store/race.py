"""Two units at once: each does its work and, before it commits, waits for the other to have done so too, if it can."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from inbox.store.store import Store
from inbox.store.unit import Unit

PATIENCE = 0.15
"""Seconds: where the database lets only one of them in, or makes one wait for the other, they cannot meet."""

Work = Callable[[Unit], Any]


def race(one: tuple[Store, Work], two: tuple[Store, Work]) -> list[Any]:
    """What each came to: its result, or the exception that it raised. Results that differ only in who won come sorted
    by the caller."""
    meeting, start = threading.Barrier(2), threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(_run, store, work, start, meeting) for store, work in (one, two)]
        return [_outcome(future) for future in futures]


def _run(store: Store, work: Work, start: threading.Barrier, meeting: threading.Barrier) -> Any:
    start.wait(10)
    return store.write_now(_meeting, work, meeting)


def _meeting(unit: Unit, work: Work, meeting: threading.Barrier) -> Any:
    result = work(unit)
    with suppress(threading.BrokenBarrierError):
        meeting.wait(PATIENCE)
    return result


def _outcome(future: "Future[Any]") -> Any:
    return future.exception() or future.result()
