"""What stands round every page: headers that forbid a browser more than we need, and the check of where a form comes from."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "private, no-store",
}


class Guarded:
    """Sets HEADERS on every answer that has not set its own. A channel's own routes get `nosniff` only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        of_channel = scope["path"].startswith("/channels/")

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    if not of_channel or name == "x-content-type-options":
                        headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)


def from_here(request: Request, public_url: str) -> bool:
    """Whether a form was sent from one of our own pages, as far as the browser tells.

    `Sec-Fetch-Site` where the browser sends it, else `Origin`. With `Referrer-Policy: no-referrer` a page's own forms have
    `Origin: null`, which proves nothing either way: each form carries a token besides.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin in (None, "null", _origin(str(request.base_url)), _origin(public_url))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
