"""Guarding: the work runs under its lease only, stops when that is lost, and gives it up at the end."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from inbox.domain.problems import Temporary
from inbox.runtime.leases import LASTING, RENEW, Leases
from inbox.store import leases
from inbox.testing import FakeClock
from tests.rig.wait import until_async


class OneLease:
    """As much of a store as leases ask for: one name in memory, by the test's own clock."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.holder = ""
        self.until = clock.now()
        self.broken = False
        self.hanging = False
        self.epoch = 0
        self.takes = self.keeps = 0

    async def write(self, unit: Callable[..., Any], *given: Any) -> Any:
        if self.broken:
            raise Temporary("store.unreachable", detail="")
        if self.hanging:
            await asyncio.Event().wait()
        if unit is leases.keep:
            return self._keep(*given)
        return self._take(given[1]) if unit is leases.take else self._give_up(given[1])

    def _keep(self, names: list[str], holder: str, *_: Any) -> dict[str, int]:
        self.keeps += 1
        if self.holder != holder:
            return {}
        self.until = self.clock.now() + LASTING
        return dict.fromkeys(names, self.epoch)

    def _take(self, holder: str) -> int | None:
        self.takes += 1
        if self.holder not in ("", holder) and self.until >= self.clock.now():
            return None
        self.epoch += holder != self.holder
        self.holder, self.until = holder, self.clock.now() + LASTING
        return self.epoch

    def _give_up(self, holder: str) -> None:
        if self.holder == holder:
            self.holder = ""


class Work:
    """Runs until it is cancelled, or told to end."""

    def __init__(self) -> None:
        self.running, self.cancelled = False, False
        self.ends: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def __call__(self) -> None:
        self.running = True
        try:
            await self.ends
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        finally:
            self.running = False


@pytest.fixture
async def clock() -> FakeClock:
    return FakeClock()


def guard(store: OneLease, holder: str, work: Work) -> "asyncio.Task[None]":
    return asyncio.create_task(Leases(store, holder, store.clock).guard("receiver", work))  # type: ignore[arg-type]  # a stand-in


async def passes(store: OneLease, seconds: float) -> None:
    """Let time pass in steps of a renewal, everybody doing what is due."""
    for _ in range(int(seconds / RENEW)):
        await until_async(lambda: store.clock.sleepers > 0)
        store.clock.advance(timedelta(seconds=RENEW))
        for _ in range(10):
            await asyncio.sleep(0)


async def test_the_second_waits_until_the_first_is_gone(clock: FakeClock) -> None:
    store = OneLease(clock)
    first, second = Work(), Work()
    one = guard(store, "one", first)
    await until_async(lambda: first.running)
    two = guard(store, "two", second)
    await passes(store, 60)
    assert (first.running, second.running) == (True, False)
    first.ends.set_result(None)
    await one
    await passes(store, RENEW)
    await until_async(lambda: second.running)
    two.cancel()
    with pytest.raises(asyncio.CancelledError):
        await two
    assert (second.cancelled, store.holder) == (True, "")


async def test_a_holder_that_died_is_followed_within_half_a_minute(clock: FakeClock) -> None:
    store = OneLease(clock)
    store._take("dead")
    work = Work()
    task = guard(store, "me", work)
    await passes(store, 30)
    assert work.running
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_lease_that_somebody_else_took_stops_the_work(clock: FakeClock) -> None:
    store = OneLease(clock)
    work = Work()
    task = guard(store, "me", work)
    await until_async(lambda: work.running)
    store.holder, store.until = "she", clock.now() + timedelta(hours=1)
    await passes(store, RENEW)
    await task
    assert (work.cancelled, store.holder) == (True, "she")


async def test_a_lease_that_somebody_else_had_meanwhile_stops_the_work(clock: FakeClock) -> None:
    """Stopped for long, it finds the name free again: what was left in hand meanwhile must be looked at first."""
    store = OneLease(clock)
    work = Work()
    task = guard(store, "me", work)
    await until_async(lambda: work.running)
    store._give_up("me")
    store._take("she")
    store._give_up("she")
    await passes(store, RENEW)
    await task
    assert work.cancelled


async def test_a_store_that_does_not_answer_stops_the_work_in_time(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.runtime.leases.PATIENCE", 0.05)
    store = OneLease(clock)
    work = Work()
    task = guard(store, "me", work)
    await until_async(lambda: work.running)
    ends = store.until
    store.hanging = True
    for _ in range(3):
        before = clock.now()
        await until_async(lambda: store.clock.sleepers > 0 or task.done())
        clock.advance(timedelta(seconds=RENEW))
        await until_async(lambda: store.clock.sleepers > 0 or not work.running)
        assert clock.now() > before
    await until_async(lambda: not work.running)
    assert clock.now() < ends
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_whoever_cannot_renew_stops_before_another_may_begin(clock: FakeClock) -> None:
    store = OneLease(clock)
    work = Work()
    task = guard(store, "me", work)
    await until_async(lambda: work.running)
    ends = store.until
    store.broken = True
    while work.running:
        await passes(store, RENEW)
    assert clock.now() < ends
    await task


async def test_all_that_one_holds_is_renewed_in_one_go(clock: FakeClock) -> None:
    store = OneLease(clock)
    held = Leases(store, "me", clock)  # type: ignore[arg-type]  # a stand-in
    works = [Work() for _ in range(17)]
    tasks = [asyncio.create_task(held.guard(f"channel {n}", work)) for n, work in enumerate(works)]
    await until_async(lambda: all(work.running for work in works))
    await passes(store, 3 * RENEW)
    assert (store.takes, store.keeps) == (17, 3)
    works[0].ends.set_result(None)
    await tasks[0]
    await passes(store, RENEW)
    assert store.keeps == 4, "the others go on"
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert clock.sleepers == 0, "who holds nothing renews nothing"


async def test_a_short_trouble_does_not_stop_it(clock: FakeClock) -> None:
    store = OneLease(clock)
    work = Work()
    task = guard(store, "me", work)
    await until_async(lambda: work.running)
    for _ in range(4):
        store.broken = True
        await passes(store, RENEW)
        store.broken = False
        await passes(store, RENEW)
    assert work.running
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_the_work_raises_comes_through_and_the_lease_is_free(clock: FakeClock) -> None:
    store = OneLease(clock)
    work = Work()
    task = guard(store, "me", work)
    await until_async(lambda: work.running)
    work.ends.set_exception(ValueError("broke"))
    with pytest.raises(ValueError, match="broke"):
        await task
    assert store.holder == ""
