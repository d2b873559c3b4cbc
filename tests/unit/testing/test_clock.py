"""The clock of the tests stands still until it is moved, and wakes whoever is due."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from inbox.testing import FakeClock
from inbox.testing.clock import DEFAULT_START
from tests.rig.wait import until_async


async def test_a_sleeper_wakes_when_its_time_has_come_and_not_before() -> None:
    clock = FakeClock()
    sleeper = asyncio.create_task(clock.sleep(60))
    await until_async(lambda: clock.sleepers == 1)
    clock.advance(timedelta(seconds=59))
    assert clock.sleepers == 1
    assert clock.wakes_at == clock.now() + timedelta(seconds=1)
    clock.advance(timedelta(seconds=1))
    await asyncio.wait_for(sleeper, 25)
    assert clock.sleepers == 0
    assert clock.wakes_at is None


async def test_the_earlier_sleeper_goes_first() -> None:
    clock, woken = FakeClock(), []

    async def sleep(seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(seconds)

    tasks = [asyncio.create_task(sleep(seconds)) for seconds in (30, 10, 20)]
    await until_async(lambda: clock.sleepers == 3)
    clock.advance(timedelta(hours=1))
    await asyncio.gather(*tasks)
    assert woken == [10, 20, 30]


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = FakeClock()
    sleeper = asyncio.create_task(clock.sleep(5))
    await until_async(lambda: clock.sleepers == 1)
    sleeper.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeper
    assert clock.sleepers == 0
    clock.advance(timedelta(seconds=10))


async def test_no_time_at_all_is_no_wait() -> None:
    await asyncio.wait_for(FakeClock().sleep(0), 25)


def test_time_does_not_go_back_and_is_aware() -> None:
    with pytest.raises(ValueError, match="back"):
        FakeClock().advance(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="aware"):
        FakeClock(DEFAULT_START.replace(tzinfo=None))
    assert FakeClock(datetime(2026, 1, 1, tzinfo=UTC)).now().utcoffset() == timedelta(0)
