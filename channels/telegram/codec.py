"""The codec of bots: a raw is one update or one frozen call of ours, both JSON."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from channels.telegram.calls import MARK, thawed
from channels.telegram.compose import composed
from channels.telegram.dialect import Dialect
from channels.telegram.gap import GAP, told
from channels.telegram.options import BotOptions
from channels.telegram.said import Said
from channels.telegram.updates import Reader
from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.happenings import Address, Happening, InboundMessage
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart, Outgoing, Purpose
from inbox.domain.problems import Unreadable
from inbox.ports.codec import Traits

OVERSIZED = 60_000_000
"""Bytes of a raw beyond which it is not looked at: more than any frozen call holds."""


class BotCodec:
    """Implements `inbox.ports.codec.Codec`."""

    def __init__(self, options: BotOptions, dialect: Dialect, desks: frozenset[str] = frozenset()) -> None:
        self._bot = options.bot
        self._dialect = dialect
        listens = frozenset(options.groups) | {int(chat) for chat in desks}
        self.reader = Reader(options.bot, listens, dialect)

    @property
    def traits(self) -> Traits:
        """As the dialect says. The same bytes handed over twice are two messages."""
        can = self._dialect
        return Traits(
            edits=can.edits,
            topics=can.topics,
            buttons=can.buttons,
            marks=can.entities,
            reactions=can.reactions,
            desks=True,
            text_limit=can.text,
            file_limit=can.upload,
            certain_sender=True,
            resend_safe=False,
        )

    def parse(self, raw: Raw) -> Sequence[Happening]:
        """What an update says. Raises Unreadable."""
        body = _content(raw)
        if body.startswith(MARK):
            return [self._ours(body)]
        try:
            said = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Unreadable("bot.unreadable", reason=type(error).__name__) from error
        if not isinstance(said, dict):
            raise Unreadable("bot.unreadable", reason="no object")
        if GAP in said:
            raise told(said)
        return list(self.reader.happenings(Said(said)))

    def compose(self, what: Outgoing) -> Sequence[FrozenPart]:
        """One call a part, in order. Raises Permanent for an address that is no chat's."""
        return composed(what, self._bot, self._dialect)

    def attachment(self, raw: Raw, start: int, length: int, encoding: str) -> bytes:
        """The bytes at that range; files stand in a frozen call as they are."""
        return _content(raw)[start : start + length]

    def _ours(self, body: bytes) -> InboundMessage:
        call = thawed(body)
        note, parameters = call.note, call.parameters
        text = str(parameters.get("text", parameters.get("caption", "")))
        try:
            purpose, date = Purpose(note["purpose"]), datetime.fromisoformat(note["date"])
            sender, to = Address(note["sender"]), tuple(map(Address, note["to"].split()))
        except (LookupError, ValueError) as error:
            raise Unreadable("bot.unreadable", reason=type(error).__name__) from error
        return InboundMessage(
            "message",
            NetworkKey(""),
            hashlib.sha256(body).hexdigest(),
            sender,
            to,
            text=text,
            reply_text=text,
            sent_at=date,
            thread=str(parameters.get("chat_id", "")),
            automatic="auto-reply" if purpose.automatic else None,
            automatic_evidence=purpose.value if purpose.automatic else "",
            own=sender.address == self._bot,
            language=note.get("language"),
            attachments=call.attachments(body),
        )


def _content(raw: Raw) -> bytes:
    if isinstance(raw, Spooled):
        if raw.size > OVERSIZED:
            raise Unreadable("bot.oversized", limit=OVERSIZED)
        raw = raw.path.read_bytes()
    if len(raw) > OVERSIZED:
        raise Unreadable("bot.oversized", limit=OVERSIZED)
    return raw
