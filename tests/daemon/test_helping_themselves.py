"""A customer helps themselves, from the question to the rating: an article is offered, what they ask is sent, they come in by the link of a letter and by
a code in a bot's chat, answer, and say how it was. In both languages, with scripts and without; nothing on the way is hard to use for anybody."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from inbox.demo.shelf import ARTICLES
from tests.channels.webchat.browsing import Customer
from tests.daemon.post import read
from tests.daemon.sites import UNBRAKED, MailChannel, Shed, listener
from tests.rig.accessibility import serious
from tests.rig.bot_api import TOKEN, BotApi
from tests.rig.bot_manners import TELEGRAM
from tests.rig.daemon import Daemon
from tests.rig.loopback import free_port
from tests.rig.wait import until

CONFIG = """
[site]
language = "{language}"
public_url = "{url}"

[survey]
csat = true
after = "1 second"

[channel.portal]
kind = "portal"
continues_on = "support"

[channel.bot]
kind = "telegram"
bot = "@example_desk_bot"
token = {{ file = "bot-token" }}
api_base = "{api}"
file_base = "{file}"
"""
NIA = "nia@customer.test"
WORDS = {
    "fa": {
        "asked": "پول از کارتم کم شد ولی سفارش ثبت نشد. تکلیف چیست؟",
        "article": "پول کم شد ولی سفارش ثبت نشد",
        "more": "چهار رقم آخر کارت ۱۲۳۴ است.",
        "answer": "پیگیری می‌کنیم.",
        "chat": "سلام، سفارش من کجاست؟",
        "address": "نشانی ایمیل شما",
        "text": "برایمان بنویسید",
        "send": "بفرست",
        "all the same": "با این همه بفرست",
        "come in": "وارد شوید",
        "say": "آنچه می‌خواهید بگویید",
        "code": "کد",
    },
    "en": {
        "asked": "I paid with my card, the bank took the money, but your page says the payment failed.",
        "article": "I paid, and the page says it failed",
        "more": "The last four digits are 1234.",
        "answer": "We look into it.",
        "chat": "Hello, where is my order?",
        "address": "Your mail address",
        "text": "Tell us",
        "send": "Send",
        "all the same": "Send all the same",
        "come in": "Come in",
        "say": "What you want to say",
        "code": "Code",
    },
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def network(tmp_path: Path) -> Iterator[BotApi]:
    made = BotApi(tmp_path / "network", TELEGRAM).start()
    yield made
    made.close()


class Shop:
    """A site with mail, a bot, a portal, surveys, the demo's articles, and somebody who answers."""

    def __init__(self, sites: Shed, network: BotApi, language: str) -> None:
        mail = MailChannel(intake=listener(free_port()))
        self.daemon: Daemon = sites.site(mail)
        self.url = f"http://127.0.0.1:{self.daemon.web}"
        bot = {"api": network.base, "file": network.file_base}
        more = UNBRAKED + CONFIG.format(language=language, url=self.url, **bot)
        sites.configure(self.daemon.site, self.daemon.web, mail, more=more)
        token = self.daemon.site / "bot-token"
        token.write_text(TOKEN)
        token.chmod(0o600)
        for command in (
            ("kb", "import", str(ARTICLES)),
            ("agents", "add", "sara", "--name", "Sara", "--address", "sara@desk.test"),
        ):
            assert self.daemon.cli(*command).code == 0
        self.daemon.start()

    def listed(self, state: str = "open") -> list[dict[str, object]]:
        found: list[dict[str, object]] = self.daemon.cli("list", "--state", state, "--format", "json").json()
        return found

    def does(self, *command: str) -> None:
        done = self.daemon.cli(*command, "--as", "sara")
        assert done.code == 0, done

    def letters(self, pattern: str) -> list[str]:
        """What stands so in the mails that went out, oldest first."""
        files = sorted((self.daemon.site / "data/outgoing/new").glob("*"))
        parts = [read(file.read_bytes()).get_body(("plain",)) for file in files]
        return [found for part in parts if part is not None for found in re.findall(pattern, part.get_content())]

    def letter(self, pattern: str) -> str:
        """The same, once there is one."""
        until(lambda: self.letters(pattern), what=f"a letter with {pattern}", within=60)
        return self.letters(pattern)[-1]


def easy(page: Page, scripts: bool) -> None:
    """Nothing on the page is hard to use; without scripts it is the same page, and nothing can look at it."""
    if scripts:
        assert serious(page) == []


