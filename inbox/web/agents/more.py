"""What the page of a conversation shows beside it of other things: notes on the person, tasks, who watches, what it has to do with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.conversations import Conversation
from inbox.domain.scope import Scope
from inbox.pipeline.assets_shown import Beside, beside
from inbox.pipeline.contract_terms import instants
from inbox.sla.periods import period_of
from inbox.store import (
    answering,
    blocking,
    contracts,
    conversations,
    declining,
    pages,
    people,
    persons,
    sights,
    tasks,
    watching,
)
from inbox.store.answering import Wish
from inbox.store.scoped import subjects
from inbox.store.tasks import Task
from inbox.store.unit import Unit
from inbox.store.veiled import ADDRESSES, ORGANIZATION

RELATED = 20
TASKS = 20


@dataclass(frozen=True, slots=True)
class Noted:
    """A note on the person, and who wrote it."""

    id: int
    who: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Other:
    """A conversation that this one has to do with: how is the end of a key `web.more.how.*`."""

    reference: str
    subject: str
    how: str


@dataclass(frozen=True, slots=True)
class Under:
    """The contract under which it stands: its name, and of the requests that were agreed on, if any, how many are used in the stretch
    in which it began."""

    name: str
    used: int = 0
    agreed: int = 0


@dataclass(frozen=True, slots=True)
class More:
    """All of it."""

    notes: tuple[Noted, ...]
    tasks: tuple[Task, ...]
    watchers: tuple[str, ...]
    watching: bool
    others: tuple[Other, ...]
    blocked: tuple[str, ...]
    organization: str
    sees: bool
    """The person may see what others of the organization ask."""
    tags: tuple[str, ...]
    wish: Wish | None
    """Where the person wants to be answered."""
    declined: bool
    """The person wants nothing told that they did not ask about."""
    paged: bool
    """Somebody is called here, and nobody has it."""
    assets: tuple[Beside, ...]
    """What it is about, of what customers own."""
    contract: Under | None


def more(unit: Unit, scope: Scope, about: Conversation, zone: str, now: datetime) -> More:
    """For whoever may read notes; of other conversations those within the scope. `zone`: where we are."""
    roster = people.roster(unit)
    whose = watching.watchers(unit, about.id)
    contact = people.contact(unit, about.contact)
    return More(
        notes=tuple(
            Noted(one.id, roster.called(one.agent), one.at, one.text) for one in persons.notes(unit, [contact.id])
        ),
        tasks=tuple(tasks.listing(unit, scope, matter=about.id, most=TASKS)),
        watchers=tuple(roster.called(one) for one in whose),
        watching=scope.agent in whose,
        others=_others(unit, scope, about),
        blocked=()
        if ADDRESSES in scope.hides
        else tuple(one.identity.name_in_full for one in blocking.blocks(unit, contact=contact.id)),
        organization="" if ORGANIZATION in scope.hides else persons.organization_name(unit, contact.organization),
        sees=sights.sees(unit, contact.id) is not None,
        tags=contact.tags,
        wish=answering.of(unit, contact.id),
        declined=declining.of(unit, contact.id) is not None,
        paged=bool(pages.waiting(unit, about.id)),
        assets=beside(unit, scope, about, now.astimezone(ZoneInfo(zone)).date()),
        contract=_under(unit, about, zone),
    )


def _under(unit: Unit, about: Conversation, zone: str) -> Under | None:
    if about.contract is None or about.opened_at is None:
        return None
    found = contracts.one(unit, about.contract)
    quota = found.agreed.quota
    began = about.opened_at.astimezone(ZoneInfo(zone)).date()
    if quota is None or began < found.first:
        return Under(found.name)
    span = period_of(found.first, began, quota.per, found.almanac)
    return Under(found.name, contracts.used(unit, found.id, *instants(span, zone)), quota.requests)


def _others(unit: Unit, scope: Scope, about: Conversation) -> tuple[Other, ...]:
    named: Sequence[tuple[str, str]] = [
        (conversations.peek(unit, id).reference, how) for id, how in conversations.related(unit, about.id)[-RELATED:]
    ]
    seen = subjects(unit, scope, [reference for reference, _ in named])
    return tuple(Other(reference, seen[reference], how) for reference, how in named if reference in seen)
