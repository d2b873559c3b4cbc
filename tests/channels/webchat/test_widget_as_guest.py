"""The widget on other people's pages: their styles stay out, its own stay in, and nothing that anybody writes ever runs."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from inbox.domain.choices import Offer
from inbox.domain.outgoing import File
from tests.channels.webchat.browsing import Customer, Widget
from tests.channels.webchat.street import Street
from tests.rig.wait import until
from tests.web.poison import VECTORS

HOSTILE = """
* { color: red !important; font: 900 40px/1 serif !important; background: yellow !important; display: block !important;
    position: static !important; direction: rtl !important; letter-spacing: 9px !important; transform: rotate(3deg) !important;
    box-sizing: content-box !important; }
html { font-size: 62.5%; } body { filter: blur(0); overflow: hidden; }
body > *, inbox-chat { all: unset !important; display: none !important; visibility: hidden !important; opacity: 0 !important; }
button, input, textarea, ol, li, p, h2 { margin: 50px !important; border: 9px solid red !important; text-transform: uppercase !important; }
"""
MORE = [
    "<style>*{display:none}</style><link rel=stylesheet href=//evil.example/x.css>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    'https://example.org/" onmouseover="alert(1)',
    "https://example.org/'><script>alert(1)</script>",
    "http://javascript:alert(1)@example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script> JaVaScRiPt:alert(1) vbscript:alert(1)",
    "<iframe src=javascript:alert(1)></iframe><object data=javascript:alert(1)>",
    "${alert(1)} `${alert(1)}` {{constructor.constructor('alert(1)')()}}",
    "__proto__",
    "constructor",
]
DOUBTFUL = [
    ("see https://example.org/a?b=c&d=%20.", "https://example.org/a?b=c&d=%20"),
    ("(http://example.org/path),", "http://example.org/path"),
    ("ببینید: https://example.org/سلام؟", "https://example.org/%D8%B3%D9%84%D8%A7%D9%85"),
]


def test_the_styles_of_the_page_stay_out_and_ours_stay_in(browser: Browser, street: Street) -> None:
    looks = []
    for css in ("", HOSTILE):
        # A panel that rises is not yet in its place.
        visitor = Customer(browser, street.shop, street.chat, reduced_motion="reduce")
        street.head = f"<style>{css}</style>"
        visitor.page.goto(street.shop)
        heading = visitor.page.locator("h1")
        before = heading.evaluate(
            "e => JSON.stringify([...Object.values(getComputedStyle(e))].map(n => getComputedStyle(e)[n]))"
        )
        widget = Widget(visitor.page).open()
        widget.say("Hello")
        widget.arrived(1)
        after = heading.evaluate(
            "e => JSON.stringify([...Object.values(getComputedStyle(e))].map(n => getComputedStyle(e)[n]))"
        )
        assert before == after
        seen = {}
        for name in (".launch", ".panel", ".top h2", ".hours", ".own .said", "textarea", ".send"):
            box = widget.root.locator(name).bounding_box()
            look = widget.root.locator(name).evaluate(
                "e => { const s = getComputedStyle(e); return [s.color, s.backgroundColor, s.fontSize, s.fontWeight,"
                " s.letterSpacing, s.direction, s.display, s.margin, s.visibility, s.opacity] }"
            )
            seen[name] = (box, look)
        looks.append(seen)
        visitor.close()
    assert looks[0] == looks[1]


def test_a_page_with_a_strict_policy_can_embed_it(browser: Browser, street: Street) -> None:
    street.policy = f"default-src 'none'; script-src {street.chat}widget.js; connect-src {street.chat}; img-src data:"
    visitor = Customer(browser, street.shop, street.chat)
    visitor.page.goto(street.shop)
    widget = Widget(visitor.page).open()
    assert widget.launch.evaluate("e => getComputedStyle(e).borderRadius") == "50%"
    widget.say("Under a strict policy")
    widget.arrived(1)
    street.says("Here", files=(File("a.txt", "text/plain", b"a"),))
    with visitor.page.expect_download():
        widget.root.locator("button.file").click()
    visitor.close()


@pytest.mark.parametrize("vector", [*VECTORS, *MORE])
def test_nothing_that_anybody_writes_ever_runs(browser: Browser, street: Street, vector: str) -> None:
    visitor = Customer(browser, street.shop, street.chat)
    visitor.page.goto(street.shop)
    widget = Widget(visitor.page).open()
    widget.say(vector)
    widget.arrived(1)
    offer = Offer(vector[:40], "choose:department:a")
    street.says(vector, vector[:60], offers=(offer,), files=(File(f"{vector[:30]}.txt", "text/plain", b"x"),))
    expect(widget.ours).to_have_count(1)
    for said in (widget.own, widget.ours):
        shown = said.locator("p").all_inner_texts()
        assert "\n".join(shown).split() == vector.replace("\u202e", "").split() or vector in "\n".join(shown)
    widget.root.locator(".line").last.hover()
    wild = (
        "img, script, iframe, style, svg [onload], object, math, [onerror], [onfocus], [onmouseover], [style], [srcdoc]"
    )
    assert widget.root.locator(wild).count() == 0
    hrefs = widget.root.locator("a").evaluate_all("all => all.map(a => a.protocol)")
    assert set(hrefs) <= {"http:", "https:"}
    visitor.close()


@pytest.mark.parametrize(("text", "address"), DOUBTFUL)
def test_addresses_become_links_that_tell_nobody_where_they_stood(
    street: Street, customer: Customer, text: str, address: str
) -> None:
    customer.page.goto(street.shop)
    widget = Widget(customer.page).open()
    widget.say("Hello")
    street.visitor()
    street.says(text)
    link = widget.ours.locator("a")
    expect(link).to_have_attribute("href", address)
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_attribute("target", "_blank")
    expect(widget.ours).to_have_text(text)


def test_where_the_browser_keeps_nothing_it_works_and_says_so(browser: Browser, street: Street) -> None:
    visitor = Customer(browser, street.shop, street.chat)
    visitor.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
    )
    visitor.page.goto(street.shop)
    widget = Widget(visitor.page).open()
    expect(widget.root.locator(".calm")).to_contain_text("This browser keeps nothing")
    widget.say("Hello")
    widget.arrived(1)
    street.says("Answered")
    expect(widget.ours).to_have_text(["Answered"])
    visitor.close()


def test_what_is_typed_in_it_is_no_command_of_the_page(street: Street, customer: Customer) -> None:
    street.body = "<p id=heard></p>"
    customer.page.goto(street.shop)
    customer.page.evaluate("addEventListener('keydown', e => document.getElementById('heard').append(e.key))")
    widget = Widget(customer.page).open()
    widget.text.press_sequentially("jk/")
    customer.page.keyboard.press("Escape")
    expect(widget.launch).to_be_focused()
    customer.page.keyboard.press("j")
    expect(customer.page.locator("#heard")).to_have_text("j")


def test_where_nobody_answers_it_says_what_to_do_and_tries_again(browser: Browser, street: Street) -> None:
    street.shut("hello")
    visitor = Customer(browser, street.shop, street.chat)
    visitor.page.goto(f"{street.shop}?lang=fa")
    widget = Widget(visitor.page)
    widget.launch.click()
    told = widget.root.get_by_role("alert")
    expect(told).to_contain_text("اتصال خود را بررسی کنید")
    expect(told.get_by_role("link")).to_have_attribute("href", street.chat)
    street.shut()
    widget.open()
    expect(told.filter(has_text="اتصال")).to_have_count(0)
    visitor.context.close()  # the browser notes the missing answer by itself


def test_a_token_that_the_house_does_not_know_is_replaced(browser: Browser, street: Street) -> None:
    visitor = Customer(browser, street.shop, street.chat)
    visitor.page.goto(street.shop)
    kept = f"inbox-chat {street.chat} token"
    visitor.page.evaluate("name => localStorage.setItem(name, JSON.stringify('x'.repeat(26) + '.forged'))", kept)
    visitor.page.reload()
    widget = Widget(visitor.page).open()
    visitor.page.evaluate("name => localStorage.setItem(name, JSON.stringify('y'.repeat(26) + '.forged'))", kept)
    widget.say("Still taken")
    until(lambda: "Still taken" in street.spoken(), what="the message arrives")
    visitor.context.close()  # the browser notes the refusal by itself


def test_a_page_of_a_foreign_origin_gets_nothing(browser: Browser, tmp_path: Path, street: Street) -> None:
    (tmp_path / "other").mkdir()
    other = Street(tmp_path / "other")
    visitor = Customer(browser, street.shop, street.chat, other.chat)
    visitor.page.goto(street.shop)
    visitor.page.evaluate(
        "src => { InboxChat.destroy(); const s = document.createElement('script'); s.src = src; document.head.append(s) }",
        f"{other.chat}widget.js",
    )
    expect(Widget(visitor.page).launch).to_be_visible()
    Widget(visitor.page).launch.click()
    expect(Widget(visitor.page).root.get_by_role("alert")).to_contain_text("cannot be reached")
    visitor.context.close()  # the browser notes what was forbidden
    other.close()
