"""Wake-ups: not lost between two waits, one memory a task, safe from any thread."""

import asyncio
import threading

import pytest

from inbox.domain.ids import ChannelName
from inbox.ports.wake import OUTBOX, outbox_of
from inbox.runtime.wakes import ProcessWake


def attached() -> ProcessWake:
    wake = ProcessWake()
    wake.attach()
    return wake


async def test_whoever_waits_is_woken_from_any_thread() -> None:
    wake = attached()
    waiting = asyncio.create_task(wake.wait("intake"))
    await asyncio.sleep(0)
    threading.Thread(target=wake.notify, args=("outbox", "intake")).start()
    assert await asyncio.wait_for(waiting, 25)


async def test_time_that_passes_wakes_with_false() -> None:
    wake = attached()
    assert not await wake.wait("intake", 0)
    assert not await wake.wait("intake", 0.001)


async def test_what_is_said_between_two_waits_is_not_lost_and_heard_once() -> None:
    wake = attached()
    await wake.wait("intake", 0)
    wake.notify("intake", "intake")
    await asyncio.sleep(0)
    assert await wake.wait("intake", 5)
    assert not await wake.wait("intake", 0)


async def test_every_task_hears_for_itself() -> None:
    wake = attached()
    tasks = [asyncio.create_task(wake.wait("intake", 5)) for _ in range(3)]
    await asyncio.sleep(0)
    wake.notify("intake")
    assert await asyncio.gather(*tasks) == [True] * 3


async def test_topics_are_apart() -> None:
    wake = attached()
    await wake.wait("intake", 0)
    wake.notify("outbox")
    assert not await wake.wait("intake", 0.001)


async def test_a_part_of_a_topic_is_woken_by_the_whole_and_not_by_another_part() -> None:
    wake = attached()
    mine = outbox_of(ChannelName("mail"))
    await wake.wait(mine, 0)
    wake.notify(outbox_of(ChannelName("mailing")), "out")
    assert not await wake.wait(mine, 0.001)
    for said in (OUTBOX, mine):
        wake.notify(said)
        assert await wake.wait(mine, 5)
    await wake.wait(OUTBOX, 0)
    wake.notify(mine)
    assert not await wake.wait(OUTBOX, 0.001)


async def test_tasks_that_are_over_are_forgotten() -> None:
    wake = attached()
    for _ in range(20):
        await asyncio.create_task(wake.wait("intake", 0))
    await asyncio.sleep(0)
    assert (len(wake._mine), len(wake._waiters["intake"])) == (0, 0), "topics are as many as there are visitors"


def test_where_no_loop_runs_nobody_is_woken_and_nothing_breaks() -> None:
    ProcessWake().notify("intake")
    wake = ProcessWake()

    async def attach() -> None:
        wake.attach()

    asyncio.run(attach())
    wake.notify("intake")


@pytest.mark.parametrize("turns", range(4))
async def test_who_is_cancelled_as_somebody_notifies_does_not_go_on(turns: int) -> None:
    """As when a person presses Ctrl+C at the moment in which something happens."""
    wake = attached()
    waiting = asyncio.create_task(wake.wait("news", 60))
    for _ in range(3):
        await asyncio.sleep(0)
    wake.notify("news")
    for _ in range(turns):
        await asyncio.sleep(0)
    if waiting.cancel():  # it had not been woken yet
        with pytest.raises(asyncio.CancelledError):
            await waiting
