"""The settings of what is connected: tokens, webhooks and contacts as a file; for admins and the owner alone."""

import re

import pytest
import sqlalchemy as sa

from inbox.pipeline import webhooks as verbs
from inbox.store import access, audit, webhooks
from inbox.store import tables as t
from tests.web.asking import Answer, Visitor, hidden
from tests.web.programs import ALL, Program, granted, said
from tests.web.rulebooks import book
from tests.web.sites import NOW, OMID, Site

FROM_HERE = {"sec_fetch_site": "same-origin"}
PAGES = ("/settings/tokens", "/settings/webhooks", "/settings/contacts")


async def entered(site: Site, *, agent: bool = False) -> Visitor:
    visitor = Visitor(site.app(playbook=book))
    await visitor.sign_in(site.link(f"token-{agent}", OMID if agent else None))
    return visitor


async def sends(visitor: Visitor, path: str, **fields: str) -> Answer:
    token = hidden(await visitor.get(PAGES[0]), "form_token")
    return await visitor.post(path, {"form_token": token, **fields}, **FROM_HERE)


@pytest.mark.parametrize("path", PAGES)
async def test_to_agents_and_strangers_nothing_is_there(filled: Site, path: str) -> None:
    assert (await (await entered(filled, agent=True)).get(path)).status == 404
    assert (await Visitor(filled.app()).get(path)).status == 403
    assert (await (await entered(filled)).get(path)).status == 200


@pytest.mark.parametrize("path", PAGES)
async def test_the_pages_are_written_in_persian_too(filled: Site, path: str) -> None:
    page = await (await entered(filled)).get(f"{path}?lang=fa")
    assert 'dir="rtl"' in page.text
    assert not re.search(r"web\.[a-z]+\.", page.text)


async def test_a_token_is_shown_once_works_at_once_and_until_it_is_revoked(filled: Site) -> None:
    owner = await entered(filled)
    page = await sends(owner, "/settings/tokens", name="ERP", agent="omid", reach="write")
    (token,) = re.findall(r'value="(inbox_[^"]+)"', page.text)
    assert token not in (await owner.get("/settings/tokens")).text
    program = Program(owner.app, token)
    assert said(await program.get("/me"))["reach"] == ["read", "write"]
    (known,) = filled.store.read_now(access.every)
    assert (await sends(owner, f"/settings/tokens/{known.id}/revoke")).status == 303
    assert (await program.get("/me")).status == 401
    assert "ERP" in (await owner.get("/settings/audit")).text


async def test_what_cannot_be_given_stands_above_the_form_as_it_was_filled_in(filled: Site) -> None:
    page = await sends(await entered(filled), "/settings/tokens", name="ERP", reach="write")
    assert page.status == 422
    assert 'value="ERP"' in page.text
    assert "belongs to nobody" in page.text
    assert filled.store.read_now(access.every) == []


async def test_a_webhook_is_added_told_changed_and_removed(filled: Site) -> None:
    owner, place = await entered(filled), "/settings/webhooks/erp"
    page = await sends(
        owner, "/settings/webhooks", name="erp", url="https://erp.example/hook", events="received, noted"
    )
    (secret,) = re.findall(r'value="(whsec_[^"]+)"', page.text)
    assert secret not in (await owner.get("/settings/webhooks")).text
    assert (await sends(owner, place, test="1")).status == 303
    (endpoint,) = filled.store.read_now(webhooks.every, NOW)
    assert endpoint.events == ("received", "noted")
    assert len(filled.store.read_now(webhooks.last, endpoint.id)) == 1
    assert "webhook.test" in (await owner.get("/settings/webhooks")).text
    rotated = await sends(owner, place, rotate="1")
    assert secret not in rotated.text
    assert "whsec_" in rotated.text
    await sends(owner, place, disable="1")
    assert filled.store.read_now(verbs.known, "erp", NOW).disabled
    await sends(owner, place, remove="1")
    assert filled.store.read_now(webhooks.every, NOW) == []
    assert filled.store.read_now(audit.page, 1)[0].act == "webhook_removed"


