"""A browser without a window: asks an ASGI application directly, keeps cookies, sends forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from starlette.types import ASGIApp


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass
class Visitor:
    """Somebody with a cookie jar."""

    app: ASGIApp
    host: str = "127.0.0.1:8025"
    peer: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)

    async def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None = None,
        encoded: str = "",
    ) -> Answer:
        """One request; header names are written with underscores."""
        parts = urlsplit(url)
        sent = {"host": self.host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        content = urlencode(form).encode() if form is not None else encoded.encode()
        if form is not None:
            sent.setdefault("content-type", "application/x-www-form-urlencoded")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(k.encode(), v.encode()) for k, v in sent.items()],
            "client": (self.peer, 4711),
            "server": ("127.0.0.1", 8025),
        }
        return self._kept(await _answered(self.app, scope, content))

    async def get(self, url: str, **headers: str) -> Answer:
        """GET."""
        return await self.ask("GET", url, headers)

    async def post(self, url: str, form: Mapping[str, str], **headers: str) -> Answer:
        """POST a form."""
        return await self.ask("POST", url, headers, form)

    async def send(self, url: str, body: str) -> Answer:
        """POST a form of one of our pages whose fields may have several values, encoded already."""
        sent = {"sec_fetch_site": "same-origin", "content_type": "application/x-www-form-urlencoded"}
        return await self.ask("POST", url, sent, encoded=body)

    async def sign_in(self, link: str) -> Answer:
        """Open a login link and press its button."""
        return await self.post(link, {"bound": hidden(await self.get(link), "bound")}, sec_fetch_site="same-origin")

    def _kept(self, answer: Answer) -> Answer:
        for line in answer.headers.get("set-cookie", "").split("\n"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        return answer


async def _answered(app: ASGIApp, scope: dict[str, Any], content: bytes) -> Answer:
    given = [{"type": "http.request", "body": content, "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Any:
        return given.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers: dict[str, str] = {}
    for name, value in sent[0]["headers"]:
        key = name.decode().lower()
        headers[key] = f"{headers[key]}\n{value.decode()}" if key in headers else value.decode()
    return Answer(sent[0]["status"], headers, b"".join(m.get("body", b"") for m in sent[1:]))


def hidden(answer: Answer, name: str) -> str:
    """The value of a hidden field of the page."""
    return answer.text.split(f'name="{name}" value="')[1].split('"')[0]
