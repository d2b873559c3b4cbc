"""Finding in a real browser: search, choose, act and keep, in both languages; axe finds nothing on the way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from inbox.store import search
from tests.rig.accessibility import serious
from tests.web import rulebooks
from tests.web.sites import OMID, SARA, Running, Site
from tests.web.test_browser import Seen, enter
from tools.widths import too_wide

AGENTS = {"fa": SARA, "en": OMID}


@pytest.fixture
def serving(filled: Site) -> Iterator[str]:
    """The filled site, its words indexed and its rules at hand."""
    filled.store.write_now(search.begin)
    while filled.store.write_now(search.fill):
        pass
    running = Running(filled.app(playbook=rulebooks.book))
    yield running.url
    running.close()


@pytest.mark.parametrize(("language", "width", "scheme"), [("fa", 1280, "light"), ("en", 320, "dark")])
def test_search_choose_act_and_keep(
    browser: Browser, filled: Site, serving: str, language: str, width: int, scheme: str
) -> None:
    seen = Seen(browser, serving, width, "dark" if scheme == "dark" else "light")
    page = seen.page
    enter(page, filled, serving, AGENTS[language])
    page.locator("#search").fill("warehouse is:open stat:x")
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator("mark").first).to_be_visible()
    expect(page.locator(".refused p")).to_have_count(1)
    expect(page.locator(".chip")).to_have_count(2)
    assert serious(page) == []
    page.goto(serving)
    expect(page.locator(".bulk")).to_be_hidden()
    for number in (1, 2):
        page.locator(".pick input").nth(number).check()
    expect(page.locator(".bulk")).to_be_visible()
    assert serious(page) == []
    assert not (wide := too_wide(page)), wide
    page.locator(".bulk button[value=done]").click()
    expect(page.locator("#said")).to_contain_text("2" if language == "en" else "۲")
    expect(page.locator(".row")).to_have_count(6)
    page.goto(f"{serving}/?q=is:open")
    page.locator(".keep summary").click()
    page.locator(".keep input[name=name]").fill("کار امروز")
    page.locator(".keep button").click()
    expect(page.locator("h1")).to_have_text("کار امروز")
    expect(page.locator(".views [aria-current]")).to_contain_text("کار امروز")
    assert serious(page) == []
    seen.close()
