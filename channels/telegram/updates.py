"""One update of the Bot API in house terms. Pure: the same update says the same, whenever and wherever it is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from channels.telegram.contents import content
from channels.telegram.dialect import Dialect
from channels.telegram.keys import fingerprint, message_key
from channels.telegram.said import Said
from inbox.domain.happenings import (
    Address,
    AddressMove,
    Aside,
    Button,
    Edit,
    Fragment,
    Happening,
    InboundMessage,
    Reachability,
)
from inbox.domain.ids import NetworkKey
from inbox.text.cleaning import clean_header, strip_controls
from inbox.text.languages import language

_GROUPS = ("group", "supergroup")
_ASIDE = {
    "channel_post": "ignored.channel_post",
    "edited_channel_post": "ignored.channel_post",
    "inline_query": "ignored.inline",
    "chosen_inline_result": "ignored.inline",
    "message_reaction": "ignored.reaction",
    "message_reaction_count": "ignored.reaction",
    "poll": "ignored.poll",
    "poll_answer": "ignored.poll",
    "chat_member": "ignored.membership",
    "chat_join_request": "ignored.membership",
    "chat_boost": "ignored.membership",
    "removed_chat_boost": "ignored.membership",
    "business_connection": "ignored.business",
    "business_message": "ignored.business",
    "edited_business_message": "ignored.business",
    "deleted_business_messages": "ignored.business",
    "shipping_query": "ignored.payment",
    "pre_checkout_query": "ignored.payment",
    "purchased_paid_media": "ignored.payment",
}
"""Kinds of updates that are none of ours. They are not asked for; a host that does not heed that sends them anyway."""
Found = Sequence[Happening] | str
"""What an update says or, as a catalogue key, why that is no affair of ours."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the updates of one bot. `groups` are the group chats in which it listens."""

    bot: str
    groups: frozenset[int]
    dialect: Dialect

    def happenings(self, update: Said) -> Sequence[Happening]:
        """What it says to us; of a kind, or from a place, that is none of ours, only why it is not. Raises Unreadable."""
        number = update.needed("update_id")
        if message := update.part("message"):
            found = self._message(message)
        elif edited := update.part("edited_message"):
            found = self._edited(edited)
        elif pressed := update.part("callback_query"):
            found = self._pressed(pressed)
        elif member := update.part("my_chat_member"):
            found = self._member(member)
        else:
            found = next((reason for kind, reason in _ASIDE.items() if kind in update), "ignored.unknown_kind")
        return (
            [Aside("aside", fingerprint("aside", self.bot, number, found), found)] if isinstance(found, str) else found
        )

    def _message(self, message: Said) -> Found:
        if "migrate_to_chat_id" in message or "migrate_from_chat_id" in message:
            return self._moved(message)
        if not self._listens(message.part("chat")):
            return "ignored.foreign_chat"
        read = self._read(message)
        if read is None:
            return "ignored.service_message"
        group = clean_header(message.text("media_group_id"))
        if not group:
            return [read]
        whole = f"{self.bot.removeprefix('@')}/{read.thread}/{group}"
        return [Fragment("fragment", whole, read, read.key, read.fingerprint)]

    def _listens(self, chat: Said) -> bool:
        """Private chats are for everyone; a group is ours only where the site says so; channels never."""
        number = chat.needed("id")
        kind = chat.text("type") or ("private" if number > 0 else "group")
        return kind == "private" or (kind in _GROUPS and number in self.groups)

    def _read(self, message: Said) -> InboundMessage | None:
        held = content(message, self.dialect.download)
        if held is None:
            return None
        chat, sender = message.part("chat").needed("id"), self._person(message)
        key = message_key(self.bot, chat, message.needed("message_id"))
        machine = message.part("from").true("is_bot") and sender.address == str(message.part("from").number("id"))
        quote = strip_controls(message.part("quote").text("text")).strip()
        return InboundMessage(
            "message",
            key,
            fingerprint("message", key),
            sender,
            (Address(self.bot),),
            text=f"{_quoted(quote)}\n\n{held.text}" if quote else held.text,
            reply_text=held.text,
            sent_at=message.instant("date"),
            references=self._references(message, chat),
            thread=self._thread(message, chat),
            automatic="auto-reply" if machine else None,
            automatic_evidence="is_bot" if machine else "",
            own=sender.address == self.bot,
            language=_language(message),
            attachments=held.files,
            headers=tuple(self._headers(message)),
            defects=held.defects,
        )

    def _person(self, message: Said) -> Address:
        """A person is their number; names and usernames are labels, which anybody can change and take over."""
        person = message.part("from")
        if person.text("username").lower() == self.bot.removeprefix("@") and person.true("is_bot"):
            return Address(self.bot, clean_header(person.text("first_name")))
        if behind := message.part(
            "sender_chat"
        ):  # who speaks for a group or channel is told as a bot of the network's own
            return Address(str(behind.needed("id")), clean_header(behind.text("title")))
        names = clean_header(f"{person.text('first_name')} {person.text('last_name')}")
        return Address(str(person.needed("id")), names or clean_header(person.text("username")))

    def _thread(self, message: Said, chat: int) -> str:
        topic = message.number("message_thread_id")
        return f"{chat}/{topic}" if topic and message.true("is_topic_message") and self.dialect.topics else str(chat)

    def _references(self, message: Said, chat: int) -> tuple[NetworkKey, ...]:
        """The message that it answers. The one that opened its topic is no answer, though the network says so."""
        answered = message.part("reply_to_message")
        number = answered.number("message_id")
        opening = message.true("is_topic_message") and number == message.number("message_thread_id")
        return (message_key(self.bot, chat, number),) if number > 0 and not opening else ()

    def _headers(self, message: Said) -> list[tuple[str, str]]:
        """What rules may look at."""
        found = [("username", message.part("from").text("username")), ("forwarded-from", _origin(message))]
        command, _, rest = message.text("text").partition(" ")
        if command.startswith("/"):
            found += [("command", command[1:].partition("@")[0].lower())]
            found += [("start-payload", rest)] if command.partition("@")[0] == "/start" else []
        return [(name, clean_header(one)[:200]) for name, one in found if one.strip()]

    def _edited(self, edited: Said) -> Found:
        if not self._listens(edited.part("chat")):
            return "ignored.foreign_chat"
        read = self._read(edited)
        if read is None:
            return "ignored.service_message"
        when = edited.number("edit_date")
        print = fingerprint("edit", read.key, when, read.text)
        return [Edit("edit", read.key, print, read.sender, read.thread, read.text, edited.instant("edit_date"))]

    def _pressed(self, pressed: Said) -> Found:
        """Every press, wherever the button stands: whoever pressed it is waiting to be told something."""
        message, name = pressed.part("message"), clean_header(pressed.text("id"))
        if not name:
            return "ignored.button_of_nothing"
        key = NetworkKey(f"{self.bot.removeprefix('@')}/pressed/{name}")
        chat = message.part("chat").number("id")
        ours = bool(chat) and self._listens(message.part("chat"))
        thread, sender = self._thread(message, chat) if ours else "", self._person(pressed)
        about = message_key(self.bot, chat, message.number("message_id")) if ours else NetworkKey("")
        data = pressed.text("data")[:200]
        return [Button("button", key, fingerprint("button", key), sender, thread, data, about, name)]

    def _member(self, member: Said) -> Found:
        """In a private chat this tells that a person blocked the bot, or let it in again."""
        chat, status = member.part("chat"), clean_header(member.part("new_chat_member").text("status"))
        if chat.text("type") != "private" or not status:
            return "ignored.membership"
        address = str(chat.needed("id"))
        print = fingerprint("reachability", self.bot, address, member.number("date"), status)
        reachable = status not in ("kicked", "left")
        return [Reachability("reachability", NetworkKey(""), print, address, reachable, "" if reachable else status)]

    def _moved(self, message: Said) -> Found:
        """A group became a supergroup: told once in the old chat and once in the new one, and meant once."""
        here = message.part("chat").needed("id")
        there = message.number("migrate_to_chat_id")
        old, new = (here, there) if there else (message.needed("migrate_from_chat_id"), here)
        if not {old, new} & self.groups:
            return "ignored.foreign_chat"
        return [AddressMove("move", NetworkKey(""), fingerprint("move", self.bot, old, new), str(old), str(new))]


def _origin(message: Said) -> str:
    """Who wrote what is forwarded, as the network tells it: a label and no address."""
    origin = message.part("forward_origin")
    who = origin.part("sender_user") or message.part("forward_from")
    where = origin.part("chat") or origin.part("sender_chat") or message.part("forward_from_chat")
    names = (f"{who.text('first_name')} {who.text('last_name')}", where.text("title"))
    hidden = origin.text("sender_user_name") or message.text("forward_sender_name")
    return next((name for name in (*names, hidden) if name.strip()), "")


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


def _language(message: Said) -> str | None:
    """That of the words; of what has none, such as a command or a place, that of the person's app where it is ours."""
    words = message.text("text") or message.text("caption")
    code = message.part("from").text("language_code")[:2]
    return (None if words.startswith("/") else language(words)) or (code if code in ("fa", "en") else None)
