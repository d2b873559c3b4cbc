"""The API on contacts and organizations: changed, merged and taken apart, within what a token reaches."""

from dataclasses import replace
from typing import Any

from inbox.domain.choices import Option
from inbox.domain.fields import Field, FieldKind
from inbox.pipeline.access import MARK
from inbox.store import people
from tests.web.acted import acting_book, came
from tests.web.programs import ALL, Program, granted, said
from tests.web.sites import Site

GOLD = Option("gold", {"en": "Gold", "fa": "طلایی"})
PLAN = Field("plan", FieldKind.CHOICE, {"en": "Plan", "fa": "طرح"}, {}, options=(GOLD,))
BOOK = replace(acting_book(), contact_fields=(PLAN,))


def program(site: Site, name: str = "erp", **how: Any) -> Program:
    sara = next(one for one in site.store.read_now(people.roster).agents if one.handle == "sara")
    site.store.write_now(people.put_agent, replace(sara, admin=True))
    granted(site, name, **{"handle": "sara", "reach": ALL, **how})
    return Program(site.app(playbook=lambda: BOOK), MARK + name)


async def test_a_contact_is_changed_merged_and_taken_apart(site: Site) -> None:
    came(site, BOOK, "lena@acme.example", "Hello", name="Lena")
    came(site, BOOK, "lena@home.example", "Me again", name="L")
    api = program(site)
    changed = said(
        await api.post(
            "/contacts/1", {"role": "CFO", "organization": "Acme", "add": ["vip"], "fields": {"plan": "طلایی"}}
        )
    )
    assert (changed["role"], changed["organization"], changed["fields"]) == ("CFO", "Acme", {"plan": "gold"})
    refused = await api.post("/contacts/1", {"name": "X", "fields": {"plan": "silver"}})
    assert (refused.status, said(refused)["key"]) == (422, "known_form.no_choice")
    assert said(await api.get("/contacts/1"))["name"] == "Lena"
    merged = said(await api.post("/contacts/2/merge?into=1"))
    assert [one["address"] for one in merged["identities"]] == ["lena@acme.example", "lena@home.example"]
    assert [one["id"] for one in said(await api.get("/contacts"))["items"]] == [1]
    assert said(await api.post("/contacts/2/unmerge"))["identities"][0]["address"] == "lena@home.example"
    assert (await api.post("/contacts/2/unmerge")).status == 404
    for path in ("/contacts/1/merge?into=99", "/contacts/99/merge?into=1", "/contacts/99"):
        assert (await api.post(path)).status == 404, path
    assert (await api.post("/contacts/1/merge")).status in (400, 422)


async def test_an_organization_is_added_and_has_its_people_by_domain(site: Site) -> None:
    came(site, BOOK, "lena@acme.example", "Hello", name="Lena")
    api = program(site)
    made = said(await api.post("/organizations", {"name": "Acme"}))
    changed = said(
        await api.post(f"/organizations/{made['id']}", {"add_domains": ["acme.example"], "add": ["partner"]})
    )
    assert (changed["domains"], changed["tags"]) == (["acme.example"], ["partner"])
    assert said(await api.get("/contacts/1"))["organization"] == "Acme"
    wrong = await api.post(f"/organizations/{made['id']}", {"name": "Other", "add_domains": ["gmail.com"]})
    assert said(wrong)["key"] == "organization.public_domain"
    assert said(await api.get(f"/organizations/{made['id']}"))["name"] == "Acme", "all of it or none"
    other = said(await api.post("/organizations", {"name": "Other"}))
    merged = said(await api.post(f"/organizations/{made['id']}/merge?into={other['id']}"))
    assert (merged["name"], merged["domains"]) == ("Other", ["acme.example"])


async def test_cards_go_out_and_come_in(site: Site) -> None:
    came(site, BOOK, "lena@acme.example", "Hello", name="Lena")
    api = program(site)
    out = await api.get("/contacts.vcf")
    assert "EMAIL:lena@acme.example" in out.text
    card = "BEGIN:VCARD\nFN:Omid\nEMAIL:omid@acme.example\nEND:VCARD\n"
    tried = said(await api.post("/contacts/import.vcf?dry_run=true", card, content_type="text/vcard"))
    assert (tried["dry_run"], tried["counts"]) == (True, {"new": 1})
    assert site.store.read_now(people.known, "email", "omid@acme.example") is None


async def test_a_token_that_only_reads_changes_nothing(site: Site) -> None:
    came(site, BOOK, "lena@acme.example", "Hello", name="Lena")
    api = program(site, "reader", reach=ALL[:1])
    for path in ("/contacts/1", "/organizations"):
        assert (await api.post(path, {"name": "X"})).status == 403, path


async def test_a_body_that_is_none_is_refused_with_its_place(site: Site) -> None:
    came(site, BOOK, "lena@acme.example", "Hello", name="Lena")
    api = program(site)
    for path, body in (("/contacts/1", {"role": {}}), ("/organizations", {"name": 3}), ("/organizations", {})):
        refused = await api.post(path, body)
        assert (refused.status, said(refused)["key"]) == (422, "api.bad_body"), (path, body)
    assert (await api.post("/contacts/1", "{")).status == 400
