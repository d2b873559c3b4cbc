"""Keeping views: a query under a name beside the lists, renamed, put in order and thrown away."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.ids import AgentId, TeamId
from inbox.domain.problems import Problem
from inbox.store import saved_views
from inbox.store.unit import Unit
from inbox.text.queries import LONGEST
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House, frame
from inbox.web.numbers import number, of_path


def routes(house: House) -> list[Route]:
    """The routes of kept views."""
    keeping = Keeping(house)
    return [
        Route("/views", keeping.keep, methods=["POST"]),
        Route("/views/{id}", keeping.change, methods=["POST"]),
    ]


class Keeping:
    """The routes. The owner of the site reads the teams' views, and keeps none."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def keep(self, request: Request) -> Response:
        """POST `/views`: keep the query `q` under a `name`, for oneself or for a `team`."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        form = await posted(made)
        agent = made.visitor.agent
        if agent is None:
            return made.back("/", made.say("web.owner_acts_not"), wrong=True)
        query = form.get("q")[:LONGEST]
        try:
            id = await self._house.store.write(_keep, agent, form.get("name"), query, form.get("team"), made)
        except Problem as problem:
            return made.back("/", self._house.wording.problem(made.language, problem), wrong=True)
        return made.back(f"/?saved={id}", made.say("web.views.kept"))

    async def change(self, request: Request) -> Response:
        """POST `/views/12`: `do` rename (`name`), change (`q`), up, or drop."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        form = await posted(made)
        id, what = of_path(request, "id"), form.get("do")
        try:
            said = await self._house.store.write(_change, made, id, what, form)
        except Problem as problem:
            return made.back("/", self._house.wording.problem(made.language, problem), wrong=True)
        return made.back("/" if what == "drop" else f"/?saved={id}", made.say(said))


def _keep(unit: Unit, agent: AgentId, name: str, query: str, team: str, made: Frame) -> int:
    whose = number(team)
    return saved_views.keep(unit, agent, name, query, None if whose is None else TeamId(whose), made.now)


def _change(unit: Unit, made: Frame, id: int, what: str, form: Form) -> str:
    """Do it; the sentence about it."""
    if what == "drop":
        saved_views.drop(unit, made.scope, id)
    elif what == "up":
        saved_views.raise_up(unit, made.scope, id)
    elif what == "change":
        saved_views.change(unit, made.scope, id, form.get("q")[:LONGEST])
    else:
        saved_views.rename(unit, made.scope, id, form.get("name"))
    return "web.views.dropped" if what == "drop" else "web.views.changed"
