"""The stream: GET `/live`, server-sent events to one page, and POST `/live/here`, by which the page says what it shows."""

import asyncio
from contextlib import suppress
from datetime import datetime
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from inbox.domain.attention import Doing
from inbox.domain.ids import AgentId, EventId
from inbox.domain.scope import Scope as Reads
from inbox.store import presence
from inbox.store.shown import find
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.references import normalise
from inbox.web import session
from inbox.web.forms import posted
from inbox.web.frame import House, frame
from inbox.web.live.crowd import Crowd
from inbox.web.live.listener import Listener, event
from inbox.web.numbers import number

ALIVE = 15.0
"""Seconds after which a stream that had nothing to say says that it is there."""
_HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
}
_END: Message = {"type": "http.response.body", "body": b"", "more_body": False}
_TAB = 43
"""Characters of a page's token."""


def routes(house: House) -> list[Route]:
    """The stream and the beats."""
    live = Live(house)
    return [Route("/live", live.stream), Route("/live/here", live.here, methods=["POST"])]


class Live:
    """The routes. A browser that is answered 204 does not ask again."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def stream(self, request: Request) -> Response:
        """GET `/live?after=`: what is new behind that event, or behind the one that the page heard of last."""
        made = await frame(self._house, request)
        crowd = self._house.crowd
        if made.visitor is None or crowd is None:
            return Response(status_code=204)
        digest = session.digest(self._house.cookies.read(request))
        one = Listener(session.fresh(), digest, made.scope, made.say)
        after = _number(request.headers.get("last-event-id") or request.query_params.get("after"))
        return _Stream(self._house.store, crowd, one, made.visitor.agent, after)

    async def here(self, request: Request) -> Response:
        """POST `/live/here`: `tab` shows the conversation `reference`, and what its reader does; without a reference, none."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return Response(status_code=403)
        form = await posted(made)
        tab, doing = form.get("tab"), form.get("doing")
        if made.visitor.agent is None or len(tab) != _TAB:
            return Response(status_code=204)
        reference = normalise(form.get("reference")) if doing in set(Doing) else None
        write = self._house.store.write
        if reference is None:
            await write(presence.leave, tab, made.visitor.agent)
        else:
            await write(partial(_beat, now=made.now), made.scope, made.visitor.agent, tab, reference, Doing(doing))
        return Response(status_code=204)


def _beat(unit: Unit, scope: Reads, agent: AgentId, tab: str, reference: str, doing: Doing, *, now: datetime) -> None:
    """What they may not see they are not at."""
    matter = find(unit, scope, reference)
    if matter is not None:
        presence.beat(unit, tab, agent, matter, doing, now)


def _number(typed: str | None) -> EventId | None:
    found = number(typed)
    return None if found is None else EventId(found)


class _Stream(Response):
    """The answer that a stream is. Its page is gone once the browser hangs up, whether or not there is anything to say."""

    def __init__(self, store: Store, crowd: Crowd, one: Listener, agent: AgentId | None, after: EventId | None) -> None:
        super().__init__()
        self._store = store
        self._crowd = crowd
        self._one = one
        self._agent = agent
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        one = self._one
        if not await self._crowd.join(one, self._after):
            await Response(status_code=503, headers={"retry-after": "30"})(scope, receive, send)
            return
        headers = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
        watching = asyncio.create_task(_gone(receive, one), name="live page")
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send(_body(event("hello", {"tab": one.tab})))
            while not one.over:
                with suppress(TimeoutError):
                    async with asyncio.timeout(ALIVE):
                        await one.news.wait()
                await send(_body(one.said() or b": \n\n"))
            await send(_END)
        except asyncio.CancelledError:
            await send(_END)  # cut off by the server that stops: no mistake to be told of
        finally:
            watching.cancel()
            self._crowd.leave(one)
            if self._agent is not None and one.over != "end":
                await asyncio.shield(self._store.write(presence.leave, one.tab, self._agent))


def _body(chunk: bytes) -> Message:
    return {"type": "http.response.body", "body": chunk, "more_body": True}


async def _gone(receive: Receive, one: Listener) -> None:
    """Until the browser hangs up."""
    while (await receive())["type"] != "http.disconnect":
        pass
    one.end("gone")
