"""The portal of a running daemon: a customer who wrote by mail comes in by a code, reads, answers with a file, and says it is done."""

import re
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bench.letters import SUPPORT
from tests.channels.webchat.browsing import Customer, picked
from tests.daemon.post import read, words
from tests.daemon.sites import UNBRAKED, MailChannel, Shed, listener
from tests.rig.daemon import Daemon
from tests.rig.loopback import free_port
from tests.rig.wait import until

PORTAL = """
[channel.portal]
kind = "portal"
continues_on = "support"
leaves_after = "1 second"
"""
LENA = "lena@customer.test"
SAID = {"fa": "سلام، قوری بدون در رسید.", "en": "Hello, the teapot came without its lid."}
TOLD = {"fa": "در تازه امروز فرستاده می‌شود.", "en": "A new lid leaves today."}
MORE = {"fa": "ممنون، این هم عکس.", "en": "Thank you, here is a picture."}
BUTTONS = {
    "fa": ("نشانی ایمیل شما", "کد را بفرست", "کد", "وارد شوید", "آنچه می‌خواهید بگویید", "بفرست", "مشکل حل شد"),
    "en": ("Your mail address", "Send me a code", "Code", "Come in", "What you want to say", "Send", "It is solved"),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Place:
    """A site with mail and a portal, an agent, and a mail of Lena's that was answered."""

    def __init__(self, sites: Shed, language: str) -> None:
        self.smtp, self.language = free_port(), language
        mail = MailChannel(intake=listener(self.smtp))
        self.daemon: Daemon = sites.site(mail, more=UNBRAKED + PORTAL).start()
        assert self.daemon.cli("agents", "add", "sara", "--name", "Sara", "--address", "sara@desk.test").code == 0
        self.url = f"http://127.0.0.1:{self.daemon.web}"
        self.write(LENA, SAID[language])
        self.reference = self.only()
        assert self.daemon.cli("note", self.reference, "NOT FOR LENA", "--as", "sara").code == 0
        self.answer(TOLD[language])

    def write(self, address: str, text: str) -> None:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = f"Lena <{address}>", SUPPORT, "Teapot"
        letter["Message-ID"] = f"<{len(text)}.{address}>"
        letter.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.smtp) as server:
            server.send_message(letter, address, [SUPPORT])

    def only(self) -> str:
        """The reference of the only conversation, once it is there."""
        until(lambda: len(self.listed()) == 1, what="one conversation")
        return str(self.listed()[0]["reference"])

    def listed(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self.daemon.cli("list", "--format", "json").json()
        return found

    def answer(self, text: str) -> None:
        done = self.daemon.cli("reply", self.reference, text, "--as", "sara", "--anyway")
        assert done.code == 0, done

    def letters(self, saying: str) -> list[str]:
        """The texts of the mails that went out and hold these words, oldest first."""
        files = sorted((self.daemon.site / "data/outgoing/new").glob("*"))
        return [text for file in files if saying in (text := words(read(file.read_bytes())))]

    def code(self) -> str:
        """The six digits of the latest letter."""
        until(lambda: self.letters("/portal/enter/") or self.codes(), what="a letter with a code")
        return self.codes()[-1]

    def codes(self) -> list[str]:
        return [found for text in self.letters("") for found in re.findall(r"^(\d{6})\s*$", text, re.MULTILINE)]


@pytest.mark.parametrize(("language", "scripts"), [("fa", True), ("en", False)])
def test_a_customer_comes_in_reads_answers_and_is_done(
    browser: Browser, sites: Shed, language: str, scripts: bool
) -> None:
    place, words = Place(sites, language), BUTTONS[language]
    customer = Customer(browser, place.url, java_script_enabled=scripts)
    page = customer.page
    come_in(page, place, words)
    page.get_by_role("link", name="Teapot").click()
    expect(page.locator(".message.theirs")).to_contain_text(SAID[language])
    look_until(page, page.locator(".message.ours", has_text=TOLD[language]))
    expect(page.locator("main")).not_to_contain_text("NOT FOR LENA")
    page.get_by_label(words[4]).fill(MORE[language])
    page.locator("input[type=file]").set_input_files(picked("lid.txt", b"a lid"))
    page.get_by_role("button", name=words[5], exact=True).click()
    expect(page.locator(".message.theirs").last).to_contain_text(MORE[language])
    with page.expect_download() as kept:
        page.get_by_role("link", name="lid.txt").click()
    assert kept.value.path().read_bytes() == b"a lid"
    place.answer("Two days.")
    look_until(page, page.locator(".message.ours", has_text="Two days."))
    page.get_by_role("button", name=words[6]).click()
    expect(page.locator(".state-done")).to_be_visible()
    assert [one["state"] for one in place.daemon.cli("list", "--state", "done", "--format", "json").json()] == ["done"]
    customer.close()


def test_whoever_does_not_look_has_the_answer_by_mail(browser: Browser, sites: Shed) -> None:
    place = Place(sites, "en")
    customer = Customer(browser, place.url)
    come_in(customer.page, place, BUTTONS["en"])
    customer.page.goto(f"{place.url}/portal/c/{place.reference}")
    customer.page.get_by_label(BUTTONS["en"][4]).fill("And the saucer?")
    customer.page.get_by_role("button", name="Send", exact=True).click()
    expect(customer.page.locator(".message.theirs").last).to_contain_text("And the saucer?")
    customer.close()
    place.answer("It is on its way too.")
    until(lambda: place.letters("It is on its way too."), what="the answer by mail", within=60)


def test_somebody_new_asks_proves_the_address_and_has_the_answer_by_mail(browser: Browser, sites: Shed) -> None:
    place, words = Place(sites, "en"), BUTTONS["en"]
    customer = Customer(browser, place.url)
    page, new = customer.page, "nia@new.test"
    page.goto(f"{place.url}/portal?lang=en")
    page.get_by_role("link", name="Write to us for the first time").click()
    page.get_by_label(words[0]).fill(new)
    page.get_by_label("Tell us").fill("Do you mend lids?")
    page.get_by_role("button", name=words[5], exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("We have it.")
    until(place.codes, what="a letter with a code")
    assert not place.letters("Do you mend lids?")
    page.get_by_label(words[2], exact=True).fill(place.codes()[-1])
    page.get_by_role("button", name=words[3]).click()
    page.get_by_role("link", name="Do you mend lids?").click()
    customer.close()
    [place.reference] = [str(one["reference"]) for one in place.listed()]
    place.answer("We do.")
    until(lambda: place.letters("We do."), what="the answer by mail", within=60)


def test_a_stranger_learns_and_gets_nothing(browser: Browser, sites: Shed) -> None:
    place, words = Place(sites, "en"), BUTTONS["en"]
    place.write("mallory@elsewhere.test", "I am somebody else, and write to you too.")
    until(lambda: any(one["reference"] != place.reference for one in place.listed()), what="their conversation")
    customer = Customer(browser, place.url)
    page = customer.page
    page.goto(f"{place.url}/portal")
    page.get_by_label(words[0]).fill("nobody@nowhere.test")
    page.get_by_role("button", name=words[1]).click()
    expect(page.get_by_label(words[2])).to_be_visible()
    page.get_by_label(words[2]).fill("000000")
    page.get_by_role("button", name=words[3]).click()
    expect(page.get_by_role("alert")).to_be_visible()
    come_in(page, place, words, "mallory@elsewhere.test")
    expect(page.locator(".row")).to_have_count(1)
    page.goto(f"{place.url}/portal/c/{place.reference}")
    expect(page.locator("main")).not_to_contain_text(SAID["en"])
    assert customer.wrong
    assert all("404" in one or "403" in one for one in customer.wrong)


def come_in(page: Page, place: Place, words: tuple[str, ...], address: str = LENA) -> None:
    """By the code of the letter that goes to an address."""
    before = len(place.codes())
    page.goto(f"{place.url}/portal/sign-in?lang={place.language}")
    page.get_by_label(words[0]).fill(address)
    page.get_by_role("button", name=words[1]).click()
    until(lambda: len(place.codes()) > before, what="a letter with a code")
    page.get_by_label(words[2], exact=True).fill(place.code())
    page.get_by_role("button", name=words[3]).click()
    expect(page.locator(".rows")).to_be_visible()


def look_until(page: Page, what: Locator) -> None:
    """Look again until it is there: an answer is handed over within moments, and each look is a request."""
    for _ in range(100):
        if what.count():
            break
        page.reload()
    expect(what).to_be_visible()
