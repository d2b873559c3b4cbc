"""The postbox passes the suite that every channel must pass: this file is all that an adapter's author writes for it."""

from collections.abc import Awaitable, Sequence
from itertools import count
from pathlib import Path

import pytest
from postbox import ADAPTER, Letter, PostboxOptions

from inbox.domain.ids import ChannelName
from inbox.ports.channel import Channel, Place
from inbox.ports.codec import Codec
from inbox.ports.probe import silent
from inbox.runtime.clocks import SystemClock
from inbox.testing import ChannelConformance


async def kept() -> bool:
    """A letter stays in the folder until it is taken out."""
    return True


class PostboxGround:
    """One account, the network behind it, and what a newcomer would write there."""

    address = "support"
    correspondents = ("ali", "sara", "omid")

    def __init__(self, site: Path) -> None:
        self._root = site / "post"
        self._numbers = count(1)
        self._place = Place(ChannelName("box"), "Example", site / "data", bytes(32), site)
        self._options = PostboxOptions(address=self.address, folder=Path("post"), look_every=0.01)
        for one in (self.address, *self.correspondents):
            (self._root / one).mkdir(parents=True)

    def channel(self) -> Channel:
        return ADAPTER.channel(self._place, self._options, SystemClock(), silent)

    def codec(self) -> Codec:
        return ADAPTER.codec(self._place, self._options)

    def deliver(self, text: str) -> Awaitable[bool]:
        name = f"letter-{next(self._numbers)}"
        letter = Letter(id=name, sender="ali", to=(self.address,), text=text)
        draft = self._root / self.address / f"{name}.draft"
        draft.write_text(letter.model_dump_json(), encoding="utf-8")
        draft.rename(draft.with_suffix(".json"))
        return kept()

    def taken(self) -> Sequence[bytes]:
        found = [path for one in self.correspondents for path in (self._root / one).glob("*.json")]
        return [path.read_bytes() for path in sorted(found, key=lambda path: path.stat().st_mtime_ns)]


class TestPostbox(ChannelConformance):
    @pytest.fixture
    def ground(self, tmp_path: Path) -> PostboxGround:
        return PostboxGround(tmp_path)
