"""The chat as a page that works without JavaScript: hours, transcript and forms, the visitor's token in a cookie; and the demo."""

import asyncio
import hashlib
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from channels.webchat import articles, shown
from channels.webchat.assets import SCRIPT
from channels.webchat.origins import origin_of
from channels.webchat.reading import Form, megabytes
from channels.webchat.refusal import Refused, busy, sentence
from channels.webchat.talk import COOKIE, Talk, host
from channels.webchat.tongue import chosen
from inbox.domain.problems import Problem
from inbox.ports.face import Suggested
from inbox.text.cleaning import strip_controls

COOKIE_LASTS = 180 * 86400
PATIENCE = 3.0
"""Seconds for which a page waits for the line that was just written."""
POLICY = (
    "default-src 'none'; script-src {scripts}; connect-src {scripts}; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
TOLD = ("asked.sent", "asked.unknown", "asked.impossible", "asked.too_often", "asked.off", "answered.proved")
TOLD_MORE = (
    "answered.wrong",
    "answered.over",
    "transcript_sent",
    "transcript_impossible",
    "message_taken",
    "word.nothing_sent",
)
"""What an address may have the page say after a form: keys of the catalogue, less their prefix."""
Endpoint = Callable[[Request], Awaitable[Response]]


class Plain:
    """Each answer to a form is a redirect, so that loading the page again sends nothing again."""

    paths = ("",)
    """Paths that see for themselves where a form came from."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._front = talk.front

    def all(self) -> list[Route]:
        """The routes."""
        return [Route("/", self.show), Route("/", self.send, methods=["POST"]), Route("/demo", self.demo)]

    async def demo(self, request: Request) -> Response:
        """A page of ours that embeds the widget as any other would."""
        language = chosen(self._front, request)
        facts = {
            "title": self._talk.title,
            "accent": self._talk.options.accent,
            "script_url": f"{_root(request)}/{SCRIPT}",
            "channel": self._talk.place.name,
        }
        return _page(self._front.page("demo", language, facts), scripts="'self'")

    async def show(self, request: Request) -> Response:
        """The page."""
        told = request.query_params.get("told", "")
        notice = self._front.say(chosen(self._front, request), f"webchat.{told}") if told in (*TOLD, *TOLD_MORE) else ""
        return await self._shown(request, self._visitor(request), notice, Form({}))

    async def send(self, request: Request) -> Response:
        """One of its forms: a message, a button, an address, a code, or the wish for the transcript."""
        visitor, form = self._visitor(request), Form({})
        try:
            if visitor is not None:
                await self._talk.opens(visitor)
            form = await self._talk.form(request)
            if not from_here(request, self._talk.place.url):
                raise Refused(403, "webchat.foreign_origin")
            if visitor is None:
                raise Refused(400, "webchat.no_cookie")
            once = self._talk.tokens.once(visitor, form.text("csrf"))
            if once is None:
                raise Refused(403, "webchat.form_old")
            found = await self._before(request, visitor, form)
            if found:
                return await self._shown(request, visitor, "", form, found=found)
            told = await self._done(request, visitor, form, once)
            return RedirectResponse(self._action(request, told), 303, headers=HEADERS)
        except Refused as refused:
            notice = sentence(self._front, chosen(self._front, request), refused)
            return await self._shown(request, visitor, notice, form, refused)
        except Problem:
            notice = sentence(self._front, chosen(self._front, request), busy())
            return await self._shown(request, visitor, notice, form, busy())
        finally:
            await form.close()

    async def _before(self, request: Request, visitor: str, form: Form) -> Sequence[Suggested]:
        """The articles that are shown, once, before the first words are sent: where no file would have to be chosen anew."""
        message = form.fields.get("offered") == "" and form.text("text", self._talk.options.text_characters).strip()
        if not message or form.files or "solved" in form.fields:
            return ()
        try:
            return await self._talk.suggest(visitor, form, chosen(self._front, request), request, sure=True)
        except (Refused, Problem):
            return ()  # nobody is kept from writing to us because an article cannot be looked for

    async def _done(self, request: Request, visitor: str, form: Form, once: str) -> str:
        front, talk, language = self._front, self._talk, chosen(self._front, request)
        if form.text("press"):
            id, _, data = form.text("press").partition(":")
            await talk.press(visitor, Form({"id": id, "data": data}), request)
            return "message_taken"
        if "solved" in form.fields:
            await talk.paces.looks(host(request))
            if not await front.solved(form.text("solved", articles.LONGEST_SLUG)):
                raise Refused(404, "webchat.no_such_article")
            return "word.nothing_sent"
        if "code" in form.fields or "address" in form.fields or "transcript" in form.fields:
            await talk.paces.tries_mail(visitor)
        if "code" in form.fields:
            return f"answered.{await front.proved(visitor, form.text('code', 40).strip())}"
        if "address" in form.fields:
            return f"asked.{await front.prove(visitor, form.text('address', 320).strip(), language)}"
        if "transcript" in form.fields:
            sent = await front.mail_transcript(visitor, language)
            return "transcript_sent" if sent else "transcript_impossible"
        said = {**form.fields, "id": _name(once, form), "language": language}
        if "offered" in form.fields:  # their first words here: what they have read was not enough
            said["read"] = " ".join(front.lately_read(request.cookies))
        key = await talk.say(visitor, Form(said, form.files), request)
        await self._wait(visitor, key)
        return ""

    async def _wait(self, visitor: str, key: str) -> None:
        """Until the line stands in the transcript, or for a moment: it is safe either way."""
        until = asyncio.get_running_loop().time() + PATIENCE
        await self._front.changed(visitor, 0)
        while all(line.key != key for line in await self._front.transcript(visitor)):
            left = until - asyncio.get_running_loop().time()
            if left <= 0 or not await self._front.changed(visitor, left):
                return

    async def _shown(
        self,
        request: Request,
        visitor: str | None,
        notice: str,
        form: Form,
        refused: Refused | None = None,
        found: Sequence[Suggested] = (),
    ) -> Response:
        talk, front, language = self._talk, self._front, chosen(self._front, request)
        visitor = visitor or talk.tokens.fresh()
        known = await front.standing(visitor)
        said = await front.transcript(visitor) if known.known else ()
        facts: Mapping[str, object] = {
            "title": talk.title,
            "accent": talk.options.accent,
            "greeting": talk.options.greeting,
            "sentence": shown.sentence(front, await talk.outlooks.now(), language),
            "lines": shown.lines(front, said, language),
            "standing": shown.standing(known),
            "limits": {**shown.limits(talk.limits), "megabytes": megabytes(talk.limits.file_bytes)},
            "csrf": talk.tokens.form(visitor, secrets.token_urlsafe(12)),
            "notice": notice,
            "wrong": refused is not None,
            "action": self._action(request, ""),
            "text": _kept(form, "text"),
            "suggests": known.suggests,
            "suggested": [articles.shown(front, one, language) for one in found],
            "offered": " ".join(one.slug for one in found) or _kept(form, "offered"),
        }
        headers = dict(refused.headers) if refused else {}
        page = _page(front.page("plain", language, facts), refused.status if refused else 200, headers=headers)
        page.set_cookie(
            COOKIE,
            talk.tokens.token(visitor),
            max_age=COOKIE_LASTS,
            path=f"{_root(request)}/",
            secure=talk.place.url.startswith("https:"),
            httponly=True,
            samesite="lax",
        )
        return page

    def _visitor(self, request: Request) -> str | None:
        return self._talk.visited(request)

    def _action(self, request: Request, told: str) -> str:
        """The address of the page, in the language that was asked for."""
        query = [f"lang={chosen(self._front, request)}"] if "lang" in request.query_params else []
        query += [f"told={told}"] if told else []
        return f"{_root(request)}/" + (f"?{'&'.join(query)}" if query else "")


def from_here(request: Request, url: str) -> bool:
    """Whether a form was sent from a page of ours, as far as the browser tells; each form carries a token besides."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    return request.headers.get("origin") in (None, "null", origin_of(url), origin_of(str(request.base_url)))


def _page(
    html: str, status: int = 200, scripts: str = "'none'", headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    policy = {"content-security-policy": POLICY.format(scripts=scripts)}
    return HTMLResponse(html, status, headers={**HEADERS, **policy, **(headers or {})})


def _root(request: Request) -> str:
    root: str = request.scope.get("root_path", "")
    return root


def _name(once: str, form: Form) -> str:
    """What the message is called: a form that is sent again is the same one, unless something else was written into it."""
    files = [[one.filename, one.size] for one in form.files]
    said = json.dumps([form.fields.get("text"), files]).encode()
    return f"{once}.{hashlib.sha256(said).hexdigest()[:24]}"


def _kept(form: Form, name: str) -> str:
    """A field of a form that comes back: nobody should have to write it twice."""
    said = form.fields.get(name, "")
    return strip_controls(said) if isinstance(said, str) else ""
