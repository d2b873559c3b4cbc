"""The settings of people: who there is, a form for each, the links by which they come in, and when they are on duty."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.domain.ids import AgentId
from inbox.domain.people import Absence, Agent, Roster, Shift
from inbox.domain.problems import Problem
from inbox.pipeline import staff
from inbox.pipeline.week import NAMES as DAYS
from inbox.pipeline.week import days, hours, whole_days
from inbox.store import credentials, people
from inbox.store.entry import LASTS, Purpose
from inbox.store.unit import Unit
from inbox.text.months import in_week
from inbox.web import session
from inbox.web.accounts.settings import address_of, capacity_of, name_of, opened, several, short
from inbox.web.door import by
from inbox.web.forms import Form, posted
from inbox.web.frame import NAMES, Frame, House

PATH = "/settings/people"
ROLES = ("agent", "lead", "admin")


class Staff:
    """The routes under `/settings/people`. Admins and the owner of the site."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def first(self, request: Request) -> Response:
        """GET `/settings`: it begins with the people."""
        _, shut = await opened(self._house, request)
        return shut or RedirectResponse(PATH, 303)

    async def listing(self, request: Request) -> Response:
        """GET `/settings/people`: everybody, those who left at the end."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        roster, silent = await self._house.store.read(_everybody)
        agents = sorted(roster.agents, key=lambda one: (one.disabled, one.name.lower()))
        teams = {one.id: [t for t in roster.teams if one.id in t.members] for one in agents}
        return made.page("people", agents=agents, teams=teams, silent=silent, here="people")

    async def one(self, request: Request) -> Response:
        """GET `/settings/people/{handle}`; "new" is an empty form."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        handle = request.path_params["handle"]
        if handle == "new":
            spoken = self._house.site.language
            return await self._page(made, Agent(AgentId(0), "", "", language=spoken, languages=(spoken,)))
        found = await self._known(handle)
        return made.missing() if found is None else await self._page(made, found)

    async def put(self, request: Request) -> Response:
        """POST the same: what the form says. With `invite` a new agent gets an invitation at once."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        form, handle = await posted(made), request.path_params["handle"]
        before = None if handle == "new" else await self._known(handle)
        if handle != "new" and before is None:
            return made.missing()
        draft = _typed(form, before)
        try:
            agent = _checked(draft, form)
            mine = session.digest(self._house.cookies.read(request))
            own = made.visitor is not None and before is not None and made.visitor.agent == before.id
            keep, fresh = mine if own else "", before is None
            await self._house.store.write(staff.edit, agent, by(made), made.now, keep=keep, fresh=fresh)
        except Problem as problem:
            wrong = self._house.wording.problem(made.language, problem)
            return await self._page(made, draft, 422, wrong, known=before is not None)
        if before is None and "invite" in form:
            return await self._handed(made, agent.handle, "invite")
        return made.back(f"{PATH}/{agent.handle}", made.say("web.people.saved", name=agent.name))

    async def link(self, request: Request) -> Response:
        """POST `/settings/people/{handle}/link`: an invitation or (`reset`) a link for another password, shown once."""
        made, agent, form, shut = await self._asked(request)
        if shut is not None or agent is None or form is None:
            return shut or made.missing()
        try:
            return await self._handed(made, agent.handle, "reset" if "reset" in form else "invite")
        except Problem as problem:
            return self._told(made, agent, problem)

    async def _handed(self, made: Frame, handle: str, purpose: Purpose) -> Response:
        agent, token = await self._known(handle), session.fresh()
        assert agent is not None, "it was there a moment ago, and agents are never removed"
        await self._house.store.write(staff.pass_for, agent, purpose, session.digest(token), by(made), made.now)
        front = self._house.site.public_url or str(made.request.base_url).rstrip("/")
        over = made.now + LASTS[purpose]
        facts: dict[str, Any] = {"agent": agent, "link": f"{front}/password/{token}", "over": over, "purpose": purpose}
        return made.page("handed", **facts, here="people")

    async def stand(self, request: Request) -> Response:
        """POST `/settings/people/{handle}/stand`: `disable`, `enable`, or `codes`: no one-time code is asked for any more."""
        made, agent, form, shut = await self._asked(request)
        if shut is not None or agent is None or form is None:
            return shut or made.missing()
        try:
            if "codes" in form:
                await self._house.store.write(staff.without_codes, agent, by(made), made.now)
                return made.back(f"{PATH}/{agent.handle}", made.say("web.people.codes_off", name=agent.name))
            disabled = "disable" in form
            await self._house.store.write(staff.set_disabled, agent, disabled, by(made), made.now)
        except Problem as problem:
            return self._told(made, agent, problem)
        key = "web.people.disabled" if disabled else "web.people.enabled"
        return made.back(f"{PATH}/{agent.handle}", made.say(key, name=agent.name))

    async def duty(self, request: Request) -> Response:
        """POST `/settings/people/{handle}/duty`: a shift (`days`, `hours`), an absence (`first`, `last`), or (`clear`) no shifts."""
        made, agent, form, shut = await self._asked(request)
        if shut is not None or agent is None or form is None:
            return shut or made.missing()
        store, who, zone = self._house.store, by(made), self._house.site.zone
        try:
            if "clear" in form:
                await store.write(staff.clear_shifts, agent.id, who, made.now)
            elif "first" in form:
                first, last = form.get("first").strip(), form.get("last").strip()
                start, end = whole_days(first, last or first, ZoneInfo(zone))
                away = Absence(agent.id, start, end, short(form.get("reason")))
                await store.write(staff.add_absence, away, who, made.now)
            else:
                start_at, end_at = hours(form.get("hours"))
                shifts = [Shift(agent.id, day, start_at, end_at, zone) for day in days(form.get("days"))]
                await store.write(staff.put_shifts, shifts, who, made.now)
        except Problem as problem:
            return self._told(made, agent, problem)
        return made.back(f"{PATH}/{agent.handle}", made.say("web.people.saved", name=agent.name))

    async def _asked(self, request: Request) -> tuple[Frame, Agent | None, Form | None, Response | None]:
        made, shut = await opened(self._house, request)
        if shut is not None:
            return made, None, None, shut
        return made, await self._known(request.path_params["handle"]), await posted(made), None

    def _told(self, made: Frame, agent: Agent, problem: Problem) -> Response:
        return made.back(f"{PATH}/{agent.handle}", self._house.wording.problem(made.language, problem), wrong=True)

    async def _known(self, handle: str) -> Agent | None:
        roster = await self._house.store.read(people.roster)
        return next((one for one in roster.agents if one.handle == handle), None)

    async def _page(
        self, made: Frame, agent: Agent, status: int = 200, wrong: str = "", *, known: bool | None = None
    ) -> Response:
        known = bool(agent.id) if known is None else known
        roster, account = await self._house.store.read(_person, agent.id)
        duty = sorted(_shifts(roster, agent.id), key=lambda one: (in_week(one.weekday, made.language), one.start))
        shifts = [(made.say(f"cli.day.{DAYS[one.weekday]}"), one) for one in duty]
        # An absence ends with the midnight after its last day.
        coming = [one for one in roster.absences if one.agent == agent.id and one.end > made.now]
        away = [(one.start, max(one.start, one.end - timedelta(seconds=1)), one.reason) for one in coming]
        facts: dict[str, Any] = {"agent": agent, "account": account, "shifts": shifts, "away": away, "known": known}
        more = {"roles": ROLES, "languages": list(NAMES.items()), "wrong": wrong, "here": "people"}
        return made.page("person", status, **facts, **more)


def _shifts(roster: Roster, id: AgentId) -> list[Shift]:
    return [one for one in roster.shifts if one.agent == id]


def _typed(form: Form, before: Agent | None) -> Agent:
    """What stands in the form, whatever it is: it is shown again where something is wrong."""
    blank = Agent(AgentId(0), short(form.get("handle"), 63), "")
    role, spoken = form.get("role"), form.get("language")
    kept = before or blank
    return replace(
        kept,
        name=short(form.get("name")),
        address=form.get("address").strip()[:254],
        language=spoken if spoken in NAMES else kept.language,
        languages=several(form.get("languages")),
        skills=several(form.get("skills")),
        company=short(form.get("company")),
        admin=role == "admin",
        lead=kept.lead if role == "admin" else role == "lead",
    )


def _checked(draft: Agent, form: Form) -> Agent:
    """Raises Problem for the first thing that is wrong."""
    handle = draft.handle if draft.id else name_of(draft.handle)
    if not draft.name:
        raise Problem("people.no_name")
    if form.get("role") not in ROLES:
        raise Problem("people.no_role")
    spoken = draft.languages or (draft.language,)
    capacity = capacity_of(form.get("capacity"))
    return replace(draft, handle=handle, address=address_of(draft.address), languages=spoken, capacity=capacity)


def _everybody(unit: Unit) -> tuple[Roster, set[AgentId]]:
    return people.roster(unit), credentials.without_password(unit)


def _person(unit: Unit, id: AgentId) -> tuple[Roster, credentials.Account | None]:
    return people.roster(unit), credentials.of(unit, id)
