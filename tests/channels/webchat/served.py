"""The web chat on a socket, and a browser that listens to its stream."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from inbox.web.server import Server
from tests.channels.webchat.ground import ROOT, WebchatGround


@dataclass(frozen=True, slots=True)
class Event:
    """One event as a browser hears it; a comment has no name."""

    name: str
    id: str
    data: Any


class Stream:
    """A stream that is being read."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._blocks = self._cut()

    async def next(self, name: str = "line") -> Event:
        """The next event of that name; others are passed over."""
        async for event in self._blocks:
            if event.name == name:
                return event
        raise EOFError("the stream ended")

    async def rest(self) -> list[Event]:
        """What comes until it ends."""
        return [event async for event in self._blocks]

    async def _cut(self) -> AsyncIterator[Event]:
        lines: dict[str, str] = {}
        async for line in self.answer.aiter_lines():
            if line:
                field, _, value = line.partition(": ")
                lines[field] = value
            else:
                yield Event(lines.get("event", ""), lines.get("id", ""), json.loads(lines.get("data", "null")))
                lines = {}


@asynccontextmanager
async def served(ground: WebchatGround, politely: bool = True, seconds: float = 5) -> AsyncIterator[str]:
    """The address of the channel on a server of its own. Where it does not end politely, streams are cut off."""
    server = Server(ground.app, "127.0.0.1", 0)
    await server.start()
    try:
        yield f"http://127.0.0.1:{server.port}{ROOT}/"
    finally:
        if politely:
            ground.front.close()
        await server.stop(seconds)


@asynccontextmanager
async def listening(ground: WebchatGround, url: str, visitor: str, **headers: str) -> AsyncIterator[Stream]:
    """A stream of that visitor."""
    shown = {"authorization": f"Bearer {ground.tokens.token(visitor)}", **headers}
    async with (
        httpx.AsyncClient(base_url=url, headers=shown, trust_env=False, timeout=60) as browser,
        browser.stream("GET", "live") as answer,
    ):
        yield Stream(answer)
