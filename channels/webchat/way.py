"""A route for one method: to every other one it answers as JSON too, and a stream is never begun for a HEAD."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from channels.webchat.refusal import Refused, answer
from channels.webchat.tongue import chosen
from inbox.ports.face import Front


class Way(Route):
    """`endpoint` gets the request."""

    def __init__(self, front: Front, method: str, path: str, endpoint: Callable[..., Any]) -> None:
        super().__init__(path, endpoint, methods=[method])
        self.methods = {method}
        self._front = front

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["method"] in (self.methods or ()):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        refused = answer(self._front, chosen(self._front, request), Refused(405, "webchat.no_such_page"))
        refused.headers["allow"] = ", ".join(self.methods or ())
        await refused(scope, receive, send)
