"""Your products on the portal: what somebody owns and nobody else does, and a new matter that is about one of them."""

import json
from datetime import date

import pytest

from inbox.domain.assets import About, Asset
from inbox.domain.happenings import Address
from inbox.domain.people import Contact
from inbox.pipeline import assets as verbs
from inbox.store import assets_named, conversations, people, persons, sights
from inbox.store.assets import By
from inbox.store.unit import Unit
from tests.web.asking import Visitor
from tests.web.portals import LENA, MALLORY, SECRET, Place, code_of, portal_of, typed
from tests.web.portals import asked as asks_in
from tests.web.sites import NOW, SARA, Site
from tests.web.test_portal_asking import open_house, sent


@pytest.fixture
def place(site: Site) -> Place:
    return portal_of(site)


def owned(place: Place, address: str = LENA, company: str = "", **more: object) -> Asset:
    def work(unit: Unit) -> Asset:
        contact, _ = people.meet(unit, "email", Address(address), people.known(unit, "email", address), None, NOW)
        organization = persons.organization_of(unit, company) if company else None
        about = {"serial": "SN-1234-5678", "product": "Coffee grinder", "model": "PX-200", "notes": "pays late"}
        whose = {"contact": None if company else contact.id, "organization": organization}
        until = {"warranty_until": date(2027, 8, 23), "warranty_terms": "Parts only"}
        return verbs.add(unit, About(**{**about, **whose, **until, **more}), By(None, "cli"), place.book, NOW)  # type: ignore[arg-type]  # by name

    return place.site.store.write_now(work)


async def came_in(place: Place, address: str) -> Visitor:
    """In a browser of a site on which what is written is taken."""
    visitor = open_house(place)
    await asks_in(visitor, address)
    assert (await typed(visitor, code_of(place.letters(address)[-1]))).status == 303
    return visitor


async def test_they_see_what_is_theirs_with_its_warranty_and_nothing_that_we_note(place: Place) -> None:
    place.mail(LENA, SECRET)
    place.mail(MALLORY, "Hello")
    owned(place)
    lena, mallory = await came_in(place, LENA), await came_in(place, MALLORY)
    page = (await lena.get("/portal/assets?lang=en")).text
    for words in ("Coffee grinder PX-200", "SN-1234-5678", "Under warranty until Monday 23 August 2027", "Parts only"):
        assert words in page
    assert "pays late" not in page
    assert "تا دوشنبه ۱ شهریور ۱۴۰۶ گارانتی دارد" in (await lena.get("/portal/assets?lang=fa")).text
    other = (await mallory.get("/portal/assets?lang=en")).text
    assert "Nothing of yours is known here" in other
    assert "SN-1234" not in other
    assert (await open_house(place).get("/portal/assets")).status == 303
    data = json.loads((await lena.get("/portal/you/data.json")).text)
    assert [one["serial"] for one in data["assets"]] == ["SN-1234-5678"]
    assert json.loads((await mallory.get("/portal/you/data.json")).text)["assets"] == []


async def test_what_is_the_organizations_is_seen_by_those_who_may_see_its_matters(place: Place) -> None:
    place.mail(LENA, SECRET)
    owned(place, company="Berg AG")

    def belongs(unit: Unit) -> Contact:
        known = people.known(unit, "email", LENA)
        assert known is not None
        contact = Contact(known[0].id, "Lena", "en", persons.organization_of(unit, "Berg AG"))
        persons.change(unit, contact)
        return contact

    contact = place.site.store.write_now(belongs)
    lena = await came_in(place, LENA)
    assert "SN-1234" not in (await lena.get("/portal/assets?lang=en")).text
    assert contact.organization is not None
    place.site.store.write_now(sights.give, contact.id, contact.organization, SARA, NOW)
    page = (await lena.get("/portal/assets?lang=en")).text
    assert "SN-1234-5678" in page
    assert "of your organization" in page


async def test_a_new_matter_is_about_the_product_that_they_chose_and_of_no_other_by_its_number(place: Place) -> None:
    place.mail(LENA, SECRET)
    mine, other = owned(place), owned(place, MALLORY, serial="KL-777001")
    lena = await came_in(place, LENA)
    form = (await lena.get(f"/portal/new?lang=en&about={mine.id}")).text
    assert f'<option value="{mine.id}" selected>' in form
    assert "KL-777001" not in form
    for chosen, serials in ((mine, ["SN-1234-5678"]), (other, [])):
        answer = await sent(lena, "/portal/new?lang=en", text=f"It is loud {chosen.id}.", about=str(chosen.id))
        assert answer.status == 303
        reference = answer.headers["location"].split("/c/")[1].split("#")[0]

        def about(unit: Unit, reference: str = reference) -> list[str]:
            matter = conversations.by_reference(unit, reference)
            assert matter is not None
            return [one.about.serial for one in assets_named.of(unit, matter)]

        assert place.site.store.read_now(about) == serials
