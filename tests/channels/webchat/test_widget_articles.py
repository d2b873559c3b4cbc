"""Articles beside the first words in a browser: shown as they are written, out of the way after that; in either language, with and without JavaScript."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from inbox.domain.happenings import InboundMessage
from inbox.testing.faces import FrontInMemory
from tests.channels.webchat.browsing import Customer, Widget
from tests.channels.webchat.ground import ARTICLES, HELP, QUESTIONS
from tests.channels.webchat.street import Street
from tests.rig.accessibility import serious
from tests.rig.wait import until
from tests.web.poison import VECTORS

QUESTION = QUESTIONS["en"]
FOCUSED = "document.querySelector('inbox-chat').shadowRoot.activeElement.className"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 500}, "has_touch": True, "is_mobile": True}


@pytest.fixture(params=["en", "fa"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def helpful(tmp_path: Path) -> Iterator[Street]:
    """A chat of a house with articles in English."""
    made = street_of(tmp_path, "en")
    yield made
    made.close()


def street_of(folder: Path, language: str) -> Street:
    made = Street(folder)
    made.front.articles = list(ARTICLES[language])
    return made


def opened(visitor: Customer, street: Street, language: str = "en") -> Widget:
    visitor.context.route(f"{HELP}/**", lambda route: route.fulfill(body="An article"))
    visitor.page.goto(f"{street.chat}demo?lang={language}")
    return Widget(visitor.page).open()


def shown(widget: Widget) -> Locator:
    return widget.root.locator(".articles li")


def arrived(front: FrontInMemory) -> list[InboundMessage]:
    found = [one for item in list(front.items.values()) for one in front.codec.parse(item.raw)]
    return [one for one in found if isinstance(one, InboundMessage)]


def test_they_are_shown_while_somebody_writes_and_go_when_it_is_sent(
    browser: Browser, tmp_path: Path, language: str
) -> None:
    street = street_of(tmp_path, language)
    visitor = Customer(browser, street.chat, HELP, bypass_csp=True)
    widget = opened(visitor, street, language)
    widget.text.fill(QUESTIONS[language])
    expect(shown(widget)).to_have_count(2)
    first = ARTICLES[language][0]
    link = shown(widget).first.get_by_role("link")
    expect(link).to_have_attribute("href", first.address)
    expect(shown(widget).first.locator("bdi")).to_have_text(list(first.words))
    expect(shown(widget).first).to_contain_text(street.front.plural(language, "webchat.alike", 3))
    told = widget.root.locator(".aside [role=status]")
    expect(told).to_contain_text(first.title)
    expect(widget.text).to_be_focused()
    assert serious(visitor.page) == []
    with visitor.context.expect_page() as coming:
        link.click()
    expect(coming.value.locator("body")).to_have_text("An article")
    widget.text.press("Enter")
    widget.arrived(1)
    expect(widget.root.locator(".articles")).to_be_hidden()
    slugs = tuple(one.slug for one in ARTICLES[language])
    assert [(one.offered, one.read) for one in arrived(street.front)] == [(slugs, (first.slug,))]
    asked = street.asked.count("POST suggest")
    widget.say(f"{QUESTIONS[language]} {QUESTIONS[language]}")
    widget.arrived(2)
    assert (street.asked.count("POST suggest"), street.front.shown) == (asked, list(slugs))
    visitor.close()
    street.close()


def test_that_it_was_the_answer_sends_nothing_and_clears_the_words(
    browser: Browser, tmp_path: Path, language: str
) -> None:
    street = street_of(tmp_path, language)
    visitor = Customer(browser, street.chat, HELP)
    widget = opened(visitor, street, language)
    widget.text.fill(QUESTIONS[language])
    expect(shown(widget)).to_have_count(2)
    visitor.page.keyboard.press("Shift+Tab")  # past the button for files, to what stands above
    for _ in range(4):
        if "offer" in (active := visitor.page.evaluate(FOCUSED)):
            break
        visitor.page.keyboard.press("Shift+Tab")
    assert active == "offer", "they can be reached by the keyboard"
    visitor.page.keyboard.press("Enter")
    expect(widget.text).to_have_value("")
    expect(widget.text).to_be_focused()
    said = street.front.say(language, "webchat.word.nothing_sent")
    expect(widget.root.locator(".articles")).to_have_text(said)
    expect(widget.root.locator(".aside [role=status]")).to_have_text(said)
    until(lambda: street.front.answered == [ARTICLES[language][1].slug], what="the answer is counted")
    visitor.page.reload()
    expect(widget.open().text).to_have_value("")
    assert arrived(street.front) == []
    visitor.close()
    street.close()


@pytest.mark.parametrize("about", [{}, PHONE])
def test_the_button_that_sends_stays_where_it_is(browser: Browser, helpful: Street, about: dict[str, Any]) -> None:
    visitor = Customer(browser, helpful.chat, HELP, reduced_motion="reduce", **about)
    widget = opened(visitor, helpful)
    widget.text.fill(QUESTION)
    send = widget.root.locator(".send")
    before = send.bounding_box()
    expect(shown(widget)).to_have_count(2)
    assert send.bounding_box() == before
    expect(send).to_be_in_viewport(ratio=1)
    small = "all => all.map(e => e.getBoundingClientRect().height).filter(high => high < 44)"
    assert widget.root.locator(".articles a, .articles button").evaluate_all(small) == []
    assert widget.root.locator(".articles").evaluate("e => e.scrollWidth <= e.clientWidth")
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.close()


def test_a_house_without_articles_is_asked_nothing(browser: Browser, street: Street) -> None:
    visitor = Customer(browser, street.chat)
    widget = opened(visitor, street)
    widget.text.press_sequentially("How long do refunds take?", delay=40)
    widget.say("I want my money back")
    widget.arrived(1)
    assert not [one for one in street.asked if one in ("POST suggest", "POST solved")]
    visitor.close()


def test_what_was_offered_survives_the_page_and_counts_once(browser: Browser, helpful: Street) -> None:
    visitor = Customer(browser, helpful.chat, HELP)
    widget = opened(visitor, helpful)
    widget.text.fill(QUESTION)
    expect(shown(widget)).to_have_count(2)
    visitor.page.reload()
    expect(widget.open().text).to_have_value(QUESTION)
    widget.text.press_sequentially(" Please")
    expect(shown(widget)).to_have_count(2)
    widget.text.press("Enter")
    widget.arrived(1)
    assert helpful.front.shown == ["refunds", "returns"]
    assert [one.offered for one in arrived(helpful.front)] == [("refunds", "returns")]
    visitor.close()


def test_once_it_is_done_they_are_shown_again(browser: Browser, helpful: Street) -> None:
    visitor = Customer(browser, helpful.chat, HELP)
    widget = opened(visitor, helpful)
    widget.say("Hello there")
    widget.arrived(1)
    helpful.on_its_loop(lambda: setattr(helpful.front.visitors[helpful.visitor()], "done", True))
    visitor.page.reload()
    widget.open().text.fill(QUESTION)
    expect(shown(widget)).to_have_count(2)
    visitor.close()


def test_where_nothing_answers_nobody_is_disturbed(browser: Browser, helpful: Street) -> None:
    visitor = Customer(browser, helpful.chat, HELP)
    widget = opened(visitor, helpful)
    helpful.shut("suggest", "solved")
    with visitor.page.expect_response("**/suggest"):
        widget.text.fill(QUESTION)
    expect(widget.root.locator(".articles")).to_be_hidden()
    expect(widget.root.get_by_role("alert")).to_have_count(1)  # the place for complaints, which is empty
    expect(widget.root.get_by_role("alert")).to_be_empty()
    widget.text.press("Enter")
    widget.arrived(1)
    visitor.context.close()  # the browser notes the 502 by itself


def test_nothing_that_stands_in_an_article_is_markup(browser: Browser, helpful: Street) -> None:
    one = ARTICLES["en"][0]
    helpful.front.articles = [replace(one, title=vector) for vector in VECTORS[:3]]
    visitor = Customer(browser, helpful.chat, HELP)
    widget = opened(visitor, helpful)
    widget.text.fill(QUESTION)
    expect(shown(widget).locator("a")).to_have_text(VECTORS[:3])
    assert widget.root.locator(".articles img, .articles script, .articles svg, .articles iframe").count() == 0
    visitor.close()


def test_without_javascript_they_are_shown_once_before_it_is_sent(
    browser: Browser, tmp_path: Path, language: str
) -> None:
    street = street_of(tmp_path, language)
    visitor = Customer(browser, street.chat, HELP, java_script_enabled=False)
    page, first = visitor.page, ARTICLES[language][0]
    visitor.context.route(f"{HELP}/**", lambda route: route.fulfill(body="An article"))
    page.goto(f"{street.chat}?lang={language}")
    page.locator("#text").fill(QUESTIONS[language])
    page.locator("#write .first").click()
    link = page.locator("#suggested").get_by_role("link")
    expect(link).to_have_attribute("href", first.address)
    expect(page.get_by_role("status")).to_have_text(street.front.say(language, "webchat.page.not_sent"))
    expect(page.locator("#text")).to_have_value(QUESTIONS[language])
    with visitor.context.expect_page() as coming:
        link.click()
    expect(coming.value.locator("body")).to_have_text("An article")
    page.get_by_role("button", name=street.front.say(language, "webchat.page.send_anyway")).click()
    expect(page.locator(".line.own .said")).to_have_text(QUESTIONS[language])
    expect(page.locator("#suggested")).to_have_count(0)
    assert [one.offered for one in arrived(street.front)] == [(first.slug,)]
    visitor.close()
    street.close()


def test_without_javascript_everybody_can_use_it(browser: Browser, tmp_path: Path, language: str) -> None:
    street = street_of(tmp_path, language)
    visitor = Customer(browser, street.chat, bypass_csp=True, viewport={"width": 320, "height": 640})
    page = visitor.page
    page.goto(f"{street.chat}?lang={language}")
    page.locator("#text").fill(QUESTIONS[language])
    page.locator("#write .first").click()
    expect(page.locator("#suggested li")).to_have_count(1)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#suggested button").click()
    expect(page.get_by_role("status")).to_have_text(street.front.say(language, "webchat.word.nothing_sent"))
    expect(page.locator("#text")).to_have_value("")
    assert (street.front.answered, arrived(street.front)) == ([ARTICLES[language][0].slug], [])
    visitor.close()
    street.close()
