"""How the house gets at bots: one kind a network, since people have other numbers on each."""

from datetime import UTC, datetime
from typing import Any

from channels.telegram.codec import BotCodec
from channels.telegram.dialect import TABLE, Dialect, Dialects
from channels.telegram.options import BotOptions
from inbox.domain.options import checked
from inbox.domain.problems import Misconfigured
from inbox.ports.channel import Channel, Finding, Place
from inbox.ports.clock import Clock
from inbox.ports.codec import Codec
from inbox.ports.face import Face
from inbox.ports.probe import Probe


class BotAdapter:
    """Implements `inbox.ports.channel.Adapter` for one row of the table of dialects."""

    def __init__(self, row: Dialects) -> None:
        self._row: Dialects = row

    def options(self, table: dict[str, Any], where: str) -> BotOptions:
        """The channel's table with its defaults. Raises Misconfigured."""
        options = checked(BotOptions, table, where)
        if not options.api_base and not TABLE[self._row].api_base:
            raise Misconfigured("config.missing_key", where=where, name="api_base")
        return options

    def addresses(self, options: BotOptions) -> tuple[str, ...]:
        """The bot's name."""
        return (options.bot,)

    def codec(self, place: Place, options: BotOptions) -> Codec:
        """What updates say, in house terms."""
        return BotCodec(options, self._dialect(options), place.desks)

    def channel(self, place: Place, options: BotOptions, clock: Clock, probe: Probe) -> Channel:
        """The bot, not yet asked who it is."""
        from channels.telegram.channel import BotChannel  # HTTP and TLS: a parser child needs neither

        return BotChannel(place, options, self._dialect(options), clock, probe)

    def face(self, place: Place, options: BotOptions) -> Face | None:
        """Where the network brings updates to, if it does."""
        if options.updates == "poll":
            return None
        from channels.telegram.face import WebhookFace  # HTTP and TLS: a parser child needs neither

        return WebhookFace(place, options, self._dialect(options))

    async def examine(self, place: Place, options: BotOptions, online: bool) -> list[Finding]:
        """What the doctor tells; online it asks the network, and sends nothing."""
        from channels.telegram.examine import examined

        return await examined(place, options, self._dialect(options), datetime.now(UTC), online)

    def _dialect(self, options: BotOptions) -> Dialect:
        return options.can.over(TABLE[self._row])
