"""Answering in a real browser: drafts keep themselves, "/" finds saved replies, an answer is taken back; nothing is too wide."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.rig.accessibility import serious
from tests.web.answering import answering
from tests.web.sites import OMID, SARA, Running, Site
from tests.web.test_saying import draft, last, meanwhile, outbox
from tools.widths import too_wide

AGENTS = {"fa": SARA, "en": OMID}


@pytest.fixture
def url(filled: Site) -> Iterator[str]:
    """The samples behind a real server on which answers can be given."""
    filled.store.write_now(_as_html)
    book = answering()
    running = Running(filled.app(playbook=lambda: book))
    yield running.url
    running.close()


def _as_html(unit: Unit) -> None:
    html = '<h1>Look</h1><a href="https://example.org/">x</a><img alt="logo" data-remote="https://img.example/a.png">'
    unit.execute(sa.update(t.message).where(t.message.c.direction == "inbound").values(html=html))
    unit.execute(sa.delete(t.attachment))


def entered(
    browser: Browser,
    site: Site,
    url: str,
    language: str = "en",
    width: int = 1280,
    scheme: Literal["light", "dark"] = "light",
    **more: bool,
) -> Page:
    """Somebody who has opened the sample that is in their language."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **more)  # type: ignore[arg-type]  # by name
    page = context.new_page()
    page.goto(url + site.link(f"token-{language}-{width}-{scheme}", AGENTS[language]))
    page.get_by_role("main").get_by_role("button").click()
    expect(page.locator(".rows")).to_be_visible()
    page.goto(f"{url}/c/{'M4TR' if language == 'fa' else 'K7Q2'}")
    return page


def test_z_takes_back_an_answer_that_has_not_left(browser: Browser, filled: Site, url: str) -> None:
    page = entered(browser, filled, url)
    page.keyboard.press("r")
    page.keyboard.type("Too early.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".undo button")).to_be_visible()
    page.locator("#content").focus()
    page.keyboard.press("z")
    expect(page.locator(".undo button")).to_have_count(0)
    expect(page.locator("#text")).to_have_value("Too early.")
    assert outbox(filled)[0][0] == "cancelled"
    page.context.close()


def test_an_answer_with_a_file_is_sent_taken_back_and_there_again(browser: Browser, filled: Site, url: str) -> None:
    page = entered(browser, filled, url)
    page.locator("#text").fill("It comes tomorrow.")
    page.locator('[name="files"]').set_input_files({"name": "plan.txt", "mimeType": "text/plain", "buffer": b"here"})
    page.locator('[name="cc"].copy-add').fill("boss@example.com")
    page.get_by_role("button", name="Send to the customer").click()
    expect(page.locator("#said")).to_contain_text("on its way")
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator(".message").last).to_contain_text("plan.txt")
    assert outbox(filled) == [("queued", ["lena@example.com", "boss@example.com"])]
    page.get_by_role("button", name="Undo sending").click()
    expect(page.locator("#said")).to_contain_text("taken back")
    expect(page.locator("#text")).to_have_value("It comes tomorrow.")
    assert outbox(filled)[0][0] == "cancelled"
    page.context.close()


def test_chosen_files_are_named_and_one_can_be_left_out(browser: Browser, filled: Site, url: str) -> None:
    page = entered(browser, filled, url, "fa")
    files = [{"name": name, "mimeType": "text/plain", "buffer": b"here"} for name in ("plan.txt", "نقشه.txt")]
    field, named = page.get_by_label("پیوست فایل"), page.get_by_role("list", name="فایل‌های برگزیده")
    expect(named).to_be_hidden()
    assert page.locator(".enclose").bounding_box()["height"] >= 24  # type: ignore[index]  # it is shown
    field.set_input_files(files)  # type: ignore[arg-type]  # as they are
    expect(named.get_by_role("listitem")).to_have_text(["plan.txt", "نقشه.txt"])
    page.get_by_role("button", name=re.compile("کنار گذاشتن .*plan.txt")).click()
    expect(named.get_by_role("listitem")).to_have_text(["نقشه.txt"])
    expect(field).to_be_focused()
    page.locator("#text").fill("سلام")
    page.get_by_role("button", name="ارسال به مشتری").click()
    expect(page.locator(".message").last).to_contain_text("نقشه.txt")
    expect(page.locator(".message").last).not_to_contain_text("plan.txt")
    expect(named).to_be_hidden()
    page.context.close()


def test_without_scripts_the_browsers_own_field_takes_files(browser: Browser, filled: Site, url: str) -> None:
    page = entered(browser, filled, url, java_script_enabled=False)
    box = page.locator('.writing input[type="file"]').bounding_box()
    assert box is not None
    assert box["width"] > 100
    page.context.close()


