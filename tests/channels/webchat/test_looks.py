"""How the chat looks: readable in both lights and both directions, large enough to touch, small enough to load."""

import gzip
import re
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, expect

from inbox.domain.choices import Offer
from inbox.domain.outgoing import File
from inbox.ports.colours import accented, contrast
from tests.channels.webchat.browsing import Customer, Widget, picked
from tests.channels.webchat.ground import WebchatGround
from tests.channels.webchat.street import Street
from tests.rig.accessibility import serious, unchanged

MOST = 20_000  # bytes on the line, style sheet included
ACCENTS = ["#000000", "#ffffff", "#ffff00", "#0b6a8a", "#ff0000", "#808080", "#00ff7f", "#123456", "#c8a2c8"]
GROUNDS = {"light": ["#ffffff", "#efeeea", "#f7f6f3"], "dark": ["#1c2024", "#14171a", "#272c32"]}


async def test_the_widget_is_small_as_it_is_served(ground: WebchatGround) -> None:
    async with (
        ground.browser(headers={"accept-encoding": "gzip"}) as browser,
        browser.stream("GET", "widget.js") as answer,
    ):
        packed = b"".join([piece async for piece in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert len(packed) <= MOST
    text = gzip.decompress(packed).decode()
    plain = await _plain(ground)
    assert plain == text
    assert set(re.findall(r"https?://[\w.-]+", text)) == {"http://www.w3.org"}, (
        "the name of a namespace and nothing else"
    )
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", ".style."):
        assert word not in text


async def _plain(ground: WebchatGround) -> str:
    async with ground.browser(headers={"accept-encoding": "identity"}) as browser:
        answer: httpx.Response = await browser.get("widget.js")
    assert "content-encoding" not in answer.headers
    return answer.text


@pytest.mark.parametrize("accent", ACCENTS)
def test_any_accent_can_be_read(accent: str) -> None:
    light, dark = accented(":host", accent).splitlines()
    for rules, grounds in ((light, GROUNDS["light"]), (dark, GROUNDS["dark"])):
        colour, on = re.findall(r"#[\da-f]{6}", rules)
        assert all(contrast(_rgb(colour), _rgb(ground)) >= 4.5 for ground in grounds)
        assert contrast(_rgb(colour), _rgb(on)) >= 4.5


def _rgb(text: str) -> list[float]:
    return [float(int(text[at : at + 2], 16)) for at in (1, 3, 5)]


def test_the_checker_is_the_one_that_was_published() -> None:
    assert unchanged()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_everybody_can_use_it(
    browser: Browser, tmp_path: Path, language: str, scheme: Literal["light", "dark"]
) -> None:
    street = Street(tmp_path, greeting="سلام. بپرسید." if language == "fa" else "Hello. Just ask.")
    visitor = Customer(browser, street.chat, color_scheme=scheme, bypass_csp=True)
    page = visitor.page
    found = {}
    page.goto(f"{street.chat}demo?lang={language}")
    widget = Widget(page)
    expect(widget.launch).to_be_visible()
    found["closed"] = serious(page)
    widget.open()
    found["open"] = serious(page)
    widget.say("سلام https://example.org" if language == "fa" else "Hello https://example.org")
    widget.arrived(1)
    street.says("We have it.", "Example", automatic=True)
    offers = (Offer("Sales", "choose:department:a"), Offer("Repair", "choose:department:b"))
    street.says("Which one?", offers=offers, files=(File("a.pdf", "application/pdf", b"x"),))
    expect(widget.root.locator(".offer")).to_have_count(2)
    found["talk"] = serious(page)
    widget.root.locator(".offer").first.click()
    widget.root.locator("input[type=file]").set_input_files([picked("empty.bin", b""), picked("small.bin", b"x")])
    widget.root.locator(".top .round").first.click()
    expect(widget.root.locator("#address")).to_be_visible()
    found["files and mail"] = serious(page)
    page.goto(f"{street.chat}?lang={language}")
    found["plain"] = serious(page)
    assert {name: broken for name, broken in found.items() if broken} == {}
    visitor.close()
    street.close()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_on_a_touch_screen_everything_is_large_enough_and_nothing_too_wide(
    browser: Browser, street: Street, language: str
) -> None:
    visitor = Customer(browser, street.chat, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    page = visitor.page
    page.goto(f"{street.chat}demo?lang={language}")
    widget = Widget(page).open()
    expect(widget.panel).to_be_focused()
    widget.say("سلام " * 30)
    widget.arrived(1)
    street.says("x" * 200, offers=(Offer("Sales", "choose:department:a"),), files=(File("a" * 80, "a/b", b"x"),))
    expect(widget.root.locator(".offer")).to_be_visible()
    small = (
        "all => all.filter(e => e.offsetParent).map(e => [e.className, e.offsetHeight]).filter(([, high]) => high < 44)"
    )
    assert widget.root.locator("button, input:not([hidden]), textarea").evaluate_all(small) == []
    for path in ("demo", ""):
        page.goto(f"{street.chat}{path}?lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    visitor.close()


def test_who_wants_no_motion_gets_none(browser: Browser, street: Street) -> None:
    for motion, name in (("reduce", "none"), ("no-preference", "rise")):
        visitor = Customer(browser, street.shop, street.chat, reduced_motion=motion)
        visitor.page.goto(street.shop)
        widget = Widget(visitor.page).open()
        assert widget.panel.evaluate("e => getComputedStyle(e).animationName") == name
        visitor.close()


def test_with_forced_colours_what_is_pressed_can_still_be_told(browser: Browser, street: Street) -> None:
    visitor = Customer(browser, street.shop, street.chat, forced_colors="active")
    visitor.page.goto(street.shop)
    widget = Widget(visitor.page).open()
    assert widget.launch.evaluate("e => getComputedStyle(e).borderTopWidth") == "1px"
    widget.say("Hello")
    street.visitor()
    street.says("Which?", offers=(Offer("One", "choose:department:a"), Offer("Two", "choose:department:b")))
    widget.button("One").click()
    grounds = [widget.button(name).evaluate("e => getComputedStyle(e).backgroundColor") for name in ("One", "Two")]
    assert grounds[0] != grounds[1]
    visitor.close()
