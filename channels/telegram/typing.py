"""Shows that more is coming: between the parts of one message, while the chat has to rest or a file is on its way.

It is shown for what is being sent at that moment and for nothing else: nobody is made to believe that an agent writes.
"""

import asyncio
from contextlib import suppress

from channels.telegram.line import Line
from channels.telegram.request import Refused
from inbox.domain.problems import Problem

_ACTIONS = {
    "sendPhoto": "upload_photo",
    "sendVideo": "upload_video",
    "sendVoice": "upload_voice",
    "sendAudio": "upload_document",
    "sendDocument": "upload_document",
    "sendMediaGroup": "upload_document",
}
"""What is shown before a call of that method; before any other, that somebody is typing."""


class Typing:
    """Told beside everything else: no hand-over waits for it, and what goes wrong with it is nobody's affair."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._told: set[asyncio.Task[None]] = set()

    def before(self, method: str, chat: int) -> None:
        """A call of that method follows in that chat."""
        task = asyncio.create_task(self._tell(_ACTIONS.get(method, "typing"), chat))
        self._told.add(task)
        task.add_done_callback(self._told.discard)

    async def close(self) -> None:
        """End what is being told."""
        for task in list(self._told):
            task.cancel()
        await asyncio.gather(*self._told, return_exceptions=True)

    async def _tell(self, action: str, chat: int) -> None:
        with suppress(Refused, Problem):
            await self._line.ask("sendChatAction", {"chat_id": chat, "action": action})
