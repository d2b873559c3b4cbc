"""Giving a customer the right to see what others of their organization ask, and taking it back; either in the audit log."""

from datetime import datetime

from inbox.domain.acts import Act, By
from inbox.domain.ids import AgentId
from inbox.domain.people import Contact
from inbox.pipeline.reply import Refused
from inbox.store import audit, persons, sights
from inbox.store.unit import Unit


def give(unit: Unit, who: Contact, by: By, agent: AgentId, now: datetime) -> None:
    """They see it from now on, as long as they belong to this organization. Raises Refused where they belong to none."""
    if who.organization is None:
        raise Refused("sight.no_organization", name=_called(who))
    if sights.give(unit, who.id, who.organization, agent, now):
        _record(unit, Act.SIGHT_GIVEN, who, by, now)


def take(unit: Unit, who: Contact, by: By, now: datetime) -> None:
    """They see their own matters alone, at once."""
    if sights.take(unit, who.id):
        _record(unit, Act.SIGHT_TAKEN, who, by, now)


def _record(unit: Unit, act: Act, who: Contact, by: By, now: datetime) -> None:
    organization = persons.organization_name(unit, who.organization)
    audit.record(unit, act, by, now, name=_called(who), detail=(organization,) if organization else ())


def _called(who: Contact) -> str:
    return who.name or f"#{who.id}"
