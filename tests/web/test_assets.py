"""The pages of what customers own: looked up in either digits, written, enclosed; and what stands beside a conversation."""

import re
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from inbox.blobs import Blobs
from inbox.domain.assets import About, Asset
from inbox.domain.happenings import Address
from inbox.pipeline import assets as verbs
from inbox.store import assets, people
from inbox.store.assets import By
from inbox.store.unit import Unit
from tests.web.acted import acting_book, acts, came, signed_in
from tests.web.asking import Answer, Visitor, hidden
from tests.web.sites import NOW, OMID, Site

BOOK = acting_book()


def owned(site: Site, address: str = "lena@example.com", **more: object) -> Asset:
    """A grinder of somebody's."""

    def work(unit: Unit) -> Asset:
        known = people.known(unit, "email", address)
        contact, _ = people.meet(unit, "email", Address(address, "Lena Fischer"), known, None, NOW)
        about = {"serial": "SN-1234-5678", "product": "Coffee grinder", "model": "PX-200", "contact": contact.id}
        until = {"warranty_until": date(2026, 12, 10)}
        return verbs.add(unit, About(**{**about, **until, **more}), By(None, "cli"), BOOK, NOW)  # type: ignore[arg-type]  # by name

    return site.store.write_now(work)


def _named(file: str) -> str:
    return f'; filename="{file}"' if file else ""


async def sends(visitor: Visitor, url: str, *fields: tuple[str, str, str]) -> Answer:
    """A form with a file: each field its name, what it holds, and the name of the file."""
    parts = [
        f'--edge\r\ncontent-disposition: form-data; name="{name}"{_named(file)}\r\n\r\n{held}\r\n'
        for name, held, file in fields
    ]
    headers = {"sec_fetch_site": "same-origin", "content_type": "multipart/form-data; boundary=edge"}
    return await visitor.ask("POST", url, headers, encoded="".join([*parts, "--edge--\r\n"]))


async def test_a_whole_code_in_either_digits_leads_to_its_asset_and_a_part_lists(site: Site) -> None:
    asset = owned(site)
    owned(site, serial="KL-777001", product="Kettle", model="", warranty_until=None)
    visitor = await signed_in(site, BOOK)
    for typed in ("SN-1234-5678", "sn ۱۲۳۴ ۵۶۷۸", "SN12345678"):
        sent = await visitor.get(f"/assets?{urlencode({'q': typed})}")
        assert (sent.status, sent.headers["location"]) == (303, f"/assets/{asset.id}")
    for typed, there, gone in (
        ("sn ۱۲", "Coffee grinder", "Kettle"),
        ("ettl", "Kettle", "Coffee"),
        ("Fischer", "Kettle", "Boiler"),
    ):
        page = (await visitor.get(f"/assets?{urlencode({'q': typed})}")).text
        assert there in page
        assert gone not in page
    assert "Nothing was found" in (await visitor.get("/assets?q=xyzzy")).text
    near = (await visitor.get("/assets?list=30")).text
    assert "Under warranty until" in near
    assert "Kettle" not in near
    assert (await visitor.get("/assets?list=nonsense")).status == 404


async def test_an_agent_adds_changes_and_retires_and_all_of_it_stands_in_the_history(site: Site) -> None:
    visitor = await signed_in(site, BOOK)
    page = await visitor.get("/assets/new?serial=AB-1")
    assert 'value="AB-1"' in page.text
    form = {
        "form_token": hidden(page, "form_token"),
        "serial": "۹۸۷۶-AB",
        "product": "قهوه‌ساز",
        "owner": "omid@example.com",
    }
    wrong = await visitor.post("/assets/new", {**form, "warranty_until": "soon"}, sec_fetch_site="same-origin")
    assert wrong.status == 422
    assert "is no day" in wrong.text
    assert "قهوه‌ساز" in wrong.text
    sent = await visitor.post("/assets/new", {**form, "warranty_until": "۱۴۰۶/۰۶/۰۱"}, sec_fetch_site="same-origin")
    place = sent.headers["location"]
    shown = (await visitor.get(place)).text
    assert "Under warranty until Monday 23 August 2027" in shown
    assert "email:omid@example.com" in shown
    again = await visitor.post("/assets/new", form, sec_fetch_site="same-origin")
    assert "There is an asset with the serial" in again.text
    change = await visitor.get(f"{place}/change")
    known = {"serial": "9876ab", "product": "Coffee maker", "owner": "email:omid@example.com"}
    await visitor.post(
        f"{place}/change", {"form_token": hidden(change, "form_token"), **known}, sec_fetch_site="same-origin"
    )
    shown = (await visitor.get(place)).text
    assert "Nobody has said whether there is a warranty" in shown
    assert "Coffee maker" in shown
    for what, told in (("retire", "In use again"), ("back", "Out of use")):
        await visitor.post(
            f"{place}/do/{what}", {"form_token": hidden(change, "form_token")}, sec_fetch_site="same-origin"
        )
        assert told in (await visitor.get(place)).text
    assert (await visitor.get("/assets/999")).status == 404


async def test_documents_are_put_kept_as_files_and_taken_away(site: Site, tmp_path: Path) -> None:
    asset = owned(site)
    visitor = Visitor(site.app(playbook=lambda: BOOK, blobs=Blobs(tmp_path / "blobs")))
    await visitor.sign_in(site.link("documents", OMID))
    at = f"/assets/{asset.id}"
    token = hidden(await visitor.get(at), "form_token")
    fields = (("form_token", token, ""), ("files", "<b>x</b>", "card <1>.html"))
    assert (await sends(visitor, f"{at}/do/put", *fields)).status == 303
    page = await visitor.get(at)
    found = re.search(rf'href="({at}/d/\d+)"', page.text)
    assert found is not None
    file = await visitor.get(found[1])
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment")
    number = found[1].rsplit("/", 1)[1]
    form = {"form_token": token, "document": number}
    await visitor.post(f"{at}/do/take", form, sec_fetch_site="same-origin")
    assert (await visitor.get(found[1])).status == 404
    assert "card" in (await visitor.get(at)).text  # in the history
    none = await visitor.post(f"{at}/do/take", form, sec_fetch_site="same-origin")
    assert none.status == 303


async def test_beside_the_conversation_stands_whose_it_is_and_that_it_is_not_the_writers(site: Site) -> None:
    owned(site)
    theirs = came(site, BOOK, "lena@example.com", "SN 1234 5678 is broken")
    others = came(site, BOOK, "mallory@example.com", "Whose is SN 1234 5678?")
    visitor = await signed_in(site, BOOK)
    page = (await visitor.get(f"/c/{theirs}")).text
    assert "Coffee grinder PX-200" in page
    assert "under warranty" in page
    assert "It belongs to" not in page
    page = (await visitor.get(f"/c/{others}")).text
    assert "It belongs to" in page
    assert "Lena Fischer" in page
    page = await acts(visitor, others, "asset", code="SN12345678", off="true")
    assert "no message brings it back" in page
    assert "is about Coffee grinder" in await acts(visitor, others, "asset", code="sn۱۲۳۴۵۶۷۸")


async def test_strangers_see_nothing(site: Site) -> None:
    asset = owned(site)
    visitor = Visitor(site.app(playbook=lambda: BOOK))
    for path in (
        "/assets",
        f"/assets/{asset.id}",
        "/assets/new",
        f"/assets/{asset.id}/change",
        f"/assets/{asset.id}/d/1",
    ):
        page = await visitor.get(path)
        assert page.status == 403
        assert "Coffee" not in page.text
    assert site.store.read_now(assets.one, asset.id) is not None
