"""Which web pages may talk to us: those of the allow-list and our own. Every other one is refused before anything is done."""

from collections.abc import Awaitable, Callable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALLOWED_HEADERS = "Authorization, Content-Type, Last-Event-ID"
PREFLIGHT_LASTS = 600
"""Seconds for which a browser may remember what it was allowed."""
Refusing = Callable[[Request], Awaitable[Response] | Response]


class Origins:
    """An ASGI application round another one (the CORS protocol of the Fetch standard). A page's cookies are never asked for.

    `public` are the paths that every page may load, `forms` those that answer for themselves where a form came from.
    """

    def __init__(
        self,
        app: ASGIApp,
        allowed: Collection[str],
        url: str,
        refuse: Callable[[Request], Response],
        public: Collection[str],
        forms: Collection[str],
    ) -> None:
        self._app = app
        self._allowed = frozenset((*allowed, origin_of(url)))
        self._refuse = refuse
        self._public = frozenset(public)
        self._forms = frozenset(forms)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        origin, path = request.headers.get("origin"), own_path(scope)
        if path in self._public or path in self._forms or (origin is None and request.method != "OPTIONS"):
            await self._app(scope, receive, send)
        elif origin is None or not self.known(origin, request):
            await self._refuse(request)(scope, receive, send)
        elif request.method == "OPTIONS":
            await _preflight(origin)(scope, receive, send)
        else:
            await self._app(scope, receive, _marking(send, origin))

    def known(self, origin: str, request: Request) -> bool:
        """Whether pages of that origin may talk to us. "null" (a file, a sandbox) is nobody's."""
        return origin in self._allowed or origin == origin_of(str(request.base_url))


def origin_of(url: str) -> str:
    """The origin of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def own_path(scope: Scope) -> str:
    """The path below the channel's own, without a slash at its beginning."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")).lstrip("/")


def _preflight(origin: str) -> Response:
    return Response(
        status_code=204,
        headers={
            "access-control-allow-origin": origin,
            "access-control-allow-methods": "GET, POST",
            "access-control-allow-headers": ALLOWED_HEADERS,
            "access-control-max-age": str(PREFLIGHT_LASTS),
            "vary": "Origin",
        },
    )


def _marking(send: Send, origin: str) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["access-control-allow-origin"] = origin
            headers["access-control-expose-headers"] = "Retry-After"
            headers.add_vary_header("Origin")
        await send(message)

    return marked
