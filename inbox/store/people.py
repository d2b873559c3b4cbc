"""Contacts and their identities; agents, teams, shifts, absences and closures as one roster."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa

from inbox.domain.happenings import Address
from inbox.domain.ids import AgentId, ContactId, IdentityId, OrganizationId, TeamId
from inbox.domain.people import Absence, Agent, Contact, Identity, Roster, Shift, Team
from inbox.store import search
from inbox.store import tables as t
from inbox.store.closures import standing
from inbox.store.generation import changed
from inbox.store.prepared import Prepared
from inbox.store.unit import Unit

_KNOWN = Prepared(
    sa.select(
        t.identity.c.id,
        t.identity.c.contact_id,
        t.identity.c.kind,
        t.identity.c.address,
        t.identity.c.name,
        t.identity.c.verified_at,
        t.identity.c.unreachable,
        t.contact.c.id,
        t.contact.c.name,
        t.contact.c.language,
        t.contact.c.organization_id,
        t.contact.c.tags,
        t.contact.c.role,
        t.contact.c.fields,
        t.contact.c.placed,
        t.contact.c.merged_into_id,
    )
    .join_from(t.identity, t.contact, t.identity.c.contact_id == t.contact.c.id)
    .where(t.identity.c.kind == sa.bindparam("kind"), t.identity.c.address == sa.bindparam("address"))
)


def known(unit: Unit, kind: str, address: str) -> tuple[Contact, Identity] | None:
    """Who has this address on this kind of channel."""
    found = unit.run(_KNOWN, kind=kind, address=address)
    if not found:
        return None
    row = found[0]
    contact = contact_of(row[7:])
    return contact, Identity(IdentityId(row[0]), contact.id, *row[2:7])


COLUMNS = tuple(
    t.contact.c[name]
    for name in ("id", "name", "language", "organization_id", "tags", "role", "fields", "placed", "merged_into_id")
)
"""What `contact_of` reads, in this order."""


def contact_of(row: Sequence[Any]) -> Contact:
    """The contact of a row of `COLUMNS`."""
    id, name, language, organization, tags, role, fields, placed, merged = row
    pairs = tuple((one, value) for one, value in fields)
    into = None if merged is None else ContactId(merged)
    return Contact(ContactId(id), name, language, _organization(organization), tuple(tags), role, pairs, placed, into)


def _organization(id: int | None) -> OrganizationId | None:
    return None if id is None else OrganizationId(id)


_FRESHER = Prepared(sa.update(t.contact).where(t.contact.c.id == sa.bindparam("row")))


def meet(
    unit: Unit,
    kind: str,
    who: Address,
    found: tuple[Contact, Identity] | None,
    language: str | None,
    now: datetime,
) -> tuple[Contact, Identity]:
    """The contact of an address, made on first sight (`found` None, as `known` says). A name or language that we lacked is
    taken over; a claimed name never replaces the one we have."""
    if found is None:
        id = unit.insert(t.contact, name=who.name, language=language, tags=[], created_at=now)
        identity = unit.insert(t.identity, contact_id=id, kind=kind, address=who.address, name=who.name, created_at=now)
        search.met(unit, id, who.name, who.address)
        contact = Contact(ContactId(id), who.name, language)
        return contact, Identity(IdentityId(identity), contact.id, kind, who.address, who.name)
    contact, identity_ = found
    fresh = replace(contact, name=contact.name or who.name, language=language or contact.language)
    if fresh != contact:
        with search.renaming(unit, *((contact.id,) if fresh.name != contact.name else ())):
            unit.count(_FRESHER, row=contact.id, name=fresh.name, language=fresh.language)
    return fresh, identity_


def claim(unit: Unit, id: ContactId, kind: str, address: str, name: str, now: datetime) -> None:
    """A contact has one more address, of which nobody has proved anything; it must be nobody's."""
    with search.renaming(unit, id):
        unit.insert(t.identity, contact_id=id, kind=kind, address=address, name=name, created_at=now)


_CONTACT = Prepared(sa.select(*COLUMNS).where(t.contact.c.id == sa.bindparam("id")))


