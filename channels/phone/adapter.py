"""How the house gets at kind `phone`."""

from typing import Any

from channels.phone.codec import PhoneCodec
from channels.phone.options import PhoneOptions
from inbox.domain.options import checked
from inbox.ports.calls import OWN
from inbox.ports.channel import Channel, Finding, Place
from inbox.ports.clock import Clock
from inbox.ports.codec import Codec
from inbox.ports.face import Face
from inbox.ports.probe import Probe


class PhoneAdapter:
    """Implements `inbox.ports.channel.Adapter`."""

    def options(self, table: dict[str, Any], where: str) -> PhoneOptions:
        """The channel's table with its defaults. Raises Misconfigured."""
        return checked(PhoneOptions, table, where)

    def addresses(self, options: PhoneOptions) -> tuple[str, ...]:
        """One name for us; callers have numbers."""
        return (OWN,)

    def codec(self, place: Place, options: PhoneOptions) -> Codec:
        """What frames say, in house terms."""
        return PhoneCodec(options)

    def channel(self, place: Place, options: PhoneOptions, clock: Clock, probe: Probe) -> Channel:
        """No way out; the way in is the face."""
        from channels.phone.channel import PhoneChannel

        return PhoneChannel()

    def face(self, place: Place, options: PhoneOptions) -> Face | None:
        """Where a telephone system tells of calls, once it has a secret to show."""
        if options.secret is None:
            return None
        from channels.phone.face import PhoneFace  # a web framework: a parser child needs none

        return PhoneFace(place, options)

    async def examine(self, place: Place, options: PhoneOptions, online: bool) -> list[Finding]:
        """What the doctor tells."""
        from channels.phone.examine import examined

        return examined(place, options)
