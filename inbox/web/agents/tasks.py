"""Tasks: the page on which agents see what is theirs to do, their teams', and everybody's; what is overdue first."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.ids import AgentId
from inbox.domain.people import Roster
from inbox.store import people, tasks, views
from inbox.store.tasks import Task, Whose
from inbox.store.unit import Unit
from inbox.web.agents.reading import names_of
from inbox.web.frame import Frame, House, frame

PATH = "/tasks"
WHOSE = ("mine", "team", "all")
MOST = 200


def routes(house: House) -> list[Route]:
    """The page; what it sends are actions on conversations."""
    return [Route(PATH, Tasks(house).listing)]


@dataclass(frozen=True, slots=True)
class Listed:
    """What the page shows."""

    found: tuple[Task, ...]
    roster: Roster
    counts: views.Counts


class Tasks:
    """The route. The owner of the site has no tasks, and sees everybody's."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listing(self, request: Request) -> Response:
        """GET `/tasks?whose=team`: mine, where nothing is said."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        offered = WHOSE if made.visitor.agent is not None else ("all",)
        wanted = request.query_params.get("whose", offered[0])
        if wanted not in offered:
            return made.missing()
        shown = await self._house.store.read(_page, made, wanted)
        facts: dict[str, Any] = {"found": shown.found, "roster": shown.roster, "counts": shown.counts, "whose": wanted}
        return made.page(
            "tasks", **facts, offered=offered, back=f"{PATH}?whose={wanted}", names=names_of(made), view="tasks"
        )


def _page(unit: Unit, made: Frame, wanted: str) -> Listed:
    roster = people.roster(unit)
    agent = made.visitor.agent if made.visitor else None
    found = tasks.listing(unit, made.scope, whose=_whose(roster, agent, wanted), most=MOST)
    return Listed(tuple(found), roster, views.counts(unit, made.scope, made.now))


def _whose(roster: Roster, agent: AgentId | None, wanted: str) -> Whose:
    """Without a team of one's own, one's own."""
    if wanted == "all" or agent is None:
        return Whose()
    teams = [team for team in roster.teams if agent in team.members]
    if wanted == "mine" or not teams:
        return Whose(agent)
    members = tuple({id: None for team in teams for id in team.members})
    return Whose(teams=[team.id for team in teams], members=members)
