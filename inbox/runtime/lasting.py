"""Work that lasts: it runs as a task of its own, so that being cancelled is trouble like any other where nobody asked us to end.

A cancellation that a library lets escape would else end a task silently: a `TaskGroup` takes it for one that was wished for.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from inbox.runtime.logs import log

T = TypeVar("T")


class Dropped(Exception):
    """It was cancelled, and not by us."""


async def apart(work: Coroutine[Any, Any, T]) -> T:
    """What it gives. Raises what it raises, or Dropped; cancelled ourselves, we end it first."""
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    if task.cancelled():
        raise Dropped
    return task.result()


async def lasting(name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Until it ends by itself; dropped, it begins anew. Raises what it raises."""
    while True:
        try:
            return await apart(work())
        except Dropped:
            log("task").error("dropped", task=name)


async def to_the_end(work: Coroutine[Any, Any, T], late: Callable[[T], Coroutine[Any, Any, None]] | None = None) -> T:
    """What it gives, and it is done though we are cancelled meanwhile: `late` is given what came of it then, before the cancellation goes
    on. Cancelled once more, we wait no longer."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if late is not None and not task.cancelled() and task.exception() is None:
            await late(task.result())
        raise
