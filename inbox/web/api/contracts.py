"""Contracts by the API: read, with their statements, by tokens that see the whole house; added and ended by those of leads."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from inbox.domain.access import Reach
from inbox.domain.acts import By
from inbox.domain.contracts import Contract
from inbox.domain.problems import Problem
from inbox.pipeline import contract_acts as verbs
from inbox.pipeline.contract_document import document
from inbox.pipeline.contract_typed import Typed, day, draft, first_wrong, period
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.statement_tables import document as stated
from inbox.pipeline.statements import issued_of, statement
from inbox.store import contracts
from inbox.store.scoped import whole
from inbox.store.unit import Unit
from inbox.web.api import contract_models as models
from inbox.web.api.acting import filled
from inbox.web.api.operation import Call, Operation, Paged, Query
from inbox.web.api.paging import answered, behind, packed
from inbox.web.api.problems import Answered
from inbox.web.api.reading import missing
from inbox.web.door import host


class Which(Query):
    """Which period."""

    period: str = Field(
        default="",
        max_length=40,
        description="Its number from 1, -1 for the last one, or a day in it; else the one over last.",
    )


class NewContract(BaseModel):
    """A contract: texts as people type them. `with` is a contact's number or `kind:address`; `terms` the text of a file of terms,
    instead of those of the tier."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, populate_by_name=True)

    name: str = Field(max_length=200)
    with_: str = Field(alias="with", max_length=254)
    first: str = Field(max_length=40)
    organization: str = Field(default="", max_length=200)
    tier: str = Field(default="", max_length=100)
    terms: str = Field(default="", max_length=100_000)
    last: str = Field(default="", max_length=40)
    period: Literal["month", "quarter", "year"] = "month"
    almanac: Literal["", "gregorian", "jalali"] = ""
    pays: str = Field(default="", max_length=40)
    currency: str = Field(default="", max_length=3)
    send_to: Literal["", "leads", "contact"] = ""


class LastDay(BaseModel):
    """The last day of a contract, in either calendar."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    last: str = Field(max_length=40)


def operations() -> tuple[Operation, ...]:
    """All of them."""
    return (
        Operation("GET", "/contracts", "contracts", "Contracts", _all, query=Paged, answer=models.Contracts),
        Operation("GET", "/contracts/{id}", "contract", "One contract", _one, answer=models.Contract),
        Operation(
            "GET",
            "/contracts/{id}/statement",
            "statement",
            "The statement of a period",
            _statement,
            query=Which,
            answer=models.Statement,
        ),
        Operation(
            "POST",
            "/contracts",
            "contract_add",
            "Add a contract",
            _add,
            reach=Reach.ADMIN,
            body=NewContract,
            answer=models.Contract,
        ),
        Operation(
            "POST",
            "/contracts/{id}/end",
            "contract_end",
            "End a contract",
            _end,
            reach=Reach.ADMIN,
            body=LastDay,
            answer=models.Contract,
        ),
    )


def _book(call: Call) -> Playbook:
    """Raises Answered for tokens that do not see all conversations, for a statement tells of all, and for those of agents who do not
    lead."""
    book, agent = call.house.playbook() if call.house.playbook else None, call.caller.agent
    if book is None or not whole(call.caller.scope) or (agent is not None and not agent.leads):
        raise Answered(403, Problem("api.beyond", reach=Reach.READ.value))
    return book


async def _all(call: Call) -> Response:
    _book(call)
    asked: Paged = call.query
    found = await call.house.store.read(contracts.made_before, behind(asked.cursor), asked.limit + 1)
    items = [_told(one) for one in found[: asked.limit]]
    on = packed("n", items[-1].id) if len(found) > asked.limit else None
    return answered(call, models.Contracts(items=items, next=on))


async def _one(call: Call) -> Response:
    _book(call)
    found = await call.house.store.read(contracts.find, call.number("id"))
    if found is None:
        raise missing(call.named("id"))
    return answered(call, _told(found))


async def _statement(call: Call) -> Response:
    book, asked = _book(call), call.query
    found = await call.house.store.read(_stated, call.number("id"), asked.period, book, call.now)
    if found is None:
        raise missing(call.named("id"))
    return answered(call, models.Statement.model_validate(found))


async def _add(call: Call) -> Response:
    book, wanted = _book(call), filled(NewContract, call.body)
    typed = Typed(**{name: getattr(wanted, name) for name in NewContract.model_fields})

    def unit(unit: Unit) -> Contract:
        return verbs.add(unit, draft(unit, typed, book), _by(call), book, call.now)

    try:
        return answered(call, _told(await call.house.store.write(unit)))
    except ExceptionGroup as group:
        raise Answered(422, first_wrong(group)) from group


async def _end(call: Call) -> Response:
    book, wanted = _book(call), filled(LastDay, call.body)

    def unit(unit: Unit) -> Contract | None:
        found = contracts.find(unit, call.number("id"))
        return None if found is None else verbs.end(unit, found.name, day(wanted.last), _by(call), book, call.now)

    ended = await call.house.store.write(unit)
    if ended is None:
        raise missing(call.named("id"))
    return answered(call, _told(ended))


def _stated(unit: Unit, id: int, typed: str, book: Playbook, now: datetime) -> dict[str, Any] | None:
    contract = contracts.find(unit, id)
    if contract is None:
        return None
    span = period(contract, typed, book.day(now))
    kept = issued_of(unit, contract, span)
    return stated(kept.statement if kept else statement(unit, contract, span, book, now), kept.at if kept else None)


def _told(one: Contract) -> models.Contract:
    return models.Contract.model_validate({"id": one.id, **document(one)})


def _by(call: Call) -> By:
    agent, address = call.caller.agent, host(call.request)
    return By("nobody", via="api", address=address) if agent is None else By("agent", agent.id, "api", address)
