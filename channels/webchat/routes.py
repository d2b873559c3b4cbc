"""The routes that the widget talks to: JSON in, JSON out, the visitor's token in a header and never in an address."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from channels.webchat import articles, reading, shown
from channels.webchat.download import download
from channels.webchat.identity import User, proved
from channels.webchat.reading import Form
from channels.webchat.refusal import Refused, answer, busy
from channels.webchat.streams import EventStream, events
from channels.webchat.talk import Talk, host, number
from channels.webchat.token import USER
from channels.webchat.tongue import chosen
from channels.webchat.way import Way
from channels.webchat.words import words
from inbox.domain.ids import AttachmentId
from inbox.domain.problems import Credentials, Permanent, Problem
from inbox.ports.face import Standing
from inbox.ports.secrets import secret

Endpoint = Callable[[Request], Awaitable[ASGIApp]]


class Routes:
    """Endpoints, each told of in docs/operations/webchat.md."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._front = talk.front

    def all(self) -> list[Way]:
        """The routes."""
        posts: dict[str, Endpoint] = {
            "hello": self.hello,
            "messages": self.messages,
            "press": self.press,
            "suggest": self.suggest,
            "solved": self.solved,
            "read": self.read,
            "mail": self.mail,
            "mail/code": self.code,
            "transcript": self.transcript,
        }
        gets: dict[str, Endpoint] = {"lines": self.lines, "live": self.live, "files/{id}": self.file}
        ways = [("POST", path, endpoint) for path, endpoint in posts.items()]
        ways += [("GET", path, endpoint) for path, endpoint in gets.items()]
        return [Way(self._front, method, f"/{path}", self.told(endpoint)) for method, path, endpoint in ways]

    def told(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint, its refusals and the house's troubles told as JSON."""

        async def run(request: Request) -> ASGIApp:
            try:
                return await endpoint(request)
            except Refused as refused:
                return answer(self._front, self._language(request), refused)
            except Problem:
                return answer(self._front, self._language(request), busy())

        return run

    async def hello(self, request: Request) -> Response:
        """Who the visitor is, what they are shown before they write, and what they said before."""
        talk, form = self._talk, await self._small(request)
        language = self._language(request)
        await talk.paces.greets(host(request))
        claimed, identity = await self._identity(form)
        visitor, fresh = self._known(request, form, claimed)
        known = await self._vouched(visitor, claimed)
        said = await self._front.transcript(visitor) if known.known else ()
        outlook = await talk.outlooks.now()
        return _json(
            {
                "token": talk.tokens.token(visitor),
                "fresh": fresh,
                "known": known.known,
                "identity": identity,
                "name": known.name or (claimed.name if claimed else ""),
                "language": language,
                "direction": shown.side(language),
                "title": talk.title,
                "accent": talk.options.accent,
                "greeting": talk.options.greeting,
                "words": words(self._front, language),
                "sentence": shown.sentence(self._front, outlook, language),
                "open_now": outlook.open_now,
                "limits": shown.limits(talk.limits),
                "lines": shown.lines(self._front, said, language),
                "standing": shown.standing(known),
                "suggests": known.suggests,
            }
        )

    async def lines(self, request: Request) -> Response:
        """The lines after one."""
        visitor = await self._asking(request)
        said = await self._front.transcript(visitor, number(request.query_params.get("after", "")))
        return _json({"lines": shown.lines(self._front, said, self._language(request))})

    async def live(self, request: Request) -> ASGIApp:
        """The lines after one, and each as it comes."""
        visitor, talk = await self._asking(request), self._talk
        after = number(request.headers.get("last-event-id", "") or request.query_params.get("after", ""))
        ticket, language = talk.streams.enter(visitor), self._language(request)
        return EventStream(events(talk.front, talk.outlooks, ticket, after, language, talk.rhythm.alive), ticket)

    async def messages(self, request: Request) -> Response:
        """A message."""
        visitor, talk = self._talk.visitor(request), self._talk
        await talk.opens(visitor)
        form = await talk.form(request)
        try:
            self._heard(request, form)
            return _json({"key": await talk.say(visitor, form, request)}, 202)
        finally:
            await form.close()

    async def press(self, request: Request) -> Response:
        """A button."""
        visitor = self._talk.visitor(request)
        await self._talk.opens(visitor)
        form = await self._small(request)
        return _json({"key": await self._talk.press(visitor, form, request)}, 202)

    async def suggest(self, request: Request) -> Response:
        """Articles that may answer what is being written."""
        visitor, form = await self._asking(request), await self._small(request)
        language = self._language(request)
        found = await self._talk.suggest(visitor, form, language, request)
        return _json({"articles": [articles.shown(self._front, one, language) for one in found]})

    async def solved(self, request: Request) -> Response:
        """One of them is the answer, and nothing is sent."""
        await self._asking(request)
        form = await self._small(request)
        await self._talk.paces.looks(host(request))
        if not await self._front.solved(form.text("slug", articles.LONGEST_SLUG)):
            raise Refused(404, "webchat.no_such_article")
        return _json({})

    async def read(self, request: Request) -> Response:
        """How far the visitor has seen it."""
        visitor = await self._asking(request)
        upto = number((await self._small(request)).text("upto"))
        if upto is not None:
            await self._front.read(visitor, upto)
        return _json({})

    async def mail(self, request: Request) -> Response:
        """An address at which the visitor wants to be reached."""
        visitor = self._talk.visitor(request)
        form = await self._small(request)
        await self._talk.paces.tries_mail(visitor)
        language = self._language(request)
        asked = await self._front.prove(visitor, form.text("address", 320).strip(), language)
        return _json({"asked": asked, "message": self._front.say(language, f"webchat.asked.{asked}")})

    async def code(self, request: Request) -> Response:
        """The code that was sent there."""
        visitor = self._talk.visitor(request)
        form = await self._small(request)
        await self._talk.paces.tries_mail(visitor)
        answered = await self._front.proved(visitor, form.text("code", 40).strip())
        message = self._front.say(self._language(request), f"webchat.answered.{answered}")
        standing = shown.standing(await self._front.standing(visitor))
        return _json({"answered": answered, "standing": standing, "message": message})

    async def transcript(self, request: Request) -> Response:
        """The whole talk to the visitor's own address."""
        visitor = self._talk.visitor(request)
        await self._small(request)
        await self._talk.paces.tries_mail(visitor)
        return _json({"sent": await self._front.mail_transcript(visitor, self._language(request))})

    async def file(self, request: Request) -> Response:
        """A file of the visitor's transcript; the page without JavaScript has its token in a cookie."""
        kept = self._talk.visited(request)
        visitor = kept if kept and "authorization" not in request.headers else self._talk.visitor(request)
        await self._talk.paces.asks(visitor)
        id = number(request.path_params["id"])
        found = None if id is None else await self._front.file(visitor, AttachmentId(id))
        if found is None:
            raise Refused(404, "webchat.file_gone")
        return download(*found)

    async def _asking(self, request: Request) -> str:
        visitor = self._talk.visitor(request)
        await self._talk.paces.asks(visitor)
        return visitor

    async def _small(self, request: Request) -> Form:
        form = await reading.small(request)
        self._heard(request, form)
        return form

    def _heard(self, request: Request, form: Form) -> None:
        """The language that a body asks for counts for its answer, whatever that becomes."""
        request.state.asked = form.fields.get("lang") or form.fields.get("language")

    def _language(self, request: Request) -> str:
        return chosen(self._front, request, getattr(request.state, "asked", None))

    def _known(self, request: Request, form: Form, user: User | None) -> tuple[str, bool]:
        """The visitor, and whether they are a new one. Whoever is signed in nowhere any more is not that user any longer."""
        tokens = self._talk.tokens
        if user is not None:
            return tokens.user(user.id), False
        shown_token = form.text("token", 200) or request.headers.get("authorization", "").removeprefix("Bearer ")
        visitor = tokens.visitor(shown_token)
        if visitor is None or visitor.startswith(USER):
            return tokens.fresh(), True
        return visitor, False

    async def _vouched(self, visitor: str, user: User | None) -> Standing:
        """What is known of the visitor, the address that the host page proves included. It is told once, not at each hello."""
        known = await self._front.standing(visitor)
        if user is None or not user.mail or (known.proved and known.address.lower() == user.mail.lower()):
            return known
        with suppress(Permanent):  # no address at all: they are that user all the same
            await self._front.vouch(visitor, user.mail, user.name)
        return await self._front.standing(visitor)

    async def _identity(self, form: Form) -> tuple[User | None, str]:
        """The user that the host page proves, and how the claim stands: `none`, `off`, `wrong` or `proved`."""
        said, reference = form.fields.get("user"), self._talk.options.identity_secret
        if not isinstance(said, dict):
            return None, "none"
        if reference is None:
            return None, "off"
        try:
            shared = await asyncio.to_thread(secret, reference, self._talk.place.site)
        except Credentials:
            return None, "off"  # the doctor tells of it; the visitor can write all the same
        user = proved(said, shared.encode())
        return (user, "proved") if user else (None, "wrong")


def _json(said: object, status: int = 200) -> Response:
    return JSONResponse(said, status, headers={"cache-control": "no-store"})
