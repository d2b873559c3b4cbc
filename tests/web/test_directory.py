"""The pages of contacts and organizations, without a script: found, changed, merged, with notes and files, and forgotten."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from inbox.blobs import Blobs
from inbox.domain.choices import Option
from inbox.domain.fields import Field, FieldKind
from inbox.domain.ids import ContactId
from inbox.store import directory, organizations, people
from inbox.store import tables as t
from tests.web.acted import acting_book, came, signed_in
from tests.web.asking import Visitor, hidden
from tests.web.sites import OMID, SARA, Site

PLAN = Field(
    "plan", FieldKind.CHOICE, {"en": "Plan", "fa": "طرح"}, {}, options=(Option("gold", {"en": "Gold", "fa": "طلایی"}),)
)
SEATS = Field("seats", FieldKind.NUMBER, {"en": "Seats", "fa": "صندلی"}, {})
BOOK = replace(acting_book(), contact_fields=(PLAN,), organization_fields=(SEATS,))


async def sends(visitor: Visitor, page: str, act: str = "", **fields: str) -> str:
    """A form of a page is sent; what the next page says."""
    shown = await visitor.get(page)
    form = {"form_token": hidden(shown, "form_token"), **fields}
    place = page.partition("?")[0]
    sent = await visitor.post(f"{place}/{act}" if act else place, form, sec_fetch_site="same-origin")
    while "location" in sent.headers:
        sent = await visitor.get(sent.headers["location"])
    return sent.text


def contact(site: Site, address: str) -> ContactId:
    known = site.store.read_now(people.known, "email", address)
    assert known is not None
    return known[0].id


async def test_a_contact_is_found_read_and_changed(site: Site) -> None:
    reference = came(site, BOOK, "lena@acme.example", "Where is it?", "My order", "Lena Fischer")
    visitor = await signed_in(site, BOOK)
    id = contact(site, "lena@acme.example")
    assert f'href="/contacts/{id}"' in (await visitor.get("/contacts?q=lena")).text
    assert f'href="/contacts/{id}"' in (await visitor.get(f"/c/{reference}")).text
    page = (await visitor.get(f"/contacts/{id}")).text
    assert "Where is it?" in page
    assert f'href="/c/{reference}"' in page
    known = {"name": "Lena Berg", "organization": "Berg AG", "role": "CFO", "tags": "vip, north", "language": "fa"}
    page = await sends(visitor, f"/contacts/{id}", "change", **known, **{"field.plan": "gold"})
    assert "Saved." in page
    assert '<option value="gold" selected>' in page
    who = site.store.read_now(people.contact, id)
    assert (who.name, who.role, who.tags, who.fields, who.language) == (
        "Lena Berg", "CFO", ("vip", "north"), (("plan", "gold"),), "fa"
    )  # fmt: skip
    page = await sends(visitor, f"/contacts/{id}", "change", name="Lena", tags="north", **{"field.plan": "silver"})
    assert "plan: silver cannot be chosen" in page
    assert 'value="Lena"' in page, "what was typed stands there still"
    assert site.store.read_now(people.contact, id) == who


async def test_notes_and_files_are_kept_with_a_contact(site: Site, tmp_path: Path) -> None:
    came(site, BOOK, "lena@acme.example", "Hello", name="Lena")
    id = contact(site, "lena@acme.example")
    blobs = Blobs(tmp_path / "blobs")
    visitor = Visitor(site.app(playbook=lambda: BOOK, blobs=blobs))
    assert (await visitor.sign_in(site.link("token", OMID))).status == 303
    page = await sends(visitor, f"/contacts/{id}", "note", text="Likes <b>tea</b>")
    assert "Likes &lt;b&gt;tea&lt;/b&gt;" in page
    page = await sends(visitor, f"/contacts/{id}", "end-note", note=hidden_button(page, "note"))
    assert "Likes" not in page.partition('role="status"')[2].partition("</p>")[2]
    page = await upload(visitor, f"/contacts/{id}", "../../contract.html", "<script>1</script>")
    assert "contract.html" in page
    number = page.partition(f"/contacts/{id}/files/")[2].partition('"')[0]
    got = await visitor.get(f"/contacts/{id}/files/{number}")
    assert got.text == "<script>1</script>"
    assert got.headers["content-type"].startswith("application/octet-stream")
    assert got.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in got.headers["content-security-policy"]
    page = await sends(visitor, f"/contacts/{id}", "take", file=number)
    assert "contract.html" not in page
    assert (await visitor.get(f"/contacts/{id}/files/{number}")).status == 404


def hidden_button(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


async def upload(visitor: Visitor, page: str, name: str, content: str) -> str:
    token = hidden(await visitor.get(page), "form_token")
    mark = "line7"
    body = (
        f'--{mark}\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{token}\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        f"Content-Type: text/html\r\n\r\n{content}\r\n--{mark}--\r\n"
    )
    kind = {"content-type": f"multipart/form-data; boundary={mark}", "sec-fetch-site": "same-origin"}
    sent = await visitor.ask("POST", f"{page}/keep", kind, encoded=body)
    assert sent.status == 303
    return (await visitor.get(sent.headers["location"])).text


async def test_who_may_be_the_same_is_shown_merged_and_taken_apart(site: Site) -> None:
    came(site, BOOK, "lena@acme.example", "Hello", name="Lena Fischer")
    came(site, BOOK, "lena@home.example", "Me again", name="lena  fischer")
    came(site, BOOK, "omid@home.example", "Hello", name="Omid")
    visitor = await signed_in(site, BOOK)
    one, other = contact(site, "lena@acme.example"), contact(site, "lena@home.example")
    assert "Same name: lena fischer" in (await visitor.get("/contacts/duplicates")).text
    page = await sends(visitor, f"/contacts/{one}", "merge", other=str(other))
    assert "They are one contact now" in page
    assert "lena@home.example" in page
    assert "Me again" in page
    moved = await visitor.get(f"/contacts/{other}")
    assert moved.headers["location"] == f"/contacts/{one}"
    page = await sends(visitor, f"/contacts/{one}", "unmerge", other=str(other))
    assert "They are two again" in page
    assert contact(site, "lena@home.example") == other
    page = await sends(visitor, f"/contacts/{one}", "apart", other=str(other), back="1")
    assert "Nobody seems to be here twice" in page


async def test_an_organization_has_people_domains_and_a_story(site: Site) -> None:
    reference = came(site, BOOK, "lena@acme.example", "Where is it?", "My order", "Lena Fischer")
    visitor = await signed_in(site, BOOK)
    page = await sends(visitor, "/organizations", name="Acme")
    assert "<h1><bdi>Acme</bdi></h1>" in page
    its = site.store.read_now(organizations.named, "Acme")
    assert its is not None
    place = f"/organizations/{its.id}"
    assert "Anybody can have an address at gmail.com" in await sends(visitor, place, "domain", domain="gmail.com")
    page = await sends(visitor, place, "domain", domain="acme.example")
    assert "by lena@acme.example, which is claimed" in page
    assert f'href="/c/{reference}"' in page
    page = await sends(visitor, place, "change", name="Acme Ltd", tags="partner", **{"field.seats": "۱۲"})
    assert 'value="12"' in page
    assert "Acme Ltd" in (await visitor.get("/organizations?q=acme.example")).text
    assert "is called Acme Ltd already" in await sends(visitor, "/organizations", name="Acme Ltd")
    await sends(visitor, "/organizations", name="Other")
    page = await sends(visitor, place, "merge", other="Other")
    assert "They are one organization now" in page
    assert "lena@acme.example" in page
    assert (await visitor.get(place)).status == 303


async def test_an_admin_forgets_a_contact_and_nobody_else_does(site: Site) -> None:
    came(site, BOOK, "lena@acme.example", "My tulip", name="Lena")
    id = contact(site, "lena@acme.example")
    agent = await signed_in(site, BOOK)
    assert (await agent.get(f"/contacts/{id}/forget")).status == 404
    owner = await signed_in(site, BOOK, None)
    page = (await owner.get(f"/contacts/{id}/forget")).text
    assert "Messages: " in page
    site.store.write_now(lambda u: u.execute(sa.update(t.delivery).values(state="sent")))
    assert "tick the box" in await sends(owner, f"/contacts/{id}/forget")
    page = await sends(owner, f"/contacts/{id}/forget", sure="1")
    assert "Forgotten" in page
    assert site.store.read_now(people.known, "email", "lena@acme.example") is None
    assert "tulip" not in (await owner.get(f"/contacts/{id}")).text


@pytest.mark.parametrize(
    "path", ["/contacts", "/contacts/1", "/organizations", "/organizations/1", "/contacts/duplicates"]
)
async def test_strangers_see_nothing(site: Site, path: str) -> None:
    assert (await Visitor(site.app(playbook=lambda: BOOK)).get(path)).status == 403


async def test_what_is_not_there_is_missing(site: Site) -> None:
    visitor = await signed_in(site, BOOK, SARA)
    for path in (
        "/contacts/99",
        "/organizations/99",
        "/contacts/x",
        "/contacts/99999999999999999999",
        "/contacts/1/files/1",
    ):
        assert (await visitor.get(path)).status == 404, path
    assert site.store.read_now(directory.known, []) == []
