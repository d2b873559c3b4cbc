"""A contract as people type it, at the command line, in a form or by the API: texts become days, amounts and terms, or a sentence."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from inbox.domain.contracts import Almanac, Cadence, Contract, SendTo
from inbox.domain.ids import ContactId
from inbox.domain.problems import Misconfigured, Problem
from inbox.pipeline.contract_acts import Draft, NotAgreed, again, there_is
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.statements import period_numbered, period_on
from inbox.sla.periods import Period
from inbox.sla.terms import read_terms
from inbox.store import people
from inbox.store.unit import Unit
from inbox.text.dates import parse_day
from inbox.text.fold import latin_digits
from inbox.text.money import amount_of

__all__ = ["Typed", "contact", "day", "draft", "first_wrong", "period", "renewed"]
WAYS: Mapping[str, Collection[str]] = {
    "period": tuple(Cadence),
    "almanac": ("gregorian", "jalali"),
    "send_to": ("", "leads", "contact"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields. `with_`: a contact's number or `kind:address`; `terms`: the text of a file of terms, which stand
    instead of those of the tier; `almanac`: empty: that of the site's language."""

    name: str = ""
    with_: str = ""
    organization: str = ""
    tier: str = ""
    terms: str = ""
    first: str = ""
    last: str = ""
    period: str = "month"
    almanac: str = ""
    pays: str = ""
    currency: str = ""
    send_to: str = ""


def draft(unit: Unit, typed: Typed, playbook: Playbook, where: str = "terms") -> Draft:
    """As it is meant. Raises Problem, or an ExceptionGroup of what is wrong with its terms."""
    almanac = typed.almanac or ("jalali" if playbook.language == "fa" else "gregorian")
    agreed = read_terms(typed.terms, there_is(playbook), where) if typed.terms.strip() else None
    return Draft(
        name=typed.name,
        contact=contact(unit, typed.with_),
        first=day(typed.first),
        organization=typed.organization,
        tier="" if agreed is not None else typed.tier.strip(),
        agreed=agreed,
        last=day(typed.last) if typed.last.strip() else None,
        period=Cadence(_one_of("period", typed.period)),
        almanac=cast(Almanac, _one_of("almanac", almanac)),
        pays=amount(typed.pays),
        currency=typed.currency.strip().upper(),
        send_to=cast(SendTo, _one_of("send_to", typed.send_to)),
    )


def renewed(unit: Unit, was: Contract, typed: Typed, playbook: Playbook, where: str = "terms") -> Draft:
    """The one that follows: what is left empty stays as it was. Raises as `draft`."""
    usual = again(was, unit)
    filled = Typed(
        name=typed.name or usual.name,
        with_=typed.with_ or str(was.contact),
        organization=typed.organization or usual.organization,
        tier=typed.tier,
        terms=typed.terms,
        first=typed.first or usual.first.isoformat(),
        last=typed.last,
        period=typed.period or was.period.value,
        almanac=typed.almanac or was.almanac,
        pays=typed.pays or str(was.pays),
        currency=typed.currency or was.currency,
        send_to=typed.send_to or was.send_to,
    )
    made = draft(unit, filled, playbook, where)
    if typed.tier.strip() or typed.terms.strip():
        return made
    return Draft(**{**{name: getattr(made, name) for name in Draft.__slots__}, "tier": was.tier, "agreed": was.agreed})


def contact(unit: Unit, typed: str) -> ContactId:
    """Whoever has that number or address. Raises Problem."""
    plain = latin_digits(typed).strip()
    if plain.isascii() and plain.isdigit():
        found = people.contact_by_number(unit, int(plain))
    else:
        kind, _, address = typed.strip().partition(":")
        known = people.known(unit, kind, address) if address else people.known(unit, "email", kind)
        found = None if known is None else known[0].id
    if found is None:
        raise Problem("link.nobody", who=typed.strip() or "-")
    return found


def day(typed: str) -> date:
    """A day in either calendar and either digits. Raises Problem."""
    found = parse_day(typed)
    if found is None:
        raise Problem("contracts.bad_day", value=typed.strip() or "-")
    return found


def amount(typed: str) -> Decimal:
    """Money; nothing is none. Raises Problem."""
    try:
        return amount_of(typed) if typed.strip() else Decimal(0)
    except ValueError:
        raise Problem("contracts.bad_amount", value=typed.strip()) from None


def period(contract: Contract, typed: str, today: date) -> Period:
    """The one that is meant: by its number, by a day in it; nothing: the one that was over last, else the first. Raises Problem."""
    plain = latin_digits(typed).strip().replace("−", "-")
    found: Period | None
    if not plain:
        found = period_numbered(contract, -2, today) or period_numbered(contract, 1, today)
        over = period_numbered(contract, -1, today)
        found = over if over is not None and over.until <= today else found
    elif plain.lstrip("-").isascii() and plain.lstrip("-").isdigit():
        found = period_numbered(contract, int(plain), today) if len(plain) < 7 else None
    else:
        found = period_on(contract, day(typed))
    if found is None:
        raise NotAgreed("contracts.no_period", name=contract.name, value=typed.strip() or "-")
    return found


def _one_of(field: str, typed: str) -> str:
    if typed not in WAYS[field]:
        known = ", ".join(one for one in WAYS[field] if one)
        raise NotAgreed("contracts.bad_choice", field=field, value=typed, known=known)
    return typed


def first_wrong(group: "ExceptionGroup[Misconfigured]") -> Problem:
    """Of what is wrong with terms, the first."""
    found = group.exceptions[0]
    assert isinstance(found, Problem)
    return found
