"""How the house gets at kind `email`: options, codec, channel and what the doctor asks."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from channels.email.codec import EmailCodec
from channels.email.options import EmailOptions, read
from inbox.domain.ids import ChannelName
from inbox.ports.channel import Channel, Finding, Place
from inbox.ports.clock import Clock
from inbox.ports.codec import Codec
from inbox.ports.face import Face
from inbox.ports.probe import Probe

if TYPE_CHECKING:
    from channels.email.voicemail import Switchboard


def switchboard(options: EmailOptions) -> "Switchboard | None":
    """The telephone system whose mail is believed, where the site has one."""
    told = options.voicemail
    if told is None:
        return None
    from channels.email.voicemail import Switchboard  # tables of numbers: loaded where there is use for them

    return Switchboard(frozenset(told.senders), ChannelName(told.channel), told.country, told.proof == "verdict")


class EmailAdapter:
    """Implements `inbox.ports.channel.Adapter`."""

    def options(self, table: dict[str, Any], where: str) -> EmailOptions:
        """The channel's table with its defaults. Raises Misconfigured."""
        return read(table, where)

    def addresses(self, options: EmailOptions) -> tuple[str, ...]:
        """Our addresses on this channel, the one we write from first."""
        return options.addresses

    def codec(self, place: Place, options: EmailOptions) -> Codec:
        """What mail says, in house terms."""
        return EmailCodec(
            options.addresses,
            place.secret,
            options.authserv_id,
            place.brand_name,
            options.plus_addresses,
            options.dkim_check,
            switchboard(options),
        )

    def channel(self, place: Place, options: EmailOptions, clock: Clock, probe: Probe) -> Channel:
        """The account, not yet opened."""
        from channels.email.channel import EmailChannel  # IMAP, SMTP and TLS: a parser child needs none of them

        return EmailChannel(place, options, clock, probe)

    def face(self, place: Place, options: EmailOptions) -> Face | None:
        """Mail has no HTTP side."""
        return None

    async def examine(self, place: Place, options: EmailOptions, online: bool) -> list[Finding]:
        """What the doctor tells; online it logs in everywhere, and sends nothing."""
        from channels.email.examine import examined

        return await examined(place, options, datetime.now(UTC), online)
