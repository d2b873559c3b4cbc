"""The board, the channels and the demo's page in a real browser: nothing is too wide, axe finds nothing serious, a customer is played."""

from collections.abc import Iterator
from typing import Literal

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from inbox.demo.customers import Customers
from inbox.demo.network import networks
from inbox.demo.page import Playing
from inbox.domain.ids import AgentId, ChannelName
from inbox.domain.problems import Problem
from inbox.pipeline.outcome import stored
from inbox.sla.clocks import Ending
from inbox.store import channels
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.web.app import app
from tests.rig.accessibility import serious
from tests.web.sites import NOW, OMID, SARA, WORDING, Running, Site, minutes
from tests.web.test_browser import Seen, enter
from tests.web.test_ops import leads
from tools.widths import too_wide

PATHS = ("/board", "/board?days=90", "/settings/channels", "/demo/?who=emily", "/demo/?who=yasaman")


@pytest.fixture
def running(filled: Site) -> Iterator[str]:
    """The filled site with the demo's page; both agents are leads, and a channel is down."""
    leads(filled, OMID, SARA)
    why = stored(Problem("imap.refused", host="imap.example.org", user="support", words="no"))
    filled.store.write_now(channels.set_state, ChannelName("support"), "locked-out", why, NOW)
    filled.store.write_now(slowly)
    customers = Customers(networks()[0])
    parts = (filled.store, WORDING, filled.options, filled.clock)
    made = Running(app(*parts, ready=lambda: True, more=lambda house: Playing(house, customers).routes()))
    yield made.url
    made.close()


def slowly(unit: Unit) -> None:
    """The first answer took half a day: said in Persian, of all that stands in a tile these are the most words."""
    late = {"ended": Ending.REPLY.value, "worked_seconds": 13 * 3600 + 53 * 60}
    unit.execute(sa.update(t.clock).where(t.clock.c.stopped_at == minutes(-10)).values(**late))


@pytest.mark.parametrize("agent", [SARA, OMID])
@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_too_wide_and_axe_finds_nothing_serious(
    browser: Browser, filled: Site, running: str, width: int, light: Literal["light", "dark"], agent: AgentId
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=light, bypass_csp=True)
    page = context.new_page()
    enter(page, filled, running, agent)
    for path in PATHS:
        page.goto(running + path)
        for details in page.locator("details.numbers summary").all():
            details.click()
        assert not (wide := too_wide(page)), f"{path}: {wide}"
        assert serious(page) == [], path
    context.close()


def test_a_customer_is_played_and_the_page_shows_what_comes(browser: Browser, running: str) -> None:
    seen = Seen(browser, running)
    page = seen.page
    page.goto(f"{running}/demo/")
    page.get_by_role("link", name="Jack Rivers").click()
    page.get_by_label("Your words").fill("Hello <b>there</b>")
    page.get_by_role("button", name="Send as Jack Rivers").click()
    expect(page.locator("#said")).to_have_text("It is on its way.")
    expect(page.locator(".demo-theirs")).to_contain_text("Hello <b>there</b>")
    expect(page.get_by_label("Your words")).to_have_value("")
    with page.expect_response(lambda answer: "/demo/" in answer.url):
        expect(page.locator(".demo-theirs")).to_have_count(1)
    seen.close()


def test_the_period_is_chosen(browser: Browser, filled: Site, running: str) -> None:
    seen = Seen(browser, running)
    enter(seen.page, filled, running, OMID)
    seen.page.get_by_role("link", name="Board").first.click()
    seen.page.get_by_role("link", name="7 days").click()
    expect(seen.page.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "page")
    expect(seen.page.get_by_role("heading", name="Queue by team")).to_be_visible()
    seen.close()
