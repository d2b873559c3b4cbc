"""The form for calls, and a call in its conversation, in a real browser: nothing is too wide, axe finds nothing serious."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from inbox.domain.ids import AgentId
from inbox.pipeline.playbook import Playbook
from tests.rig.accessibility import serious
from tests.web.sites import OMID, SARA, Running, Site
from tests.web.test_browser import enter
from tests.web.test_calling import calling_book
from tools.widths import too_wide


@pytest.fixture
def book(site: Site, tmp_path: Path) -> Playbook:
    """Mail, a chat and a telephone."""
    return calling_book(site, tmp_path)


@pytest.fixture
def phones(site: Site, book: Playbook) -> Iterator[str]:
    """The site behind a real server: its address."""
    running = Running(site.app(playbook=lambda: book))
    yield running.url
    running.close()


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("agent", [SARA, OMID], ids=["fa", "en"])
def test_a_call_is_logged_and_looked_at(browser: Browser, site: Site, phones: str, agent: AgentId, light: str) -> None:
    context = browser.new_context(color_scheme=light, bypass_csp=True)  # type: ignore[arg-type]  # one of two
    page = context.new_page()
    enter(page, site, phones, agent)
    page.goto(f"{phones}/call")
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert not (wide := too_wide(page)), f"{width}: {wide}"
    assert serious(page) == []
    page.fill("[name=number]", "09121234567")
    page.select_option("[name=outcome]", "missed")
    page.fill("[name=text]", "You idiots")
    page.locator("form.new button.primary").click()
    page.wait_for_selector(".call")
    assert serious(page) == []
    assert not (wide := too_wide(page)), wide
    context.close()
