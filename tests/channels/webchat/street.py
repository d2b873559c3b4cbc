"""A web chat on a socket with somebody who answers in it, and a shop on another one whose pages embed its widget."""

import asyncio
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.webchat.talk import Rhythm
from inbox.domain.choices import Offer
from inbox.domain.happenings import Address
from inbox.domain.outgoing import File, Outgoing, Purpose
from inbox.testing.clock import DEFAULT_START
from inbox.testing.faces import FrontInMemory
from tests.channels.webchat.ground import ROOT, WebchatGround
from tests.rig.wait import until
from tests.web.sites import Running

Result = TypeVar("Result")
SHOP = """<!doctype html><html lang="{language}" dir="auto"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Shop</title>{head}</head>
<body><h1>Shop</h1><p><a href="#one">One</a></p>{body}
<script async src="{script}" data-lang="{language}" {tag}></script></body></html>"""


class Street:
    """The chat at `chat`, the shop at `shop`. Whatever touches the house runs on the house's own loop."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.head = self.body = ""
        self.policy = self.tag = ""
        self._shop = Running(Router([Route("/", self._page)]))
        self.shop = self._shop.url
        rhythm = Rhythm(alive=0.5, outlook=0.0)
        self.ground = WebchatGround(folder, rhythm, origins=[self.shop], **options)
        self._gate = Gate(self.ground.app)
        self._running = Running(self._gate)
        self.chat = f"{self._running.url}{ROOT}/"
        self._numbers = count(1)

    @property
    def front(self) -> FrontInMemory:
        """The house."""
        return self.ground.front

    @property
    def asked(self) -> list[str]:
        """Every request that the chat got: method and path below its own."""
        return self._gate.asked

    def shut(self, *paths: str) -> None:
        """From now on those paths (below the chat's own) answer nothing but 502, as a proxy without its server does."""
        self._gate.shut = paths

    def slow(self, *paths: str) -> None:
        """From now on what is asked of those paths is heard, and its answer never comes."""
        self._gate.slow = paths

    def spoken(self, visitor: str = "") -> list[str]:
        """What the house has of a visitor (the first one, where none is named), in its order."""
        who = visitor or self.visitor()
        return self.on_its_loop(lambda: [line.text for line in self.front.visitors[who].lines])

    def visitor(self) -> str:
        """Whoever wrote first; waits until somebody did."""
        found: list[str] = []

        def somebody() -> bool:
            found[:] = [who for who, known in self.front.visitors.items() if known.lines]
            return bool(found)

        until(somebody, what="a visitor writes")
        return found[0]

    def says(
        self,
        text: str,
        name: str = "Sara",
        *,
        automatic: bool = False,
        offers: tuple[Offer, ...] = (),
        files: tuple[File, ...] = (),
        to: str = "",
    ) -> None:
        """One of us says something to a visitor."""
        purpose = Purpose.ACKNOWLEDGEMENT if automatic else Purpose.REPLY
        sender, visitor = Address("webchat", name), Address(to or self.visitor())
        words = (purpose, f"{next(self._numbers):026}", sender, (visitor,), "", text, DEFAULT_START, "en", "ltr")
        [part] = self.ground.codec().compose(Outgoing(*words, files=files, offers=offers))
        self.on_its_loop(lambda: self.front.sent(part, offers))

    def on_its_loop(self, act: Callable[[], Result]) -> Result:
        """What the act gives, called where the house lives."""

        async def called() -> Result:
            return act()

        return asyncio.run_coroutine_threadsafe(called(), self._running.loop).result(10)

    def close(self) -> None:
        """Both servers end."""
        self.on_its_loop(self.front.close)
        self._running.close()
        self._shop.close()

    async def _page(self, request: Request) -> Response:
        language = request.query_params.get("lang", "en")
        html = SHOP.format(
            language=language, head=self.head, body=self.body, tag=self.tag, script=f"{self.chat}widget.js"
        )
        return HTMLResponse(html, headers={"content-security-policy": self.policy} if self.policy else {})


class Gate:
    """Stands before the chat: notes what is asked, and lets nothing through that is shut."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.asked: list[str] = []
        self.shut: tuple[str, ...] = ()
        self.slow: tuple[str, ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        path = scope["path"].removeprefix(f"{ROOT}/")
        self.asked.append(f"{scope['method']} {path}")
        if path in self.shut:
            await Response(status_code=502)(scope, receive, send)
        elif path in self.slow and scope["method"] != "OPTIONS":
            await self._app(scope, receive, _unheard)
            await self._gone(receive)
        else:
            await self._app(scope, receive, send)

    async def _gone(self, receive: Receive) -> None:
        """Whoever asked no longer listens."""
        while (await receive())["type"] != "http.disconnect":
            pass


async def _unheard(_message: Message) -> None:
    """Nobody gets what the chat answers."""
