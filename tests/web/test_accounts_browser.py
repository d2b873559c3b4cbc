"""Signing in and the settings in a real browser: from an invitation to a second step, in both languages, and what axe says."""

import re
from typing import Literal
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import Browser, expect

from inbox.web.session import fresh
from tests.rig.accessibility import serious
from tests.web.accounts import PASSWORD, promote, with_password
from tests.web.sites import OMID, SARA, Site
from tests.web.test_browser import Seen, enter
from tools.widths import too_wide

PAGES = (
    "/account",
    "/account/codes",
    "/settings/people",
    "/settings/people/omid",
    "/settings/people/new",
    "/settings/teams",
    "/settings/teams/orders",
    "/settings/tokens",
    "/settings/webhooks",
    "/settings/contacts",
    "/settings/audit",
    "/settings/start",
)


@pytest.mark.parametrize("scripts", [True, False])
def test_from_an_invitation_to_a_second_step_and_in_again(
    browser: Browser, filled: Site, served: str, scripts: bool
) -> None:
    promote(filled, OMID, admin=True)
    context = browser.new_context(java_script_enabled=scripts, locale="en")
    page = context.new_page()
    page.goto(served + filled.link(fresh(), OMID))
    page.get_by_role("main").get_by_role("button").click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Handle").fill("reza")
    page.get_by_label("Name", exact=True).fill("Reza")
    page.get_by_role("button", name="Save").click()
    link = page.get_by_label("The link").input_value()
    assert link.startswith(f"{served}/password/")

    other = browser.new_context(java_script_enabled=scripts, locale="en").new_page()
    other.goto(link)
    other.get_by_label("New password").fill(PASSWORD)
    other.get_by_label("The same once more").fill(PASSWORD)
    other.get_by_role("button", name="Set the password").click()
    expect(other.locator(".rows")).to_be_visible()
    other.locator(".who").click()
    other.get_by_role("link", name="Switch codes on").click()
    key = str(other.locator("[name=key]").get_attribute("value"))
    assert other.locator(".qr").evaluate("one => one.naturalWidth") > 100 if scripts else True
    other.get_by_label("The code that it shows then").fill(pyotp.TOTP(key).at(filled.clock.now()))
    other.get_by_role("button", name="Switch codes on").click()
    kept = other.locator(".recovery li").all_inner_texts()
    assert len(kept) == 10
    other.get_by_role("link", name="I have kept them").click()
    other.get_by_role("button", name="Sign out", exact=True).click()

    other.goto(f"{served}/c/K7Q2")
    other.get_by_role("link", name="Sign in").click()
    other.get_by_label("Handle or mail address").fill("reza")
    other.get_by_label("Password").fill("wrong wrong")
    other.keyboard.press("Enter")
    expect(other.get_by_role("alert")).to_contain_text("do not belong together")
    other.get_by_label("Password").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.get_by_label("Code").fill(kept[0])
    other.keyboard.press("Enter")
    expect(other).to_have_url(f"{served}/c/K7Q2")
    other.context.close()
    context.close()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(("agent", "scheme"), [(SARA, "light"), (OMID, "dark")])
def test_nothing_is_too_wide_and_axe_finds_nothing_serious(
    browser: Browser, filled: Site, served: str, width: int, agent: int, scheme: Literal["light", "dark"]
) -> None:
    whom = SARA if agent == SARA else OMID
    with_password(filled, whom)
    promote(filled, whom, admin=True)
    language = "fa" if whom == SARA else "en"
    context = browser.new_context(
        viewport={"width": width, "height": 800}, bypass_csp=True, color_scheme=scheme, locale=language
    )
    page = context.new_page()
    for path in ("/", "/sign-in", f"/password/{fresh()}"):
        page.goto(served + path)
        assert serious(page) == [], path
    enter(page, filled, served, whom)
    for path in PAGES:
        page.goto(served + path)
        assert not (wide := too_wide(page)), f"{path}: {wide}"
        assert serious(page) == [], path
        small = page.evaluate(
            """[...document.querySelectorAll('main a.button, main button, main input:not([type=hidden]):not([hidden])')]
            .filter((one) => one.closest('label')?.getBoundingClientRect().height < 24
              || !one.closest('label') && one.getBoundingClientRect().height < 24).map((one) => one.outerHTML)"""
        )
        assert small == [], path
    context.close()


def test_the_pages_do_nothing_that_a_browser_complains_of(browser: Browser, filled: Site, served: str) -> None:
    with_password(filled)
    promote(filled, SARA, admin=True)
    seen = Seen(browser, served)
    enter(seen.page, filled, served, SARA)
    for path in PAGES:
        seen.page.goto(served + path)
    seen.page.goto(f"{served}/settings/people/omid")
    seen.page.locator("button[name=invite]").click()
    expect(seen.page.locator(".link input")).to_have_value(re.compile(rf"^http://{urlsplit(served).netloc}/password/"))
    seen.close()
