"""Contacts and organizations by the API: one read, changed, merged and taken apart; under the caller's scope."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from inbox.domain.access import Reach
from inbox.domain.acts import By
from inbox.domain.events import Actor
from inbox.domain.ids import ContactId, OrganizationId
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import company, person, same
from inbox.pipeline.company import Better, Doing
from inbox.pipeline.playbook import Playbook
from inbox.store import contact_merges, directory, organizations
from inbox.store.directory import Known
from inbox.store.scoped import whole
from inbox.store.unit import Unit
from inbox.web.api import models, shapes
from inbox.web.api.acting import filled
from inbox.web.api.operation import Call, Operation, Query
from inbox.web.api.paging import answered
from inbox.web.api.problems import Answered
from inbox.web.api.reading import missing
from inbox.web.door import host

Text = Annotated[str, Field(max_length=300)]
Value = Annotated[str, Field(max_length=2_000)]
Several = Annotated[tuple[Text, ...], Field(max_length=50)]


class Bettered(BaseModel):
    """What both have: tags that come and go, fields by name (empty: none any more)."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    add: Several = ()
    remove: Several = ()
    fields: Mapping[Text, Value] = Field(default_factory=dict, max_length=50)


class ChangedContact(Bettered):
    """What is left out stays as it is. `organization`: its name, made where it is new; empty: none."""

    name: Text | None = None
    language: Literal["fa", "en"] | None = None
    organization: Text | None = None
    role: Text | None = None


class ChangedOrganization(Bettered):
    """What is left out stays as it is."""

    name: Text | None = None
    add_domains: Several = ()
    remove_domains: Several = ()


class NewOrganization(BaseModel):
    """What a new one is called."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    name: Text


class Into(Query):
    """Whom it goes into."""

    into: int = Field(ge=1, lt=2**53, description="The number of the one that goes on.")


def operations() -> tuple[Operation, ...]:
    """All of them; reading lists is elsewhere."""
    one, other, write = "/contacts/{id}", "/organizations/{id}", Reach.WRITE
    return (
        Operation(
            "POST",
            one,
            "contact_change",
            "Change a contact",
            _change,
            write,
            body=ChangedContact,
            answer=models.Contact,
        ),
        Operation(
            "POST",
            f"{one}/merge",
            "contact_merge",
            "Two contacts are one",
            _merge,
            write,
            query=Into,
            answer=models.Contact,
        ),
        Operation("POST", f"{one}/unmerge", "contact_unmerge", "Undo a merge", _unmerge, write, answer=models.Contact),
        Operation("GET", other, "organization", "One organization", _organization, answer=models.Organization),
        Operation(
            "POST",
            "/organizations",
            "organization_add",
            "Add an organization",
            _add,
            write,
            body=NewOrganization,
            answer=models.Organization,
        ),
        Operation(
            "POST",
            other,
            "organization_change",
            "Change an organization",
            _change_organization,
            write,
            body=ChangedOrganization,
            answer=models.Organization,
        ),
        Operation(
            "POST",
            f"{other}/merge",
            "organization_merge",
            "Two organizations are one",
            _merge_organizations,
            write,
            query=Into,
            answer=models.Organization,
        ),
    )


async def _change(call: Call) -> Response:
    wanted, id = filled(ChangedContact, call.body), await _seen(call)
    better = person.Better(
        wanted.name, wanted.language, wanted.organization, wanted.add, wanted.remove, wanted.role, wanted.fields
    )
    act = _doing(call)
    await call.house.store.write(person.improve, id, better, act.actor, "api", act.by, act.playbook, call.now)
    return await _told(call, id)


async def _merge(call: Call) -> Response:
    gone, act = await _seen(call), _doing(call)
    kept = ContactId(call.query.into)
    if not await call.house.store.read(directory.sees, call.caller.scope, kept):
        raise missing(kept)
    await call.house.store.write(same.merge, gone, kept, act.actor, "api", act.by, act.playbook, call.now)
    return await _told(call, kept)


async def _unmerge(call: Call) -> Response:
    gone, act = ContactId(call.number("id")), _doing(call)
    found = await call.house.store.read(contact_merges.standing, gone)
    if found is None or not await call.house.store.read(directory.sees, call.caller.scope, found.kept):
        raise missing(gone)
    await call.house.store.write(same.unmerge, gone, act.actor, "api", act.by, act.playbook, call.now)
    return await _told(call, gone)


async def _organization(call: Call) -> Response:
    return await _its(call, await _known(call))


async def _add(call: Call) -> Response:
    wanted = filled(NewOrganization, call.body)
    its = await call.house.store.write(company.add, wanted.name, _doing(call))
    return await _its(call, its.id)


async def _change_organization(call: Call) -> Response:
    wanted, id = filled(ChangedOrganization, call.body), await _known(call)
    await call.house.store.write(_changed, id, wanted, _doing(call))
    return await _its(call, id)


async def _merge_organizations(call: Call) -> Response:
    gone, kept = await _known(call), OrganizationId(call.query.into)
    if not await call.house.store.read(_visible, call, kept):
        raise missing(kept)
    await call.house.store.write(company.merge, gone, kept, _doing(call))
    return await _its(call, kept)


async def _seen(call: Call) -> ContactId:
    """The contact in the path, where the caller sees them. Raises Missing."""
    id = ContactId(call.number("id"))
    if not await call.house.store.read(directory.sees, call.caller.scope, id):
        raise missing(id)
    return id


async def _known(call: Call) -> OrganizationId:
    """The organization in the path, where the caller sees it. Raises Missing."""
    id = OrganizationId(call.number("id"))
    if not await call.house.store.read(_visible, call, id):
        raise missing(id)
    return id


async def _told(call: Call, id: ContactId) -> Response:
    known: Known | None = await call.house.store.read(directory.one, call.caller.scope, id)
    if known is None:
        raise missing(id)
    return answered(call, shapes.contact(known))


async def _its(call: Call, id: OrganizationId) -> Response:
    return answered(call, await call.house.store.read(_shape, call.caller.scope, id))


def _shape(unit: Unit, scope: Scope, id: OrganizationId) -> models.Organization:
    its = company.standing(unit, id)
    return shapes.organization(its, organizations.domains(unit, its.id), scope)


def _visible(unit: Unit, call: Call, id: OrganizationId) -> bool:
    return organizations.one(unit, id) is not None and organizations.visible(unit, call.caller.scope, id)


def _changed(unit: Unit, id: OrganizationId, wanted: ChangedOrganization, act: Doing) -> None:
    """All of it, or none."""
    company.change(unit, id, Better(wanted.name, wanted.add, wanted.remove, wanted.fields), act)
    for domain in wanted.remove_domains:
        company.take_domain(unit, id, domain, act)
    for domain in wanted.add_domains:
        company.add_domain(unit, id, domain, act)


def _doing(call: Call) -> Doing:
    """Whose token it is. Raises Answered for one of nobody: what is changed, an agent changes."""
    agent, book = call.caller.agent, _book(call)
    if agent is None or book is None:
        raise Answered(403, Problem("api.beyond", reach=Reach.WRITE.value))
    if not whole(call.caller.scope):
        raise Answered(403, Problem("api.beyond", reach=Reach.WRITE.value))
    by = By("agent", agent.id, "api", host(call.request))
    return Doing(Actor("agent", agent.id, agent.name), "api", by, book, call.now)


def _book(call: Call) -> Playbook | None:
    return call.house.playbook() if call.house.playbook else None
