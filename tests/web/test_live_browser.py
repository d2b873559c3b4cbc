"""Pages that follow what happens, in a real browser: two agents, each with a page open, and a customer who writes."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from inbox.domain.ids import AgentId
from tests.web.sites import OMID, SARA, Site
from tests.web.test_browser import enter
from tests.web.watching import Watched, book, numbered, told_of, writes


@pytest.fixture
def watched(filled: Site) -> Iterator[Watched]:
    """The filled site, whose pages listen."""
    filled.store.write_now(numbered)
    running = Watched(filled, book)
    yield running
    running.close()


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Browsers to close at the end, before the server ends."""
    opened: list[BrowserContext] = []
    yield opened
    for one in opened:
        one.close()


def opened(browser: Browser, contexts: list[BrowserContext], site: Site, url: str, agent: AgentId) -> Page:
    """Somebody's browser, signed in, its page listening."""
    context = browser.new_context(viewport={"width": 1280, "height": 700})
    contexts.append(context)
    page = context.new_page()
    enter(page, site, url, agent)
    return page


def test_a_list_takes_over_what_came_and_keeps_the_focus_and_what_was_chosen(
    browser: Browser, contexts: list[BrowserContext], filled: Site, watched: Watched
) -> None:
    page = opened(browser, contexts, filled, watched.url, OMID)
    row = page.locator("#row-c-B3XY .row")
    chosen = page.locator("#row-c-B5XY [name=ref]")
    chosen.check()
    row.focus()
    writes(filled, "B3XY", "A newer word of Jonas")
    expect(row).to_contain_text("A newer word of Jonas")
    expect(row).to_be_focused()
    expect(chosen).to_be_checked()
    expect(page.locator(".rows [name=ref]:checked")).to_have_count(1)


def test_an_open_conversation_takes_over_a_message_and_leaves_the_words_that_are_being_written(
    browser: Browser, contexts: list[BrowserContext], filled: Site, watched: Watched
) -> None:
    page = opened(browser, contexts, filled, watched.url, OMID)
    page.goto(f"{watched.url}/c/K7Q2")
    before = page.locator(".messages > li").count()
    seen = page.locator("[name=seen]").first.input_value()
    page.locator("#text").fill("I am just writing this")
    page.evaluate("scrollTo(0, 0)")
    writes(filled, "K7Q2", "One more thing")
    writes(filled, "K7Q2", "And another")
    expect(page.locator(".messages > li")).to_have_count(before + 2)
    expect(page.locator("#text")).to_have_value("I am just writing this")
    expect(page.locator("[name=seen]").first).to_have_value(seen)
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#news")).to_have_text("2 new messages")
    bar = page.locator("#newer")
    expect(bar).to_be_visible()
    bar.click()
    expect(bar).to_be_hidden()
    expect(page.locator(".messages > li").nth(before)).to_be_focused()


@pytest.mark.parametrize(("agent", "badge", "title"), [(OMID, "1", "(1) "), (SARA, "۱", "(۱) ")])
def test_what_one_is_told_of_stands_at_the_bell_and_in_the_title(
    browser: Browser, contexts: list[BrowserContext], filled: Site, watched: Watched, agent: int, badge: str, title: str
) -> None:
    page = opened(browser, contexts, filled, watched.url, AgentId(agent))
    told_of(filled, "K7Q2", AgentId(agent))
    expect(page.locator(".bell .badge")).to_have_text(badge)
    assert page.title().startswith(title)
    page.goto(f"{watched.url}/c/K7Q2")
    expect(page.locator(".bell .badge")).to_have_count(0)


def test_the_other_one_sees_who_looks_and_who_writes_and_that_they_have_gone(
    browser: Browser, contexts: list[BrowserContext], filled: Site, watched: Watched
) -> None:
    omid = opened(browser, contexts, filled, watched.url, OMID)
    sara = opened(browser, contexts, filled, watched.url, SARA)
    sara.goto(f"{watched.url}/c/K7Q2")
    slot = omid.locator('.presence[data-ref="K7Q2"]')
    expect(slot.locator(".at-viewing")).to_have_attribute("title", re.compile("سارا محمدی.* is looking at this"))
    omid.locator(".row", has_text="My parcel").click()
    expect(slot).to_contain_text("is looking at this")
    expect(sara.locator('.presence[data-ref="K7Q2"]')).to_contain_text("این گفتگو را می‌بیند")
    sara.locator("#text").press_sequentially("سلام")
    expect(slot.locator(".at-writing")).to_contain_text("is writing")
    sara.goto(watched.url)
    expect(slot.locator(".at")).to_have_count(0)


def test_a_session_that_is_over_hears_nothing_more(
    browser: Browser, contexts: list[BrowserContext], filled: Site, watched: Watched
) -> None:
    page = opened(browser, contexts, filled, watched.url, OMID)
    told_of(filled, "K7Q2", OMID)
    expect(page.locator(".bell .badge")).to_have_text("1")
    page.locator("header form[action='/logout'] button").click()
    expect(page.locator(".notice h1")).to_be_visible()
    page.wait_for_function("() => true")
    assert watched.crowd.size == 0
