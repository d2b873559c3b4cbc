"""Whatever an attacker writes, wherever it is shown: nothing of it runs in Chromium, and no request leaves for anywhere else."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, expect

from inbox.store import drafts
from inbox.store.drafts import Draft
from inbox.store.unit import Unit
from tests.web.answering import answering
from tests.web.hostile import VECTORS, fill, threads
from tests.web.sites import OMID, Running, Site
from tests.web.test_saying import matter


class Watched:
    """A browser in which everything that should not happen is noted."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900})
        self.url = url
        self.wrong: list[str] = []
        self.frames = 0
        self.context.on("dialog", self._spoke)
        self.context.on("request", self._asked)
        self.context.on("page", lambda page: page.on("pageerror", lambda error: self.wrong.append(str(error))))
        self.page: Page = self.context.new_page()

    def _spoke(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _asked(self, request: Request) -> None:
        self.frames += request.url.endswith("/html")
        if not request.url.startswith((self.url, "data:", "about:", "blob:")):
            self.wrong.append(request.url)
        if request.method != "GET" and "/login/" not in request.url:
            self.wrong.append(f"{request.method} {request.url}")


@pytest.fixture
def hostile(site: Site) -> Site:
    """A site with every vector in every place."""
    site.store.write_now(fill)
    return site


@pytest.fixture
def watched(browser: Browser, hostile: Site) -> Iterator[Watched]:
    book = answering()
    running = Running(hostile.app(playbook=lambda: book))
    made = Watched(browser, running.url)
    made.page.goto(running.url + hostile.link("token-x", OMID))
    made.page.get_by_role("main").get_by_role("button").click()
    expect(made.page.locator(".rows")).to_be_visible()
    yield made
    made.context.close()
    running.close()
    assert made.wrong == []


def stirred(page: Page) -> None:
    """Everything on the page is opened, hovered over, focused: what waits for a person to do something has had it."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate(
        """for (const one of document.querySelectorAll('#page *')) {
             for (const kind of ['mouseover', 'pointerover', 'wheel', 'animationstart', 'transitionend', 'toggle'])
               one.dispatchEvent(new Event(kind, {bubbles: true}));
             if (one.matches('input, select, textarea, summary')) one.focus({preventScroll: true});
           }"""
    )


def test_no_vector_runs_on_the_pages(watched: Watched) -> None:
    assert len(VECTORS) >= 200
    page = watched.page
    for reference in threads():
        page.goto(f"{watched.url}/c/{reference}")
        stirred(page)
        page.evaluate("for (const one of document.querySelectorAll('iframe')) one.loading = 'eager'")
        page.wait_for_load_state("networkidle")
        assert not page.locator("#said", has_text="taken over").count()
        assert page.locator("script:not([src^='/static/'])").count() == 0
        assert page.locator("#page").count() == 1
    assert watched.frames >= len(VECTORS) // 2, "what was looked at is what was there"


def test_no_vector_runs_in_the_lists_and_in_the_composer(watched: Watched, hostile: Site) -> None:
    page = watched.page
    page.goto(watched.url)
    while True:
        stirred(page)
        following = page.locator(".pages .forward")
        if not following.count():
            break
        page.goto(watched.url + (following.get_attribute("href") or ""))
    whole = "\n".join(VECTORS)

    def begun(unit: Unit) -> None:
        drafts.put(unit, OMID, matter(unit, threads()[0]), Draft(whole, cc=tuple(VECTORS)), hostile.clock.now())

    hostile.store.write_now(begun)
    page.goto(f"{watched.url}/c/{threads()[0]}?macro=late&find=%3Cscript%3Ealert(1)%3C/script%3E")
    stirred(page)
    text = page.locator("#text").input_value()
    assert text.startswith(whole)
    assert "Dear <script>alert(1)</script>" in text, "and the words of a template with the name of the customer"
    page.goto(f"{watched.url}/c/{threads()[0]}?macro=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    stirred(page)
