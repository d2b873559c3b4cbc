"""The web chat of a running daemon in a real browser: acknowledged at once, answered from the command line, found again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.channels.webchat.browsing import Customer, Widget
from tests.daemon.sites import UNBRAKED, Shed
from tests.rig.daemon import Daemon

CHANNEL = """
[channel.web]
kind = "webchat"
title = "Blue Pot"
"""
SAID = {"fa": "سلام، قوری بدون در رسید.", "en": "Hello, the teapot came without its lid."}
TOLD = {"fa": "در تازه امروز فرستاده می‌شود.", "en": "A new lid leaves today."}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def daemon(sites: Shed) -> Daemon:
    """With an agent who answers."""
    made = sites.site(more=UNBRAKED + CHANNEL).start()
    assert made.cli("agents", "add", "sara", "--name", "Sara", "--address", "sara@desk.test").code == 0
    return made


def answer(daemon: Daemon, text: str) -> str:
    """Sara answers the only conversation."""
    [one] = daemon.cli("list", "--format", "json").json()
    done = daemon.cli("reply", one["reference"], text, "--as", "sara", "--anyway")
    assert done.code == 0, done
    return str(one["reference"])


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_customer_on_the_demo_page_is_acknowledged_answered_live_and_finds_it_again(
    browser: Browser, daemon: Daemon, language: str
) -> None:
    chat = f"http://127.0.0.1:{daemon.web}/channels/web/"
    visitor = Customer(browser, f"http://127.0.0.1:{daemon.web}/")
    page = visitor.page
    page.goto(f"{chat}demo?lang={language}")
    widget = Widget(page).open()
    expect(widget.hours).not_to_be_empty()
    widget.say(SAID[language])
    widget.arrived(1)
    expect(widget.root.locator(".automatic .said")).to_be_visible(timeout=25_000)
    reference = answer(daemon, TOLD[language])
    expect(widget.root.locator(".automatic .said")).to_contain_text(reference)
    expect(widget.ours.last).to_contain_text(TOLD[language], timeout=25_000)
    expect(widget.root.locator(".line:not(.own):not(.automatic) .by")).to_contain_text("Sara")
    page.reload()
    widget.open()
    expect(widget.own).to_have_text([SAID[language]])
    expect(widget.ours).to_have_count(2)
    visitor.close()


def test_without_javascript_too(browser: Browser, daemon: Daemon) -> None:
    chat = f"http://127.0.0.1:{daemon.web}/channels/web/"
    visitor = Customer(browser, chat, f"http://127.0.0.1:{daemon.web}/", java_script_enabled=False)
    page = visitor.page
    page.goto(f"{chat}?lang=en")
    page.get_by_label("Your message").fill(SAID["en"])
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".line.own")).to_contain_text(SAID["en"])
    answer(daemon, TOLD["en"])
    shown = page.locator(".line:not(.own):not(.automatic)")
    for _ in range(100):  # it is handed over within moments; each look is a request of the visitor's
        if shown.count():
            break
        page.get_by_role("link", name="Look for new answers").click()
    expect(shown).to_contain_text(TOLD["en"])
    visitor.close()


def test_a_message_survives_a_kill_of_the_house(browser: Browser, daemon: Daemon) -> None:
    visitor = Customer(browser, f"http://127.0.0.1:{daemon.web}/")
    visitor.page.goto(f"http://127.0.0.1:{daemon.web}/channels/web/demo?lang=en")
    widget = Widget(visitor.page).open()
    widget.say("Before")
    widget.arrived(1)
    daemon.kill()
    widget.say("While nobody was there")
    expect(widget.root.locator(".waiting")).to_have_count(1)
    daemon.start()
    widget.arrived(2)  # tried again by itself
    expect(widget.own).to_have_text(["Before", "While nobody was there"])
    answer(daemon, TOLD["en"])
    expect(widget.ours.last).to_contain_text(TOLD["en"], timeout=25_000)
    visitor.context.close()  # the browser itself complains of a server that is gone