def test_what_is_typed_keeps_itself_and_is_there_on_the_next_visit(browser: Browser, filled: Site, url: str) -> None:
    page = entered(browser, filled, url)
    with page.expect_response(lambda answer: answer.url.endswith("/draft")) as kept:
        page.locator("#text").press_sequentially("Dear Lena, سلام")
    assert kept.value.status == 204
    expect(page.locator(".draft-state")).to_have_text("Draft saved")
    page.reload()
    expect(page.locator("#text")).to_have_value("Dear Lena, سلام")
    page.get_by_role("button", name="Send to the customer").click()
    expect(page.locator("#said")).to_contain_text("on its way")
    assert draft(filled) is None
    page.context.close()


def test_a_slash_finds_a_saved_reply_by_keyboard_alone(browser: Browser, filled: Site, url: str) -> None:
    page = entered(browser, filled, url)
    page.locator("#text").press("/")
    expect(page.locator("#find")).to_be_focused()
    with page.expect_response(lambda answer: "find=delay" in answer.url):
        page.keyboard.type("delay")
    expect(page.locator("#offers a")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#offers a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value("Dear Lena Fischer, we are sorry.")
    expect(page.locator("#text")).to_be_focused()
    page.get_by_role("button", name="Send to the customer").click()
    expect(page.locator("#said")).to_contain_text("Sorry for the delay")
    assert last(filled).reply_text == "Dear Lena Fischer, we are sorry."
    page.context.close()


def test_what_was_said_meanwhile_stands_before_whoever_wrote(browser: Browser, filled: Site, url: str) -> None:
    page = entered(browser, filled, url)
    page.locator("#text").fill("Still looking.")
    filled.store.write_now(meanwhile)
    page.get_by_role("button", name="Send to the customer").click()
    expect(page.locator(".newer")).to_contain_text("It has come, thank you!")
    expect(page.locator(".composer .wrong")).to_be_focused()
    expect(page.locator(".newer")).to_be_in_viewport()
    assert page.url.endswith("/c/K7Q2"), "an address that can be loaded anew"
    expect(page.locator("#text")).to_have_value("Still looking.")
    page.get_by_role("button", name="Send anyway").click()
    expect(page.get_by_role("button", name="Undo sending")).to_be_in_viewport()
    expect(page.locator("#said")).to_be_in_viewport()
    assert last(filled).reply_text == "Still looking."
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_note_is_another_colour_and_has_another_button(
    browser: Browser, filled: Site, url: str, scripts: bool
) -> None:
    page = entered(browser, filled, url, java_script_enabled=scripts)
    colour = "e => getComputedStyle(e).backgroundColor"
    send, keep = page.locator('button[value="reply"]'), page.locator('button[value="note"]')
    expect(keep).to_be_hidden()
    reply = page.locator(".writing").evaluate(colour)
    page.locator(".mode-note").click()
    expect(send).to_be_hidden()
    assert page.locator(".writing").evaluate(colour) != reply
    page.locator("#text").fill("Ask the courier.")
    keep.click()
    expect(page.locator("#said")).to_contain_text("note")
    assert last(filled).direction == "note"
    page.context.close()


def test_pictures_are_asked_for_only_by_a_person(browser: Browser, filled: Site, url: str) -> None:
    page = entered(browser, filled, url)
    outside: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(url) else outside.append(request.url))
    page.locator(".as-sent summary").first.click()
    paper = page.frame_locator(".as-sent iframe").first
    expect(paper.locator("h1")).to_have_text("Look")
    expect(paper.locator("a")).to_have_attribute("target", "_blank")
    assert outside == []
    with page.expect_request("https://img.example/a.png"):
        page.locator(".images a").first.click()
    assert outside == ["https://img.example/a.png"]
    assert page.url.endswith("/c/K7Q2")
    page.context.close()


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_too_wide_and_axe_finds_nothing_serious(
    browser: Browser, filled: Site, url: str, language: str, scheme: Literal["light", "dark"]
) -> None:
    for width in (320, 1280):
        page = entered(browser, filled, url, language, width, scheme, bypass_csp=True)
        for more in ("", "?macro=late&find=late", "?how=note"):
            page.goto(f"{page.url.partition('?')[0]}{more}")
            page.evaluate("for (const one of document.querySelectorAll('details:not(.as-sent)')) one.open = true")
            assert not (wide := too_wide(page)), f"{width}, {more}: {wide}"
            assert serious(page) == [], (width, more)
        page.context.close()
