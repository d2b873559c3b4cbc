"""The chat in a browser that runs no script: write with files, be answered, prove an address, in either language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from inbox.domain.choices import Offer
from inbox.domain.outgoing import File
from inbox.testing.faces import CODE
from tests.channels.webchat.browsing import Customer, picked
from tests.channels.webchat.street import Street
from tests.web.poison import VECTORS


@pytest.fixture
def quiet(browser: Browser, street: Street) -> Iterator[Customer]:
    """A customer without JavaScript."""
    made = Customer(browser, street.shop, street.chat, java_script_enabled=False)
    yield made
    made.close()


def test_a_customer_writes_with_a_file_and_is_answered_after_a_reload(
    street: Street, quiet: Customer, tmp_path: Path
) -> None:
    page = quiet.page
    page.goto(f"{street.chat}demo?lang=en")
    page.get_by_role("link", name="Write to us without JavaScript").click()
    expect(page.locator(".hours")).to_contain_text("13:30")
    page.get_by_label("Your message").fill("Hello\n\nMy teapot has no lid.")
    page.get_by_label("Files").set_input_files(picked("pot.txt", b"pot"))
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".line.own .said")).to_contain_text("My teapot has no lid.")
    street.says(
        "Which glaze?", offers=(Offer("Celadon", "choose:department:a"),), files=(File("b.txt", "text/plain", b"b"),)
    )
    page.get_by_role("link", name="Look for new answers").click()
    expect(page.locator(".line:not(.own)")).to_contain_text("Which glaze?")
    for name, content in {"pot.txt": b"pot", "b.txt": b"b"}.items():
        with page.expect_download() as coming:
            page.get_by_role("link", name=f"Download {name}").click()
        coming.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes() == content
    page.get_by_role("button", name="Celadon").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.reload()
    assert street.spoken() == ["Hello\n\nMy teapot has no lid.", "Which glaze?"]


def test_the_address_is_proved_there_too(street: Street, quiet: Customer) -> None:
    page = quiet.page
    page.goto(f"{street.chat}?lang=fa")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.get_by_label("پیام شما").fill("سلام")
    page.get_by_role("button", name="فرستادن", exact=True).click()
    page.get_by_label("نشانی ایمیل شما").fill("nima@example.org")
    page.get_by_role("button", name="فرستادن کد").click()
    page.get_by_label("کدی که در ایمیل آمده").fill(CODE)
    page.get_by_role("button", name="تأیید").click()
    expect(page.get_by_text("nima@example.org")).to_be_visible()
    page.get_by_role("button", name="این گفتگو را برایم بفرستید").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert street.front.mailed == [street.visitor()]
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".line.own")).to_have_count(1)


def test_what_was_refused_is_still_in_the_box(street: Street, browser: Browser) -> None:
    visitor = Customer(browser, street.chat, java_script_enabled=False)
    page = visitor.page
    page.goto(f"{street.chat}?lang=en")
    visitor.context.clear_cookies()
    page.get_by_label("Your message").fill("Do not lose\nthis")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("cookie")
    expect(page.get_by_label("Your message")).to_have_value("Do not lose\nthis")
    visitor.context.close()  # the browser notes the refusal by itself


def test_nothing_that_anybody_writes_is_markup_there(street: Street, browser: Browser) -> None:
    visitor = Customer(browser, street.chat)  # with JavaScript on, so that what runs would show
    page = visitor.page
    page.goto(f"{street.chat}?lang=en")
    for count, vector in enumerate(VECTORS, 1):
        page.get_by_label("Your message").fill(vector)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator(".line.own")).to_have_count(count)  # the page that comes of it is there
        street.says(
            vector, vector, offers=(Offer(vector, "choose:department:a"),), files=(File(vector, "text/plain", b"x"),)
        )
    page.reload()
    expect(page.locator(".line")).to_have_count(2 * len(VECTORS))
    assert page.locator("img, script, iframe, svg, style, main a:not([download]):not(.again)").count() == 0
    visitor.close()