def contact(unit: Unit, id: ContactId) -> Contact:
    """One contact."""
    (row,) = unit.run(_CONTACT, id=id)
    return contact_of(row)


def contact_by_number(unit: Unit, number: int) -> ContactId | None:
    """The contact of that number, where there is one."""
    if number.bit_length() > 62:
        return None
    found = unit.execute(sa.select(t.contact.c.id).where(t.contact.c.id == number)).scalar_one_or_none()
    return None if found is None else ContactId(found)


_IDENTITIES = Prepared(
    sa.select(
        t.identity.c.id,
        t.identity.c.contact_id,
        t.identity.c.kind,
        t.identity.c.address,
        t.identity.c.name,
        t.identity.c.verified_at,
        t.identity.c.unreachable,
    )
    .where(t.identity.c.contact_id == sa.bindparam("contact"))
    .order_by(t.identity.c.id)
)


def identities(unit: Unit, id: ContactId) -> list[Identity]:
    """A contact's addresses."""
    return [Identity(IdentityId(r[0]), ContactId(r[1]), *r[2:]) for r in unit.run(_IDENTITIES, contact=id)]


def identities_of(unit: Unit, ids: Sequence[int]) -> dict[int, list[Identity]]:
    """The addresses of several contacts, by contact."""
    c = t.identity.c
    fields = (c.id, c.contact_id, c.kind, c.address, c.name, c.verified_at, c.unreachable)
    found: dict[int, list[Identity]] = {}
    for r in unit.execute(sa.select(*fields).where(c.contact_id.in_(list(ids))).order_by(c.id)) if ids else ():
        found.setdefault(r[1], []).append(Identity(IdentityId(r[0]), ContactId(r[1]), *r[2:]))
    return found


def set_unreachable(unit: Unit, kind: str, address: str, reason: str) -> None:
    """An address that cannot be reached, and why; "" when it can be again."""
    where = (t.identity.c.kind == kind, t.identity.c.address == address)
    unit.execute(sa.update(t.identity).where(*where).values(unreachable=reason))


MOVED = "moved"
"""Why an address cannot be reached that has become another one, which we know as well."""


def rename(unit: Unit, kind: str, old: str, new: str) -> None:
    """An address is another one from now on; where that one is known too, the old can no longer be reached."""
    if known(unit, kind, new) is not None:
        set_unreachable(unit, kind, old, MOVED)
        return
    where = (t.identity.c.kind == kind, t.identity.c.address == old)
    whose = known(unit, kind, old)
    with search.renaming(unit, *(() if whose is None else (whose[0].id,))):
        unit.execute(sa.update(t.identity).where(*where).values(address=new))


# -- the roster --------------------------------------------------------------------------------------------------------
_GENERATION = Prepared(sa.select(t.generation.c.number).where(t.generation.c.name == "roster"))


def roster(unit: Unit) -> Roster:
    """Everyone of us, from the process' cache while its generation is the stored one; asked once in a unit."""
    mine = unit.memo.get("roster")
    if isinstance(mine, Roster):
        return mine
    number = next((row[0] for row in unit.run(_GENERATION)), 0)
    cached = unit.cache.get("roster")
    if not isinstance(cached, Roster) or cached.generation != number:
        cached = Roster(
            number, _agents(unit), _teams(unit), _shifts(unit), _absences(unit), standing(unit), _webhooks(unit)
        )
        if not unit.memo.get("roster changed"):  # what this unit itself changed is true only once it is committed
            unit.cache["roster"] = cached
    unit.memo["roster"] = cached
    return cached


def _agents(unit: Unit) -> tuple[Agent, ...]:
    c = t.agent.c
    fields = (c.id, c.handle, c.name, c.address, c.language, c.languages, c.skills, c.capacity, c.lead, c.disabled)
    rows = unit.execute(sa.select(*fields, c.admin, c.company).order_by(c.id))
    return tuple(Agent(AgentId(r[0]), r[1], r[2], r[3], r[4], tuple(r[5]), tuple(r[6]), *r[7:12]) for r in rows)


