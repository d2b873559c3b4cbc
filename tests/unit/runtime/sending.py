"""A house in which one answer waits to be sent, and networks that do as a test says."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from inbox.domain.deliveries import DeliveryState
from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.ports.channel import StageLog
from tests.path.conftest import CONFIG, everyone
from tests.path.house import SUPPORT, House
from tests.store.databases import Copy, copy_sqlite

__all__ = ["copy_sqlite"]
S = DeliveryState


@pytest.fixture
async def house(copy_sqlite: Copy, tmp_path: Path) -> House:
    """A house in which one answer waits to be sent."""
    url = copy_sqlite(tmp_path)
    (tmp_path / "config.toml").write_text(CONFIG.format(url=url, more="", site="", channel='first_sync = "new"'))
    made = House(tmp_path)
    made.store.write_now(everyone)
    await made.settle()
    await made.customer("sara@x").writes("Where is it?")
    made.agent("reza").acts(made.only(), "reply", text="There.")
    return made


def state(house: House) -> DeliveryState:
    return house.deliveries("reply")[0].state


class Network:
    """In place of a channel: does what the test says, stage by stage."""

    def __init__(self, send: Callable[[StageLog], Awaitable[None]]) -> None:
        self._send = send

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt:
        await self._send(stage)
        return Receipt((part.key,))


class Sending:
    """In place of a channel: sends as the test says."""

    def __init__(self, send: Callable[[FrozenPart, StageLog], Awaitable[Receipt]]) -> None:
        self.send = send


def through(house: House, send: Callable[[StageLog], Awaitable[None]]) -> Any:
    """The house's sender, on such a network."""
    sender = house.senders[SUPPORT]
    sender._channel = Network(send)  # type: ignore[assignment]  # as much of a channel as is needed
    return sender


async def never() -> None:
    await asyncio.Event().wait()
