"""Waiting for a condition instead of sleeping: the only place in the tests that lets time pass."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 25.0
"""Seconds that a busy machine may take. Less than the half minute after which the house looks again though nobody called."""


class NeverHappened(AssertionError):
    """The awaited condition stayed false for the whole time that was given."""


def until(condition: Callable[[], T], *, within: float = AT_ONCE, every: float = 0.01, what: str = "") -> T:
    """Ask `condition` again and again; hand back its first true answer.

    `within` and `every` are seconds. Raises `NeverHappened` with `what` and the last answer when time is up;
    what the condition itself raises goes straight through.
    """
    end = time.monotonic() + within
    while not (answer := condition()):
        if time.monotonic() >= end:
            raise NeverHappened(_complaint(condition, within, what, answer))
        time.sleep(every)
    return answer


async def until_async(
    condition: Callable[[], object], *, within: float = AT_ONCE, every: float = 0.01, what: str = ""
) -> None:
    """Like `until`, for a running event loop; `condition` may be a plain function or return an awaitable."""
    end = time.monotonic() + within
    while not (answer := await _asked(condition)):
        if time.monotonic() >= end:
            raise NeverHappened(_complaint(condition, within, what, answer))
        await asyncio.sleep(every)


async def _asked(condition: Callable[[], object]) -> object:
    answer = condition()
    return await answer if isinstance(answer, Awaitable) else answer


def _complaint(condition: object, within: float, what: str, answer: object) -> str:
    name = what or getattr(condition, "__qualname__", repr(condition))
    return f"did not happen within {within:g} s: {name} (last answer: {answer!r})"
