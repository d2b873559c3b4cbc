"""What else the API reads: whose token it is, people and their organizations, ourselves and our teams, tags, views, the outbox."""

from typing import Literal

from pydantic import Field
from starlette.responses import Response

from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import ContactId, OrganizationId
from inbox.domain.people import Roster, Team
from inbox.domain.scope import Scope
from inbox.pipeline.outcome import recall
from inbox.store import directory, organizations, outbox, people, saved_views
from inbox.store.unit import Unit
from inbox.web.api import models, shapes
from inbox.web.api.operation import Call, Operation, Paged
from inbox.web.api.paging import answered, behind, packed
from inbox.web.api.reading import missing


class Called(Paged):
    """Which contacts."""

    q: str = Field(default="", max_length=200, description="Names or addresses; then the 50 newest that have them all.")


class Line(Paged):
    """Which deliveries."""

    state: Literal["queued", "sending", "unknown", "parked", "failed"] | None = Field(
        default=None, description="Only those in this state."
    )


def operations() -> tuple[Operation, ...]:
    """All of them."""
    return (
        Operation("GET", "/me", "me", "Whose token it is, and what it may", _me, answer=models.Me),
        Operation(
            "GET", "/contacts", "contacts", "People who write to us", _contacts, query=Called, answer=models.Contacts
        ),
        Operation("GET", "/contacts/{id}", "contact", "One person", _contact, answer=models.Contact),
        Operation(
            "GET",
            "/organizations",
            "organizations",
            "Companies that people belong to",
            _organizations,
            query=Paged,
            answer=models.Organizations,
        ),
        Operation("GET", "/agents", "agents", "Those of us who answer", _agents, answer=models.Agents),
        Operation("GET", "/teams", "teams", "Teams and their members", _teams, answer=models.Teams),
        Operation("GET", "/tags", "tags", "Tags that conversations have", _tags, answer=models.Tags),
        Operation("GET", "/views", "views", "Saved views", _views, answer=models.Views),
        Operation(
            "GET", "/outbox", "outbox", "What is on its way, or stuck", _outbox, query=Line, answer=models.Outbox
        ),
    )


async def _me(call: Call) -> Response:
    access, agent = call.caller.access, call.caller.agent
    roster = await call.house.store.read(people.roster)
    limits = None if access.teams is None else [team.name for team in roster.teams if team.id in access.teams]
    reach = [one.value for one in access.reach if call.caller.may(one)]
    handle = agent.handle if agent else None
    made = models.Me(token=access.name, agent=handle, reach=reach, teams=limits, expires_at=access.expires_at)
    return answered(call, made)


async def _contacts(call: Call) -> Response:
    asked: Called = call.query
    after = behind(asked.cursor)
    if asked.q.strip():
        named = await call.house.store.read(directory.called, call.caller.scope, asked.q)
        return answered(call, models.Contacts(items=[shapes.contact(one) for one in named[: asked.limit]], next=None))
    known = await call.house.store.read(directory.contacts, call.caller.scope, after, asked.limit + 1)
    items = [shapes.contact(one) for one in known[: asked.limit]]
    on = packed("n", items[-1].id) if len(known) > asked.limit else None
    return answered(call, models.Contacts(items=items, next=on))


async def _contact(call: Call) -> Response:
    id = ContactId(call.number("id"))
    known = await call.house.store.read(directory.one, call.caller.scope, id)
    if known is None:
        raise missing(id)
    return answered(call, shapes.contact(known))


async def _organizations(call: Call) -> Response:
    asked: Paged = call.query
    known = await call.house.store.read(
        directory.organizations, call.caller.scope, behind(asked.cursor), asked.limit + 1
    )
    items = await call.house.store.read(_shaped, call.caller.scope, [id for id, _ in known[: asked.limit]])
    on = packed("n", items[-1].id) if len(known) > asked.limit else None
    return answered(call, models.Organizations(items=items, next=on))


def _shaped(unit: Unit, scope: Scope, ids: list[OrganizationId]) -> list[models.Organization]:
    known = [(organizations.one(unit, id), organizations.domains(unit, id)) for id in ids]
    return [shapes.organization(one, domains, scope) for one, domains in known if one is not None]


async def _agents(call: Call) -> Response:
    roster = await call.house.store.read(people.roster)
    return answered(call, models.Agents(items=[shapes.agent(one) for one in roster.agents]))


async def _teams(call: Call) -> Response:
    roster = await call.house.store.read(people.roster)
    seen = [shapes.team(one, roster) for one in _seen(roster, call.caller.scope)]
    return answered(call, models.Teams(items=seen))


def _seen(roster: Roster, scope: Scope) -> list[Team]:
    return [team for team in roster.teams if scope.teams is None or team.id in scope.teams]


async def _tags(call: Call) -> Response:
    return answered(call, models.Tags(items=await call.house.store.read(directory.tags, call.caller.scope)))


async def _views(call: Call) -> Response:
    items = await call.house.store.read(_saved, call.caller.scope)
    return answered(call, models.Views(items=items))


def _saved(unit: Unit, scope: Scope) -> list[models.View]:
    names = {team.id: team.name for team in _seen(people.roster(unit), scope)}
    return [
        models.View(id=one.id, name=one.name, query=one.query, team=names[one.team] if one.team else "")
        for one in saved_views.of(unit, scope)
        if one.team is None or one.team in names
    ]


async def _outbox(call: Call) -> Response:
    asked: Line = call.query
    states = outbox.LIVE if asked.state is None else (DeliveryState(asked.state),)
    after = behind(asked.cursor)
    lines = await call.house.store.read(_lines, call.caller.scope, states, asked.limit + 1, after)
    items = [_line(call, one) for one in lines[: asked.limit]]
    on = packed("n", items[-1].id) if len(lines) > asked.limit else None
    return answered(call, models.Outbox(items=items, next=on))


def _lines(unit: Unit, scope: Scope, states: tuple[DeliveryState, ...], most: int, after: int) -> list[outbox.Line]:
    return outbox.lines(unit, states, most, scope=scope, after=after)


def _line(call: Call, one: outbox.Line) -> models.OutboxLine:
    problem = recall(one.error)
    error = call.house.wording.problem(call.language, problem) if problem is not None else one.error
    made = models.OutboxLine.model_validate(one, from_attributes=True)
    return made.model_copy(update={"error": error})