@pytest.mark.parametrize(
    ("url", "words"), [("http://erp.example", "without TLS"), ("https://", "no address"), ("ftp://x", "no address")]
)
async def test_a_webhook_that_cannot_be_is_told(filled: Site, url: str, words: str) -> None:
    page = await sends(await entered(filled), "/settings/webhooks", name="erp", url=url)
    assert page.status == 422
    assert words in page.text


async def test_contacts_go_out_and_are_tried_before_they_come_in(filled: Site) -> None:
    owner = await entered(filled)
    out = await sends(owner, "/settings/contacts/export")
    assert out.headers["content-disposition"].endswith('.csv"')
    assert out.text.startswith("\ufeffid,name")
    assert "Lena Fischer" in out.text
    table = "name,addresses\r\nNew One,new@example.com\r\nNobody,nonsense\r\n"
    tried = await _upload(owner, table, "try")
    assert "New: 1" in _plain(tried.text)
    assert "nonsense" in tried.text
    assert _count(filled, "New One") == 0
    taken = await _upload(owner, table, "take")
    assert "Refused: 1" in _plain(taken.text)
    assert _count(filled, "New One") == 1
    wrong = await _upload(owner, "colour\r\nred\r\n", "try")
    assert wrong.status == 422


async def test_programs_take_contacts_out_and_an_admins_in(filled: Site) -> None:
    filled.store.write_now(lambda unit: unit.execute(sa.update(t.agent).values(admin=True)).rowcount)
    reader, admin = Program.of(filled, "reader"), Program.of(filled, "admin", handle="sara", reach=ALL)
    assert "Lena Fischer" in (await reader.get("/contacts.csv")).text
    table = "name,addresses\r\nNew One,new@example.com\r\n"
    post = {"content_type": "text/csv"}
    assert (await reader.post("/contacts/import", table, **post)).status == 403
    tried = said(await admin.post("/contacts/import?dry_run=true", table, **post))
    assert (tried["dry_run"], tried["counts"], _count(filled, "New One")) == (True, {"new": 1}, 0)
    done = said(await admin.post("/contacts/import", table, **post))
    assert (done["items"][0]["what"], _count(filled, "New One")) == ("new", 1)
    assert (await admin.post("/contacts/import", "\0", **post)).status == 422
    last = filled.store.read_now(audit.page, 1)[0]
    assert (last.act, last.via, last.by) == ("contacts_written", "api", "sara")


async def test_what_a_program_of_one_team_takes_out_is_what_it_sees(filled: Site) -> None:
    granted(filled, "orders", teams=("orders",))
    text = (await Program(filled.app(playbook=book), "inbox_orders").get("/contacts.csv")).text
    assert "Lena Fischer" in text
    assert "Maria Rossi" not in text
    assert filled.store.read_now(audit.page, 1)[0].who == "nobody"


async def _upload(visitor: Visitor, table: str, button: str) -> Answer:
    token = hidden(await visitor.get(PAGES[0]), "form_token")
    parts = {"form_token": token, button: "1"}
    body = "".join(f'--B\r\ncontent-disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in parts.items())
    head = 'content-disposition: form-data; name="file"; filename="c.csv"\r\ncontent-type: text/csv'
    body += f"--B\r\n{head}\r\n\r\n{table}\r\n--B--\r\n"
    sent = {**FROM_HERE, "content_type": "multipart/form-data; boundary=B"}
    return await visitor.ask("POST", "/settings/contacts", sent, encoded=body)


def _plain(text: str) -> str:
    return re.sub("[\u2066-\u2069]", "", text)


def _count(site: Site, name: str) -> int:
    c = t.contact.c
    query = sa.select(sa.func.count()).where(c.name == name)
    return int(site.store.read_now(lambda unit: unit.execute(query).scalar_one()))
