"""Work that ends though nobody asked it to, by an error or a cancellation that a library let escape: it is told, and begun anew."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from structlog.testing import capture_logs

from inbox.daemon.house import House
from inbox.daemon.works import AGAIN, keep_going
from inbox.runtime.lasting import lasting
from inbox.testing import FakeClock
from tests.rig.wait import until_async


async def cancelled() -> None:
    """As where a library cancels whoever waits for it."""
    raise asyncio.CancelledError


async def test_h3_what_was_cancelled_by_nobody_of_us_begins_anew_at_once() -> None:
    begun: list[int] = []

    async def work() -> None:
        begun.append(len(begun))
        if len(begun) < 3:
            await cancelled()

    with capture_logs() as told:
        await lasting("send", work)
    assert begun == [0, 1, 2]
    assert [(one["event"], one["task"]) for one in told] == [("dropped", "send")] * 2


async def test_what_it_raises_comes_through_and_our_own_cancellation_ends_it() -> None:
    ended: list[bool] = []

    async def broken() -> None:
        raise ValueError

    waits = asyncio.Event()

    async def endless() -> None:
        waits.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    with pytest.raises(ValueError):
        await lasting("send", broken)
    running = asyncio.create_task(lasting("send", endless))
    await waits.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert ended == [True]


@pytest.mark.parametrize("way", ["raises", "is cancelled", "just ends"])
async def test_h3_a_task_of_the_daemon_that_dies_is_told_and_there_again_within_ten_seconds(way: str) -> None:
    clock = FakeClock()
    house = cast(House, SimpleNamespace(clock=clock, store=SimpleNamespace(read_only=None)))
    begun: list[int] = []

    async def work() -> None:
        begun.append(len(begun))
        if len(begun) == 2:
            await asyncio.Event().wait()
        if way == "raises":
            raise RuntimeError("nobody thought of this")
        if way == "is cancelled":
            await cancelled()

    with capture_logs() as told:
        keeping = asyncio.create_task(keep_going(house, "sweeper", work))
        await until_async(lambda: clock.sleepers == 1)
        assert AGAIN <= 10
        clock.advance(timedelta(seconds=AGAIN))
        await until_async(lambda: len(begun) == 2)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    events = [(one["event"], one["task"]) for one in told]
    assert events == ([] if way == "just ends" else [("task-broke", "sweeper")])
