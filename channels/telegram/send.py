"""Hands one frozen call over, and follows the few refusals that can be answered at once."""

import io
from collections.abc import Mapping
from typing import Any

from telegram import InputFile

from channels.telegram.calls import Call, thawed
from channels.telegram.compose import plain
from channels.telegram.dialect import Dialect
from channels.telegram.keys import message_key
from channels.telegram.line import Line
from channels.telegram.request import Refused
from channels.telegram.said import Said
from channels.telegram.troubles import of_sending, unreadable_markup
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.ports.channel import HANDED, StageLog
from inbox.ports.probe import Probe

TRIES = 3
"""As it is, to where the chat has moved, and without markup."""


class Hand:
    """The way out of one bot."""

    def __init__(self, line: Line, bot: str, dialect: Dialect, probe: Probe) -> None:
        self._line = line
        self._bot = bot
        self._dialect = dialect
        self._probe = probe

    async def over(self, part: FrozenPart, stage: StageLog) -> Receipt:
        """One hand-over. Raises Unreachable, Throttled, Temporary, Permanent or Credentials where nothing was accepted,
        Unconfirmed where nobody knows."""
        call, first, notes = thawed(part.body), True, []
        for _ in range(TRIES):
            try:
                result = await self._line.ask(call.method, uploaded(call), stage=self._staged(stage, first))
            except Refused as refused:
                first = False
                mended = self._mended(call, refused)
                if mended is None or mended.parameters == call.parameters:
                    raise of_sending(refused, self._line.host, part.lane) from None
                notes.append(refused.text)
                call = mended
            else:
                self._probe("out.got_250")
                return Receipt(self._keys(call, result), note="; ".join([*notes, "ok"]))
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
        return plain(call, self._dialect) if unreadable_markup(refused) else None

    def _keys(self, call: Call, result: Any) -> tuple[NetworkKey, ...]:
        """The names of what was accepted; hosts leave out much, so what they do not tell is taken from the call."""
        chat = Said(call.parameters).number("chat_id")
        sent = [Said(one) for one in (result if isinstance(result, list) else [result]) if isinstance(one, dict)]
        keys = (message_key(self._bot, one.part("chat").number("id") or chat, one.number("message_id")) for one in sent)
        return tuple(key for key in keys if key)


def uploaded(call: Call) -> Mapping[str, Any]:
    """The parameters with the files where the library looks for them."""
    said: dict[str, Any] = dict(call.parameters)
    if call.method == "sendDocument":
        said["document"] = _input(call, 0)
    elif call.method == "sendMediaGroup":
        caption = said.pop("caption", "")
        media = [{"type": "document", "media": f"attach://file{n}"} for n in range(len(call.files))]
        said["media"] = [{**media[0], "caption": caption}, *media[1:]] if caption else media
        said |= {f"file{n}": _input(call, n) for n in range(len(call.files))}
    return said


def _input(call: Call, number: int) -> InputFile:
    file = call.files[number]
    return InputFile(io.BytesIO(file.content), filename=file.filename)
