"""The main tasks in a real browser, in both languages: sign in, read the list, open a conversation; and nothing else runs."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, expect

from inbox.domain.ids import AgentId
from tests.web.poison import VECTORS, poison
from tests.web.sites import OMID, SARA, Running, Site
from tools.widths import too_wide

AGENTS = {"fa": SARA, "en": OMID}


class Seen:
    """A page with a note of everything that it should not have done."""

    def __init__(
        self, browser: Browser, url: str, width: int = 1280, scheme: Literal["light", "dark"] = "light"
    ) -> None:
        self._url = url
        self._context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        self.page: Page = self._context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", self._told)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", self._spoke)
        self.page.on("request", self._asked)

    def _told(self, message: ConsoleMessage) -> None:
        if "/a/" not in message.location["url"]:  # the pictures of the samples have no bytes
            self.wrong.append(message.text)

    def _spoke(self, dialog: Dialog) -> None:
        self.wrong.append(dialog.message)
        dialog.dismiss()

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self._url, "data:")):
            self.wrong.append(request.url)

    def close(self) -> None:
        """The page did nothing wrong."""
        self._context.close()
        assert self.wrong == []


@pytest.fixture(params=["fa", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def seen(browser: Browser, served: str) -> Iterator[Seen]:
    made = Seen(browser, served)
    yield made
    made.close()


def enter(page: Page, site: Site, url: str, agent: AgentId) -> None:
    """Open a link and press the button."""
    page.goto(url + site.link(f"token-{agent}", agent))
    page.get_by_role("main").get_by_role("button").click()
    expect(page.locator(".rows, .empty")).to_be_visible()


def test_from_the_link_to_a_conversation_and_out_again(filled: Site, served: str, seen: Seen, language: str) -> None:
    page = seen.page
    enter(page, filled, served, AGENTS[language])
    root = page.locator("html")
    expect(root).to_have_attribute("lang", language)
    expect(root).to_have_attribute("dir", "rtl" if language == "fa" else "ltr")
    expect(page.locator(".row")).to_have_count(8)
    page.get_by_role("link", name="My parcel has not arrived").click()
    expect(page).to_have_url(f"{served}/c/K7Q2")
    expect(page.get_by_role("heading", level=1)).to_have_text("My parcel has not arrived")
    expect(page.locator(".message.note")).to_contain_text("Warehouse says")
    page.locator(".message.inbound summary").click()
    expect(page.get_by_text("> Your order has left our warehouse.")).to_be_visible()
    page.locator(".pages a").first.click()
    expect(page.locator(".row")).to_have_count(8)
    page.locator("header button").click()
    expect(page.locator(".notice h1")).to_be_visible()
    seen.wrong = [line for line in seen.wrong if "403" not in line]  # the page for strangers is one on purpose


def test_the_keyboard_alone_reaches_a_conversation(filled: Site, served: str, seen: Seen) -> None:
    page = seen.page
    enter(page, filled, served, OMID)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#search")).to_be_focused()
    for _ in ("the button", "how to search", "to write first", "the choice", "the row"):
        page.keyboard.press("Tab")
    expect(page.locator(".row").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{served}/c/K7Q2")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_customer_agent_and_note_differ_in_both_lights(
    browser: Browser, filled: Site, served: str, scheme: Literal["light", "dark"], language: str
) -> None:
    looked = Seen(browser, served, scheme=scheme)
    enter(looked.page, filled, served, AGENTS[language])
    looked.page.goto(f"{served}/c/K7Q2")
    colours = [
        looked.page.locator(f".message.{kind}").last.evaluate("e => getComputedStyle(e).backgroundColor")
        for kind in ("inbound", "outbound", "note")
    ]
    assert len(set(colours)) == 3
    ground = looked.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (sum(map(int, ground[4:-1].split(","))) < 200) == (scheme == "dark")
    looked.close()


def test_persian_has_room_and_its_own_font(filled: Site, served: str, seen: Seen) -> None:
    enter(seen.page, filled, served, SARA)
    seen.page.goto(f"{served}/c/M4TR")
    ratio = seen.page.locator(".words p").first.evaluate(
        "e => { const s = getComputedStyle(e); return parseFloat(s.lineHeight) / parseFloat(s.fontSize) }"
    )
    assert ratio >= 1.7
    assert seen.page.evaluate("document.fonts.check('16px Vazirmatn', 'سلام')")


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_window(
    browser: Browser, filled: Site, served: str, width: int, language: str
) -> None:
    looked = Seen(browser, served, width=width)
    enter(looked.page, filled, served, AGENTS[language])
    for path in ("/", "/c/K7Q2", "/c/M4TR"):
        looked.page.goto(served + path)
        assert not (wide := too_wide(looked.page)), f"{path}: {wide}"
    looked.close()


@pytest.mark.parametrize("vector", VECTORS)
def test_s13_nothing_that_a_customer_writes_ever_runs(browser: Browser, site: Site, vector: str) -> None:
    site.store.write_now(poison, vector)
    running = Running(site.app())
    looked = Seen(browser, running.url)
    try:
        enter(looked.page, site, running.url, OMID)
        looked.page.locator(".row").click()
        looked.page.locator(".of-timeline summary").first.click()
        expect(looked.page.locator(".timeline li")).to_have_count(3)
        looked.close()
    finally:
        running.close()
