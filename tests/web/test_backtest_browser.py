"""A backtest in a real browser: asked, watched while the page looks again by itself, read; axe finds nothing serious."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from inbox.pipeline.backtested import Heard
from tests.rig.accessibility import serious
from tests.web import rulebooks
from tests.web.backtesting import WHOLE, Elsewhere
from tests.web.sites import OMID, SARA, Running, Site
from tests.web.test_browser import Seen, enter
from tests.web.test_ops import leads
from tools.widths import too_wide

HOME = "/rules/backtest"


@pytest.fixture
def elsewhere() -> Elsewhere:
    """It has begun, and waits."""
    return Elsewhere(said=WHOLE, first=(Heard(500),))


@pytest.fixture
def running(filled: Site, elsewhere: Elsewhere) -> Iterator[Running]:
    """The filled site with live rules; both agents are leads, and backtests can be run."""
    rulebooks.go_live(filled)
    leads(filled, OMID, SARA)
    made = Running(filled.app(playbook=rulebooks.book, backtests=elsewhere.backtests(filled)))
    yield made
    made.close()


def go(running: Running, elsewhere: Elsewhere) -> None:
    running.loop.call_soon_threadsafe(elsewhere.go.set)


def test_a_lead_pastes_a_draft_waits_and_goes_to_a_conversation_that_would_change(
    browser: Browser, filled: Site, running: Running, elsewhere: Elsewhere
) -> None:
    seen = Seen(browser, running.url)
    page = seen.page
    enter(page, filled, running.url, OMID)
    page.goto(f"{running.url}/rules")
    page.get_by_role("link", name="Backtest").click()
    expect(page.get_by_label("Text of the file")).to_be_hidden()
    expect(page.get_by_label("Last day")).to_be_hidden()
    page.get_by_label("A draft").check()
    page.get_by_label("Name of the file").fill("45-money")
    page.get_by_label("Text of the file").fill('[[rule]]\nname = "پول"\n')
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("main").get_by_role("status")).to_have_text("500 decisions so far")
    go(running, elsewhere)
    expect(page.locator(".verdict")).to_contain_text("2 of 40 conversations", timeout=10_000)  # by itself
    assert elsewhere.asked[0].text == '[[rule]]\nname = "پول"\n'
    expect(page.locator(".changed .row")).to_have_count(2)
    page.locator(".filters a").filter(has_text="مالی").click()
    expect(page.locator(".changed .row")).to_have_count(1)
    page.locator(".changed .row").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My parcel has not arrived")
    page.goto(f"{running.url}{HOME}")
    page.locator(".row").click()
    page.get_by_role("link", name="Another backtest").click()
    expect(page.get_by_label("Text of the file")).to_have_value('[[rule]]\nname = "پول"\n')
    seen.close()


def test_one_is_stopped_with_the_keyboard(
    browser: Browser, filled: Site, running: Running, elsewhere: Elsewhere
) -> None:
    seen = Seen(browser, running.url)
    page = seen.page
    enter(page, filled, running.url, OMID)
    page.goto(f"{running.url}{HOME}")
    page.get_by_role("button", name="Start").press("Enter")
    page.get_by_role("link", name="Keep it still").click()
    expect(
        page.get_by_role("link", name="Look again")
    ).to_be_visible()  # the page before has a button to stop it as well
    page.get_by_role("button", name="Stop it").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("It was stopped and came to nothing.")
    assert elsewhere.closed == 1
    seen.close()


@pytest.mark.parametrize("agent", [SARA, OMID])
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_nothing_is_too_wide_and_axe_finds_nothing_serious(
    browser: Browser, filled: Site, running: Running, elsewhere: Elsewhere, width: int, scheme: str, agent: int
) -> None:
    dark = scheme == "dark"
    context = browser.new_context(
        viewport={"width": width, "height": 800}, bypass_csp=True, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()

    def well() -> None:
        assert not (wide := too_wide(page)), f"{page.url}: {wide}"
        assert serious(page) == [], page.url

    enter(page, filled, running.url, SARA if agent == SARA else OMID)
    page.goto(f"{running.url}{HOME}")
    page.locator("[name=period]").select_option("days")
    page.locator("[value=draft]").check()
    well()
    page.locator(".backtest button").click()
    expect(page.locator(".wrong")).to_be_visible()  # no days were typed
    well()
    page.locator("[name=period]").select_option("7")
    page.locator(".backtest button").click()
    page.wait_for_url("**/rules/backtest/*")
    page.goto(page.url + "?still=1")
    well()
    go(running, elsewhere)
    page.goto(page.url.removesuffix("?still=1"))
    expect(page.locator(".verdict")).to_be_visible(timeout=10_000)
    for summary in page.locator("details:not([open]) > summary").all():
        summary.click()
    well()
    page.goto(f"{running.url}{HOME}")
    well()
    context.close()
