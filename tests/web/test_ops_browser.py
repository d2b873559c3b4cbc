"""The pages about the rules in a real browser: nothing is wider than a telephone, axe finds nothing serious, a form is tried."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.rig.accessibility import serious, unchanged
from tests.web import rulebooks
from tests.web.sites import OMID, SARA, Running, Site
from tests.web.test_browser import Seen, enter
from tests.web.test_ops import PAGES, leads
from tools.widths import too_wide


@pytest.fixture
def running(filled: Site) -> Iterator[Running]:
    """The filled site with live rules and a decision; both agents are leads."""
    rulebooks.go_live(filled)
    leads(filled, OMID, SARA)
    made = Running(filled.app(playbook=rulebooks.book))
    yield made
    made.close()


@pytest.mark.parametrize("agent", [SARA, OMID])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_too_wide_and_axe_finds_nothing_serious(
    browser: Browser, filled: Site, running: Running, width: int, agent: int
) -> None:
    assert unchanged()
    number = rulebooks.decided(filled)
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    enter(page, filled, running.url, SARA if agent == SARA else OMID)
    for path in (*PAGES, "/rules/try", "/rules/try?message=1"):
        page.goto(running.url + path.format(number=number))
        expect(page.locator(".columns")).to_be_visible()
        assert not (wide := too_wide(page)), f"{path}: {wide}"
        assert serious(page) == [], path
    context.close()


def test_a_lead_goes_from_a_conversation_to_the_walk_and_tries_another_message(
    browser: Browser, filled: Site, running: Running
) -> None:
    rulebooks.decided(filled)
    seen = Seen(browser, running.url)
    page = seen.page
    enter(page, filled, running.url, OMID)
    page.goto(f"{running.url}/c/K7Q2")
    page.locator(".of-timeline summary").first.click()
    page.locator(".timeline li", has_text="Rules that applied: parcels").get_by_role("link", name="Why?").first.click()
    expect(page.locator(".rule")).to_have_count(3)
    page.get_by_role("link", name="Try this message").click()
    expect(page.locator(".rule").first).to_contain_text("team=orders")
    page.locator("textarea").fill("refund")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator(".rule")).to_have_count(2)
    expect(page.locator(".rule").last).to_contain_text("priority=high")
    seen.close()
