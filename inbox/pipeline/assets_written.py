"""An asset as people write it, in a form, a command, a file: texts read into what is known of it, and back into texts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from inbox.domain.assets import About, Asset
from inbox.domain.happenings import Address
from inbox.domain.ids import ContactId, OrganizationId
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline.contacts_table import there
from inbox.pipeline.playbook import Playbook
from inbox.store import directory, people, persons
from inbox.store.unit import Unit
from inbox.text.cleaning import clean_header, strip_controls
from inbox.text.dates import day_table
from inbox.text.days import parse_day_in_words
from inbox.text.fold import latin_digits

LINES = ("serial", "product", "model")
DAYS = ("bought_on", "warranty_until", "service_until")
TEXTS = ("warranty_terms", "service_terms", "notes")
FIELDS = (
    "serial",
    "product",
    "model",
    "owner",
    "organization",
    "bought_on",
    "warranty_until",
    "warranty_terms",
    "service_until",
    "service_terms",
    "notes",
)
"""What can be written of an asset, in the order in which people are asked."""
NOBODY = About(serial="", product="")


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, and when: an owner outside of the `scope` is nobody, one at an address that nobody has is made."""

    playbook: Playbook
    scope: Scope
    now: datetime


def read(unit: Unit, given: Mapping[str, str], was: About | None, how: Reading) -> About:
    """What is so from now on: of what is not in `given` as it `was`, and what is empty there is nothing. Raises Problem."""
    found: dict[str, Any] = {name: clean_header(given[name]) for name in LINES if name in given}
    found |= {name: _day(given[name]) for name in DAYS if name in given}
    found |= {name: strip_controls(given[name]).replace("\r\n", "\n").strip() for name in TEXTS if name in given}
    if "owner" in given:
        found["contact"] = _owner(unit, clean_header(given["owner"]), how)
    if "organization" in given:
        found["organization"] = _organization(unit, clean_header(given["organization"]))
    return replace(was or NOBODY, **found)


def written(unit: Unit, asset: Asset | None, language: str = "en") -> dict[str, str]:
    """What `read` makes the same of: an owner by an address, days in the calendar of the language with Latin digits."""
    if asset is None:
        return dict.fromkeys(FIELDS, "")
    about = asset.about
    return {
        **{name: getattr(about, name) for name in (*LINES, *TEXTS)},
        **{name: _shown(getattr(about, name), language) for name in DAYS},
        "owner": owner(unit, about.contact),
        "organization": persons.organization_name(unit, about.organization),
    }


def owner(unit: Unit, id: ContactId | None) -> str:
    """How somebody is named so that they are found: an address of theirs, else their number; empty for nobody."""
    if id is None:
        return ""
    return next((one.name_in_full for one in people.identities(unit, id)), str(id))


def _shown(day: date | None, language: str) -> str:
    return "" if day is None else day_table(day, jalali=language == "fa")


def _day(typed: str) -> date | None:
    line = clean_header(typed)
    if not line:
        return None
    day = parse_day_in_words(line)
    if day is None:
        raise Problem("assets.bad_day", value=line[:60])
    return day


def _owner(unit: Unit, word: str, how: Reading) -> ContactId | None:
    """By the number of a contact, `kind:address`, or a mail address alone."""
    if not word:
        return None
    number = latin_digits(word).removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 17:
        id = people.contact_by_number(unit, int(number))
    else:
        id = _at(unit, word, how)
    if id is None or not directory.sees(unit, how.scope, id):
        raise Problem("assets.no_owner", owner=word[:60])
    return id


def _at(unit: Unit, word: str, how: Reading) -> ContactId:
    kind, address = there(unit, word, how.playbook, how.now)
    known = people.known(unit, kind, address)
    contact, _ = people.meet(unit, kind, Address(address), known, None, how.now)
    return contact.id


def _organization(unit: Unit, name: str) -> OrganizationId | None:
    if len(name) > 300:
        raise Problem("assets.too_long", value=name[:60], most=300)
    return persons.organization_of(unit, name) if name else None
