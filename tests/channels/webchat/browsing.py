"""A customer with a browser: the widget on a page as they find it, and a note of everything that went wrong."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Dialog, FilePayload, Locator, Page, expect

PATIENCE = 25_000  # milliseconds: the machine may be busy, and nothing here waits for its end


class Customer:
    """One browser with one page. `close` fails where the page complained, spoke, or asked somebody else for anything."""

    def __init__(self, browser: Browser, *hosts: str, **about: Any) -> None:
        self._hosts = (*hosts, "blob:", "data:")
        self.context: BrowserContext = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **about})
        self.context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        self.wrong: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        """One more page of the same browser."""
        page = self.context.new_page()
        page.on("console", lambda message: self.wrong.append(message.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", self._spoke)
        page.on("request", lambda request: self._asked(request.url))
        return page

    def close(self) -> None:
        """The browser is done with, and nothing was wrong."""
        self.context.close()
        assert self.wrong == []

    def _spoke(self, dialog: Dialog) -> None:
        self.wrong.append(dialog.message)
        dialog.dismiss()

    def _asked(self, url: str) -> None:
        if not url.startswith(self._hosts):
            self.wrong.append(url)


def picked(name: str, content: bytes, content_type: str = "text/plain") -> FilePayload:
    """A file as somebody chooses it."""
    return {"name": name, "mimeType": content_type, "buffer": content}


class Widget:
    """The widget of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator("inbox-chat")
        self.launch = self.root.locator(".launch")
        self.panel = self.root.get_by_role("dialog")
        self.text = self.root.locator("textarea")
        self.hours = self.root.locator(".hours")
        self.own = self.root.locator(".line.own .said")
        self.ours = self.root.locator(".line:not(.own) .said")
        self.way = self.root.locator(".entry")

    def open(self) -> "Widget":
        """Press the button."""
        self.launch.click()
        expect(self.panel).to_be_visible(timeout=PATIENCE)
        return self

    def say(self, text: str) -> None:
        """Write and send."""
        self.text.fill(text)
        self.text.press("Enter")
        expect(self.text).to_have_value("")

    def arrived(self, count: int) -> None:
        """So many of the visitor's own lines came back from the house, and none is on its way."""
        expect(self.root.locator(".line.own .by time")).to_have_count(count, timeout=PATIENCE)
        expect(self.own).to_have_count(count, timeout=PATIENCE)

    def button(self, name: str) -> Locator:
        """A button by its whole name."""
        return self.root.get_by_role("button", name=name, exact=True)
