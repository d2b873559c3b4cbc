"""What an agent is told of, in a real browser: nothing is wider than a telephone, and axe finds nothing serious."""

import pytest
from playwright.sync_api import Browser, expect

from tests.rig.accessibility import serious, unchanged
from tests.web.sites import OMID, SARA, Site
from tests.web.test_browser import enter
from tests.web.test_notified import told
from tools.widths import too_wide


@pytest.mark.parametrize("agent", [SARA, OMID])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_too_wide_axe_finds_nothing_serious_and_the_button_reads(
    browser: Browser, filled: Site, served: str, width: int, agent: int
) -> None:
    assert unchanged()
    whom = SARA if agent == SARA else OMID
    told(filled, "K7Q2", "M4TR", whom=whom)
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    enter(page, filled, served, whom)
    for path in ("/notifications", "/"):
        page.goto(served + path)
        assert not (wide := too_wide(page)), f"{path}: {wide}"
        assert serious(page) == [], path
    page.locator(".bell").click()
    expect(page.locator(".told.unread")).to_have_count(2)
    page.locator(".told.unread button").first.click()
    expect(page.locator(".told.unread")).to_have_count(1)
    page.locator(".heading button").click()
    expect(page.locator(".told.unread")).to_have_count(0)
    expect(page.locator(".badge")).to_have_count(0)
    assert serious(page) == []
    context.close()
