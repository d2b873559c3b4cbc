"""One bot behind the contract that every channel keeps."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress

from channels.telegram.collect import collected
from channels.telegram.commands import tell_commands
from channels.telegram.desk import BotDesk
from channels.telegram.dialect import Dialect
from channels.telegram.fetch import Updates
from channels.telegram.hook import PATH, Hook, set_up
from channels.telegram.line import Line
from channels.telegram.options import BotOptions
from channels.telegram.request import Refused
from channels.telegram.said import Said
from channels.telegram.send import Hand
from channels.telegram.troubles import of_asking, of_sending
from inbox.domain.arrivals import Raw
from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.domain.problems import Credentials, Temporary
from inbox.ports.channel import Batch, Cursor, Place, StageLog
from inbox.ports.clock import Clock
from inbox.ports.probe import Probe
from inbox.text.excerpts import cut

TOAST = 200
"""Letters that a toast holds."""


class BotChannel:
    """Implements `inbox.ports.channel.Channel`."""

    def __init__(self, place: Place, options: BotOptions, dialect: Dialect, clock: Clock, probe: Probe) -> None:
        self._place = place
        self._options = options
        self._bot = options.bot
        self._dialect = dialect
        self._probe = probe
        self._line = line(place, options, dialect)
        self._updates = Updates(self._line, dialect, options.poll_seconds, clock, probe, place.url and place.url + PATH)
        self._hand = Hand(self._line, options.bot, dialect, probe)
        self._largest = min(options.max_file, dialect.download)
        self._spool = place.data / "spool"
        self._telling: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Ask the network who we are and, where it brings updates, say where to. Raises Unreachable; Credentials where the
        token is nobody's, or another bot's, or nothing can be brought to us."""
        await me(self._line, self._bot, self._dialect)
        if self._options.updates == "webhook":
            hook = await asyncio.to_thread(Hook.of, self._options, self._dialect, self._place)
            await set_up(self._line, hook, self._dialect, self._place)

    async def fetch(self, since: Cursor | None) -> AsyncIterator[Batch]:
        """Updates as they come. With a webhook none does: they come by the face. Meanwhile the network is told which commands there are."""
        if self._dialect.commands and self._place.commands and self._telling is None:
            self._telling = asyncio.create_task(tell_commands(self._line, self._place.commands))
        if self._options.updates == "webhook":
            await asyncio.Event().wait()
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

    def recollect(self, said: Sequence[tuple[str, float]]) -> Mapping[str, float]:
        """How long each chat must still rest after what was said before this connection."""
        return self._hand.recollect(said)

    async def tell(self, query: str, words: str) -> None:
        """Show whoever pressed a button what came of it. Without words only the waiting ends. Raises as `send` does."""
        said = {"callback_query_id": query, **({"text": cut_short(words)} if words else {})}
        try:
            await self._line.ask("answerCallbackQuery", said)
        except Refused as refused:
            raise of_sending(refused, self._line.host, query) from None

    def desk(self) -> BotDesk:
        """The same bot, as agents see it."""
        return BotDesk(self._line, self._bot, self._dialect, self._probe)

    async def close(self) -> None:
        """End the connections."""
        if self._telling is not None:
            self._telling.cancel()
            with suppress(asyncio.CancelledError):
                await self._telling
        await self._hand.close()
        await self._line.close()


def cut_short(words: str) -> str:
    """As much as a toast holds, and no letter in halves."""
    return words[: cut(words, TOAST)]


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
