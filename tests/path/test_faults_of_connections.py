"""A mailbox behind a network that cuts, resets, swallows and drips: each time mail is fetched again within its bound, whole and once."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from channels.email import connection
from inbox.domain.ids import ChannelName
from inbox.store import channels
from inbox.store import tables as t
from inbox.testing import FakeClock
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.mail_house import POST, MailHouse, config, letter
from tests.path.supervised import passes, supervised
from tests.rig.dovecot import Dovecot
from tests.rig.proxy import FaultProxy
from tests.rig.wait import until_async

BOUND = timedelta(seconds=30)
"""After a fault that shows itself; a peer that says nothing may take five minutes."""
SALES = ChannelName("sales")
LONG = timedelta(hours=1)


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


# -- A7 ----------------------------------------------------------------------------------------------------------------
async def test_a7_while_one_mailbox_drips_the_mail_of_another_goes_on_coming(
    houses: Houses,
    dovecot: Dovecot,
    proxy: FaultProxy,
    mailbox: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One byte a second: the command is given up at its deadline, and nobody else waits for that."""
    patient = connection.Connection.__init__
    monkeypatch.setattr(
        connection.Connection, "__init__", lambda self, host, port, _patience: patient(self, host, port, 3.0)
    )
    other = f"sales-{mailbox}"
    for user in (mailbox, other):
        dovecot.maildir(user)
    dripped = config(tmp_path, dovecot, mailbox).replace(f"port = {dovecot.imap_port}", f"port = {proxy.port}")
    whole = config(tmp_path, dovecot, other).replace("support@desk.test", "sales@desk.test")
    lines = dripped + whole[whole.index("[channel.post]") :].replace("[channel.post]", "[channel.sales]")
    house = houses(more=lines, clock=FakeClock(datetime.now(UTC)))
    async with supervised(house) as told, supervised(house, SALES) as told_of_sales:
        for name in (POST, SALES):
            await until_async(partial(opened, house, name))
        proxy.drip(1.0)
        dovecot.deliver(mailbox, letter(1))
        for number in range(2, 6):
            dovecot.deliver(other, letter(number))
            await passes(house, partial(holds, house, SALES, number - 1), LONG)
        await passes(house, lambda: told[-1:] == ["backing-off"], LONG)
        dovecot.deliver(other, letter(6))
        await passes(house, partial(holds, house, SALES, 5), LONG)
        assert holds(house, POST, 0)
        assert "backing-off" not in told_of_sales
        proxy.heal()
        await passes(house, partial(holds, house, POST, 1), LONG)
    await house.settle()
    assert MailHouse(house).messages() == 6


def opened(house: House, name: ChannelName) -> bool:
    """Whether it is known where the channel's mailbox ends."""
    return house.store.read_now(channels.cursor, name) is not None


def holds(house: House, name: ChannelName, mails: int) -> bool:
    """Whether so much of a channel's mail is stored."""
    found = t.arrival.select().where(t.arrival.c.channel == name)
    return house.store.read_now(lambda unit: len(list(unit.execute(found)))) == mails
