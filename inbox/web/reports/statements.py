"""Statements on pages: GET `/contracts/acme/2026-11-22`, each line with a link to its clock; as CSV and as paper too; for leads."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.contracts import Contract
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.statement_tables import sheet, summary, table
from inbox.pipeline.statement_told import telling
from inbox.pipeline.statements import changed, issued_of, period_on, statement
from inbox.sheets.paper import pdf
from inbox.sla.statement import Line, Statement
from inbox.store import contracts, conversations
from inbox.store.statements import Issued
from inbox.store.unit import Unit
from inbox.web.frame import Frame, House
from inbox.web.reports.contracts import PATH, opened, place


@dataclass(frozen=True, slots=True)
class Found:
    """A statement as it was issued, else as things stand, with the playbook by which it is worded; `others`: lines that have become other ones since. `matter`: the reference
    of the conversation in which it was sent or told."""

    book: Playbook
    contract: Contract
    told: Statement
    issued: Issued | None
    others: tuple[Line, ...]
    matter: str

    @property
    def address(self) -> str:
        """Of its page."""
        return place(self.contract.name, self.told.period.since.isoformat())


class Statements:
    """The routes. Whoever is no lead and not the owner finds nothing here."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/contracts/acme/2026-11-22`: the period in which that day lies."""
        made, found = await self._found(request)
        if isinstance(found, Response):
            return found
        words = telling(found.book, made.language)
        return made.page("statement", it=found, summary=summary(found.told, found.contract, words), words=words)

    async def table(self, request: Request) -> Response:
        """GET the same with `/csv`."""
        _, found = await self._found(request)
        if isinstance(found, Response):
            return found
        return _file(found, "csv", "text/csv; charset=utf-8", table(found.told).file)

    async def paper(self, request: Request) -> Response:
        """GET the same with `/pdf`."""
        made, found = await self._found(request)
        if isinstance(found, Response):
            return found
        zone, link = ZoneInfo(self._house.site.zone), found.book.public_url
        made_of = sheet(found.told, found.contract, telling(found.book, made.language), zone, link)
        return _file(found, "pdf", "application/pdf", await asyncio.to_thread(pdf, made_of))

    async def _found(self, request: Request) -> tuple[Frame, Found | Response]:
        made, book, shut = await opened(self._house, request)
        if shut is not None or book is None:
            return made, shut or made.missing()
        found = await self._house.store.read(
            _read, request.path_params["name"], request.path_params["period"], book, made.now
        )
        return made, found or made.missing()


def _read(unit: Unit, name: str, typed: str, book: Playbook, now: datetime) -> Found | None:
    contract, on = contracts.by_name(unit, name), _day(typed)
    period = period_on(contract, on) if contract and on else None
    if contract is None or period is None or period.since > book.day(now):
        return None
    now_is, kept = statement(unit, contract, period, book, now), issued_of(unit, contract, period)
    matter = conversations.peek(unit, kept.conversation).reference if kept and kept.conversation else ""
    others = changed(kept.statement, now_is) if kept else ()
    return Found(book, contract, kept.statement if kept else now_is, kept, others, matter)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _file(found: Found, ending: str, kind: str, content: bytes) -> Response:
    name = f'attachment; filename="statement-{found.told.period.since.isoformat()}.{ending}"'
    return Response(content, media_type=kind, headers={"content-disposition": name})


def routes(house: House) -> list[Route]:
    """Their addresses."""
    pages = Statements(house)
    return [
        Route(f"{PATH}/{{name}}/{{period}}", pages.show),
        Route(f"{PATH}/{{name}}/{{period}}/csv", pages.table),
        Route(f"{PATH}/{{name}}/{{period}}/pdf", pages.paper),
    ]
