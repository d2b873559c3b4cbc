"""A bot's codec and something to say with it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from channels.telegram.calls import Call, thawed
from channels.telegram.codec import BotCodec
from channels.telegram.dialect import TABLE, Dialects
from channels.telegram.options import BotOptions
from inbox.domain.happenings import Address
from inbox.domain.outgoing import Outgoing, Purpose
from inbox.domain.secrets import SecretReference

BOT = "@example_desk_bot"


def codec(row: Dialects = "telegram", **can: Any) -> BotCodec:
    options = BotOptions(bot=BOT, token=SecretReference("env", ("T",)))
    return BotCodec(options, replace(TABLE[row], **can))


def outgoing(text: str = "سلام", **changes: Any) -> Outgoing:
    said: dict[str, Any] = {
        "purpose": Purpose.REPLY,
        "token": "a" * 26,
        "sender": Address(BOT, "Desk"),
        "to": (Address("7", "Ali"),),
        "subject": "",
        "text": text,
        "date": datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        "language": "fa",
        "direction": "rtl",
    }
    return Outgoing(**{**said, **changes})


def calls(what: Outgoing, row: Dialects = "telegram") -> list[Call]:
    """What the network is asked to do."""
    return [thawed(part.body) for part in codec(row).compose(what)]
