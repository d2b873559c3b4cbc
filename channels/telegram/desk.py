"""A bot as agents see it: topics in a group, posts with buttons, signs under messages, as far as the network has them."""

import asyncio
from collections.abc import Mapping
from typing import Any

from channels.telegram.calls import Call
from channels.telegram.compose import harmless, plain
from channels.telegram.dialect import Dialect
from channels.telegram.files import albums, as_documents
from channels.telegram.keys import message_key, whole
from channels.telegram.line import Line
from channels.telegram.pace import Pace
from channels.telegram.pieces import pieces
from channels.telegram.request import Refused
from channels.telegram.said import Said
from channels.telegram.troubles import at_desk, unreadable_file, unreadable_markup
from channels.telegram.uploads import uploaded
from inbox.domain.ids import NetworkKey
from inbox.ports.channel import HANDED, StageLog
from inbox.ports.desk import DeskTraits, Posting, Press, Shown
from inbox.ports.probe import Probe
from inbox.text.cleaning import clean_header, strip_controls
from inbox.text.excerpts import cut

TITLE = 128
"""Letters of a topic's title."""
LABEL = 40
_SAME = "message is not modified"
_TOPIC_SAME = "topic_not_modified"
_GONE = ("message to delete not found", "message can't be deleted", "message to react not found")


