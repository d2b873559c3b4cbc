"""A channel of a house that its supervisor keeps going, as in the daemon, and time that passes meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from inbox.domain.ids import ChannelName
from inbox.runtime.supervisor import Supervisor
from tests.path.house import House
from tests.path.mail_house import POST
from tests.rig.wait import NeverHappened, until_async


@asynccontextmanager
async def supervised(house: House, name: ChannelName = POST) -> AsyncIterator[list[str]]:
    """A channel, kept going as in the daemon; what was told of how it stands."""
    told: list[str] = []
    supervisor = Supervisor(
        name,
        lambda: house._channel(name),
        lambda _: house.senders[name],
        house.intake,
        house.collectors[name],
        house.store,
        house.clock,
        lambda _, state: told.append(state),
    )
    running = asyncio.create_task(supervisor.run())
    try:
        yield told
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def passes(house: House, done: Callable[[], bool], most: timedelta) -> timedelta:
    """Let the clock go on by a second whenever somebody sleeps on it, until it is done; how long that took."""
    began = house.clock.now()
    while not done():
        await until_async(lambda: done() or house.clock.sleepers > 0, every=0.005)
        with suppress(NeverHappened):  # whoever was woken by the last second does what it was woken for
            await until_async(done, within=0.02)
        if done():
            break
        assert house.clock.now() - began <= most, "it takes too long"
        house.clock.advance(timedelta(seconds=1))
    return house.clock.now() - began
