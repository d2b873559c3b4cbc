"""What happened with a contact or an organization, over all their conversations within a scope: the newest events first."""

from dataclasses import dataclass

import sqlalchemy as sa

from inbox.domain.events import Event
from inbox.domain.ids import ContactId, OrganizationId
from inbox.domain.scope import Scope
from inbox.store import events
from inbox.store.scoped import within
from inbox.store.tables import conversation, event
from inbox.store.unit import Unit

_M, _E = conversation.c, event.c
TOLD = (
    "opened",
    "received",
    "replied",
    "noted",
    "state_set",
    "promised",
    "promise_judged",
    "rated",
    "contact_set",
    "contact_changed",
    "merged",
    "blocked",
)
"""What of a conversation is part of the story of its people: not each step of its work."""
CONVERSATIONS = 1_000
"""Conversations whose events are told, the newest."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event and where it happened."""

    event: Event
    reference: str
    subject: str
    channel: str


def of_contact(unit: Unit, scope: Scope, id: ContactId, most: int, before: int | None = None) -> list[Told]:
    """Of the conversations of a contact; `before`: events behind which it goes on."""
    return _told(unit, scope, _M.contact_id == id, most, before)


def of_organization(unit: Unit, scope: Scope, id: OrganizationId, most: int, before: int | None = None) -> list[Told]:
    """Of the conversations of all who belong to an organization."""
    return _told(unit, scope, _M.organization_id == id, most, before)


def _told(unit: Unit, scope: Scope, whose: sa.ColumnElement[bool], most: int, before: int | None) -> list[Told]:
    query = sa.select(_M.id, _M.reference, _M.subject, _M.channel).where(whose, _M.version > 0, *within(scope))
    rows = unit.execute(query.order_by(_M.id.desc()).limit(CONVERSATIONS))
    matters = {row[0]: (row[1], row[2], row[3]) for row in rows}
    if not matters:
        return []
    kinds = TOLD if scope.notes else tuple(kind for kind in TOLD if kind != "noted")
    found = events.among(unit, list(matters), kinds, most, before)
    return [Told(one, *matters[one.conversation]) for one in found]
