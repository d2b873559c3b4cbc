"""What every route of one channel shares, and the one way in for what a visitor says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request

from channels.webchat.articles import LOOKED_AT, met, named
from channels.webchat.options import WebchatOptions
from channels.webchat.paces import Paces
from channels.webchat.packing import discard, packed
from channels.webchat.reading import Form, Limits, announced, body
from channels.webchat.refusal import Refused
from channels.webchat.shown import Outlooks
from channels.webchat.streams import Streams
from channels.webchat.token import Tokens
from inbox.domain.arrivals import Item
from inbox.domain.ids import MessageId
from inbox.domain.problems import Temporary
from inbox.ports.channel import Place
from inbox.ports.face import Front, Suggested

COOKIE = "inbox_chat"
"""Where the page without JavaScript keeps the visitor's token."""
LONGEST_ID = 64
LONGEST_NAME = 120
LONGEST_PAGE = 500
LONGEST_DATA = 64
"""Characters of a visitor's own name for what they send, of their name, of an address, of a button's data."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds: between two signs of life on a stream, and for which hours and honest time are taken for true."""

    alive: float = 20.0
    outlook: float = 60.0


@dataclass(frozen=True, slots=True)
class Talk:
    """Built with the routes, once the house stands."""

    front: Front
    place: Place
    options: WebchatOptions
    tokens: Tokens
    rhythm: Rhythm
    outlooks: Outlooks
    streams: Streams
    paces: Paces = field(repr=False)

    @property
    def limits(self) -> Limits:
        """Of one message."""
        return Limits(self.options.text_characters, self.options.files, self.options.file_bytes)

    @property
    def title(self) -> str:
        """What stands at the head of the chat."""
        return self.options.title or self.place.brand_name

    @property
    def spool(self) -> Path:
        """Where large messages are put together."""
        return self.place.data / "spool"

    def visitor(self, request: Request) -> str:
        """Whose token the request shows. Raises Refused (401)."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        visitor = self.tokens.visitor(token.strip()) if scheme.lower() == "bearer" else None
        if visitor is None:
            raise Refused(401, "webchat.no_token")
        return visitor

    def visited(self, request: Request) -> str | None:
        """Whose cookie the page without JavaScript shows."""
        return self.tokens.visitor(request.cookies.get(COOKIE, ""))

    async def opens(self, visitor: str) -> None:
        """Before a body is read: whether the visitor may say anything now. Raises Refused (429)."""
        await self.paces.says(visitor)

    async def form(self, request: Request) -> Form:
        """A body that may be large, whoever sends it. Whoever gets it has to close it. Raises Refused (400, 413, 415, 429)."""
        await self.paces.room(host(request))
        with self.paces.coming(host(request), announced(request, self.limits.whole)):
            return await body(request, self.limits)

    async def say(self, visitor: str, form: Form, request: Request) -> str:
        """A message of text and files. Returns its key once it is durable; raises Refused, Temporary."""
        id, text = identifier(form), form.text("text", self.options.text_characters).strip()
        if not text and not form.files:
            raise Refused(422, "webchat.nothing_written")
        await self._welcome(visitor, request)
        await self.paces.sends(host(request), sum(one.size or 0 for one in form.files))
        said = {"id": id, "visitor": visitor, "name": form.text("name", LONGEST_NAME), "text": text}
        more = {"language": form.text("language", 20), "page": page(form.text("page")), **met(form)}
        return await self._accept("message", {**said, **more}, form)

    async def press(self, visitor: str, form: Form, request: Request) -> str:
        """A button of ours. Returns its key."""
        data = form.text("data", LONGEST_DATA)
        if not data:
            raise Refused(422, "webchat.unreadable_request")
        # One button under a message is one press, however often it is sent; another one is another.
        said = {"id": f"{identifier(form)} {data}", "visitor": visitor, "name": "", "data": data}
        await self._welcome(visitor, request)
        return await self._accept("button", said, form)

    async def suggest(
        self, visitor: str, form: Form, language: str, request: Request, sure: bool = False
    ) -> Sequence[Suggested]:
        """Articles that may answer what a visitor begins to write; what is longer is looked at as far as that goes. Raises
        Refused (429), Temporary."""
        await self.paces.looks(host(request))
        asked = form.text("text", self.options.text_characters)[:LOOKED_AT]
        return await self.front.suggest(visitor, asked, language, named(form, "offered"), sure)

    async def _welcome(self, visitor: str, request: Request) -> None:
        if not (await self.front.standing(visitor)).known:
            await self.paces.begins(visitor, host(request))

    async def _accept(self, kind: str, said: Mapping[str, str], form: Form) -> str:
        key = self.tokens.key_of(kind, said["visitor"], said["id"])
        try:
            raw = await packed({"kind": kind, **said}, form.files, self.spool)
        except OSError as error:
            raise Temporary("store.disk_full", detail=error.strerror or type(error).__name__) from error
        try:
            await self.front.accept(Item(key, raw))
        finally:
            await discard(raw)
        return key


def identifier(form: Form) -> str:
    """The visitor's own name of what they send. Raises Refused where it is none."""
    id = form.text("id", LONGEST_ID)
    if not id or not id.isascii() or not id.isprintable() or " " in id:
        raise Refused(422, "webchat.unreadable_request")
    return id


def number(told: str) -> MessageId | None:
    """A message's number, as an address or a header tells it; None where it tells none."""
    return MessageId(int(told)) if told.isascii() and told.isdecimal() and len(told) < 19 else None


def host(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def page(address: str) -> str:
    """The address of the page that the visitor looks at, less what may be private in it."""
    plain = address.partition("#")[0].partition("?")[0][:LONGEST_PAGE]
    scheme, _, rest = plain.partition("://")
    # Neither does a user name or a password before the host belong to us.
    hostname, slash, path = rest.partition("/")
    return f"{scheme}://{hostname.rpartition('@')[2]}{slash}{path}" if scheme in ("http", "https") and hostname else ""
