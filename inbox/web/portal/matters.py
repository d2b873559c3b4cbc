"""What is a customer's: the list of their conversations, one of them, and its files."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.conversations import State
from inbox.domain.ids import AttachmentId, ConversationId, MessageId
from inbox.domain.people import Identity
from inbox.domain.promises import Promise, PromiseState
from inbox.pipeline import one_matter
from inbox.ports.colours import accented
from inbox.store import enclosed, people, views, visiting
from inbox.store.shown import Shown, ShownMessage
from inbox.text.references import normalise
from inbox.web import session
from inbox.web.frame import House
from inbox.web.kept import download, look, read
from inbox.web.numbers import number, of_path
from inbox.web.portal.entering import Entering
from inbox.web.portal.rating import standing
from inbox.web.portal.saying import FILES, MOST
from inbox.web.portal.visit import Visit, visit

ROWS = 30
_AS_TOLD = {State.SPAM: State.OPEN, State.SNOOZED: State.OPEN}
"""What is put aside among us is, for a customer, with us."""


class Matters:
    """The routes that show."""

    def __init__(self, house: House, entering: Entering) -> None:
        self._house = house
        self._entering = entering

    async def listing(self, request: Request) -> Response:
        """GET `/portal`: theirs, the newest first; `?older=`: those before one of them; `?of=all`: those of others in their organization."""
        made = await visit(self._house, request)
        if made.customer is None:
            return self._entering.shown(made, "sign_in", wrong="", address="")
        older = number(request.query_params.get("older", ""))
        beyond = None if older is None else ConversationId(older)
        others = made.request.query_params.get("of") == "all" and bool(made.customer.sees)
        found = await self._house.store.read(visiting.matters, made.sight if others else made.scope, ROWS + 1, beyond)
        rows = [replace(one, state=told(one.state)) for one in found[:ROWS]]
        more = rows[-1].id if len(found) > ROWS else None
        return made.page("list", rows=rows, more=more, first=beyond is None, colleagues=others)

    async def one(self, request: Request) -> Response:
        """GET `/portal/c/K7Q2`: all of one that they may see, and where to answer."""
        made = await visit(self._house, request)
        if made.customer is None:
            return self._entering.shown(made, "sign_in", 403, wrong="", address="")
        return await self.shown(made, request.path_params["reference"])

    async def alone(self, request: Request) -> Response:
        """GET `/portal/m/...`: the one conversation that a link opens, to be read."""
        made = await visit(self._house, request)
        opened = await self._house.store.read(
            one_matter.opened, request.path_params["token"][:100], made.book, made.now
        )
        if opened is None:
            return made.missing()
        reference, scope = opened
        found = await self._house.store.read(views.shown, scope, reference)
        if found is None:
            return made.missing()
        facts: dict[str, object] = {
            "matter": found,
            "due": promised(found),
            "state": told(found.conversation.state).value,
        }
        return made.page("alone", 200, **facts, yours=said_by(found, found.identities), own=True)

    async def shown(self, made: Visit, typed: str, wrong: str = "", text: str = "") -> Response:
        """The page of a conversation, as of one that is not there where it is not theirs."""
        reference = normalise(typed)
        found = await self._house.store.read(views.shown, made.sight, reference) if reference else None
        if found is None or made.customer is None:
            return made.missing()
        own = found.contact.id == made.customer.contact.id
        found = found if own else replace(found, messages=tuple(_for_colleagues(one, made) for one in found.messages))
        mine = await self._house.store.read(people.identities, made.customer.contact.id)
        facts = {
            "matter": found,
            "state": told(found.conversation.state).value,
            "due": promised(found),
            "ballot": await self._house.store.read(standing, found.conversation, made.now) if own else None,
            "own": own,
            "yours": said_by(found, mine),
            "wrong": wrong,
            "text": text,
            "once": session.fresh(),
            "most": FILES,
            "megabytes": MOST // 1_000_000,
        }
        return made.page("matter", 422 if wrong else 200, **facts)

    async def file(self, request: Request) -> Response:
        """GET `/portal/c/K7Q2/a/17`: a file of theirs, or of ours to them; `?show`: as a picture."""
        made = await visit(self._house, request)
        reference, id = normalise(request.path_params["reference"]), AttachmentId(of_path(request, "id"))
        found = await self._house.store.read(enclosed.file, made.sight, reference, id) if reference else None
        content = None
        if found is not None:
            content = await asyncio.to_thread(read, found, made.book, self._house.blobs)
        if found is None or content is None:
            return made.missing()
        if "show" in request.query_params:
            return look(content) or made.missing()
        return download(content, found.stored.file.filename)

    async def colours(self, request: Request) -> Response:
        """GET `/portal/brand.css`: the colour of the brand, readable on light and on dark paper."""
        made = await visit(self._house, request)
        rules = accented(":root", made.portal.brand.accent)
        return Response(rules, media_type="text/css", headers={"cache-control": "public, max-age=300"})


def _for_colleagues(said: ShownMessage, made: Visit) -> ShownMessage:
    text, own = (one_matter.without_links(one, made.book) for one in (said.message.text, said.message.reply_text))
    return replace(said, message=replace(said.message, text=text, reply_text=own))


def said_by(found: Shown, whose: Iterable[Identity]) -> frozenset[MessageId]:
    """The messages that came in from these addresses."""
    theirs = {(one.kind, one.address) for one in whose}
    return frozenset(one.message.id for one in found.messages if (one.kind, one.message.sender.address) in theirs)


def told(state: State) -> State:
    """A state as a customer is told of it."""
    return _AS_TOLD.get(state, state)


def promised(found: Shown) -> Promise | None:
    """The time that stands, as they were told it."""
    standing = [one for one in found.promises if one.state is PromiseState.OPEN]
    return standing[-1] if standing else None
