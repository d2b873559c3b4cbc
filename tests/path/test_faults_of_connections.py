"""A mailbox behind a network that cuts, resets, swallows and drips: each time mail is fetched again within its bound, whole and once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.email import connection
from inbox.runtime.supervisor import Supervisor
from inbox.store import channels
from inbox.testing import FakeClock
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.mail_house import POST, MailHouse, config, letter
from tests.rig.dovecot import Dovecot
from tests.rig.proxy import FaultProxy
from tests.rig.wait import NeverHappened, until_async

BOUND = timedelta(seconds=30)
"""After a fault that shows itself; a peer that says nothing may take five minutes."""


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[FaultProxy]:
    """The way to Dovecot."""
    with closing(FaultProxy(dovecot.imap_port).start()) as made:
        yield made


@pytest.fixture
async def house(houses: Houses, dovecot: Dovecot, proxy: FaultProxy, mailbox: str, tmp_path: Path) -> House:
    """A house whose mailbox lies behind the proxy."""
    dovecot.maildir(mailbox)
    lines = config(tmp_path, dovecot, mailbox).replace(f"port = {dovecot.imap_port}", f"port = {proxy.port}")
    return houses(more=lines, clock=FakeClock(datetime.now(UTC)))


@asynccontextmanager
async def supervised(house: House) -> AsyncIterator[list[str]]:
    """The channel, kept going as in the daemon; what was told of how it stands."""
    told: list[str] = []
    supervisor = Supervisor(
        POST,
        lambda: house._channel(POST),
        lambda _: house.senders[POST],
        house.intake,
        house.collectors[POST],
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


def rst(proxy: FaultProxy) -> None:
    proxy.cut_now(rudely=True)


def fin(proxy: FaultProxy) -> None:
    proxy.cut_now()


def away(proxy: FaultProxy) -> None:
    proxy.stop()
    proxy.start()


def shut(proxy: FaultProxy) -> None:
    proxy.refuse()
    proxy.cut_now()
    proxy.heal()


@pytest.mark.parametrize("fault", [rst, fin, away, shut], ids=lambda fault: fault.__name__)
async def test_a4_a5_a7_after_any_fault_of_the_network_mail_is_fetched_again_within_half_a_minute(
    house: House, dovecot: Dovecot, proxy: FaultProxy, mailbox: str, fault: Callable[[FaultProxy], None]
) -> None:
    post = MailHouse(house)
    async with supervised(house) as told:
        await until_async(lambda: house.store.read_now(channels.cursor, POST) is not None)
        dovecot.deliver(mailbox, letter(1))
        await passes(house, lambda: post.arrived() == 1, BOUND)
        fault(proxy)
        dovecot.deliver(mailbox, letter(2, "x" * 100_000))
        assert await passes(house, lambda: post.arrived() == 2, BOUND) <= BOUND
        assert "backing-off" in told
    await house.settle()
    assert post.messages() == 2


async def test_a6_a_connection_that_died_without_a_word_is_noticed_within_five_minutes(
    house: House, dovecot: Dovecot, proxy: FaultProxy, mailbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IDLE is begun anew before four minutes are over, and nobody answers that."""
    silent = connection.Connection.__init__
    monkeypatch.setattr(
        connection.Connection, "__init__", lambda self, host, port, _patience: silent(self, host, port, 1.0)
    )
    post = MailHouse(house)
    async with supervised(house):
        await until_async(lambda: house.store.read_now(channels.cursor, POST) is not None)
        dovecot.deliver(mailbox, letter(1))
        await passes(house, lambda: post.arrived() == 1, BOUND)
        before = proxy.connections
        proxy.black_hole()
        dovecot.deliver(mailbox, letter(2))
        await passes(house, lambda: proxy.connections > before, timedelta(minutes=5))
        proxy.heal()
        await passes(house, lambda: post.arrived() == 2, timedelta(minutes=2))
    await house.settle()
    assert post.messages() == 2
