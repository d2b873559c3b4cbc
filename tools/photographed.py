"""Pictures of the pages, for people to look at: each core page of the demo, in both languages and both lights, wide and narrow.

Each page is also asked whether it is wider than its screen, and what its browser complained of.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tools.core_pages import VIEWS, View, play, sign_in
from tools.widths import too_wide

LANGUAGES = ("fa", "en")
LIGHTS = ("light", "dark")
WIDTHS = (1280, 390)


@contextmanager
def demo() -> Iterator[str]:
    """A demo of its own; its address."""
    command = [str(Path(sys.executable).parent / "inbox"), "demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603  # our own command
        assert running.stdout is not None
        try:
            printed = ""
            while "Ctrl+C" not in printed:
                line = running.stdout.readline()
                if not line:
                    raise RuntimeError(f"the demo ended: {printed}")
                printed += line
            yield re.findall(r"http://127\.0\.0\.1:\d+", printed)[0]
        finally:
            running.terminate()


def taken(browser: Browser, address: str, folder: Path, only: str = "") -> Iterator[str]:
    """Take the pictures (`only`: of the pages whose name holds this); what is wrong with some of them, as sentences."""
    page = browser.new_page()
    play(page, address)
    page.close()
    views = [view for view in VIEWS if only in view.name]
    for language in LANGUAGES:
        for light in LIGHTS:
            for width in WIDTHS:
                size = {"width": width, "height": 800}
                context = browser.new_context(viewport=size, color_scheme=light, locale=language)
                yield from _one(context.new_page(), address, folder, f"{language}-{light}-{width}", views)
                context.close()


def _one(page: Page, address: str, folder: Path, variant: str, views: list[View]) -> Iterator[str]:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    language = variant.partition("-")[0]
    for stranger in (True, False):
        if not stranger:
            told.clear()  # a stranger is told 403
            sign_in(page, address)
        for view in views:
            if view.stranger == stranger:
                view.open(page, address, language)
                yield from _pictured(page, folder, f"page-{view.name}-{variant}")
    # One of the pages is that of what is not there.
    yield from (f"a page in {variant} complained: {words}" for words in told if "404" not in words)


def _pictured(page: Page, folder: Path, name: str) -> Iterator[str]:
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    if wide := too_wide(page):
        yield f"{name} is wider than its screen: {wide}"
