"""Lends a house to every scenario, on both databases, and checks at the end that its rows are what its events come to."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import time
from pathlib import Path

import pytest

from channels.memory.network import Network
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent, Shift
from inbox.store import people
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.testing import FakeClock
from tests.path.desk_house import DeskHouse, config, token
from tests.path.house import House
from tests.rig.bot_api import BotApi
from tests.rig.bot_manners import BALE, TELEGRAM
from tests.store.databases import copy_postgresql, copy_sqlite, empty_postgresql, url

__all__ = ["copy_postgresql", "copy_sqlite", "empty_postgresql", "url"]

SHIPPED = Path(__file__).parents[2] / "rules"
CONFIG = """\
[site]
name = "Acme"
language = "en"
{site}

[store]
url = "{url}"

{more}
[channel.support]
kind = "memory"
address = "support@acme"
{channel}
"""
TEHRAN = "Asia/Tehran"
Houses = Callable[..., House]
Desks = Callable[..., Awaitable[DeskHouse]]


def everyone(unit: Unit) -> None:
    """Sara leads, Reza answers, Mina works on Mondays only; two of them are the team that answers."""
    ids = [
        people.put_agent(unit, Agent(AgentId(0), handle, handle.title(), f"{handle}@acme", lead=handle == "sara"))
        for handle in ("sara", "reza", "mina")
    ]
    people.put_team(unit, "support", "Support", ids[:2])
    people.put_team(unit, "nights", "Nights", ids[2:])
    people.put_shift(unit, Shift(ids[2], 0, time(9), time(17), TEHRAN))


@pytest.fixture
async def houses(url: str, tmp_path: Path) -> AsyncIterator[Houses]:
    """Builds houses on one database; the last one stands at the end and is checked.

    `channel`: lines of the channel's table. `site`: of the site's. `more`: other tables. `rules`: rule files by name, instead of the shipped ones
    (hours and policies stay, unless they are among them). `who`: the unit that makes the agents.
    """
    built: list[House] = []

    def build(
        *,
        channel: str = 'first_sync = "new"',
        site: str = "",
        more: str = "",
        rules: Mapping[str, str] | None = None,
        who: Callable[[Unit], None] = everyone,
        clock: FakeClock | None = None,
        network: Network | None = None,
    ) -> House:
        config = CONFIG.format(url=url, channel=channel, more=more, site=site)
        (tmp_path / "config.toml").write_text(config, encoding="utf-8")
        if rules is not None:
            _lay(tmp_path / "rules", rules)
        if built:
            built[-1].close()
        else:
            store = Store(url, tmp_path)
            store.write_now(who)
            store.close()
        built.append(House(tmp_path, clock or FakeClock(), network or Network()))
        return built[-1]

    yield build
    for house in built[-1:]:
        try:
            await house.settle()
            house.check()
        finally:
            house.close()


def _lay(folder: Path, rules: Mapping[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name in ("hours.toml", "policies.toml"):
        shutil.copy(SHIPPED / name, folder / name)
    for name, text in rules.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
async def house(houses: Houses) -> House:
    """A house with the shipped rules, opened on an empty mailbox: Saturday noon in Tehran, we are there until five."""
    opened = houses()
    await opened.settle()
    return opened


@pytest.fixture
async def desks(houses: Houses, tmp_path: Path) -> AsyncIterator[Desks]:
    """Opens a house with a desk in a group, on Telegram or on Bale; `desk`: the lines of its table."""
    servers: list[BotApi] = []
    made: list[DeskHouse] = []

    async def build(
        kind: str = "telegram",
        desk: str = "chat = -500",
        per_minute: int = 0,
        channel: str = 'first_sync = "new"',
        rules: Mapping[str, str] | None = None,
    ) -> DeskHouse:
        server = BotApi(tmp_path / "network", BALE if kind == "bale" else TELEGRAM).start()
        servers.append(server)
        token(tmp_path)
        house = houses(channel=channel, more=config(server, kind, desk, per_minute), rules=rules)
        made.append(DeskHouse(house, server))
        await made[-1].settle()
        return made[-1]

    yield build
    for one in made:
        await one.close()
    for server in servers:
        server.close()
