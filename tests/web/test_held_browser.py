"""Held words in a real browser, in both languages and both lights: nothing is too wide, axe finds nothing serious."""

import pytest
from playwright.sync_api import Browser, expect

from inbox.domain.ids import AgentId
from tests.rig.accessibility import serious
from tests.web.sites import OMID, SARA, Site
from tests.web.test_browser import enter
from tests.web.test_held import held
from tools.widths import too_wide


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("agent", [SARA, OMID], ids=["fa", "en"])
def test_they_are_read_and_confirmed(browser: Browser, filled: Site, served: str, agent: AgentId, light: str) -> None:
    held(filled, agent)
    held(filled, agent, "none", "لطفاً به این حساب واریز کنید.")
    context = browser.new_context(color_scheme=light, bypass_csp=True)  # type: ignore[arg-type]  # one of two
    page = context.new_page()
    enter(page, filled, served, agent)
    page.goto(f"{served}/held")
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert not (wide := too_wide(page)), f"{width}: {wide}"
    assert serious(page) == []
    page.locator(".told").last.locator("form[action$=confirm] button").click()
    expect(page.locator(".told")).to_have_count(1)
    context.close()
