"""What else can be done with a conversation, in a real browser: nothing is too wide, axe finds nothing serious, an act is one press."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from inbox.domain.ids import AgentId
from tests.rig.accessibility import serious
from tests.web.acted import acting_book, came
from tests.web.sites import OMID, SARA, Running, Site
from tests.web.test_browser import Seen, enter
from tools.widths import too_wide

BOOK = acting_book()


@pytest.fixture
def running(filled: Site) -> Iterator[str]:
    """The filled site, on which agents can act."""
    made = Running(filled.app(playbook=lambda: BOOK))
    yield made.url
    made.close()


@pytest.mark.parametrize(
    ("agent", "light", "width"),
    [(SARA, "light", 320), (SARA, "dark", 1280), (OMID, "dark", 320), (OMID, "light", 1280)],
)
def test_nothing_is_too_wide_and_axe_finds_nothing_serious(
    browser: Browser, filled: Site, running: str, width: int, light: Literal["light", "dark"], agent: AgentId
) -> None:
    reference = came(filled, BOOK, "nina@example.com", "Where is my parcel?", "Parcel", "Nina")
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=light, bypass_csp=True)
    page = context.new_page()
    enter(page, filled, running, agent)
    for path in ("/new?to=nina@example.com", f"/c/{reference}"):
        page.goto(running + path)
        page.evaluate("document.querySelectorAll('.act-of').forEach(e => e.open = true)")
        assert not (wide := too_wide(page)), f"{path}: {wide}"
        assert serious(page) == [], path
    context.close()


def test_a_note_on_the_person_and_a_first_message_from_the_same_page(
    browser: Browser, filled: Site, running: str
) -> None:
    reference = came(filled, BOOK, "nina@example.com", "Where is my parcel?", "Parcel", "Nina")
    seen = Seen(browser, running)
    page = seen.page
    enter(page, filled, running, OMID)
    page.goto(f"{running}/c/{reference}")
    person = page.locator(".of-person")
    person.locator(".act-of > summary").click()
    person.locator("textarea").fill("Call before noon")
    person.get_by_role("button", name="Save").click()
    expect(page.locator(".person-notes")).to_contain_text("Call before noon")
    page.get_by_role("link", name="Write to them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New conversation")
    page.get_by_label("Subject").fill("News of your parcel")
    page.get_by_label("Message").fill("It is on its way.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("News of your parcel")
    expect(page.locator(".message.outbound")).to_contain_text("It is on its way.")
    seen.close()
