"""One bot behind the contract that every channel keeps."""

from collections.abc import AsyncIterator

from channels.telegram.collect import collected
from channels.telegram.dialect import Dialect
from channels.telegram.fetch import Updates
from channels.telegram.line import Line
from channels.telegram.options import BotOptions
from channels.telegram.request import Refused
from channels.telegram.said import Said
from channels.telegram.send import Hand
from channels.telegram.troubles import of_asking
from inbox.domain.arrivals import Raw
from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.domain.problems import Credentials, Temporary
from inbox.ports.channel import Batch, Cursor, Place, StageLog
from inbox.ports.probe import Probe


class BotChannel:
    """Implements `inbox.ports.channel.Channel`."""

    def __init__(self, place: Place, options: BotOptions, dialect: Dialect, probe: Probe) -> None:
        self._bot = options.bot
        self._dialect = dialect
        self._line = line(place, options, dialect)
        self._updates = Updates(self._line, dialect, options.poll_seconds, probe)
        self._hand = Hand(self._line, options.bot, dialect, probe)
        self._largest = min(options.max_file, dialect.download)
        self._spool = place.data / "spool"

    async def open(self) -> None:
        """Ask the network who we are. Raises Unreachable; Credentials where the token is nobody's, or another bot's."""
        await me(self._line, self._bot, self._dialect)

    async def fetch(self, since: Cursor | None) -> AsyncIterator[Batch]:
        """Updates as they come."""
        async for batch in self._updates.batches(since):
            yield batch

    async def confirm(self, batch: Batch) -> None:
        """The network learns of it with the next question."""
        self._updates.confirm(batch)

    async def refuse(self, batch: Batch, why: Temporary) -> None:
        """Nothing was confirmed, so the network still has it."""

    async def collect(self, part: str) -> Raw:
        """A file by the network's name for it. Raises Permanent where it is gone."""
        return await collected(self._line, part, self._largest, self._spool)

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt:
        """One call of the Bot API."""
        return await self._hand.over(part, stage)

    async def close(self) -> None:
        """End the connections."""
        await self._line.close()


def line(place: Place, options: BotOptions, dialect: Dialect) -> Line:
    """The line that the options describe."""
    bases = (options.api_base or dialect.api_base, options.file_base or dialect.file_base)
    ca_file = place.site / options.ca_file if options.ca_file else None
    return Line(bases, options.token, place.site, options.proxy, ca_file)


async def me(line: Line, bot: str, dialect: Dialect) -> Said:
    """What the network says of the bot that the token belongs to."""
    try:
        found = await line.ask("getMe")
    except Refused as refused:
        if refused.code in dialect.no_such_bot:
            raise Credentials("bot.token_refused", host=line.host, words=refused.text) from None
        raise of_asking(refused, line.host) from None
    said = Said(found if isinstance(found, dict) else {})
    name = said.text("username")
    if name and f"@{name.lower()}" != bot:
        # The keys of all messages begin with the name: under another one nothing would be found again.
        raise Credentials("bot.other_bot", bot=bot, found=f"@{name}")
    return said
