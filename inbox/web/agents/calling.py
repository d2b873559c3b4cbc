"""Logging a call: the page on which an agent tells of one, in a conversation or wherever the number belongs."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.actions.action import Done
from inbox.actions.registry import perform
from inbox.actions.writing import NOWHERE
from inbox.domain.ids import ConversationId
from inbox.domain.phone_calls import CallOutcome
from inbox.domain.problems import Problem
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.telephones import phones
from inbox.store import conversations, people, views
from inbox.store.shown import find
from inbox.store.unit import Unit
from inbox.text.numbers import readable
from inbox.text.references import normalise
from inbox.web import session
from inbox.web.agents.acting import MOST, doing, enclosed, refused, told
from inbox.web.agents.reading import names_of
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House, frame

FIELDS = ("way", "outcome", "number", "name", "channel", "length", "ago", "text")
PATH = "/call"


@dataclass(frozen=True, slots=True)
class Known:
    """What the page shows besides its form: the conversation that the call was about, and the number of its customer."""

    counts: views.Counts
    reference: str = ""
    subject: str = ""
    number: str = ""


class Calls:
    """The routes. The owner of the site is no agent: they speak with nobody."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/call?ref=K7Q2&number=`: an empty form."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        query = request.query_params
        return await self._page(made, {"number": query.get("number", "")[:60]}, query.get("ref", "")[:40])

    async def log(self, request: Request) -> Response:
        """POST `/call`: it is logged, and its conversation is the answer; what was wrong stands above the form as it was filled in."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        form = await posted(made, MOST, files=True)
        try:
            return await self._logged(made, form)
        finally:
            await form.close()

    async def _logged(self, made: Frame, form: Form) -> Response:
        book = self._house.playbook() if self._house.playbook else None
        if book is None:
            return made.missing()
        if made.visitor is None or made.visitor.agent is None:
            return made.back(PATH, made.say("web.owner_acts_not"), wrong=True)
        reference = form.get("reference")[:40]
        filled = {name: form.get(name).strip() for name in FIELDS}
        wanted = {name: value for name, value in filled.items() if value}
        files = await enclosed(form)
        try:
            once = form.get("once")
            done = await self._house.store.write(_log, made, reference, {**wanted, "files": files}, book, once)
        except Problem as problem:
            return await self._page(made, filled, reference, refused(made, problem))
        return made.missing() if done is None else made.back(f"/c/{done.facts['reference']}", told(made, done))

    async def _page(self, made: Frame, filled: dict[str, str], reference: str, wrong: str = "") -> Response:
        book = self._house.playbook() if self._house.playbook else None
        able = phones(book) if book else ()
        kinds = frozenset(one.kind for one in able)
        known = await self._house.store.read(_known, made, reference, kinds)
        if reference and not known.reference:
            return made.missing()
        facts = {
            "filled": {name: filled.get(name, "") for name in FIELDS},
            "wrong": wrong,
            "channels": able,
            "outcomes": tuple(one.value for one in CallOutcome),
            "matter": known,
            "counts": known.counts,
            "once": session.fresh(),
        }
        return made.page("call", 422 if wrong else 200, **facts, names=names_of(made), view="")


def routes(house: House) -> list[Route]:
    """Where calls are logged."""
    calls = Calls(house)
    return [Route(PATH, calls.show), Route(PATH, calls.log, methods=["POST"])]


def _known(unit: Unit, made: Frame, reference: str, kinds: frozenset[str]) -> Known:
    counts = views.counts(unit, made.scope, made.now)
    id = find(unit, made.scope, normalise(reference) or "") if reference else None
    if id is None:
        return Known(counts)
    matter = conversations.peek(unit, id)
    theirs = (one.address for one in people.identities(unit, matter.contact) if one.kind in kinds)
    return Known(counts, matter.reference, matter.subject, readable(next(theirs, "")))


def _log(unit: Unit, made: Frame, reference: str, wanted: dict[str, object], book: Playbook, once: str) -> Done | None:
    """None where the conversation is not there for this agent."""
    assert made.visitor is not None
    assert made.visitor.agent is not None
    matter: ConversationId | None = find(unit, made.scope, normalise(reference) or "") if reference else NOWHERE
    if matter is None:
        return None
    return perform(unit, "call", wanted, doing(unit, made.visitor.agent, matter, book, made.now), once=once)
