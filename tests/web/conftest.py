"""A fresh site for every test, and one browser for a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.web.samples import fill
from tests.web.sites import Running, Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An empty site with two agents."""
    made = Site.made(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def filled(site: Site) -> Site:
    """The same with a morning's conversations."""
    site.store.write_now(fill)
    return site


@pytest.fixture
def served(filled: Site) -> Iterator[str]:
    """The filled site behind a real server: its address."""
    running = Running(filled.app())
    yield running.url
    running.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window. It ends with its module: while it runs, this thread can have no other event loop."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()