class BotDesk:
    """Implements `inbox.ports.desk.Desk`."""

    def __init__(self, line: Line, bot: str, dialect: Dialect, probe: Probe) -> None:
        self._line = line
        self._bot = bot
        self._dialect = dialect
        self._probe = probe
        self._pace = Pace(dialect)

    @property
    def traits(self) -> DeskTraits:
        """As the dialect says."""
        can = self._dialect
        return DeskTraits(can.topics, can.reactions, can.pins, can.buttons, can.text)

    async def open_topic(self, chat: str, title: str, stage: StageLog) -> Shown:
        """A topic of the group."""
        said = {"chat_id": int(chat), "name": _title(title)}
        found = Said(_object(await self._ask("createForumTopic", said, chat, stage)))
        self._probe("desk.topic_made")
        return Shown(thread=f"{chat}/{found.needed('message_thread_id')}", rest=self._pace.rest(chat))

    async def rename(self, thread: str, title: str) -> Shown:
        """The title of a topic."""
        chat, _, topic = thread.partition("/")
        said = {"chat_id": int(chat), "message_thread_id": int(topic), "name": _title(title)}
        await self._harmlessly("editForumTopic", said, chat, _TOPIC_SAME)
        return Shown(rest=self._pace.rest(chat))

    async def post(self, thread: str, what: Posting, stage: StageLog) -> Shown:
        """The words in as many messages as they need, the buttons under the last; the files behind them."""
        chat, _, topic = thread.partition("/")
        where: dict[str, Any] = {"chat_id": int(chat)}
        if topic and self._dialect.topics:
            where["message_thread_id"] = int(topic)
        keys: list[NetworkKey] = []
        rest = 0.0
        for call in self._calls(what):
            answering = self._answering(chat, what.answers) if not keys else {}
            result = await self._sent(call.changed(**where, **answering), chat, stage)
            self._probe("desk.posted")
            keys += self._keys(chat, result)
            rest = self._pace.rest(chat)
        return Shown(tuple(keys), thread, rest)

    async def change(self, key: NetworkKey, what: Posting) -> Shown:
        """The text and buttons of a message of ours."""
        chat, number = whole(key)
        text = next(iter(pieces(self._text(what.text), self._dialect.text)))
        call = Call("editMessageText", {"chat_id": int(chat), "message_id": number, "text": text}, {})
        if what.presses and self._dialect.buttons:
            call = call.changed(reply_markup=_keyboard(what.presses))
        try:
            await self._sent(call, chat, None)
        except Refused as refused:
            if _SAME not in refused.text.lower():
                raise at_desk(refused, self._line.host, chat) from None
        return Shown((key,), rest=self._pace.rest(chat))

    async def remove(self, key: NetworkKey) -> Shown:
        """A message of ours."""
        chat, number = whole(key)
        await self._harmlessly("deleteMessage", {"chat_id": int(chat), "message_id": number}, chat, *_GONE)
        return Shown(rest=self._pace.rest(chat))

    async def pin(self, key: NetworkKey) -> Shown:
        """Without a sound."""
        chat, number = whole(key)
        said = {"chat_id": int(chat), "message_id": number, "disable_notification": True}
        await self._ask("pinChatMessage", said, chat)
        return Shown(rest=self._pace.rest(chat))

    async def react(self, key: NetworkKey, sign: str) -> Shown:
        """The bot's own reaction; to a message that is gone there is none."""
        chat, number = whole(key)
        signs = [{"type": "emoji", "emoji": sign}] if sign else []
        said = {"chat_id": int(chat), "message_id": number, "reaction": signs}
        await self._harmlessly("setMessageReaction", said, chat, *_GONE)
        return Shown(rest=self._pace.rest(chat))

    def _calls(self, what: Posting) -> list[Call]:
        text = self._text(what.text)
        calls = [Call("sendMessage", {"text": one}, {}) for one in pieces(text, self._dialect.text)] if text else []
        if calls and what.presses and self._dialect.buttons:
            calls[-1] = calls[-1].changed(reply_markup=_keyboard(what.presses))
        return [*calls, *albums(what.files, self._dialect)]

    def _text(self, text: str) -> str:
        return harmless(strip_controls(text), self._dialect).strip()

    def _answering(self, chat: str, key: NetworkKey) -> Mapping[str, Any]:
        if not key or whole(key)[0] != chat:
            return {}
        number = whole(key)[1]
        if self._dialect.reply == "reply_to_message_id":
            return {"reply_to_message_id": number}
        return {"reply_parameters": {"message_id": number, "allow_sending_without_reply": True}}

    async def _sent(self, call: Call, chat: str, stage: StageLog | None) -> Any:
        """Once more without markup, or with its files as plain documents, where the network could not read them."""
        for again in (True, True, False):
            try:
                return await self._asked(call.method, uploaded(call), stage)
            except Refused as refused:
                mended = plain(call, self._dialect) if unreadable_markup(refused) else None
                mended = as_documents(call) if unreadable_file(refused) and call.files else mended
                if mended is None or mended == call or not again:
                    if call.method == "editMessageText":
                        raise
                    raise at_desk(refused, self._line.host, chat) from None
                call = mended
        raise AssertionError("the last try returns or raises")

    async def _ask(self, method: str, said: Mapping[str, Any], chat: str, stage: StageLog | None = None) -> Any:
        try:
            return await self._asked(method, said, stage)
        except Refused as refused:
            raise at_desk(refused, self._line.host, chat) from None

    async def _harmlessly(self, method: str, said: Mapping[str, Any], chat: str, *fine: str) -> None:
        """Where it is already as it should be, all is well."""
        try:
            await self._asked(method, said, None)
        except Refused as refused:
            if not any(words in refused.text.lower() for words in fine):
                raise at_desk(refused, self._line.host, chat) from None

    async def _asked(self, method: str, said: Mapping[str, Any], stage: StageLog | None) -> Any:
        await asyncio.sleep(self._pace.turn())
        if stage is None:
            return await self._line.ask(method, said)

        async def handed() -> None:
            await stage(HANDED)

        return await self._line.ask(method, said, stage=handed)

    def _keys(self, chat: str, result: Any) -> list[NetworkKey]:
        sent = [Said(one) for one in (result if isinstance(result, list) else [result]) if isinstance(one, dict)]
        return [key for one in sent if (key := message_key(self._bot, int(chat), one.number("message_id")))]


def _keyboard(presses: tuple[Press, ...]) -> dict[str, Any]:
    """At most three in a row; what leads somewhere has a row of its own."""
    acting = [{"text": _label(one.label), "callback_data": one.data} for one in presses if one.data]
    rows = [acting[at : at + 3] for at in range(0, len(acting), 3)]
    rows += [[{"text": _label(one.label), "url": one.url}] for one in presses if one.url]
    return {"inline_keyboard": rows}


def _label(text: str) -> str:
    return text[: cut(text, LABEL)]


def _title(text: str) -> str:
    line = clean_header(text)
    return line[: cut(line, TITLE)] or "-"


def _object(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}
