"""Writing first: the page on which an agent begins a conversation, and what becomes of what they filled in."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.actions.action import Done
from inbox.actions.registry import perform
from inbox.actions.writing import NOWHERE
from inbox.domain.people import Roster
from inbox.domain.problems import Problem
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.telephones import phones
from inbox.store import directory, people, views
from inbox.store.unit import Unit
from inbox.web import session
from inbox.web.agents.acting import MOST, doing, enclosed, refused, told
from inbox.web.agents.reading import names_of
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House, frame
from inbox.web.numbers import number

FIELDS = ("to", "channel", "subject", "text", "assignee")
PATH = "/new"


class New:
    """The routes. The owner of the site is no agent: they write to nobody."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/new?to=`: an empty form; `to` is a contact's number, a mail address or `kind:address`."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        return await self._page(made, {"to": request.query_params.get("to", "")[:400]})

    async def send(self, request: Request) -> Response:
        """POST `/new`: it begins, and its page is the answer; what was wrong stands above the form as it was filled in."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        form = await posted(made, MOST, files=True)
        try:
            return await self._sent(made, form)
        finally:
            await form.close()

    async def _sent(self, made: Frame, form: Form) -> Response:
        book = self._house.playbook() if self._house.playbook else None
        if book is None:
            return made.missing()
        if made.visitor is None or made.visitor.agent is None:
            return made.back(PATH, made.say("web.owner_acts_not"), wrong=True)
        filled = {name: form.get(name).strip() for name in FIELDS}
        wanted = {name: value for name, value in filled.items() if value}
        files = await enclosed(form)
        try:
            done = await self._house.store.write(_begin, made, {**wanted, "files": files}, book, form.get("once"))
        except Problem as problem:
            return await self._page(made, filled, refused(made, problem))
        return made.back(f"/c/{done.facts['reference']}", told(made, done))

    async def _page(self, made: Frame, filled: dict[str, str], wrong: str = "") -> Response:
        book = self._house.playbook() if self._house.playbook else None
        roster, counted, name = await self._house.store.read(_known, made, filled.get("to", ""))
        facts = {
            "filled": {name: filled.get(name, "") for name in FIELDS},
            "wrong": wrong,
            "channels": tuple(one for one in (book.channels.values() if book else ()) if not one.codec.traits.calls),
            "phones": book is not None and bool(phones(book)),
            "agents": tuple(one for one in roster.agents if not one.disabled),
            "person": name,
            "counts": counted,
            "once": session.fresh(),
        }
        return made.page("new", 422 if wrong else 200, **facts, names=names_of(made), view="")


def routes(house: House) -> list[Route]:
    """Where one writes first."""
    new = New(house)
    return [Route(PATH, new.show), Route(PATH, new.send, methods=["POST"])]


def _known(unit: Unit, made: Frame, to: str) -> tuple[Roster, views.Counts, str]:
    """Who there is, and the name of whoever is written to by a number."""
    typed = number(to)
    id = None if typed is None else people.contact_by_number(unit, typed)
    name = people.contact(unit, id).name if id is not None and directory.sees(unit, made.scope, id) else ""
    return people.roster(unit), views.counts(unit, made.scope, made.now), name


def _begin(unit: Unit, made: Frame, wanted: dict[str, object], book: Playbook, once: str) -> Done:
    assert made.visitor is not None
    assert made.visitor.agent is not None
    return perform(unit, "write", wanted, doing(unit, made.visitor.agent, NOWHERE, book, made.now), once=once)
