"""The core pages, in one list: what is pictured for people to look at is also what is asked whether everybody can use it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

import pyotp
from playwright.sync_api import Page, expect

LEAD = "sara"
GUARDED = "kian"
"""The agent who signs in with a password and a code."""
PASSWORD = "seven blue herons"  # noqa: S105  # of a demo that ends with the pictures
PLAYED = "/demo/?who=yasaman"


def _no_more(_: Page) -> None:
    """The page as it opens."""


@dataclass(frozen=True, slots=True)
class View:
    """A page to be looked at: what it is called, its address, and what is done there first. `stranger`: before anybody has
    signed in. `about`: the address is that of the first conversation that this finds."""

    name: str
    path: str = "/"
    stranger: bool = False
    about: str = ""
    then: Callable[[Page], None] = _no_more

    def open(self, page: Page, address: str, language: str) -> None:
        """Go there."""
        if self.about:
            page.goto(f"{address}/?{urlencode({'q': self.about})}")
            path = str(page.locator("a.row").first.get_attribute("href")) + self.path.removeprefix("/")
        else:
            path = self.path
        page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
        self.then(page)


# -- what is done there ------------------------------------------------------------------------------------------------
def _second_step(page: Page) -> None:
    page.fill("[name=name]", GUARDED)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=code]")


def _palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("dialog[open] .command").first).to_be_visible()


def _statement(page: Page) -> None:
    """The newest statement of a contract that has come to an end of a period."""
    page.locator("table a").nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _founded(page: Page) -> None:
    """The page of an organization; the first time there is none."""
    if page.locator("a.row").count():
        page.locator("a.row").first.click()
    else:
        page.fill("form.trying [name=name]", "Example Trading")
        page.locator("form.trying button").click()
    page.wait_for_selector("[name=domain]")


def _sheet(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("dialog[open] kbd").first).to_be_visible()


def _several(page: Page) -> None:
    for box in page.locator(".pick input").all()[:2]:
        box.check()
    page.locator(".bulk button[value=take]").click()
    expect(page.locator("#said")).not_to_be_empty()


def _chosen(page: Page) -> None:
    for box in page.locator(".pick input").all()[:2]:
        box.check()


def _unfolded(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach((one) => one.open = true)")


def _note(page: Page) -> None:
    page.locator(".mode-note").click()


def _forgotten(page: Page) -> None:
    """Once more, as somebody who is nobody's customer yet."""
    page.context.clear_cookies(name="inbox_customer")
    page.reload()


def _asking(page: Page) -> None:
    """What is written may have an answer already."""
    _forgotten(page)
    persian = page.evaluate("document.documentElement.lang") == "fa"
    asked = (
        "پول از کارتم کم شد ولی سفارش ثبت نشد."
        if persian
        else "I paid with my card, and your page says the payment failed."
    )
    page.fill("[name=text]", asked)
    expect(page.locator(".suggested")).to_be_visible()


def _as_emily(page: Page, onward: str = "") -> None:
    """What she has on the portal."""
    language = str(page.locator("html").get_attribute("lang"))
    page.locator("form[action='/demo/portal'] button").click()
    page.wait_for_url("**/portal")
    if onward in ("matter", "rate"):
        page.locator("a.row").first.click()
    elif onward in ("?of=all", "other"):
        page.goto(f"{page.url}?of=all&lang={language}")
        if onward == "other":
            page.locator("a.row").first.click()
        return
    elif onward:
        page.goto(f"{page.url}/{onward}")
    page.goto(f"{page.url}?lang={language}")
    if onward == "rate":
        if not page.locator("#rate").count():
            page.locator(".settle button").click()
        page.locator("#rate label").nth(3).click()


def _returns(page: Page) -> None:
    """She sends something back, and forgets what is asked for."""
    _as_emily(page, "new")
    page.locator("select[name=chosen]").select_option("return")
    page.locator("[name='field.order']").fill("12")
    page.locator("[name='field.opened']").select_option("no")
    page.locator("[name='field.received']").fill("last week")
    page.locator("textarea[name=text]").fill("The grinder is too loud.")
    page.locator("form.stack button.primary").click()


def _begun(page: Page) -> None:
    """The form of an article that a conversation filled in."""
    page.locator(".fresh-begin").first.click()
    page.wait_for_selector(".article-form")


def _surveyed(page: Page) -> None:
    """Where the link of a survey leads."""
    language = str(page.locator("html").get_attribute("lang"))
    page.locator("form[action='/demo/survey'] button").click()
    page.wait_for_url("**/portal/r/*")
    page.goto(f"{page.url}?score=4&lang={language}")


