"""A web chat whose visitors write to it over its own routes, and see what was handed over."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from starlette.routing import Mount, Router

from channels.webchat.adapter import WebchatAdapter
from channels.webchat.face import WebchatFace
from channels.webchat.talk import Rhythm
from channels.webchat.token import tokens
from inbox.domain.ids import ChannelName
from inbox.ports.channel import Channel, Place
from inbox.ports.codec import Codec
from inbox.ports.face import ASGIApp, Suggested
from inbox.ports.probe import silent
from inbox.testing import FacedChannel, FakeClock, FrontInMemory

HOST = "https://chat.example"
ROOT = "/channels/chat"
SHOP = "https://shop.example"
HELP = "https://help.example/help"
ARTICLES = {
    "en": (
        Suggested("refunds", "en", "How long do refunds take?", f"{HELP}/en/refunds", ("refunds", "money"), 3),
        Suggested("returns", "en", "Send something back", f"{HELP}/en/returns", ("money",)),
    ),
    "fa": (
        Suggested("وجه", "fa", "بازگشت وجه چقدر طول می‌کشد؟", f"{HELP}/fa/%D9%88", ("بازگشت", "وجه"), 3),
        Suggested("کالا", "fa", "پس دادن کالا", f"{HELP}/fa/%DA%A9", ("وجه",)),
    ),
}
QUESTIONS = {"en": "How long do refunds take? I want my money back.", "fa": "سلام، بازگشت وجه چقدر طول می‌کشد؟"}
"""What the house has for those who begin to write, and what they write: the first is sure to answer it, the second likely."""


class WebchatGround:
    """One channel, its face under its usual address, and three visitors."""

    address = "webchat"

    def __init__(self, folder: Path, rhythm: Rhythm | None = None, url: str = HOST, **options: Any) -> None:
        self.place = Place(ChannelName("chat"), "Example", folder / "data", bytes(range(32)), folder, f"{url}{ROOT}")
        self.adapter = WebchatAdapter()
        self.options = self.adapter.options({"origins": [SHOP], **options}, "test")
        self.tokens = tokens(self.place)
        self.correspondents = tuple(letter * 26 for letter in "abc")
        self.face = WebchatFace(self.place, self.options, rhythm)
        self.front = FrontInMemory(self.codec(), self.face.pages)
        self.app: ASGIApp = Router([Mount(ROOT, app=self.face.routes(self.front))])
        self._written: list[str] = []

    def channel(self) -> Channel:
        return FacedChannel(self.adapter.channel(self.place, self.options, FakeClock(), silent), self.front)

    def codec(self) -> Codec:
        return self.adapter.codec(self.place, self.options)

    async def deliver(self, text: str) -> bool:
        """A visitor's browser sends a message; told to come again it sends the very same one."""
        if text not in self._written:
            self._written.append(text)
        async with self.browser(self.correspondents[0]) as browser:
            answer = await browser.post("messages", json={"id": f"m{self._written.index(text)}", "text": text})
        assert answer.status_code in (202, 503), answer.text
        return answer.status_code == 202

    def taken(self) -> Sequence[bytes]:
        return self.front.bodies

    def browser(self, visitor: str = "", **more: Any) -> httpx.AsyncClient:
        """A browser that shows the visitor's token."""
        headers = {"authorization": f"Bearer {self.tokens.token(visitor)}"} if visitor else {}
        transport = httpx.ASGITransport(self.app, client=(more.pop("host", "192.0.2.7"), 40_000))
        headers |= more.pop("headers", {})
        return httpx.AsyncClient(transport=transport, base_url=f"{HOST}{ROOT}/", headers=headers, **more)