@pytest.mark.parametrize(("language", "scripts"), [("fa", True), ("fa", False), ("en", True), ("en", False)])
def test_a_customer_asks_comes_in_answers_and_rates(
    browser: Browser, sites: Shed, network: BotApi, language: str, scripts: bool
) -> None:
    shop, words = Shop(sites, network, language), WORDS[language]
    customer = Customer(browser, shop.url, java_script_enabled=scripts, bypass_csp=True)
    page = customer.page
    ask(page, shop, words, scripts, language)
    come_in_by_link(page, shop, words, scripts)
    answer(page, shop, words, scripts)
    rate(page, shop, scripts)
    customer.close()
    come_in_by_chat(browser, shop, network, words, scripts, language)


def ask(page: Page, shop: Shop, words: dict[str, str], scripts: bool, language: str) -> None:
    """The article is offered, with scripts as they write and without before it is sent; they send it all the same."""
    page.goto(f"{shop.url}/portal/ask?lang={language}")
    page.get_by_label(words["address"]).fill(NIA)
    page.get_by_label(words["text"]).fill(words["asked"])
    send = page.get_by_role("button", name=words["send"], exact=True)
    offered = page.locator("#suggested").get_by_role("link", name=words["article"])
    if scripts:
        expect(offered).to_be_visible()
        easy(page, scripts)
        with page.expect_popup() as opened:
            offered.click()
        expect(opened.value.locator("h1")).to_have_text(words["article"])
        opened.value.close()
        send.click()
    else:
        send.click()
        expect(offered).to_be_visible()
        expect(page.get_by_label(words["text"])).to_have_value(words["asked"])
        page.get_by_role("button", name=words["all the same"]).click()
    expect(page.get_by_role("status")).to_be_visible()
    assert len(shop.listed()) == 1


def come_in_by_link(page: Page, shop: Shop, words: dict[str, str], scripts: bool) -> None:
    """A program that looks at the link first uses nothing up."""
    link = shop.letter(r"http://\S+/portal/enter/\S+")
    for _ in range(2):
        assert page.request.get(link).ok
    page.goto(link)
    easy(page, scripts)
    page.get_by_role("button", name=words["come in"]).click()
    expect(page.locator(".rows")).to_be_visible()
    easy(page, scripts)


def answer(page: Page, shop: Shop, words: dict[str, str], scripts: bool) -> None:
    """They read what one of us wrote, and write back."""
    reference = str(shop.listed()[0]["reference"])
    shop.does("reply", reference, words["answer"], "--anyway")
    page.locator(".row").first.click()
    ours = page.locator(".message.ours", has_text=words["answer"])
    for _ in range(100):
        if ours.count():
            break
        page.reload()
    expect(ours).to_be_visible()
    page.get_by_label(words["say"]).fill(words["more"])
    easy(page, scripts)
    page.get_by_role("button", name=words["send"], exact=True).click()
    expect(page.locator(".message.theirs").last).to_contain_text(words["more"])


def rate(page: Page, shop: Shop, scripts: bool) -> None:
    """Once it is done a letter asks how it was: its links only choose, the button counts."""
    reference = str(shop.listed()[0]["reference"])
    shop.does("done", reference)
    link = shop.letter(r"http://\S+/portal/r/\S+?score=4")
    for score in range(1, 6):
        assert page.request.get(link.replace("score=4", f"score={score}")).ok
    assert rated(shop) is None, "looking at a link is no answer"
    page.goto(link)
    easy(page, scripts)
    page.locator("main button.primary").click()
    expect(page.locator("main")).to_be_visible()
    until(lambda: rated(shop) == 4.0, what="the rating")


def rated(shop: Shop) -> object:
    found = shop.daemon.cli("report", "ratings", "--format", "json").json()["ratings"]
    return next((one["average"] for one in found if one["survey"] == "csat"), None)


def come_in_by_chat(
    browser: Browser, shop: Shop, network: BotApi, words: dict[str, str], scripts: bool, language: str
) -> None:
    """Whoever writes to the bot gets a code there, and types it in a browser that has never been here."""
    network.write(words["chat"])
    network.wait_for(1, "sendMessage")
    network.write("/portal")
    until(lambda: codes(network), what="a code in the chat", within=60)
    customer = Customer(browser, shop.url, java_script_enabled=scripts, bypass_csp=True)
    page = customer.page
    page.goto(f"{shop.url}/portal/code?lang={language}")
    page.get_by_label(words["code"], exact=True).fill(codes(network)[-1])
    easy(page, scripts)
    page.get_by_role("button", name=words["come in"]).click()
    expect(page.locator(".row")).to_have_count(1)
    page.locator(".row").click()
    expect(page.locator(".message.theirs").first).to_contain_text(words["chat"])
    customer.close()


def codes(network: BotApi) -> list[str]:
    texts = [line.parameters["text"] for line in network.calls("sendMessage")]
    return [code for text in texts for code in re.findall(r"\b[a-z2-7]{5}-[a-z2-7]{5}\b", text)]
