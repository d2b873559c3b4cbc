"""The settings of teams: which there are, and who shares their queue."""

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.ids import TeamId
from inbox.domain.people import Roster, Team
from inbox.domain.problems import Problem
from inbox.pipeline import staff
from inbox.store import people
from inbox.web.accounts.settings import name_of, opened, short
from inbox.web.door import by
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House

PATH = "/settings/teams"


class Teams:
    """The routes under `/settings/teams`. Admins and the owner of the site."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listing(self, request: Request) -> Response:
        """GET `/settings/teams`."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        roster = await self._house.store.read(people.roster)
        names = {agent.id: agent.name for agent in roster.agents}
        return made.page("teams", teams=roster.teams, names=names, here="teams")

    async def one(self, request: Request) -> Response:
        """GET `/settings/teams/{name}`; "new" is an empty form."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        roster, name = await self._house.store.read(people.roster), request.path_params["name"]
        team = Team(TeamId(0), "") if name == "new" else roster.team(name)
        return made.missing() if team is None else _page(made, roster, team)

    async def put(self, request: Request) -> Response:
        """POST the same: the title, and exactly these members."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        form, name = await posted(made), request.path_params["name"]
        roster = await self._house.store.read(people.roster)
        known = None if name == "new" else roster.team(name)
        if name != "new" and known is None:
            return made.missing()
        draft = _typed(form, roster, known)
        try:
            if known is None:
                draft = _fresh(draft, roster)
        except Problem as problem:
            return _page(made, roster, draft, 422, self._house.wording.problem(made.language, problem))
        title = draft.called
        await self._house.store.write(staff.put_team, draft.name, title, draft.members, by(made), made.now)
        return made.back(PATH, made.say("web.teams.saved", name=title))


def _typed(form: Form, roster: Roster, known: Team | None) -> Team:
    chosen = set(form.values.get("member", ()))
    members = tuple(agent.id for agent in roster.agents if agent.handle in chosen)
    name = known.name if known else short(form.get("name"), 63)
    return Team(known.id if known else TeamId(0), name, short(form.get("title")), members)


def _fresh(draft: Team, roster: Roster) -> Team:
    name = name_of(draft.name)
    if roster.team(name) is not None:
        raise Problem("people.team_taken", name=name)
    return Team(draft.id, name, draft.title, draft.members)


def _page(made: Frame, roster: Roster, team: Team, status: int = 200, wrong: str = "") -> Response:
    agents = [one for one in roster.agents if not one.disabled or one.id in team.members]
    return made.page("team", status, team=team, agents=agents, wrong=wrong, here="teams")
