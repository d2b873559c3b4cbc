"""Contracts on pages: made in a form, read by those who lead, and a statement whose lines lead to the walk of their clocks."""

import csv
import io
import re
import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from inbox.pipeline.access import MARK
from inbox.pipeline.playbook import Playbook
from inbox.sla.hours import Calendar
from inbox.sla.hours_file import load_hours
from inbox.sla.policy import load_policies
from inbox.sla.tiers import Site as There
from inbox.sla.tiers import load_tiers
from inbox.store import contracts, conversations, excuses
from inbox.store import tables as t
from inbox.web.reports import contracts as contract_pages
from tests.unit.sheets.reading import lines, pages
from tests.web.acted import acting_book, acts, came, signed_in
from tests.web.asking import Answer, Visitor, hidden
from tests.web.programs import ALL, Program, granted, said
from tests.web.sites import OMID, SARA, WORDING, Site

RULES = Path(__file__).parents[2] / "rules"
FORM = {
    "name": "آلفا ۱۴۰۵",
    "with": "lena@example.com",
    "tier": "silver",
    "first": "۱۴۰۵/۹/۱",
    "period": "month",
    "almanac": "jalali",
    "send_to": "",
    "pays": "۱۲٬۰۰۰٬۰۰۰",
    "currency": "irt",
}


def agreed_book() -> Playbook:
    """The shipped hours, policies and tiers, on a site that is in Tehran."""
    hours = load_hours(tomllib.loads((RULES / "hours.toml").read_text()), "hours")
    policies = load_policies(tomllib.loads((RULES / "policies.toml").read_text()), hours, "policies")
    book = acting_book()
    tiers = load_tiers(tomllib.loads((RULES / "tiers.toml").read_text()), There(policies, hours, ()), "tiers")
    calendars = {name: Calendar(one) for name, one in hours.items()}
    return replace(book, zone="Asia/Tehran", policies=policies, calendars=calendars, tiers=tiers, wording=WORDING)


@pytest.fixture
def book() -> Playbook:
    return agreed_book()


@pytest.fixture
def led(filled: Site) -> Site:
    """Omid is a lead; Lena has written before."""
    filled.store.write_now(lambda u: u.execute(sa.update(t.agent).where(t.agent.c.id == OMID).values(lead=True)))
    return filled


async def sends(visitor: Visitor, path: str, **fields: str) -> Answer:
    page = await visitor.get("/contracts/new")
    form = {"form_token": hidden(page, "form_token"), **fields}
    return await visitor.post(path, form, sec_fetch_site="same-origin")


async def agreed(led: Site, book: Playbook) -> tuple[Visitor, str, str]:
    """A lead, the address of a contract, and a conversation that is late under it."""
    lead = await signed_in(led, book)
    sent = await sends(lead, "/contracts/new", **FORM)
    assert sent.status == 303, sent.text
    reference = came(led, book, "lena@example.com", "It does not work at all.", "Broken")
    led.clock.advance(timedelta(days=2))
    return lead, sent.headers["location"], reference


async def test_only_those_who_lead_see_contracts(led: Site, book: Playbook) -> None:
    lead, at, reference = await agreed(led, book)
    agent = await signed_in(led, book, SARA)
    paths = ("/contracts", "/contracts/new", at, f"{at}/renew", f"{at}/2026-11-22", f"{at}/2026-11-22/csv")
    for path in paths:
        assert (await Visitor(led.app()).get(path)).status == 403
        assert (await agent.get(path)).status == 404
        assert (await lead.get(path)).status == 200, path
    page = await agent.get(f"/c/{reference}")
    assert "آلفا ۱۴۰۵" in page.text
    assert "/contracts/" not in page.text, "an agent reads the name, and no link that leads nowhere"
    walk = await agent.get(f"/c/{reference}/clocks")
    assert walk.status == 200
    assert "do/excuse" not in walk.text


async def test_each_line_leads_to_its_conversation_and_to_the_walk_of_its_clock(led: Site, book: Playbook) -> None:
    lead, at, reference = await agreed(led, book)
    page = await lead.get(f"{at}/2026-11-22")
    for link in (f"/c/{reference}", f"/c/{reference}/clocks#first_reply-1"):
        assert f'href="{link}"' in page.text
    walk = await lead.get(f"/c/{reference}/clocks")
    assert 'id="first_reply-1"' in walk.text
    rows = list(csv.DictReader(io.StringIO((await lead.get(f"{at}/2026-11-22/csv")).text.removeprefix("\ufeff"))))
    assert [(row["reference"], row["metric"], row["verdict"]) for row in rows[:-1]] == [
        (reference, "first_reply", "missed"),
        (reference, "resolution", "open"),
    ]


async def test_a_lead_excuses_a_miss_on_the_walk(led: Site, book: Playbook) -> None:
    lead, at, reference = await agreed(led, book)
    told = await acts(lead, reference, "excuse", clock="first_reply:1", reason="Their network was down")
    assert "Excused in" in told
    id = led.store.read_now(conversations.by_reference, reference)
    assert id is not None
    assert led.store.read_now(excuses.of, id) == {("first_reply", 1): "Their network was down"}
    assert "Their network was down" in (await lead.get(f"{at}/2026-11-22")).text
    assert "do/unexcuse" in (await lead.get(f"/c/{reference}/clocks")).text
    await acts(lead, reference, "unexcuse", clock="first_reply:1")
    assert led.store.read_now(excuses.of, id) == {}
    assert "has no clock" in await acts(lead, reference, "excuse", clock="update:7", reason="No")