def _teams(unit: Unit) -> tuple[Team, ...]:
    members: dict[int, list[AgentId]] = {}
    for team_id, agent_id in unit.execute(sa.select(t.membership).order_by(t.membership.c.agent_id)):
        members.setdefault(team_id, []).append(AgentId(agent_id))
    rows = unit.execute(sa.select(t.team.c.id, t.team.c.name, t.team.c.title).order_by(t.team.c.name))
    return tuple(Team(TeamId(r[0]), r[1], r[2], tuple(members.get(r[0], ()))) for r in rows)


def _shifts(unit: Unit) -> tuple[Shift, ...]:
    c = t.shift.c
    rows = unit.execute(sa.select(c.agent_id, c.weekday, c.start, c.end, c.zone).order_by(c.agent_id, c.weekday))
    return tuple(Shift(AgentId(r[0]), r[1], time.fromisoformat(r[2]), time.fromisoformat(r[3]), r[4]) for r in rows)


def _absences(unit: Unit) -> tuple[Absence, ...]:
    c = t.absence.c
    rows = unit.execute(sa.select(c.agent_id, c.start, c.end, c.reason).order_by(c.start))
    return tuple(Absence(AgentId(r[0]), *r[1:]) for r in rows)


def _webhooks(unit: Unit) -> tuple[str, ...]:
    c = t.webhook.c
    return tuple(row[0] for row in unit.execute(sa.select(c.name).where(c.removed_at.is_(None)).order_by(c.name)))


def put_agent(unit: Unit, agent: Agent) -> AgentId:
    """Add an agent, or change the one of that handle."""
    values = {
        "name": agent.name,
        "address": agent.address,
        "language": agent.language,
        "languages": list(agent.languages),
        "skills": list(agent.skills),
        "capacity": agent.capacity,
        "lead": agent.lead,
        "admin": agent.admin,
        "disabled": agent.disabled,
        "company": agent.company,
    }
    changed(unit)
    if unit.insert_new(t.agent, handle=agent.handle, **values):
        return AgentId(unit.execute(sa.select(t.agent.c.id).where(t.agent.c.handle == agent.handle)).scalar_one())
    updated = sa.update(t.agent).where(t.agent.c.handle == agent.handle).values(**values).returning(t.agent.c.id)
    return AgentId(unit.execute(updated).scalar_one())


def put_team(unit: Unit, name: str, title: str, members: Sequence[AgentId]) -> TeamId:
    """Add a team, or change its title and members."""
    changed(unit)
    unit.insert_new(t.team, name=name, title=title)
    id = unit.execute(sa.select(t.team.c.id).where(t.team.c.name == name)).scalar_one()
    unit.execute(sa.update(t.team).where(t.team.c.id == id).values(title=title))
    unit.execute(sa.delete(t.membership).where(t.membership.c.team_id == id))
    unit.add(t.membership, *({"team_id": id, "agent_id": agent} for agent in members))
    return TeamId(id)


def put_shift(unit: Unit, shift: Shift) -> None:
    """Add a weekly stretch of duty, or change the end of the one that starts then."""
    changed(unit)
    values = {"end": shift.end.isoformat("minutes"), "zone": shift.zone}
    key = {"agent_id": shift.agent, "weekday": shift.weekday, "start": shift.start.isoformat("minutes")}
    if not unit.insert_new(t.shift, **key, **values):
        same = [t.shift.c[name] == value for name, value in key.items()]
        unit.execute(sa.update(t.shift).where(*same).values(**values))


def remove_shifts(unit: Unit, agent: AgentId) -> int:
    """Take an agent off all shifts; how many there were."""
    changed(unit)
    return unit.execute(sa.delete(t.shift).where(t.shift.c.agent_id == agent)).rowcount


def add_absence(unit: Unit, absence: Absence) -> None:
    """An agent will be away."""
    changed(unit)
    unit.add(
        t.absence,
        {"agent_id": absence.agent, "start": absence.start, "end": absence.end, "reason": absence.reason},
    )
