"""Contracts on pages: all of them, one with its terms and periods, and the forms by which one is made, followed or ended; for leads."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.contracts import Contract
from inbox.domain.problems import Problem
from inbox.pipeline import contract_acts as verbs
from inbox.pipeline.contract_terms import instants
from inbox.pipeline.contract_typed import WAYS, Typed, day, draft, first_wrong, renewed
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.statement_told import telling
from inbox.pipeline.statements import every, lost
from inbox.sla.periods import period_of
from inbox.sla.statement import Statement
from inbox.store import contracts, people, persons
from inbox.store.statements import Issued
from inbox.store.unit import Unit
from inbox.web.door import by
from inbox.web.forms import posted
from inbox.web.frame import Frame, House, frame
from inbox.web.numbers import number
from inbox.web.ops.rulebook import closed

PATH = "/contracts"
MOST = 50
"""Contracts of one page."""
FORM = 128 * 1024
"""Bytes of a form, with terms of its own."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A contract as the list shows it. `used`: requests of the stretch of its quota that runs."""

    contract: Contract
    contact: str
    organization: str
    state: str
    used: int | None

    @property
    def over(self) -> bool:
        """Whether more is used than was agreed on."""
        quota = self.contract.agreed.quota
        return quota is not None and self.used is not None and self.used > quota.requests


@dataclass(frozen=True, slots=True)
class Whole:
    """One contract on its page. `follows` and `lost`: names of another one, and of what it names that is gone."""

    standing: Standing
    periods: tuple[tuple[Statement, Issued | None], ...]
    follows: str
    lost: tuple[tuple[str, str], ...]


