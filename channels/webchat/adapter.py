"""How the house gets at kind `webchat`."""

from typing import Any

from channels.webchat.codec import OWN, WebchatCodec
from channels.webchat.options import WebchatOptions
from channels.webchat.token import tokens
from inbox.domain.options import checked
from inbox.ports.channel import Channel, Finding, Place
from inbox.ports.clock import Clock
from inbox.ports.codec import Codec
from inbox.ports.face import Face
from inbox.ports.probe import Probe
from inbox.ports.shown import Shown


class WebchatAdapter:
    """Implements `inbox.ports.channel.Adapter`."""

    def options(self, table: dict[str, Any], where: str) -> WebchatOptions:
        """The channel's table with its defaults. Raises Misconfigured."""
        return checked(WebchatOptions, table, where)

    def addresses(self, options: WebchatOptions) -> tuple[str, ...]:
        """One name for us; visitors have longer ones."""
        return (OWN,)

    def codec(self, place: Place, options: WebchatOptions) -> Codec:
        """What frames say, in house terms."""
        return WebchatCodec(tokens(place), options)

    def channel(self, place: Place, options: WebchatOptions, clock: Clock, probe: Probe) -> Channel:
        """The way out; the way in is the face."""
        return Shown(probe)

    def face(self, place: Place, options: WebchatOptions) -> Face | None:
        """The widget's routes and the pages."""
        from channels.webchat.face import WebchatFace  # a web framework: a parser child needs none

        return WebchatFace(place, options)

    async def examine(self, place: Place, options: WebchatOptions, online: bool) -> list[Finding]:
        """What the doctor tells."""
        from channels.webchat.examine import examined

        return examined(place, options)
