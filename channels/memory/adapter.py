"""How the house gets at kind `memory`; a test hands it the network it wants to play on."""

from collections.abc import Callable
from typing import Any

from channels.memory.channel import MemoryChannel
from channels.memory.codec import MemoryCodec
from channels.memory.network import Network
from channels.memory.options import MemoryOptions
from inbox.domain.options import checked
from inbox.ports.channel import Channel, Finding, Place
from inbox.ports.clock import Clock
from inbox.ports.codec import Codec
from inbox.ports.face import Face
from inbox.ports.probe import Probe


class MemoryAdapter:
    """Implements `inbox.ports.channel.Adapter`. `networks` says which network a channel is on: by default one of its own."""

    def __init__(self, networks: Callable[[Place], Network] | None = None) -> None:
        self._networks = networks

    def network(self) -> Network:
        """A new network, for whoever wants several channels to meet on one."""
        return Network()

    def on(self, networks: Callable[[Place], Network]) -> "MemoryAdapter":
        """The same kind with its channels on these networks."""
        return MemoryAdapter(networks)

    def options(self, table: dict[str, Any], where: str) -> MemoryOptions:
        """The table with its defaults. Raises Misconfigured."""
        return checked(MemoryOptions, table, where)

    def addresses(self, options: MemoryOptions) -> tuple[str, ...]:
        """The one address."""
        return (options.address,)

    def codec(self, place: Place, options: MemoryOptions) -> Codec:
        """A codec of JSON."""
        return MemoryCodec(options)

    def channel(self, place: Place, options: MemoryOptions, clock: Clock, probe: Probe) -> Channel:
        """An account on the network."""
        network = self._networks(place) if self._networks else Network()
        return MemoryChannel(network, options, probe)

    def face(self, place: Place, options: MemoryOptions) -> Face | None:
        """There is none."""
        return None

    async def examine(self, place: Place, options: MemoryOptions, online: bool) -> list[Finding]:
        """Memory is always well."""
        return [Finding("channel.memory", "pass", observed=options.address)]