def _framed(page: Page) -> None:
    page.frame_locator("iframe.letter").locator("body > *").first.wait_for()
    page.locator("iframe.letter").scroll_into_view_if_needed()  # what was never in sight is not painted


VIEWS = (
    View("sign-in", stranger=True),
    View("password", "/sign-in", stranger=True),
    View("code", "/sign-in", stranger=True, then=_second_step),
    View("demo", PLAYED, stranger=True),
    View("portal-sign-in", "/portal/sign-in", stranger=True, then=_forgotten),
    View("portal-ask", "/portal/ask", stranger=True, then=_forgotten),
    View("portal-suggested", "/portal/ask", stranger=True, then=_asking),
    View("portal-code", "/portal/code", stranger=True, then=_forgotten),
    View("portal", "/demo/?who=emily", stranger=True, then=_as_emily),
    View("portal-matter", "/demo/?who=emily", stranger=True, then=partial(_as_emily, onward="matter")),
    View("portal-rate", "/demo/?who=emily", stranger=True, then=partial(_as_emily, onward="rate")),
    View("portal-others", "/demo/?who=emily", stranger=True, then=partial(_as_emily, onward="?of=all")),
    View("portal-others-matter", "/demo/?who=emily", stranger=True, then=partial(_as_emily, onward="other")),
    View("portal-survey", PLAYED, stranger=True, then=_surveyed),
    View("portal-new", "/demo/?who=emily", stranger=True, then=partial(_as_emily, onward="new")),
    View("portal-new-wrong", "/demo/?who=emily", stranger=True, then=_returns),
    View("portal-assets", "/demo/?who=emily", stranger=True, then=partial(_as_emily, onward="assets")),
    View("portal-you", "/demo/?who=emily", stranger=True, then=partial(_as_emily, onward="you")),
    View("help", "/help", stranger=True),
    View("help-folder", "/help?folder=billing", stranger=True),
    View("help-found", "/help?q=parcel", stranger=True),
    View("help-nothing", "/help?q=xyzzy", stranger=True),
    View("help-article", "/help/en/refunds", stranger=True),
    View("help-article-fa", "/help/fa/choose-a-grind", stranger=True),
    View("list"),
    View("chosen", then=_chosen),
    View("waiting", "/?view=waiting"),
    View("done", "/?view=done"),
    View("empty", "/?view=snoozed"),
    View("search", "/?q=48205"),
    View("found-nothing", "/?q=xyzzy+frm:nobody"),
    View("conversation", about="آسیب‌دیده state:done"),
    View("html", about="48240", then=_unfolded),
    View("failed", about="Gift wrapping"),
    View("notes", about="payment page", then=_note),
    View("merged", about="from:emily"),
    View("macro", "/?macro=looking-into-it", about="Parcel has not moved"),
    View("suggested", "/?article=where-is-my-order", about="Parcel has not moved"),
    View("write", "/new"),
    View("call", "/call"),
    View("missing", "/c/0000"),
    View("bulk", then=_several),
    View("palette", then=_palette),
    View("keys", then=_sheet),
    View("commands", "/palette"),
    View("preferences", "/preferences"),
    View("account", "/account"),
    View("codes", "/account/codes"),
    View("people", "/settings/people"),
    View("person", "/settings/people/emma"),
    View("teams", "/settings/teams"),
    View("team", "/settings/teams/orders"),
    View("channels", "/settings/channels"),
    View("audit", "/settings/audit"),
    View("first-steps", "/settings/start"),
    View("board", "/board?days=90", then=_unfolded),
    View("reports", "/reports"),
    View("report-promises", "/reports/promise-kept", then=_unfolded),
    View("report-first-reply", "/reports/first-reply", then=_unfolded),
    View("report-hours", "/reports/hours"),
    View("report-backlog", "/reports/backlog"),
    View("report-agents", "/reports/agents"),
    View("report-contracts", "/reports/contracts"),
    View("report-voice", "/reports/voice"),
    View("report-wrong", "/reports/flow?since=yesteryear&team=pirates"),
    View("reports-scheduled", "/reports/scheduled"),
    View("contracts", "/contracts"),
    View("contract", "/contracts/Rossi"),
    View("statement", "/contracts/Rossi", then=_statement),
    View("contract-new", "/contracts/new"),
    View("clocks", "/clocks", about="Parcel has not moved"),
    View("articles", "/articles"),
    View("article", "/articles/refunds", then=_unfolded),
    View("article-picture", "/articles/choose-a-grind"),
    View("article-beside", "/articles/refunds/beside"),
    View("article-edit", "/articles/refunds/edit"),
    View("article-new", "/articles/new"),
    View("article-history", "/articles/refunds/history?language=fa"),
    View("freshness", "/articles/freshness"),
    View("freshness-one", "/articles/freshness?list=missed", then=_unfolded),
    View("article-begun", "/articles/freshness?list=uncovered", then=_begun),
    View("articles-none", "/articles?q=xyzzy"),
    View("assets", "/assets"),
    View("asset", "/assets/1"),
    View("asset-new", "/assets/new"),
    View("assets-none", "/assets?q=xyzzy"),
    View("asset-beside", about="from:chloe"),
    View("notifications", "/notifications"),
    View("held", "/held"),
    View("tasks", "/tasks?whose=all", then=_unfolded),
    View("broadcasts", "/broadcasts"),
    View("tokens", "/settings/tokens", then=_unfolded),
    View("webhooks", "/settings/webhooks", then=_unfolded),
    View("contacts", "/settings/contacts"),
    View("directory", "/contacts"),
    View("contact", "/contacts/1"),
    View("contacts-alike", "/contacts/duplicates"),
    View("organizations", "/organizations"),
    View("organization", "/organizations", then=_founded),
    View("forget", "/contacts/1/forget"),
    View("rules", "/rules"),
    View("try", "/rules/try"),
    View("backtest", "/rules/backtest"),
    View("templates", "/templates"),
    View("template", "/templates/acknowledgement", then=_framed),
)


