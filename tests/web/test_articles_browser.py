"""Articles in a real browser: written beside what they look like, in both languages and both lights; nothing is too wide."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from channels.portal.codec import PortalCodec
from inbox.domain.acts import By
from inbox.domain.articles import About, Words
from inbox.domain.ids import AgentId, ChannelName
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles import Editor
from inbox.pipeline.playbook import Brand, Speaker
from inbox.store import channels
from inbox.store.unit import Unit
from tests.rig.accessibility import serious
from tests.web.acted import acting_book
from tests.web.sites import NOW, OMID, SARA, Running, Site
from tests.web.test_browser import enter
from tools.widths import too_wide

OWNER = Editor(By("owner"), leads=True)
LONG = "https://example.com/" + "a" * 200
BODY = f"# One\n\n| {'wide ' * 30} | {'wider ' * 30} |\n| --- | --- |\n| 1 | ۲ |\n\n{LONG}\n\n::: warning\nسلام\n:::\n\n```\n{LONG}\n```\n"


@pytest.fixture
def shelf(site: Site) -> Iterator[str]:
    """A site with a portal and one article, whose words are as wide as any."""

    def fill(unit: Unit) -> None:
        channels.ensure(unit, ChannelName("portal"), "portal")
        for language, title in (("en", "Refunds"), ("fa", "بازگشت وجه")):
            if language == "en":
                made = verbs.create(unit, OWNER, About("refunds", "billing"), language, Words(title, BODY), NOW)
            else:
                verbs.save(unit, OWNER, made.id, language, Words(title, BODY), NOW)
            verbs.publish(unit, OWNER, made.id, language, NOW)

    site.store.write_now(fill)
    name, brand = ChannelName("portal"), Brand("acme", "Acme")
    speaker = Speaker(name, "portal", PortalCodec(), ("portal",), brand, timedelta(days=30))
    book = acting_book()
    book = replace(book, channels={**book.channels, name: speaker})
    running = Running(site.app(playbook=lambda: book))
    yield running.url
    running.close()


def well(page: Page) -> None:
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert not (wide := too_wide(page)), f"{width}: {wide}"
    assert serious(page) == []


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("agent", [SARA, OMID], ids=["fa", "en"])
def test_pages_of_articles_are_for_everybody(
    browser: Browser, site: Site, shelf: str, agent: AgentId, light: str
) -> None:
    context = browser.new_context(color_scheme=light, bypass_csp=True)  # type: ignore[arg-type]  # one of two
    page = context.new_page()
    enter(page, site, shelf, agent)
    for path in ("", "/refunds", "/refunds/edit", "/refunds/history", "/refunds/beside", "/new"):
        page.goto(f"{shelf}/articles{path}")
        well(page)
    context.close()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_customers_read_and_say_whether_it_helped_without_scripts(browser: Browser, shelf: str, language: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{shelf}/help?lang={language}")
    page.fill("[name=q]", "refunds" if language == "en" else "بازگشت")
    page.locator(".help-search button").click()
    page.locator("a.row").first.click()
    expect(page.locator("article h1")).to_have_text("Refunds" if language == "en" else "بازگشت وجه")
    page.locator("button[value=yes]").click()
    expect(page.locator(".said")).not_to_be_empty()
    expect(page.locator("button[value=yes]")).to_have_count(0)
    context.close()
    scripted = browser.new_context(bypass_csp=True)
    page = scripted.new_page()
    for path in ("", "?q=refunds", f"/{language}/refunds"):
        page.goto(f"{shelf}/help{path}")
        well(page)
    scripted.close()


def test_what_is_written_appears_beside_it(browser: Browser, site: Site, shelf: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    enter(page, site, shelf, OMID)
    page.goto(f"{shelf}/articles/new")
    page.fill("[name=title]", "Gift cards")
    page.locator("[name=body]").press_sequentially("Buy **one**.")
    expect(page.locator("#article-preview strong")).to_have_text("one")
    page.locator("button[name=ask]").click()
    expect(page.locator("article h1")).to_have_text("Gift cards")
    context.close()
