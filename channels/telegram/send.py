"""Hands one frozen call over, and follows the few refusals that can be answered at once."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from channels.telegram.calls import Call, thawed
from channels.telegram.compose import plain
from channels.telegram.dialect import Dialect
from channels.telegram.files import as_documents
from channels.telegram.keys import message_key
from channels.telegram.line import Line
from channels.telegram.pace import Pace
from channels.telegram.request import Refused
from channels.telegram.said import Said
from channels.telegram.screens import anew
from channels.telegram.troubles import as_it_was, of_sending, unchangeable, unreadable_file, unreadable_markup
from channels.telegram.typing import Typing
from channels.telegram.uploads import uploaded
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.ports.channel import HANDED, StageLog
from inbox.ports.probe import Probe

TRIES = 4
"""As it is, to where the chat has moved, without markup, and with its files as plain documents; or as a new message."""


class Hand:
    """The way out of one bot."""

    def __init__(self, line: Line, bot: str, dialect: Dialect, probe: Probe) -> None:
        self._line = line
        self._bot = bot
        self._dialect = dialect
        self._probe = probe
        self._pace = Pace(dialect)
        self._typing = Typing(line)

    async def close(self) -> None:
        """End what is under way."""
        await self._typing.close()

    def recollect(self, said: Sequence[tuple[str, float]]) -> Mapping[str, float]:
        """What was said before by another connection of ours counts as well."""
        return self._pace.recollect(said)

    async def over(self, part: FrozenPart, stage: StageLog) -> Receipt:
        """One hand-over. Raises Unreachable, Throttled, Temporary, Permanent or Credentials where nothing was accepted,
        Unconfirmed where nobody knows."""
        call, first, notes = _addressed(thawed(part.body), part), True, []
        await asyncio.sleep(self._pace.turn())
        for _ in range(TRIES):
            try:
                result = await self._line.ask(call.method, uploaded(call), stage=self._staged(stage, first))
            except Refused as refused:
                first = False
                if as_it_was(refused):
                    return Receipt(note=refused.text, rest=self._pace.rest(part.lane))
                mended = self._mended(call, refused)
                if mended is None or mended == call:
                    raise of_sending(refused, self._line.host, part.lane) from None
                notes.append(refused.text)
                call = mended
            else:
                self._probe("out.got_250")
                if more := call.note.get("more"):
                    self._typing.before(more, Said(call.parameters).number("chat_id"))
                rest = self._pace.rest(part.lane)
                return Receipt(self._keys(call, result), note="; ".join([*notes, "ok"]), rest=rest)
        raise of_sending(Refused(500, "too many refusals", {}), self._line.host, part.lane)

    def _staged(self, stage: StageLog, first: bool) -> Any:
        """The stage is written once: a refusal that is answered at once leaves the hand-over where it stood."""

        async def handed() -> None:
            if first:
                self._probe("out.connected")
                await stage(HANDED)
                self._probe("out.stage_dot_committed")

        return handed

    def _mended(self, call: Call, refused: Refused) -> Call | None:
        """What to say instead; None where the refusal stands."""
        if refused.moved_to:
            return call.changed(chat_id=refused.moved_to)
        if unreadable_markup(refused):
            return plain(call, self._dialect)
        if call.method.startswith("edit") and unchangeable(refused):
            return anew(call)
        return as_documents(call) if unreadable_file(refused) else None

    def _keys(self, call: Call, result: Any) -> tuple[NetworkKey, ...]:
        """The names of what was accepted; hosts leave out much, so what they do not tell is taken from the call."""
        chat = Said(call.parameters).number("chat_id")
        sent = [Said(one) for one in (result if isinstance(result, list) else [result]) if isinstance(one, dict)]
        keys = (message_key(self._bot, one.part("chat").number("id") or chat, one.number("message_id")) for one in sent)
        return tuple(key for key in keys if key)


def _addressed(call: Call, part: FrozenPart) -> Call:
    """A group may have moved since the bytes were frozen: the lane beside them is where it is now. Nobody else moves."""
    chat = str(call.parameters.get("chat_id", ""))
    moved = part.lane.startswith("-") and chat.startswith("-") and part.lane != chat
    return call.changed(chat_id=int(part.lane)) if moved else call