# -- before anybody looks ----------------------------------------------------------------------------------------------
def sign_in(page: Page, address: str, agent: str = LEAD) -> None:
    """Go in as an agent, as the demo lets anybody."""
    page.goto(f"{address}/demo/")
    page.click(f"button[value={agent}]")
    page.wait_for_url("**/login/*")
    page.click("main button")
    page.wait_for_url(f"{address}/")


def play(page: Page, address: str) -> None:
    """Bring about what no past can: a customer who is played wrote and was answered, two conversations are one, an answer is
    begun, and somebody signs in with a code. The page is a fresh one."""
    page.goto(address + PLAYED)
    page.fill("textarea", "سلام، قهوهٔ تازه‌برشت دارید؟")
    page.click("form.demo-form button")
    page.wait_for_selector(".demo-ours")
    references = [_written(page, address, subject) for subject in ("A cup is chipped", "The chipped cup again")]
    sign_in(page, address)
    page.goto(f"{address}/c/{references[1]}")
    _unfolded(page)
    page.fill("[name=into]", references[0])
    page.locator("form[action$='/do/merge'] button").click()
    page.goto(f"{address}/c/{references[0]}")
    _sees(page, "Café Rossi")
    page.fill("#text", "Dear Emily, a new cup is on its way.")
    page.locator("button.keep").click()
    page.wait_for_selector(".kept-at")
    page.goto(f"{address}/?view=snoozed")
    for box in page.locator(".pick input").all():
        box.check()
    page.locator(".bulk button[value=open]").click()
    page.wait_for_selector(".empty")
    _guard(page, address)


def _sees(page: Page, organization: str) -> None:
    """The customer of the conversation belongs to an organization, and sees on the portal what others of it ask."""
    _unfolded(page)
    page.fill("form[action$='/do/contact'] [name=organization]", organization)
    page.locator("form[action$='/do/contact'] button").click()
    page.wait_for_selector("form[action$='/do/sight']", state="attached")
    _unfolded(page)
    page.locator("form[action$='/do/sight'] button").click()
    page.wait_for_selector("form[action$='/do/sight'] [value=take]", state="attached")


def _written(page: Page, address: str, subject: str) -> str:
    """Emily writes a mail; the reference of what it opens, as its acknowledgement tells her."""
    page.goto(f"{address}/demo/?who=emily")
    before = page.locator(".demo-ours").count()
    page.fill("[name=subject]", subject)
    if page.locator("[name=answers]").count():
        page.uncheck("[name=answers]")
    page.fill("textarea", f"Hello, {subject.lower()}.")
    page.click("form.demo-form button")
    expect(page.locator(".demo-ours")).to_have_count(before + 1)
    return re.findall(r"\b[A-Z0-9]{4}\b", page.locator(".demo-ours").last.inner_text())[0]


def _guard(page: Page, address: str) -> None:
    page.context.clear_cookies()
    sign_in(page, address, GUARDED)
    page.goto(f"{address}/account")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.locator("form[action='/account/password'] button").click()
    page.goto(f"{address}/account/codes")
    key = str(page.locator("[name=key]").get_attribute("value"))
    page.fill("[name=code]", pyotp.TOTP(key).now())
    page.locator("main button").first.click()
    page.wait_for_selector(".recovery")
