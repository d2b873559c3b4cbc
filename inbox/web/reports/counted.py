"""Reports: GET `/reports`, `/reports/NAME?since=&until=&team=&channel=&tag=&organization=&hours=`, and each as files."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.ids import AgentId
from inbox.domain.problems import Problem
from inbox.pipeline.reports import NAMES, report
from inbox.pipeline.reports_printed import about, sheet
from inbox.pipeline.reports_shape import Asked, Report, ReportTable
from inbox.sheets.paper import pdf
from inbox.sheets.sheet import Sheet
from inbox.sheets.spreadsheet import xlsx
from inbox.store import channels, people
from inbox.store.unit import Unit
from inbox.web.frame import Frame, House, frame
from inbox.web.ops.rulebook import closed
from inbox.web.reports.asking import HOURS, Asking, last, presets, read
from inbox.web.reports.shown import shown

HEADLINE = "promise-kept"
"""The report that comes first."""
OWN = "agents"
"""The report of which everybody may see what is said of themselves."""
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILES: Mapping[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "xlsx": (_SPREADSHEET, xlsx),
    "pdf": ("application/pdf", pdf),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: names with titles."""

    teams: tuple[tuple[str, str], ...]
    channels: tuple[str, ...]


def routes(house: House) -> list[Route]:
    """All of them."""
    counted = Counted(house)
    return [
        Route("/reports", counted.index),
        Route("/reports/{name}.csv", counted.table),
        *(Route(f"/reports/{{name}}.{kind}", counted.file(kind)) for kind in _FILES),
        Route("/reports/{name}", counted.report),
    ]


class Counted:
    """The routes. Agents who are no leads find one report here, with what is said of themselves."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def index(self, request: Request) -> Response:
        """GET `/reports`: all of them, the rate of kept promises in front."""
        made = await frame(self._house, request)
        if made.visitor is not None and not made.visitor.ops:
            return made.back(f"/reports/{OWN}")
        if (shut := closed(made)) is not None:
            return shut
        asking = self._asking(made)
        found = await self._house.store.read(report, HEADLINE, asking.asked, self._zone, made.now)
        first = shown(found.tables[0], made.say, made.language)
        return made.page("reports_index", names=NAMES, headline=HEADLINE, first=first, asking=asking, found=found)

    async def report(self, request: Request) -> Response:
        """GET `/reports/flow?since=&until=`: its pictures and its tables; each number leads to what is behind it."""
        made, name, shut = await self._entered(request)
        if shut is not None:
            return shut
        asking = self._asking(made)
        choices = await self._house.store.read(_choices)
        facts: dict[str, Any] = {"which": name, "asking": asking, "choices": choices, "hours": HOURS}
        facts |= {"names": NAMES, "own": OWN, "presets": presets(asking.asked, self._today(made), made.language)}
        try:
            found = await self._found(made, name, asking.asked)
        except Problem as problem:
            wrong = made.house.wording.problem(made.language, problem)
            return made.page("report", 422, found=None, tables=(), about=(), problem=wrong, **facts)
        tables = [shown(one, made.say, made.language) for one in found.tables]
        lines = list(about(found, made.say, made.language))
        return made.page("report", found=found, tables=tables, about=lines, problem="", **facts)

    async def table(self, request: Request) -> Response:
        """GET `/reports/flow.csv?table=flow_over_time`: one table of the same, the first where none is named."""
        made, name, found = await self._wanted(request)
        if isinstance(found, Response):
            return found
        wanted = request.query_params.get("table") or found.tables[0].name
        one = next((table for table in found.tables if table.name == wanted), None)
        if one is None:
            return made.missing()
        return _attached(one.plain.file, "text/csv; charset=utf-8", f"{name}-{wanted}", found.asked, "csv")

    def file(self, kind: str) -> Callable[[Request], object]:
        """GET `/reports/flow.xlsx`, `/reports/flow.pdf`: all tables of the same."""
        media, make = _FILES[kind]

        async def answer(request: Request) -> Response:
            made, name, found = await self._wanted(request)
            if isinstance(found, Response):
                return found
            paper = sheet(found, made.say, made.language, self._house.site.public_url)
            return _attached(await asyncio.to_thread(make, paper), media, name, found.asked, kind)

        return answer

    async def _wanted(self, request: Request) -> tuple[Frame, str, Report | Response]:
        """The report for a file, or why there is none."""
        made, name, shut = await self._entered(request)
        if shut is not None:
            return made, name, shut
        asking = self._asking(made)
        try:
            return made, name, made.missing() if asking.wrong else await self._found(made, name, asking.asked)
        except Problem:
            return made, name, made.missing()

    async def _entered(self, request: Request) -> tuple[Frame, str, Response | None]:
        made, name = await frame(self._house, request), request.path_params["name"]
        theirs = made.visitor is not None and not made.visitor.ops and name == OWN
        shut = None if theirs else closed(made)
        return made, name, shut or (None if name in NAMES else made.missing())

    async def _found(self, made: Frame, name: str, asked: Asked) -> Report:
        visitor = made.visitor
        whose = visitor.agent if visitor is not None and not visitor.ops else None
        return await self._house.store.read(_report, name, asked, self._zone, made.now, whose)

    def _asking(self, made: Frame) -> Asking:
        return read(made.request.query_params, self._today(made), made.language)

    def _today(self, made: Frame) -> date:
        return made.now.astimezone(self._zone).date()

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._house.site.zone)


def _report(unit: Unit, name: str, asked: Asked, zone: ZoneInfo, now: datetime, whose: AgentId | None) -> Report:
    """With `whose`: what is said of that agent alone."""
    found = report(unit, name, asked, zone, now)
    agent = people.roster(unit).agent_by_id(whose) if whose is not None else None
    if agent is None:
        return found
    return replace(found, tables=tuple(_of(table, agent.handle) for table in found.tables))


def _of(table: ReportTable, handle: str) -> ReportTable:
    """The rows of one agent, resting on what is counted of them."""
    places = [at for at, row in enumerate(table.rows) if row[0] == handle]
    rows = tuple(table.rows[at] for at in places)
    links = tuple(table.links[at] for at in places) if table.links else ()
    n = sum(row[1] for row in rows if isinstance(row[1], int))
    return replace(table, rows=rows, links=links, n=n)


def _choices(unit: Unit) -> Choices:
    teams = tuple((team.name, team.called) for team in people.roster(unit).teams)
    return Choices(teams, tuple(str(row.name) for row in channels.seen(unit)))


def _attached(content: bytes, media: str, name: str, asked: Asked, kind: str) -> Response:
    file = f"{name}-{asked.since:%Y-%m-%d}-{last(asked):%Y-%m-%d}.{kind}"
    return Response(content, media_type=media, headers={"content-disposition": f'attachment; filename="{quote(file)}"'})
