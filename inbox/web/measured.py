"""The numbers for whoever watches the house: who may read `/metrics`, and how long every answer took to begin.

Read on the machine itself, or anywhere with the token of `[metrics]`. What came through a proxy was not asked here, whatever
address it seems to come from; and a page that a browser of this machine shows names another host.
"""

import hmac
import ipaddress
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inbox.web.frame import House, stranger

TYPE = "text/plain; version=0.0.4; charset=utf-8"
PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
"""Headers that proxies add."""
ELSEWHERE = "other"
"""The route of what no pattern answered: addresses are no label, for anybody can ask for any."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`read` gives the text, `took` is told each answer's route and seconds; `token` may be sent from elsewhere, empty: none may."""

    read: Callable[[], Awaitable[bytes]]
    took: Callable[[str, float], None]
    token: str = ""


def routes(house: House, measured: Measured | None) -> list[Route]:
    """GET `/metrics`, where something is measured."""
    if measured is None:
        return []

    async def metrics(request: Request) -> Response:
        if not allowed(request, measured.token):
            return _refused(house, request, known=bool(measured.token))
        return Response(await measured.read(), headers={"content-type": TYPE})

    return [Route("/metrics", metrics)]


def _refused(house: House, request: Request, *, known: bool) -> Response:
    said = stranger(house, request).say("web.metrics.refused")
    if not known:
        return PlainTextResponse(said + "\n", 403)
    return PlainTextResponse(said + "\n", 401, {"www-authenticate": "Bearer"})


def allowed(request: Request, token: str) -> bool:
    """Whether whoever asks may know."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if token and scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
        return True
    return _here(request)


def _here(request: Request) -> bool:
    passed_on = any(name in request.headers for name in PASSED_ON)
    named = urlsplit(f"//{request.headers.get('host', '')}").hostname
    return not passed_on and _loopback(request.client.host if request.client else "") and _loopback(named or "")


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Timed:
    """Tells how long each answer took to begin; how long a stream then goes on is no delay."""

    def __init__(self, app: ASGIApp, took: Callable[[str, float], None]) -> None:
        self._app = app
        self._took = took

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()

        async def timed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._took(_pattern(scope), time.monotonic() - began)
            await send(message)

        await self._app(scope, receive, timed)


def _pattern(scope: Scope) -> str:
    path = getattr(scope.get("route"), "path", "")
    if path:
        return str(path)
    return "/channels/{name}" if scope["path"].startswith("/channels/") and scope.get("endpoint") else ELSEWHERE
