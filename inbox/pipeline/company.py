"""Organizations: what is known better of one, the mail domains by which people belong to it, and two that are one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from inbox.domain.acts import Act, By
from inbox.domain.events import HOUSE, Actor
from inbox.domain.ids import OrganizationId
from inbox.domain.people import Contact, Identity, Organization
from inbox.domain.problems import Problem
from inbox.pipeline import person
from inbox.pipeline.known_fields import merged
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.store import audit, directory, organizations, people, persons
from inbox.store.unit import Unit
from inbox.text.public_domains import is_public

LONGEST = 300
_DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Better:
    """What is so from now on; None: as it was. `fields`: by name, as they were typed; empty: none any more."""

    name: str | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does it, by which surface, and under which config."""

    actor: Actor
    via: str
    by: By
    playbook: Playbook
    now: datetime


def add(unit: Unit, name: str, doing: Doing) -> Organization:
    """A new one. Raises Problem where one is called so, or nothing can be called so."""
    called = _name(name)
    if organizations.named(unit, called) is not None:
        raise Problem("organization.taken", name=called)
    made = organizations.one(unit, persons.organization_of(unit, called))
    assert made is not None
    audit.record(unit, Act.ORGANIZATION_ADDED, doing.by, doing.now, name=called)
    return made


def change(unit: Unit, id: OrganizationId, better: Better, doing: Doing) -> Organization:
    """As it is now. Raises Problem where a field cannot be so, or another one is called so."""
    was = standing(unit, id)
    tags = [tag for tag in was.tags if tag not in better.remove_tags]
    now_is = replace(
        was,
        name=was.name if better.name is None else _name(better.name),
        tags=tuple(dict.fromkeys([*tags, *(tag.strip() for tag in better.add_tags if tag.strip())])),
        fields=merged(was.fields, better.fields, doing.playbook.organization_fields),
    )
    if now_is == was:
        return was
    if not organizations.change(unit, now_is):
        raise Problem("organization.taken", name=now_is.name)
    what = [name for name in ("name", "tags", "fields") if getattr(was, name) != getattr(now_is, name)]
    audit.record(unit, Act.ORGANIZATION_CHANGED, doing.by, doing.now, name=now_is.name, detail=what)
    return now_is


def standing(unit: Unit, id: int) -> Organization:
    """The organization of that number, or the one that it went into. Raises Problem where there is none."""
    found = organizations.one(unit, id)
    if found is not None and found.merged_into is not None:
        found = organizations.one(unit, found.merged_into)
    if found is None:
        raise Problem("organization.unknown", name=str(id)[:20])
    return found


# -- domains -----------------------------------------------------------------------------------------------------------
def add_domain(unit: Unit, id: OrganizationId, typed: str, doing: Doing) -> int:
    """Whoever writes from there belongs to it, and so do those who are known already, unless a person said where they belong; how
    many those were. Raises Problem for what is no domain, or anybody's, or another organization's."""
    domain, its = domain_of(typed), standing(unit, id)
    whose = organizations.of_domain(unit, domain)
    if whose == its.id:
        return 0
    if whose is not None or not organizations.add_domain(unit, its.id, domain, doing.now):
        raise Problem("organization.domain_taken", domain=domain, name=persons.organization_name(unit, whose))
    kinds = {one.kind for one in doing.playbook.channels.values() if one.codec.traits.subject}
    theirs = directory.at_domain(unit, domain, kinds)
    for contact in theirs:
        person.become(
            unit, contact, replace(contact, organization=its.id), doing.actor, doing.via, doing.playbook, doing.now
        )
    audit.record(unit, Act.ORGANIZATION_CHANGED, doing.by, doing.now, name=its.name, detail=("domains", domain))
    return len(theirs)


def take_domain(unit: Unit, id: OrganizationId, typed: str, doing: Doing) -> None:
    """Nobody comes to belong to it any more by writing from there; who does already stays. Raises Problem where it is not its."""
    its, domain = standing(unit, id), typed.strip().lower().lstrip("@")
    if not organizations.take_domain(unit, its.id, domain):
        raise Problem("organization.not_its_domain", domain=domain[:60], name=its.name)
    audit.record(unit, Act.ORGANIZATION_CHANGED, doing.by, doing.now, name=its.name, detail=("domains", domain))


def domain_of(typed: str) -> str:
    """The domain as mail addresses have it, in ASCII. Raises Problem for what is none, and for one where anybody has an address."""
    word = typed.strip().rpartition("@")[2].lower().rstrip(".")
    try:
        domain = word.encode("idna").decode("ascii") if len(word) < 254 else ""
    except UnicodeError:
        domain = ""
    if not _DOMAIN.fullmatch(domain):
        raise Problem("organization.no_domain", domain=typed[:60])
    if is_public(domain):
        raise Problem("organization.public_domain", domain=domain)
    return domain


def belongs(
    unit: Unit, who: Contact, identity: Identity, speaker: Speaker, playbook: Playbook, now: datetime
) -> Contact:
    """Who writes from an organization's domain belongs to it from now on, unless they belong somewhere or a person said otherwise."""
    if who.organization is not None or who.placed or not speaker.codec.traits.subject:
        return who
    domain = identity.address.rpartition("@")[2].lower()
    whose = organizations.of_domain(unit, domain) if domain else None
    if whose is None:
        return who
    return person.become(unit, who, replace(who, organization=whose), HOUSE, str(speaker.name), playbook, now)


# -- two that are one --------------------------------------------------------------------------------------------------
def merge(unit: Unit, gone: OrganizationId, kept: OrganizationId, doing: Doing) -> Organization:
    """All of one is the other's: people, domains, notes, files, tags, fields that it lacked; its name leads there. It cannot be undone.

    Raises Problem where they are one already.
    """
    one, other = standing(unit, gone), standing(unit, kept)
    if one.id == other.id:
        raise Problem("organization.the_same", name=other.name)
    fields = dict(one.fields) | dict(other.fields)
    now_is = replace(other, tags=tuple(dict.fromkeys([*other.tags, *one.tags])), fields=tuple(fields.items()))
    organizations.change(unit, now_is)
    theirs = [people.contact(unit, id) for id in organizations.people(unit, one.id, most=1_000_000)]
    organizations.merge(unit, one.id, other.id)  # their contracts first: what comes under none would lose its own
    for who in theirs:
        moved = replace(who, organization=other.id)
        person.become(unit, who, moved, doing.actor, doing.via, doing.playbook, doing.now)
    audit.record(unit, Act.ORGANIZATIONS_MERGED, doing.by, doing.now, name=other.name, detail=(one.name,))
    return now_is


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise Problem("organization.no_name", name=typed[:60])
    return name
