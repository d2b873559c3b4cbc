"""A web chat for each test; on a socket with a shop, and a browser, for those that ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.channels.webchat.browsing import Customer
from tests.channels.webchat.ground import WebchatGround
from tests.channels.webchat.street import Street


@pytest.fixture
async def ground(tmp_path: Path) -> WebchatGround:
    return WebchatGround(tmp_path)


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    """A chat on a socket, and a shop on another one."""
    made = Street(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window; while it runs, this thread can have no other event loop."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def customer(browser: Browser, street: Street) -> Iterator[Customer]:
    """Somebody who looks at the shop."""
    made = Customer(browser, street.shop, street.chat)
    yield made
    made.close()
