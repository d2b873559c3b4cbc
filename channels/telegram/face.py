"""The face of a bot with a webhook: takes updates that the network brings, and says that it has them when they are stored."""

import asyncio
import hashlib
import json
from pathlib import Path

from channels.telegram.dialect import Dialect
from channels.telegram.fetch import item
from channels.telegram.hook import HEADER, Hook
from channels.telegram.options import BotOptions
from inbox.domain.arrivals import Item
from inbox.domain.problems import Credentials, Temporary
from inbox.ports.channel import Place
from inbox.ports.face import ASGIApp, Front, Receive, Scope, Send

LARGEST = 1_000_000
"""Bytes of an update; real ones have a few thousand."""


class WebhookFace:
    """Implements `inbox.ports.face.Face`."""

    def __init__(self, place: Place, options: BotOptions, dialect: Dialect) -> None:
        self._place = place
        self._options = options
        self._dialect = dialect

    @property
    def pages(self) -> Path | None:
        """Nobody looks at it."""
        return None

    def routes(self, front: Front) -> ASGIApp:
        """One address, for the network alone: to everybody else nothing is there that says anything."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                await _answer(send, await self._status(scope, receive, front))

        return app

    async def _status(self, scope: Scope, receive: Receive, front: Front) -> int:
        """Who calls is known before a byte of the body is read; 200 only for what is stored. Why nothing can be taken now is
        for our own people: a stranger learns neither that our secret cannot be read nor where it lies."""
        try:
            hook = await asyncio.to_thread(Hook.of, self._options, self._dialect, self._place)
            path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
            if scope["method"] != "POST" or not hook.proves(path, dict(scope["headers"]).get(HEADER, b"")):
                return 403
            body = await _body(receive)
            if body is None:
                return 413
            await front.accept(_read(body))
        except (Temporary, Credentials):
            return 503
        return 200


def _read(body: bytes) -> Item:
    """The update as polling would have brought it, under the same key; what is none is kept as it came."""
    try:
        return item(json.loads(body))
    except (ValueError, RecursionError):
        return Item(f"0-{hashlib.sha256(body).hexdigest()[:20]}", body)


async def _body(receive: Receive) -> bytes | None:
    """All of it; None where it is too much, or the caller left."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or len(body) > LARGEST:
            return None
        if not message.get("more_body"):
            return bytes(body)


async def _answer(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
