"""Words that came in an agent's name without proof: the page that shows them to that agent, and to those who lead."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.ids import AgentId, ArrivalId
from inbox.domain.problems import Problem
from inbox.pipeline.held import confirm, give_up
from inbox.pipeline.reply import Refused
from inbox.store import agent_words, people, views
from inbox.store.agent_words import Held
from inbox.store.shown import find
from inbox.store.unit import Unit
from inbox.text.excerpts import LISTED, excerpt
from inbox.text.references import normalise
from inbox.web.agents.reading import names_of
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House, frame
from inbox.web.numbers import of_path

PATH = "/held"


def routes(house: House) -> list[Route]:
    """The page, and what is said about one of its lines."""
    page = HeldWords(house)
    return [
        Route(PATH, page.listing),
        Route(PATH + "/{arrival}/confirm", page.confirm, methods=["POST"]),
        Route(PATH + "/{arrival}/drop", page.drop, methods=["POST"]),
    ]


class HeldWords:
    """The routes. Only the agent in whose name words came can confirm them, on a page that they have signed in to."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listing(self, request: Request) -> Response:
        """GET `/held`: the newest first."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        found, counted = await self._house.store.read(_page, made)
        lines = [_line(one, mine=one.whose == _agent(made)) for one in found]
        facts: dict[str, Any] = {"found": lines, "counts": counted, "view": ""}
        return made.page("held", **facts, names=names_of(made))

    async def confirm(self, request: Request) -> Response:
        """POST `/held/12/confirm`: they are mine; `reference` where nobody can tell for which conversation."""
        return await self._decided(request, _confirmed, "web.held.confirmed")

    async def drop(self, request: Request) -> Response:
        """POST `/held/12/drop`: nobody says them."""
        return await self._decided(request, _dropped, "web.held.dropped")

    async def _decided(self, request: Request, decide: Any, done: str) -> Response:
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        form = await posted(made)
        id = ArrivalId(of_path(request, "arrival"))
        try:
            await self._house.store.write(decide, made, id, form)
        except Problem as problem:
            return made.back(PATH, self._house.wording.problem(made.language, problem), wrong=True)
        return made.back(PATH, made.say(done))


def _line(one: Held, *, mine: bool) -> tuple[Held, str, bool]:
    """Whoever can have words done sees all of them: what is not shown would be done as well."""
    return one, one.words if mine else excerpt(one.words, LISTED), mine


def _page(unit: Unit, made: Frame) -> tuple[list[Held], views.Counts]:
    """All of them for those who lead and for the owner, else one's own."""
    who = _agent(made)
    agent = None if who is None else people.roster(unit).agent_by_id(who)
    whose = who if agent is not None and not agent.leads else None
    return agent_words.held(unit, whose), views.counts(unit, made.scope, made.now)


def _confirmed(unit: Unit, made: Frame, id: ArrivalId, form: Form) -> None:
    who = _agent(made)
    agent = None if who is None else people.roster(unit).agent_by_id(who)
    if agent is None:
        raise Refused("held.not_yours", id=str(id))
    typed = form.get("reference")
    reference = normalise(typed) if typed else None
    matter = None if reference is None else find(unit, people.roster(unit).scope(agent.id), reference)
    if typed and matter is None:
        raise Refused("cli.no_such_conversation", reference=typed)
    confirm(unit, id, agent, matter)


def _dropped(unit: Unit, made: Frame, id: ArrivalId, _: Form) -> None:
    who = _agent(made)
    give_up(unit, id, None if who is None else people.roster(unit).agent_by_id(who), made.now)


def _agent(made: Frame) -> AgentId | None:
    return made.visitor.agent if made.visitor is not None else None
