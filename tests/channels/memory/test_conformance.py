"""The memory channel passes the suite that every channel must pass, whole and in pieces."""

from collections.abc import Awaitable, Sequence
from pathlib import Path

import pytest

from channels.memory.adapter import MemoryAdapter
from channels.memory.network import Network
from channels.memory.options import MemoryOptions
from inbox.domain.ids import ChannelName
from inbox.ports.channel import Channel, Place
from inbox.ports.codec import Codec
from inbox.ports.probe import silent
from inbox.testing import ChannelConformance, FakeClock, FaultConformance

PLACE = Place(ChannelName("talk"), "Example", Path("data"), bytes(32), Path())


async def kept() -> bool:
    """The network keeps it until it is fetched."""
    return True


class MemoryGround:
    """A network of its own and one account on it."""

    def __init__(self, options: MemoryOptions) -> None:
        self.network = Network()
        self.options = options
        self.address = options.address
        self.correspondents = ("ali@memory", "sara@memory", "omid@memory")
        self._adapter = MemoryAdapter(lambda place: self.network)

    def channel(self) -> Channel:
        return self._adapter.channel(PLACE, self.options, FakeClock(), silent)

    def codec(self) -> Codec:
        return self._adapter.codec(PLACE, self.options)

    def deliver(self, text: str) -> Awaitable[bool]:
        self.network.write("ali@memory", self.address, text)
        return kept()

    def taken(self) -> Sequence[bytes]:
        return [entry.raw for entry in self.network.accepted]

    def goes_away(self) -> None:
        self.network.faults.unreachable(1_000)

    def comes_back(self) -> None:
        self.network.faults.unreachable(0)

    def drops_before(self) -> None:
        self.network.faults.drops_before()

    def drops_after(self) -> None:
        self.network.faults.drops_after_handed()

    def refuses(self, address: str) -> None:
        self.network.faults.refuses(address)


class TestMemory(ChannelConformance, FaultConformance):
    @pytest.fixture(params=[None, 40], ids=["whole", "in pieces"])
    def ground(self, request: pytest.FixtureRequest) -> MemoryGround:
        return MemoryGround(MemoryOptions(text_limit=request.param, html=True))
