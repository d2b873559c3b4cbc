"""Assets as people keep them: made, changed, retired; every change is kept beside them, and nothing is ever removed."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime

from inbox.domain.assets import About, Asset, Document
from inbox.domain.ids import AssetId
from inbox.domain.problems import Problem
from inbox.pipeline.assets_near import next_look
from inbox.pipeline.playbook import Playbook
from inbox.store import assets, assets_enclosed, assets_warned, people, persons
from inbox.store.assets import By
from inbox.store.unit import Unit
from inbox.text.codes import code

LONGEST = 300
"""Letters of a serial, a product, a model."""
LONGEST_TEXT = 10_000
"""Letters of terms and notes."""
LARGEST = 20_000_000
"""Bytes of a document."""
MOST_DOCUMENTS = 50


def add(unit: Unit, about: About, by: By, playbook: Playbook, now: datetime) -> Asset:
    """A new asset. Raises Problem where what is said of it cannot be, or its code is taken."""
    _check(about)
    id = assets.add(unit, about, now)
    if id is None:
        raise Problem("assets.taken", serial=about.serial[:60], asset=_taken_by(unit, about))
    made = Asset(id, code(about.serial), about)
    assets.record(unit, id, tuple(_differences(unit, None, about)), by, now)
    assets_warned.look_at(unit, id, next_look(made, playbook, now))
    return made


def change(unit: Unit, was: Asset, about: About, by: By, playbook: Playbook, now: datetime) -> bool:
    """It is so from now on; False where it was so already. Raises Problem as `add`."""
    what = tuple(_differences(unit, was.about, about))
    if not what:
        return False
    _check(about)
    other = assets.coded(unit, [code(about.serial)]).get(code(about.serial))
    if other is not None and other.id != was.id:
        raise Problem("assets.taken", serial=about.serial[:60], asset=other.id)
    assets.change(unit, was.id, about, now)
    assets.record(unit, was.id, what, by, now)
    now_is = Asset(was.id, code(about.serial), about, was.retired_at)
    assets_warned.look_at(unit, was.id, next_look(now_is, playbook, now))
    return True


def retire(unit: Unit, was: Asset, by: By, playbook: Playbook, now: datetime, *, back: bool = False) -> bool:
    """It is out of use: no message finds it, nothing is told of it. `back`: it is in use again. False where it was so already."""
    if (was.retired_at is None) is back:
        return False
    at = None if back else now
    assets.retire(unit, was.id, at, now)
    day = playbook.day(now).isoformat()
    what = ("retired", day, "") if back else ("retired", "", day)
    assets.record(unit, was.id, (what,), by, now)
    now_is = Asset(was.id, was.code, was.about, at)
    assets_warned.look_at(unit, was.id, next_look(now_is, playbook, now))
    return True


def enclose(unit: Unit, id: AssetId, name: str, type: str, digest: str, size: int, by: By, now: datetime) -> int:
    """One more document, whose bytes lie under their digest already; its number. Raises Problem where there are too many."""
    if len(assets_enclosed.of(unit, id)) >= MOST_DOCUMENTS:
        raise Problem("assets.too_many_documents", most=MOST_DOCUMENTS)
    number = assets_enclosed.put(unit, id, name, type, digest, size, by.agent, now)
    assets.record(unit, id, (("document", "", name),), by, now)
    return number


def take_away(unit: Unit, id: AssetId, number: int, by: By, now: datetime) -> Document:
    """A document belongs to the asset no more. Raises Problem where there is no such."""
    gone = assets_enclosed.take(unit, id, number, now)
    if gone is None:
        raise Problem("assets.no_document", number=number)
    assets.record(unit, id, (("document", gone.name, ""),), by, now)
    return gone


def _check(about: About) -> None:
    if not code(about.serial):
        raise Problem("assets.no_serial")
    if not about.product:
        raise Problem("assets.no_product")
    for line in (about.serial, about.product, about.model):
        if len(line) > LONGEST:
            raise Problem("assets.too_long", value=line[:60], most=LONGEST)
    for text in (about.warranty_terms, about.service_terms, about.notes):
        if len(text) > LONGEST_TEXT:
            raise Problem("assets.too_long", value=text[:60], most=LONGEST_TEXT)


def _taken_by(unit: Unit, about: About) -> object:
    known = code(about.serial)
    return assets.coded(unit, [known])[known].id


def _differences(unit: Unit, was: About | None, now_is: About) -> Iterator[tuple[str, str, str]]:
    """Field, what it was, what it is; owners by what they are called at this moment."""
    for field in fields(About):
        old = None if was is None else getattr(was, field.name)
        new = getattr(now_is, field.name)
        if (old or "") != (new or ""):
            yield field.name, _told(unit, field.name, was), _told(unit, field.name, now_is)


def _told(unit: Unit, field: str, about: About | None) -> str:
    if about is None:
        return ""
    if field == "contact":
        who = people.contact(unit, about.contact) if about.contact else None
        return "" if who is None else f"{who.name} #{who.id}".strip()
    if field == "organization":
        return persons.organization_name(unit, about.organization)
    value = getattr(about, field)
    return value.isoformat() if isinstance(value, date) else str(value or "")
