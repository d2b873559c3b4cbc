"""The networks that the demo is played on: in memory, nothing leaves the machine. The core knows them by what it asks of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, Protocol

from inbox.domain.ids import ChannelName
from inbox.ports.channel import Adapter, Place
from inbox.settings.reading import ADAPTERS

KINDS = ("demo-mail", "demo-bot", "demo-chat")
"""The kinds of the demo's channels, all of them played by one adapter."""
DOWN = ChannelName("bale")
"""The channel whose network cannot be reached, so that one sees what that looks like."""


class Line(Protocol):
    """One line of a network's ledger."""

    @property
    def what(self) -> str:
        """`written` by somebody, or `accepted` from us; other things are of no interest here."""
        ...

    @property
    def address(self) -> str:
        """The mailbox that it lies in, or the sender of what was accepted."""
        ...

    @property
    def recipients(self) -> tuple[str, ...]:
        """Who received what was accepted."""
        ...

    @property
    def said(self) -> dict[str, Any]:
        """The message as plain values."""
        ...


class Faults(Protocol):
    """What a network is asked to do badly."""

    def unreachable(self, times: int) -> None:
        """So many times nobody is there."""
        ...

    def refuses(self, recipient: str) -> None:
        """This recipient is not taken."""
        ...

    def drops_after_handed(self, times: int, *, accepted: bool) -> None:
        """So many hand-overs get no answer."""
        ...


class Network(Protocol):
    """Everyone's mailboxes, and a ledger of what happened in them."""

    @property
    def faults(self) -> Faults:
        """What goes wrong on demand."""
        ...

    @property
    def ledger(self) -> Sequence[Line]:
        """All that happened, in order."""
        ...

    def write(self, sender: str, to: str, text: str, *, name: str = "", **more: object) -> object:
        """Somebody writes to an address of ours."""
        ...

    def answer(self, entry: Any, text: str, **more: object) -> object:
        """Whoever received a message of ours answers it."""
        ...

    def received(self, address: str) -> Sequence[Line]:
        """What an address has received from us, oldest first."""
        ...

    def mailbox(self, address: str) -> Any:
        """What lies under an address: `last`, its highest position, and `raws` by position."""
        ...


class Memory(Protocol):
    """What the demo asks of the adapter that plays its channels."""

    def network(self) -> Network:
        """A new network."""
        ...

    def on(self, networks: Callable[[Place], Network]) -> Adapter:
        """The same adapter with its channels on these networks."""
        ...


@dataclass(frozen=True, slots=True)
class Networks:
    """The one on which everybody writes, and the one that cannot be reached once the demo runs."""

    all: Network
    down: Network

    def of(self, name: ChannelName) -> Network:
        """That of a channel."""
        return self.down if name == DOWN else self.all


def networks() -> tuple[Networks, Mapping[str, Adapter]]:
    """New networks, and the adapters by kind that play on them."""
    (entry,) = entry_points(group=ADAPTERS, name=KINDS[0])
    memory: Memory = entry.load()
    made = Networks(memory.network(), memory.network())
    return made, dict.fromkeys(KINDS, memory.on(lambda place: made.of(place.name)))
