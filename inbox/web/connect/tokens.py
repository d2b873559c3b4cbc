"""The settings of access tokens: which there are, a new one that is shown once, and one that is revoked."""

from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.access import Access, Reach
from inbox.domain.ids import AccessId
from inbox.domain.people import Roster
from inbox.domain.problems import Problem
from inbox.pipeline import access as verbs
from inbox.store import access, people
from inbox.store.unit import Unit
from inbox.web import session
from inbox.web.accounts.settings import opened
from inbox.web.door import by
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House
from inbox.web.numbers import of_path

PATH = "/settings/tokens"
FIELDS = ("name", "agent", "until")


class Tokens:
    """The routes under `/settings/tokens`. Admins and the owner of the site."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listing(self, request: Request) -> Response:
        """GET `/settings/tokens`."""
        made, shut = await opened(self._house, request)
        return await self._page(made) if shut is None else shut

    async def add(self, request: Request) -> Response:
        """POST the same: the page with the new token on it, this once; what was wrong stands above the form as it was filled in."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        form, token = await posted(made), verbs.MARK + session.fresh()
        try:
            await self._grant(made, form, token)
        except Problem as problem:
            return await self._page(made, form, self._house.wording.problem(made.language, problem))
        return await self._page(made, token=token, name=form.get("name"))

    async def _grant(self, made: Frame, form: Form, token: str) -> None:
        ends = verbs.ends(form.get("until"), made.now.astimezone(ZoneInfo(self._house.site.zone)))
        reach = tuple(one for one in Reach if one.value in form.values.get("reach", ()))
        teams = tuple(form.values.get("team", ()))
        given = (token, form.get("name"), form.get("agent"), reach, teams, ends, by(made), made.now)
        await self._house.store.write(verbs.grant, *given)

    async def revoke(self, request: Request) -> Response:
        """POST `/settings/tokens/3/revoke`."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        await posted(made)
        id = AccessId(of_path(request, "id"))
        try:
            gone = await self._house.store.write(verbs.revoke, id, by(made), made.now)
        except Problem as problem:
            return made.back(PATH, self._house.wording.problem(made.language, problem), wrong=True)
        return made.back(PATH, made.say("web.tokens.revoked", name=gone.name))

    async def _page(
        self, made: Frame, form: Form | None = None, wrong: str = "", *, token: str = "", name: str = ""
    ) -> Response:
        every, roster = await self._house.store.read(_known)
        filled = {field: form.get(field) if form else "" for field in FIELDS}
        facts = {
            "lines": [(one, *_shown(one, roster, made.now)) for one in every],
            "agents": [one for one in roster.agents if not one.disabled],
            "teams": roster.teams,
            "chosen": form.values if form else {"reach": ("read",)},
            "filled": filled,
            "wrong": wrong,
            "token": token,
            "called": name,
        }
        return made.page("tokens", 422 if wrong else 200, **facts, here="tokens")


def routes(house: House) -> list[Route]:
    """Its addresses."""
    tokens = Tokens(house)
    return [
        Route(PATH, tokens.listing),
        Route(PATH, tokens.add, methods=["POST"]),
        Route(f"{PATH}/{{id}}/revoke", tokens.revoke, methods=["POST"]),
    ]


def _known(unit: Unit) -> tuple[list[Access], Roster]:
    return access.every(unit), people.roster(unit)


def _shown(one: Access, roster: Roster, now: datetime) -> tuple[str, str, tuple[str, ...]]:
    """The agent's name, how it stands, and whose conversations it sees."""
    agent = roster.agent_by_id(one.agent) if one.agent else None
    teams = tuple(team.title or team.name for team in roster.teams if one.teams and team.id in one.teams)
    state = "revoked" if one.revoked_at else "stands" if one.stands(now) else "over"
    if state == "stands" and agent is not None and agent.disabled:
        state = "disabled"
    return (agent.name or agent.handle) if agent else "", state, teams
