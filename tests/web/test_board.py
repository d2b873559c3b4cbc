"""The lead's board and the page of channels: who may see them, what the numbers lead to, and the files."""

import csv
import io
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from inbox.domain.ids import ChannelName
from inbox.domain.problems import Problem
from inbox.pipeline.leading_tables import NAMES
from inbox.pipeline.outcome import stored
from inbox.store import channels
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.web.asking import Answer, Visitor
from tests.web.reader import Page, inside
from tests.web.sites import NOW, OMID, SARA, Site, contact, conversation, minutes

PATHS = ("/board", "/board?days=90", "/board.csv?table=queue", "/settings/channels")


@pytest.fixture
def led(filled: Site) -> Site:
    """Omid is a lead; one conversation of the orders team is late."""

    def fill(unit: Unit) -> None:
        unit.execute(sa.update(t.agent).where(t.agent.c.id == OMID).values(lead=True, capacity=4))
        team = unit.execute(sa.select(t.team.c.id)).scalar_one()
        row = {"team_id": team, "assignee_id": OMID, "due_at": minutes(-5), "waiting_since": minutes(-90)}
        conversation(
            unit, "M9XX", contact(unit, "=cmd()", "x@example.net"), subject="=1+1", opened_at=minutes(-90), **row
        )

    filled.store.write_now(fill)
    return filled


def hrefs(answer: Answer) -> list[str]:
    return [unquote(a["href"] or "") for tag, a in Page(answer).elements if tag == "a" and "href" in a]


async def test_leads_and_the_owner_see_it_and_nobody_else(led: Site) -> None:
    agent, lead, boss = await inside(led, SARA), await inside(led, OMID), Visitor(led.app())
    await boss.sign_in(led.link("owner", None))
    for path in PATHS:
        assert (await Visitor(led.app()).get(path)).status == 403
        assert (await agent.get(path)).status == 404
        assert [(await visitor.get(path)).status for visitor in (lead, boss)] == [200, 200]
    shown = ["/board" in hrefs(await visitor.get("/")) for visitor in (agent, lead, boss)]
    assert shown == [False, True, True]


async def test_each_count_leads_to_the_list_behind_it(led: Site) -> None:
    lead = await inside(led, OMID)
    found = hrefs(await lead.get("/board"))
    for query in ("is:open", "is:open assignee:none", "is:open team:orders", "is:open team:orders is:late"):
        assert f"/?q={query}" in found
    assert "/?q=is:open assignee:omid is:late" in found
    assert "/c/M9XX" in found
    assert "/?q=is:open due:<1h -is:late" in found


async def test_only_the_periods_that_are_offered(led: Site) -> None:
    lead = await inside(led, OMID)
    assert [(await lead.get(f"/board?days={days}")).status for days in ("7", "30", "90")] == [200] * 3
    assert [(await lead.get(f"/board?days={days}")).status for days in ("8", "0", "x", "")] == [404] * 4
    assert (await lead.get("/board.csv?table=secrets")).status == 404


async def test_files_hold_the_numbers_of_the_page_and_no_formulas(led: Site) -> None:
    lead = await inside(led, OMID)
    for name in NAMES:
        answer = await lead.get(f"/board.csv?table={name}&days=7")
        assert (answer.status, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
        assert "attachment" in answer.headers["content-disposition"]
    late = list(csv.DictReader(io.StringIO((await lead.get("/board.csv?table=late")).text.removeprefix("\ufeff"))))
    row = next(one for one in late if one["reference"] == "M9XX")
    assert (row["subject"], row["contact"]) == ("'=1+1", "'=cmd()")
    queue = list(csv.DictReader(io.StringIO((await lead.get("/board.csv?table=queue")).text.removeprefix("\ufeff"))))
    page = Page(await lead.get("/board")).words
    (orders,) = [one for one in queue if one["team"] == "orders"]
    assert re.search(rf"سفارش‌ها\W+{orders['open']} ", page)


async def test_in_persian_every_number_is_persian(led: Site) -> None:
    lead = await inside(led, OMID)
    page = await lead.get("/board?lang=fa")
    shown = re.sub(r"[\w@.-]*[A-Za-z][\w@.-]*", "", Page(page).words.replace("=1+1", ""))
    assert not set("0123456789") & set(shown), shown


async def test_charts_have_words_and_tables_beside_them(led: Site) -> None:
    lead = await inside(led, OMID)
    page = Page(await lead.get("/board?days=30"))
    charts = [a for tag, a in page.elements if tag == "svg" and a.get("role") == "img"]
    assert charts
    assert all(a["aria-label"] for a in charts)
    assert sum(tag == "details" for tag, _ in page.elements) == 2
    assert "30 days" in page.words


async def test_ninety_days_are_shown_by_the_week(led: Site) -> None:
    lead = await inside(led, OMID)
    answer = await lead.get("/board?days=90")
    assert answer.text.count('<th scope="row">2026-') <= 28
    assert len(answer.body) < 200_000


async def test_a_channel_that_is_down_says_why_and_what_to_do(led: Site) -> None:
    why = stored(Problem("imap.refused", host="imap.example.org", user="support", words="no"))
    led.store.write_now(channels.set_state, ChannelName("support"), "locked-out", why, NOW - timedelta(hours=3))
    led.store.write_now(channels.set_state, ChannelName("bot"), "connected", None, NOW)
    lead = await inside(led, OMID)
    words = Page(await lead.get("/settings/channels")).words
    assert "locked out" in words
    assert "3 hours ago" in words
    assert "imap.example.org" in words
    assert "locked out" in Page(await lead.get("/board")).words


async def test_a_site_without_anything_has_a_board_too(site: Site) -> None:
    boss = Visitor(site.app())
    await boss.sign_in(site.link("owner", None))
    site.store.write_now(lambda unit: unit.execute(sa.delete(t.channel)))
    assert "Nothing is late." in Page(await boss.get("/board")).words
    assert "No channel is configured yet." in Page(await boss.get("/settings/channels")).words


async def test_the_page_swaps_in_as_a_block(led: Site) -> None:
    lead = await inside(led, OMID)
    whole, block = await lead.get("/board"), await lead.get("/board", hx_request="true")
    assert block.text.split("</title>")[1].strip() in whole.text
