"""What the demo's business customers agreed with the shop: their organizations, each with its mail domain and a contract of a tier."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from inbox.domain.acts import By
from inbox.domain.contracts import Almanac
from inbox.domain.events import Actor
from inbox.domain.happenings import Address
from inbox.domain.people import Agent
from inbox.pipeline import company, contract_acts
from inbox.pipeline.contacts_table import there
from inbox.pipeline.contract_acts import Draft
from inbox.pipeline.playbook import Playbook
from inbox.store import people
from inbox.store.unit import Unit

BEGAN, LASTS = timedelta(days=75), timedelta(days=365)
"""How long before the demo's past they began, and for how long they hold."""


@dataclass(frozen=True, slots=True)
class _Told:
    """One contract. `pays`: a month, in that currency."""

    name: str
    buyer: str
    address: str
    organization: str
    tier: str
    pays: int
    currency: str
    almanac: Almanac = "gregorian"
    language: str = "en"


_CONTRACTS = (
    _Told("Rossi", "Sophia Rossi", "sophia@rossi.example", "Café Rossi", "silver", 480, "EUR"),
    _Told("Lee office", "Grace Lee", "grace@lee.example", "Lee & Partners", "bronze", 120, "EUR"),
    _Told("کافهٔ جعفری", "کاوه جعفری", "kaveh@jafari.example", "کافهٔ جعفری", "gold", 18_500_000, "IRT", "jalali", "fa"),
)


def fill(unit: Unit, agent: Agent, book: Playbook, now: datetime) -> None:
    """All of them, as one of us enters them."""
    by = By("agent", agent.id, via="web")
    doing = company.Doing(Actor("agent", agent.id, agent.name), "web", by, book, now)
    first = book.day(now - BEGAN)
    for told in _CONTRACTS:
        kind, address = there(unit, told.address, book, now)
        buyer, _ = people.meet(unit, kind, Address(address, told.buyer), None, told.language, now)
        its = company.add(unit, told.organization, doing)
        company.add_domain(unit, its.id, company.domain_of(address), doing)
        draft = Draft(
            told.name,
            buyer.id,
            first,
            told.organization,
            told.tier,
            last=first + LASTS,
            almanac=told.almanac,
            pays=Decimal(told.pays),
            currency=told.currency,
        )
        contract_acts.add(unit, draft, by, book, now)
