"""Live lines to a browser (server-sent events): one task a stream, woken by the house, going on where it broke off."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping

from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from channels.webchat import shown
from channels.webchat.refusal import Refused
from channels.webchat.shown import Outlooks
from inbox.domain.ids import MessageId
from inbox.domain.problems import Problem
from inbox.ports.face import Front

AT_ONCE = 6
"""Streams of one visitor; when there are more, the oldest ends."""
CROWD = 4 * AT_ONCE
"""Streams of one visitor beyond which there is no other, until the old ones have ended."""
ALTOGETHER = 5000
"""Streams of one channel."""
AGAIN = 30
"""Seconds after which a stream may be asked for again that there was no room for."""
HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
}
ALIVE = b": \n\n"
END: Message = {"type": "http.response.body", "body": b"", "more_body": False}


class Streams:
    """Who listens. A browser that is gone is noticed late, so the newest stream wins and an old one makes room."""

    def __init__(self) -> None:
        self._open: dict[str, list[Ticket]] = {}
        self._count = 0

    @property
    def count(self) -> int:
        """Streams that are open now."""
        return self._count

    def enter(self, visitor: str) -> "Ticket":
        """One more stream. Whoever gets the ticket has to leave. Raises Refused (429, 503)."""
        mine = self._open.get(visitor, [])
        if len(mine) >= CROWD:
            raise Refused(429, "webchat.too_often", wait=AGAIN)
        if self._count >= ALTOGETHER:
            raise Refused(503, "webchat.busy", wait=AGAIN)
        ticket = Ticket(self, visitor)
        self._open.setdefault(visitor, mine).append(ticket)
        self._count += 1
        return ticket

    def may_stay(self, ticket: "Ticket") -> bool:
        """Whether it is among the newest of its visitor."""
        return ticket in self._open.get(ticket.visitor, [])[-AT_ONCE:]

    def leave(self, ticket: "Ticket") -> None:
        """The stream has ended. Safe twice."""
        mine = self._open.get(ticket.visitor, [])
        if ticket in mine:
            mine.remove(ticket)
            self._count -= 1
        if not mine:
            self._open.pop(ticket.visitor, None)


class Ticket:
    """One open stream of a visitor."""

    __slots__ = ("_streams", "visitor")

    def __init__(self, streams: Streams, visitor: str) -> None:
        self._streams = streams
        self.visitor = visitor

    @property
    def wanted(self) -> bool:
        """Whether the stream may go on."""
        return self._streams.may_stay(self)

    def leave(self) -> None:
        """It has ended."""
        self._streams.leave(self)


async def events(
    front: Front,
    outlooks: Outlooks,
    ticket: Ticket,
    after: MessageId | None,
    language: str,
    alive: float,
) -> AsyncGenerator[bytes, None]:
    """The lines after one, then each as it comes; the outlook at first and when it changed; a sign of life in between.

    Ends when the stream is not wanted any more, or the house lets go of it.
    """
    visitor, told = ticket.visitor, {after}
    known: object = None
    try:
        await front.changed(visitor, 0)  # from now on no change is lost
        news = True
        while ticket.wanted:
            for line in await front.transcript(visitor, after) if news else ():
                if line.message not in told:
                    told.add(line.message)
                    after = line.message
                    yield event("line", shown.line(front, line, language), line.message)
            outlook = await outlooks.now()
            if outlook != known:
                known = outlook
                words = shown.sentence(front, outlook, language)
                yield event("outlook", {"sentence": words, "open_now": outlook.open_now})
            news = await front.changed(visitor, alive)
            if not news:
                yield ALIVE
    except Problem:
        return


def event(name: str, data: Mapping[str, object], id: MessageId | None = None) -> bytes:
    """One event. JSON has no line breaks of its own, so the data is one line."""
    told = "" if id is None else f"id: {id}\n"
    said = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\n{told}data: {said}\n\n".encode()


class EventStream:
    """The answer that a stream is: without the second task that a framework spends on noticing that the browser has gone."""

    def __init__(self, chunks: AsyncGenerator[bytes, None], ticket: Ticket) -> None:
        self._chunks = chunks
        self._ticket = ticket

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        request = Request(scope, receive)
        headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": ALIVE, "more_body": True})
            async for chunk in self._chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                if await request.is_disconnected():
                    return
            await send(END)
        except asyncio.CancelledError:
            # Cut off by the server that stops: the browser need not take it for a broken line, nor the log for a mistake.
            await send(END)
        finally:
            self._ticket.leave()
            await self._chunks.aclose()