async def test_an_agent_excuses_nothing(led: Site, book: Playbook) -> None:
    _, _, reference = await agreed(led, book)
    agent = await signed_in(led, book, SARA)
    await acts(agent, reference, "excuse", reason="I would like to")
    rows = led.store.read_now(lambda u: list(u.execute(sa.select(t.event).where(t.event.c.kind == "excused"))))
    assert rows == []


async def test_the_paper_is_read_from_the_right(led: Site, book: Playbook) -> None:
    lead, at, _ = await agreed(led, book)
    file = await lead.get(f"{at}/2026-11-22/pdf?lang=fa")
    assert file.headers["content-type"] == "application/pdf"
    found = [one.replace("\u200c", "") for one in lines(pages(file.body)[0], rightward=True)]
    assert found[0] == "صورتوضعیت قرارداد آلفا ۵۰۴۱", "words from the right, and within them a number from the left"
    assert any("آذر ۵۰۴۱" in one for one in found)


@pytest.mark.parametrize("path", ["/contracts", "/contracts/new", "AT", "AT/renew", "AT/2026-11-22", "WALK"])
async def test_pages_are_in_both_languages(led: Site, book: Playbook, path: str) -> None:
    lead, at, reference = await agreed(led, book)
    path = path.replace("AT", at).replace("WALK", f"/c/{reference}/clocks")
    for language, direction in (("fa", "rtl"), ("en", "ltr")):
        page = await lead.get(f"{path}?lang={language}")
        assert f'dir="{direction}"' in page.text
        assert not re.search(r"\b(web|contracts|cli)\.[a-z_]+\.[a-z_]+", page.text)


async def test_what_cannot_be_agreed_stands_above_the_form_as_it_was_filled_in(led: Site, book: Playbook) -> None:
    lead, at, _ = await agreed(led, book)
    page = await sends(lead, "/contracts/new", **{**FORM, "name": "other"})
    assert page.status == 422
    assert "holds for the same customer" in page.text
    assert 'value="other"' in page.text
    own = 'format = 1\n[terms]\npolicy = "vip"\nmost = "300%"\n'
    page = await sends(lead, "/contracts/new", **{**FORM, "name": "other", "first": "1390/1/1", "terms": own})
    assert page.status == 422
    assert "300%" in page.text
    page = await sends(lead, f"{at}/end", last="soon")
    assert page.status == 422
    assert "is no day" in page.text
    (one,) = led.store.read_now(contracts.listing)
    assert one.until is None


async def test_a_contract_is_renewed_and_ended(led: Site, book: Playbook) -> None:
    lead, at, _ = await agreed(led, book)
    form = {**FORM, "name": "next", "first": "1406/1/1", "tier": "gold"}
    sent = await sends(lead, f"{at}/renew", **form)
    assert sent.headers["location"] == "/contracts/next"
    assert (await sends(lead, "/contracts/next/end", last="1407/1/1")).status == 303
    new, was = led.store.read_now(contracts.listing)
    assert (new.name, new.follows, new.tier) == ("next", was.id, "gold")
    assert was.until is not None
    assert was.until + timedelta(days=1) == new.first


async def test_many_contracts_are_listed_a_page_at_a_time(
    led: Site, book: Playbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, at, _ = await agreed(led, book)
    assert (await sends(lead, f"{at}/renew", **{**FORM, "name": "next", "first": "1406/1/1"})).status == 303
    monkeypatch.setattr(contract_pages, "MOST", 1)
    first = await lead.get("/contracts")
    (more,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    second = await lead.get(more)
    named = [re.findall(r'<th scope="row"><a href="([^"]+)"', one.text) for one in (first, second)]
    assert (named, 'rel="next"' in second.text) == ([["/contracts/next"], [at]], False)
    granted(led, "erp", "omid")
    program = Program(led.app(playbook=lambda: book), MARK + "erp")
    one = said(await program.get("/contracts?limit=1"))
    two = said(await program.get(f"/contracts?limit=1&cursor={one['next']}"))
    assert [one["items"][0]["name"], two["items"][0]["name"], two["next"]] == ["next", FORM["name"], None]


async def test_programs_add_read_and_end_contracts(led: Site, book: Playbook) -> None:
    led.store.write_now(lambda u: u.execute(sa.update(t.agent).where(t.agent.c.id == OMID).values(admin=True)))
    granted(led, "erp", "omid", ALL)
    program = Program(led.app(playbook=lambda: book), MARK + "erp")
    came(led, book, "lena@example.com", "Before.", "Before")
    body = {
        "name": "api",
        "with": "lena@example.com",
        "first": "2026-11-22",
        "tier": "gold",
        "pays": "10",
        "currency": "EUR",
    }
    made = said(await program.post("/contracts", body))
    assert (made["name"], made["pays"], made["agreed"]["hours"]) == ("api", "10", "always")
    again = await program.post("/contracts", body)
    assert (again.status, said(again)["key"]) == (422, "contracts.overlap")
    assert [one["name"] for one in said(await program.get("/contracts"))["items"]] == ["api"]
    reference = came(led, book, "lena@example.com", "Now.", "Now")
    told = said(await program.get(f"/contracts/{made['id']}/statement?period=-1"))
    assert {line["reference"] for line in told["lines"]} == {reference}
    assert (told["issued_at"], told["cost"]) == (None, "0.00")
    ended = said(await program.post(f"/contracts/{made['id']}/end", {"last": "2026-12-31"}))
    assert ended["ended"] == "2026-12-31"
    assert (await program.get("/contracts/999")).status == 404
    granted(led, "some", "sara")
    assert (await Program(program.app, MARK + "some").get("/contracts")).status == 403, "who does not lead reads none"
