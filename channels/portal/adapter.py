"""How the house gets at kind `portal`. The pages are the house's own, so there is no face and nothing to set."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from channels.portal.codec import OWN, PortalCodec
from inbox.domain.options import checked
from inbox.ports.channel import Channel, Finding, Place
from inbox.ports.clock import Clock
from inbox.ports.codec import Codec
from inbox.ports.face import Face
from inbox.ports.probe import Probe
from inbox.ports.shown import Shown


class PortalOptions(BaseModel):
    """The keys of `[channel.<name>]`, the house's own taken out: none."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PortalAdapter:
    """Implements `inbox.ports.channel.Adapter`."""

    def options(self, table: dict[str, Any], where: str) -> PortalOptions:
        """The channel's table. Raises Misconfigured where it has any key of its own."""
        return checked(PortalOptions, table, where)

    def addresses(self, options: PortalOptions) -> tuple[str, ...]:
        """One name for us; customers' have a colon."""
        return (OWN,)

    def codec(self, place: Place, options: PortalOptions) -> Codec:
        """What frames say, in house terms."""
        return PortalCodec()

    def channel(self, place: Place, options: PortalOptions, clock: Clock, probe: Probe) -> Channel:
        """The way out; the way in are the pages."""
        return Shown(probe)

    def face(self, place: Place, options: PortalOptions) -> Face | None:
        """The house itself shows its pages."""
        return None

    async def examine(self, place: Place, options: PortalOptions, online: bool) -> list[Finding]:
        """Nothing of it can be out of order by itself."""
        return []
