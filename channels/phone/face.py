"""The face of a telephone channel: a telephone system tells of a call, and is answered once the call is stored."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.phone.body import SMALL, Unread, posted, whole
from channels.phone.options import PhoneOptions
from channels.phone.proof import FIELD, Proof
from channels.phone.reading import NoCall, call_of
from inbox.domain.arrivals import Item
from inbox.domain.problems import Credentials, Temporary
from inbox.ports.calls import Recording, framed, key_of
from inbox.ports.channel import Place
from inbox.ports.face import ASGIApp, Front, Receive, Scope, Send


class PhoneFace:
    """Implements `inbox.ports.face.Face`."""

    def __init__(self, place: Place, options: PhoneOptions) -> None:
        self._place = place
        self._options = options

    @property
    def pages(self) -> Path | None:
        """Nobody looks at it."""
        return None

    def routes(self, front: Front) -> ASGIApp:
        """One address, for the telephone system alone."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                answered = await self._answer(Request(scope, receive), front)
                await answered.response()(scope, receive, send)

        return app

    async def _answer(self, request: Request, front: Front) -> "_Answer":
        """Who shows nothing has little read of what they send. Why nothing can be taken now is for our own people."""
        if request.method != "POST":
            return _Answer(405, "phone.post_only")
        try:
            proof = await asyncio.to_thread(Proof.of, self._options, self._place)
            return await self._taken(request, proof, front)
        except (Temporary, Credentials):
            return _Answer(503, "phone.later")
        except Unread as unread:
            return _Answer(unread.status, unread.key)
        except NoCall as none:
            return _Answer(422, none.key, none.field)

    async def _taken(self, request: Request, proof: Proof, front: Front) -> "_Answer":
        shown = proof.shown_by(request.headers)
        if not shown and not proof.may_stand_within:
            return _Answer(403, "phone.not_proved")
        body = await whole(request, self._most if shown else SMALL)
        sent = await posted(request, body)
        if not proof.holds(request.headers, body, sent.values.get(FIELD, "")):
            return _Answer(403, "phone.not_proved")
        call = call_of(sent.values, self._options)
        sounds = [Recording(one.name, one.type, one.content) for one in sent.files if one.content]
        if sum(len(one.content) for one in sounds) > self._options.recording_bytes:
            return _Answer(413, "phone.recording_too_large")
        await front.accept(Item(key_of(call.call), framed(call.call, call.name, call.words, sounds)))
        return _Answer(200, "")

    @property
    def _most(self) -> int:
        return self._options.recording_bytes + SMALL


@dataclass(frozen=True, slots=True)
class _Answer:
    """`key` names what was wrong, `field` where: for whoever sets the telephone system up and reads its log."""

    status: int
    key: str
    field: str = ""

    def response(self) -> Response:
        """As JSON."""
        if self.status == 200:
            return JSONResponse({"stored": True})
        told = {"stored": False, "error": self.key, **({"field": self.field} if self.field else {})}
        return JSONResponse(told, self.status)
