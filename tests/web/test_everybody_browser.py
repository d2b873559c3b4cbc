"""Every core page in a real browser, right to left and left to right, in both lights: axe finds nothing serious, none is too wide.

The pages are those that `make screenshots` takes pictures of, on one demo that is filled once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.rig.accessibility import serious
from tools.core_pages import VIEWS, View, play, sign_in
from tools.photographed import LANGUAGES, demo
from tools.widths import too_wide

WIDTHS = (1280, 390, 320)


@dataclass(frozen=True, slots=True)
class Looked:
    """The demo in one language: as a stranger has it, and as the lead."""

    address: str
    language: str
    strange: Page
    own: Page


@pytest.fixture(scope="module")
def address(browser: Browser) -> Iterator[str]:
    with demo() as address:
        page = browser.new_page()
        play(page, address)
        page.close()
        yield address


@pytest.fixture(scope="module", params=LANGUAGES)
def looked(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Looked]:
    contexts = [browser.new_context(locale=request.param, bypass_csp=True) for _ in range(2)]
    strange, own = (context.new_page() for context in contexts)
    sign_in(own, address)
    yield Looked(address, request.param, strange, own)
    for context in contexts:
        context.close()


@pytest.mark.parametrize("view", VIEWS, ids=[view.name for view in VIEWS])
def test_everybody_can_use_it(looked: Looked, view: View) -> None:
    page = looked.strange if view.stranger else looked.own
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    page.emulate_media(color_scheme="light")
    view.open(page, looked.address, looked.language)
    assert page.locator("html").get_attribute("dir") == ("rtl" if looked.language == "fa" else "ltr")
    assert serious(page) == []
    page.emulate_media(color_scheme="dark")
    assert serious(page, "color-contrast") == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert not (wide := too_wide(page)), f"{width}: {wide}"
