"""How we say things in a chat: a text in as many messages as it needs, files with it, one call of the Bot API each."""

import re
from collections.abc import Iterator
from itertools import count

from channels.telegram.calls import Call, Plain
from channels.telegram.dialect import Dialect
from channels.telegram.files import albums
from channels.telegram.keyboard import keyboard
from channels.telegram.keys import CHAT, numbered
from channels.telegram.pieces import pieces, units
from channels.telegram.screens import screen
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart, Outgoing, Purpose
from inbox.domain.problems import Permanent
from inbox.text.cleaning import strip_controls

WORD_JOINER = "\u2060"
_SIGNS = re.compile(rf"[*_`\[](?!{WORD_JOINER})")
"""Signs of markup that nothing keeps apart yet."""


def composed(what: Outgoing, bot: str, dialect: Dialect) -> list[FrozenPart]:
    """The parts in order: each recipient has a chat of their own, unless all of it stands in a group. Raises Permanent.

    A part stands in the lane of its chat: that is where networks count how much is said, and what moves with a group.
    """
    addresses = list(dict.fromkeys(one.address for one in (*what.to, *what.cc)))
    for address in addresses or [""]:
        if not CHAT.fullmatch(address):
            raise Permanent("bot.impossible_address", address=address)
    numbers, parts = count(), []
    for recipients, chat, topic in _destinations(what, addresses):
        for call in _calls(what, bot, chat, topic, recipients, dialect):
            body = call.frozen()
            files = call.attachments(body)
            parts.append(FrozenPart(next(numbers), NetworkKey(""), chat, what.sender.address, recipients, body, files))
    return parts


def _destinations(what: Outgoing, addresses: list[str]) -> list[tuple[tuple[str, ...], str, str]]:
    """Recipients, chat and topic. In a group everybody reads the one message."""
    chat, _, topic = what.thread.partition("/")
    if CHAT.fullmatch(chat) and chat.startswith("-"):
        return [(tuple(addresses), chat, topic)]
    return [((address,), address, topic if address == chat else "") for address in addresses]


def _calls(
    what: Outgoing, bot: str, chat: str, topic: str, recipients: tuple[str, ...], dialect: Dialect
) -> Iterator[Call]:
    note = {
        "purpose": what.purpose.value,
        "sender": what.sender.address,
        "to": " ".join(recipients),
        "token": what.token,
        "date": what.date.isoformat(),
        "language": what.language,
    }
    where: dict[str, Plain] = {"chat_id": int(chat)}
    if topic.isdecimal() and dialect.topics:
        where["message_thread_id"] = int(topic)
    answering = _answering(what, bot, chat, dialect)
    if what.purpose is Purpose.SCREEN:
        said = screen(what, harmless(strip_controls(what.text), dialect), bot, chat, dialect)
    else:
        said = _said(what, dialect)
    for at, one in enumerate(said):
        behind = {"more": said[at + 1].method} if at + 1 < len(said) else {}
        yield Call(one.method, {**where, **one.parameters, **answering}, {**note, **one.note, **behind}, one.files)
        answering = {}


def _answering(what: Outgoing, bot: str, chat: str, dialect: Dialect) -> dict[str, Plain]:
    """The message that is answered is shown above the first part, where it stands in the same chat."""
    number = numbered(bot, chat, what.answers)
    if number is None:
        return {}
    if dialect.reply == "reply_to_message_id":
        return {"reply_to_message_id": number}
    return {"reply_parameters": {"message_id": number, "allow_sending_without_reply": True}}


def _said(what: Outgoing, dialect: Dialect) -> list[Call]:
    """The calls as far as the words and files go. A short text goes with the files, a longer one before them, whole; the
    buttons stand under its last piece."""
    text = harmless(strip_controls(what.text), dialect)
    sent = albums(what.files, dialect)
    if not text.strip() and not sent:
        raise Permanent("bot.nothing_to_say")
    captioned = bool(sent) and units(text) <= dialect.caption
    if what.offers and dialect.buttons and sent and len(sent[0].files) > 1:
        captioned = False  # an album bears no buttons
    words = [] if captioned else [Call("sendMessage", {"text": piece}, {}) for piece in pieces(text, dialect.text)]
    if captioned and text.strip():
        sent[0] = sent[0].changed(caption=text)
        words, sent = sent[:1], sent[1:]
    if words and what.offers and dialect.buttons:
        words[-1] = words[-1].changed(reply_markup=keyboard(what.offers))
    return [*words, *sent]


def harmless(text: str, dialect: Dialect) -> str:
    """Where every text is Markdown, a customer's words that we repeat could hide an address behind other words."""
    return text.replace("](", f"]{WORD_JOINER}(") if dialect.always_markdown else text


def plain(call: Call, dialect: Dialect) -> Call:
    """The call so that nothing in it can be taken for markup: what is tried where a network could not read the markup."""
    limits = {"text": dialect.text, "caption": dialect.caption}
    kept = {name: one for name, one in call.parameters.items() if name not in ("parse_mode", "entities")}
    for name, limit in limits.items():
        if name in kept:
            kept[name] = _unmarked(str(kept[name]), limit)
    return Call(call.method, kept, call.note, call.files)


def _unmarked(text: str, limit: int) -> str:
    joined = _SIGNS.sub(rf"\g<0>{WORD_JOINER}", text)
    return joined if units(joined) <= limit else _SIGNS.sub("", text)
