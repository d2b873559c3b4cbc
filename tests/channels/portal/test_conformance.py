"""The portal passes the suite that every channel must pass: its messages come from the house's own pages."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from channels.portal.adapter import PortalAdapter
from channels.portal.codec import KIND
from inbox.domain.arrivals import Item
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Temporary
from inbox.ports.channel import Channel, Place
from inbox.ports.codec import Codec
from inbox.ports.framing import head
from inbox.ports.probe import silent
from inbox.testing import ChannelConformance, FacedChannel, FakeClock, FrontInMemory


class PortalGround:
    """One portal and three customers."""

    address = "portal"
    correspondents = tuple(f"email:{name}@customer.test" for name in ("ali", "lena", "omid"))

    def __init__(self, folder: Path) -> None:
        self.place = Place(ChannelName("portal"), "Example", folder / "data", bytes(range(32)), folder)
        self.adapter = PortalAdapter()
        self.options = self.adapter.options({}, "test")
        self.front = FrontInMemory(self.codec(), None)

    def channel(self) -> Channel:
        return FacedChannel(self.adapter.channel(self.place, self.options, FakeClock(), silent), self.front)

    def codec(self) -> Codec:
        return self.adapter.codec(self.place, self.options)

    async def deliver(self, text: str) -> bool:
        """A customer writes; told to come again they send the very same."""
        customer = self.correspondents[0]
        said = {"kind": "message", "customer": customer, "id": text, "thread": f"in {text}", "text": text}
        try:
            await self.front.accept(Item(f"{customer} {text}", head(KIND, said)))
        except Temporary:
            return False
        return True

    def taken(self) -> Sequence[bytes]:
        return self.front.bodies


@pytest.fixture
def ground(tmp_path: Path) -> PortalGround:
    return PortalGround(tmp_path)


class TestPortal(ChannelConformance):
    """All of it."""
