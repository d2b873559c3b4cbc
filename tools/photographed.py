"""Pictures of the pages, for people to look at: each core page of the demo, in both languages and both lights, wide and narrow.

Each page is also asked whether it is wider than its screen, and what its browser complained of.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

LANGUAGES = ("fa", "en")
LIGHTS = ("light", "dark")
WIDTHS = (1280, 390)
LEAD = "sara"
CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class View:
    """A page to be looked at: what its picture is called, and its address. `stranger`: before anybody has signed in."""

    name: str
    path: str
    stranger: bool = False


VIEWS = (
    View("sign-in", "/", stranger=True),
    View("demo", "/demo/?who=yasaman", stranger=True),
    View("list", "/"),
    View("waiting", "/?view=waiting"),
    View("search", "/?q=48205"),
    View(CONVERSATION, ""),
    View("board", "/board"),
    View("channels", "/settings/channels"),
    View("notifications", "/notifications"),
    View("rules", "/rules"),
    View("templates", "/templates"),
)


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


def taken(browser: Browser, address: str, folder: Path) -> Iterator[str]:
    """Take the pictures; what is wrong with some of them, as sentences."""
    _played(browser, address)
    for language in LANGUAGES:
        for light in LIGHTS:
            for width in WIDTHS:
                size = {"width": width, "height": 800}
                context = browser.new_context(viewport=size, color_scheme=light, locale=language)
                yield from _one(context.new_page(), address, folder, f"{language}-{light}-{width}")
                context.close()


def _played(browser: Browser, address: str) -> None:
    """A customer who is played has written, and was answered."""
    page = browser.new_page()
    page.goto(f"{address}/demo/?who=yasaman")
    page.fill("textarea", "سلام، قهوهٔ تازه‌برشت دارید؟")
    page.click("form.demo-form button")
    page.wait_for_selector(".demo-ours")
    page.close()


def _one(page: Page, address: str, folder: Path, variant: str) -> Iterator[str]:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    language = variant.partition("-")[0]
    for view in VIEWS:
        if view.stranger:
            page.goto(f"{address}{view.path}{'&' if '?' in view.path else '?'}lang={language}")
            yield from _pictured(page, folder, f"page-{view.name}-{variant}")
    told.clear()  # a stranger is told 403
    _sign_in(page, address)
    for view in VIEWS:
        if not view.stranger:
            page.goto(address + (view.path or _first(page, address)))
            yield from _pictured(page, folder, f"page-{view.name}-{variant}")
    yield from (f"a page in {variant} complained: {words}" for words in told)


def _sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/demo/")
    page.click(f"button[value={LEAD}]")
    page.wait_for_url("**/login/*")
    page.click("main button")
    page.wait_for_url(f"{address}/")


def _first(page: Page, address: str) -> str:
    """The conversation of the one who sent a picture, which shows most of what the page can."""
    page.goto(f"{address}/?view=done")
    link = page.locator("a[href^='/c/']", has_text="آسیب‌دیده").first
    if not link.count():
        link = page.locator("a[href^='/c/']").first
    return link.get_attribute("href") or "/"


def _pictured(page: Page, folder: Path, name: str) -> Iterator[str]:
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        yield f"{name} is wider than its screen"
