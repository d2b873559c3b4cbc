"""Screens of a menu: one message with buttons, which changes in place where it stands already; and what is bold or leads somewhere in it."""

from collections.abc import Sequence
from typing import Any

from channels.telegram.calls import Call, Plain
from channels.telegram.dialect import Dialect
from channels.telegram.keyboard import keyboard
from channels.telegram.keys import numbered
from channels.telegram.pieces import pieces, units
from inbox.domain.outgoing import Mark, Outgoing

KINDS = {"link": "text_link"}
"""What the network calls a mark where it has another word for it."""


def screen(what: Outgoing, text: str, bot: str, chat: str, dialect: Dialect) -> list[Call]:
    """The call; none where only the buttons are to change and this network cannot do that. A text that is too long is cut: a screen
    is one message."""
    number = numbered(bot, chat, what.replaces) if dialect.edits else None
    under = dialect.buttons and (what.offers or number is not None)
    buttons: dict[str, Plain] = {"reply_markup": keyboard(what.offers)} if under else {}
    if not text.strip():
        return [] if number is None else [Call("editMessageReplyMarkup", {"message_id": number, **buttons}, {})]
    said: dict[str, Plain] = {"text": pieces(text, dialect.text)[0], **buttons}
    if dialect.entities and text == what.text and (found := entities(text, what.marks, len(str(said["text"])))):
        said["entities"] = found
    return [Call("sendMessage" if number is None else "editMessageText", _at(number) | said, {})]


def anew(call: Call) -> Call | None:
    """The screen as a new message, where the old one cannot be changed any more; None where it is none, or only its buttons were to."""
    if call.method != "editMessageText":
        return None
    return Call("sendMessage", {name: one for name, one in call.parameters.items() if name != "message_id"}, call.note)


def entities(text: str, marks: Sequence[Mark], end: int) -> list[dict[str, Any]]:
    """The marks of the first `end` characters as the network counts: in units of UTF-16."""
    return [_entity(text, one) for one in marks if one.start + one.length <= end]


def _entity(text: str, one: Mark) -> dict[str, Any]:
    stop = one.start + one.length
    place = {"offset": units(text[: one.start]), "length": units(text[one.start : stop])}
    return {"type": KINDS.get(one.kind, one.kind), **place, **({"url": one.url} if one.url else {})}


def _at(number: int | None) -> dict[str, Plain]:
    return {} if number is None else {"message_id": number}
