"""What is done with contracts: one is added, ended, or followed by another one; checked first, and kept in the audit log."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from inbox.domain.acts import Act, By
from inbox.domain.contracts import Agreed, Almanac, Cadence, Contract, SendTo
from inbox.domain.ids import ContactId, ContractId
from inbox.domain.problems import Problem
from inbox.pipeline.contract_ends import next_warning
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.statements import next_statement
from inbox.sla.tiers import Site
from inbox.store import audit, contracts, people, persons, statements
from inbox.store.unit import Unit
from inbox.text.dates import day_of
from inbox.text.money import known

LONGEST_NAME = 80
_NAME = re.compile(r"[^/\\?#%\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_RESERVED = frozenset({"new", ".", ".."})


class NotAgreed(Problem):
    """The contract cannot be so."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A contract as somebody wants it. `organization`: its name; it holds for all of it; empty: for the contact alone. `agreed`: its
    terms; None: those of the tier. `last`: None: without an end."""

    name: str
    contact: ContactId
    first: date
    organization: str = ""
    tier: str = ""
    agreed: Agreed | None = None
    last: date | None = None
    period: Cadence = Cadence.MONTH
    almanac: Almanac = "gregorian"
    pays: Decimal = Decimal(0)
    currency: str = ""
    send_to: SendTo = ""
    follows: ContractId | None = None


def there_is(playbook: Playbook) -> Site:
    """What terms may name."""
    return Site(playbook.policies, playbook.calendars, [str(one) for one in playbook.channels])


def add(unit: Unit, draft: Draft, by: By, playbook: Playbook, now: datetime) -> Contract:
    """The contract. Raises NotAgreed."""
    wanted = _checked(unit, draft, playbook)
    _alone(unit, wanted, playbook)
    made = contracts.add(unit, wanted, next_warning(wanted, playbook, now), now)
    if made is None:
        raise NotAgreed("contracts.name_taken", name=wanted.name)
    statements.next_at(unit, made.id, next_statement(unit, made, playbook))
    audit.record(unit, Act.CONTRACT_ADDED, by, now, name=made.name, detail=_detail(made))
    return made


def end(unit: Unit, name: str, last: date, by: By, playbook: Playbook, now: datetime) -> Contract:
    """That day is its last. Raises NotAgreed: before its first day, after its end, or in a period that is settled."""
    found = named(unit, name)
    day = day_of(last, playbook.language)
    if last < found.first:
        raise NotAgreed("contracts.ends_before", name=name, day=day)
    if found.until is not None and last > found.until:
        raise NotAgreed("contracts.ends_already", name=name, day=day_of(found.until, playbook.language))
    issued = statements.issued(unit, found.id)
    if issued and last < issued[-1].statement.period.last:
        settled = day_of(issued[-1].statement.period.last, playbook.language)
        raise NotAgreed("contracts.settled", name=name, day=settled)
    if not contracts.end(unit, found.id, last):
        raise NotAgreed("contracts.ended_already", name=name)
    made = contracts.one(unit, found.id)
    statements.next_at(unit, made.id, next_statement(unit, made, playbook))
    contracts.warn(unit, made.id, next_warning(made, playbook, now))
    audit.record(unit, Act.CONTRACT_ENDED, by, now, name=name, detail=(last.isoformat(),))
    return made


def renew(unit: Unit, name: str, draft: Draft, by: By, playbook: Playbook, now: datetime) -> Contract:
    """One that follows it. Where that has no end, or a later one, it ends on the day before. Raises NotAgreed."""
    was = named(unit, name)
    before = draft.first - timedelta(days=1)
    if was.until is None or was.until > before:
        end(unit, name, before, by, playbook, now)
    return add(unit, replace(draft, follows=was.id), by, playbook, now)


def again(was: Contract, unit: Unit) -> Draft:
    """The same once more, under a name of its own, from the day after its last; the same terms."""
    first = (was.until or was.first) + timedelta(days=1)
    return Draft(
        name=f"{was.name} 2",
        contact=was.contact,
        first=first,
        organization=persons.organization_name(unit, was.organization),
        tier=was.tier,
        agreed=was.agreed,
        period=was.period,
        almanac=was.almanac,
        pays=was.pays,
        currency=was.currency,
        send_to=was.send_to,
    )


def named(unit: Unit, name: str) -> Contract:
    """The contract of that name. Raises NotAgreed."""
    found = contracts.by_name(unit, name)
    if found is None:
        known_ones = ", ".join(one.name for one in contracts.listing(unit, most=10)) or "-"
        raise NotAgreed("contracts.no_such", name=name, known=known_ones)
    return found


def _checked(unit: Unit, draft: Draft, playbook: Playbook) -> Contract:
    name = " ".join(draft.name.split())
    if not name or len(name) > LONGEST_NAME or not _NAME.fullmatch(name) or name in _RESERVED:
        raise NotAgreed("contracts.bad_name", name=name[:LONGEST_NAME] or "-", most=LONGEST_NAME)
    if people.contact_by_number(unit, draft.contact) is None:
        raise NotAgreed("link.nobody", who=draft.contact)
    if draft.last is not None and draft.last < draft.first:
        raise NotAgreed("contracts.last_first", first=draft.first, last=draft.last)
    _paid(draft)
    organization = persons.organization_of(unit, draft.organization.strip()) if draft.organization.strip() else None
    return Contract(
        ContractId(0),
        name,
        draft.contact,
        organization,
        draft.tier,
        _terms(draft, playbook),
        draft.first,
        draft.last,
        draft.period,
        draft.almanac,
        draft.pays,
        draft.currency,
        follows=draft.follows,
        send_to=draft.send_to,
    )


def _paid(draft: Draft) -> None:
    if draft.pays < 0:
        raise NotAgreed("contracts.pays", amount=draft.pays)
    if draft.currency and not known(draft.currency):
        raise NotAgreed("contracts.currency", currency=draft.currency)
    if draft.pays and not draft.currency:
        raise NotAgreed("contracts.no_currency", amount=draft.pays)


def _terms(draft: Draft, playbook: Playbook) -> Agreed:
    if draft.agreed is not None:
        return draft.agreed
    tier = playbook.tiers.get(draft.tier)
    if tier is None:
        raise NotAgreed("contracts.no_tier", tier=draft.tier or "-", known=", ".join(playbook.tiers) or "-")
    return tier.agreed


def _alone(unit: Unit, wanted: Contract, playbook: Playbook) -> None:
    """No other one holds for the same customer on the same days and channels. Raises NotAgreed."""
    for other in contracts.listing(unit, wanted.contact, wanted.organization):
        whose = (other.organization, None if other.organization else other.contact)
        if whose == (wanted.organization, None if wanted.organization else wanted.contact) and _meet(other, wanted):
            until = day_of(other.until, playbook.language) if other.until else "-"
            since = day_of(other.first, playbook.language)
            raise NotAgreed("contracts.overlap", name=other.name, since=since, until=until)


def _meet(one: Contract, other: Contract) -> bool:
    apart = (one.until is not None and one.until < other.first) or (other.until is not None and other.until < one.first)
    ours, theirs = set(one.agreed.channels), set(other.agreed.channels)
    return not apart and (not ours or not theirs or bool(ours & theirs))


def _detail(made: Contract) -> tuple[str, ...]:
    return (made.tier or made.agreed.policy, made.first.isoformat(), made.last.isoformat() if made.last else "-")