class Contracts:
    """The routes. Whoever is no lead and not the owner finds nothing here."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listing(self, request: Request) -> Response:
        """GET `/contracts`."""
        made, book, shut = await opened(self._house, request)
        if book is None or shut is not None:
            return shut or made.missing()
        before = number(request.query_params.get("before")) or 0
        found = await self._house.store.read(_page, book, made.now, before)
        more = f"{PATH}?before={found[MOST - 1].contract.id}" if len(found) > MOST else ""
        return made.page("contracts", found=found[:MOST], more=more, before=before)

    async def show(self, request: Request) -> Response:
        """GET `/contracts/acme`."""
        made, book, shut = await opened(self._house, request)
        if book is None or shut is not None:
            return shut or made.missing()
        return await self._page(made, book, request.path_params["name"])

    async def _page(self, made: Frame, book: Playbook, name: str, wrong: str = "", last: str = "") -> Response:
        found = await self._house.store.read(_whole, name, book, made.now)
        if found is None:
            return made.missing()
        other = next(one for one in ("en", "fa") if one != made.language)
        said = [(code, telling(book, code).terms(found.standing.contract)) for code in (made.language, other)]
        return made.page("contract", 422 if wrong else 200, it=found, said=said, wrong=wrong, last=last)

    async def form(self, request: Request) -> Response:
        """GET `/contracts/new`, and `/contracts/acme/renew`."""
        made, book, shut = await opened(self._house, request)
        if book is None or shut is not None:
            return shut or made.missing()
        was = await self._was(request)
        if "name" in request.path_params and was is None:
            return made.missing()
        filled = Typed(with_=request.query_params.get("with", ""), almanac="jalali" if made.language == "fa" else "")
        if was is not None:
            filled = await self._house.store.read(_again, was)
        return self._form(made, book, was, filled)

    def _form(self, made: Frame, book: Playbook, was: Contract | None, filled: Typed, wrong: str = "") -> Response:
        facts = {"filled": filled, "was": was, "tiers": list(book.tiers.values()), "ways": WAYS, "wrong": wrong}
        return made.page("contract_new", 422 if wrong else 200, **facts)

    async def _was(self, request: Request) -> Contract | None:
        name = request.path_params.get("name")
        return await self._house.store.read(contracts.by_name, name) if name else None

    async def make(self, request: Request) -> Response:
        """POST the same two: a new contract, or the one that follows."""
        made, book, shut = await opened(self._house, request)
        if book is None or shut is not None:
            return shut or made.missing()
        sent = (await posted(made, FORM)).first
        was = await self._was(request)
        if "name" in request.path_params and was is None:
            return made.missing()
        names = {one.name: "with" if one.name == "with_" else one.name for one in fields(Typed)}
        typed = Typed(**{name: sent.get(field, "") for name, field in names.items()})

        def unit(unit: Unit) -> Contract:
            if was is None:
                return verbs.add(
                    unit, draft(unit, typed, book, made.say("contracts.field.terms")), by(made), book, made.now
                )
            follows = renewed(unit, was, typed, book, made.say("contracts.field.terms"))
            return verbs.renew(unit, was.name, follows, by(made), book, made.now)

        try:
            new = await self._house.store.write(unit)
        except Problem as problem:
            return self._form(made, book, was, typed, self._told(made, problem))
        except ExceptionGroup as group:
            return self._form(made, book, was, typed, self._told(made, first_wrong(group)))
        return made.back(place(new.name), made.say("web.contracts.made", name=new.name))

    async def end(self, request: Request) -> Response:
        """POST `/contracts/acme/end`."""
        made, book, shut = await opened(self._house, request)
        if book is None or shut is not None:
            return shut or made.missing()
        form, name = await posted(made), request.path_params["name"]

        def unit(unit: Unit) -> Contract:
            return verbs.end(unit, name, day(form.get("last")), by(made), book, made.now)

        try:
            await self._house.store.write(unit)
        except Problem as problem:
            return await self._page(made, book, name, self._told(made, problem), form.get("last"))
        return made.back(place(name), made.say("web.contracts.ended", name=name))

    def _told(self, made: Frame, problem: Problem) -> str:
        return self._house.wording.problem(made.language, problem)


async def opened(house: House, request: Request) -> tuple[Frame, Playbook | None, Response | None]:
    """The frame of a page about contracts, what is configured, and the answer for those who may not come in."""
    made = await frame(house, request)
    return made, house.playbook() if house.playbook else None, closed(made)


def place(name: str, *more: str) -> str:
    """The address of a contract, or of something below it."""
    return "/".join((PATH, *(quote(part, safe="") for part in (name, *more))))


def _page(unit: Unit, book: Playbook, now: datetime, before: int) -> list[Standing]:
    return [standing(unit, one, book, now) for one in contracts.made_before(unit, before, MOST + 1)]


def standing(unit: Unit, one: Contract, book: Playbook, now: datetime) -> Standing:
    """How a contract stands today."""
    today, used = book.day(now), None
    if one.agreed.quota is not None and one.in_force(today):
        span = period_of(one.first, today, one.agreed.quota.per, one.almanac)
        used = contracts.used(unit, one.id, *instants(span, book.zone))
    who = people.contact(unit, one.contact).name or f"#{one.contact}"
    return Standing(one, who, persons.organization_name(unit, one.organization), _state(one, today, book), used)


def _state(one: Contract, today: date, book: Playbook) -> str:
    if today < one.first:
        return "coming"
    if one.until is None:
        return "in_force"
    if one.until < today:
        return "over"
    soon = max(book.contracts.warn_before, default=None)
    return "ending" if soon is not None and one.until - today <= soon else "in_force"


def _whole(unit: Unit, name: str, book: Playbook, now: datetime) -> Whole | None:
    one = contracts.by_name(unit, name)
    if one is None:
        return None
    follows = contracts.one(unit, one.follows).name if one.follows else ""
    found = every(unit, one, book, now) if one.first <= book.day(now) else []
    return Whole(standing(unit, one, book, now), tuple(found), follows, tuple(lost(one, book)))


def _again(unit: Unit, was: Contract) -> Typed:
    usual = verbs.again(was, unit)
    return Typed(
        name=usual.name,
        with_=str(was.contact),
        organization=usual.organization,
        tier=was.tier,
        first=usual.first.isoformat(),
        period=was.period.value,
        almanac=was.almanac,
        pays=str(was.pays) if was.pays else "",
        currency=was.currency,
        send_to=was.send_to,
    )


def routes(house: House) -> list[Route]:
    """Their addresses; those of statements come behind them."""
    pages = Contracts(house)
    return [
        Route(PATH, pages.listing),
        Route(f"{PATH}/new", pages.form),
        Route(f"{PATH}/new", pages.make, methods=["POST"]),
        Route(f"{PATH}/{{name}}", pages.show),
        Route(f"{PATH}/{{name}}/renew", pages.form),
        Route(f"{PATH}/{{name}}/renew", pages.make, methods=["POST"]),
        Route(f"{PATH}/{{name}}/end", pages.end, methods=["POST"]),
    ]
