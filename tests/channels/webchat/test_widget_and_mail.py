"""Going on by mail: offered when the visitor leaves, or while nobody is there; proved by a code before anything goes there."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from channels.webchat.identity import User, proof
from inbox.ports.face import Outlook
from inbox.testing.clock import DEFAULT_START
from inbox.testing.faces import CODE
from tests.channels.webchat.browsing import Customer, Widget
from tests.channels.webchat.street import Street

CLOSED = Outlook(False, DEFAULT_START + timedelta(hours=20), None)


def waiting(street: Street, page: Page) -> Widget:
    """A customer who wrote and has no answer yet."""
    page.goto(street.shop)
    widget = Widget(page).open()
    widget.say("Is anybody there?")
    widget.arrived(1)
    expect(widget.button("Continue by email")).to_be_visible()
    return widget


def test_whoever_closes_with_a_question_open_is_asked_once(street: Street, customer: Customer) -> None:
    widget = waiting(street, customer.page)
    customer.page.keyboard.press("Escape")
    expect(widget.root.get_by_role("heading", name="Shall the answer come by email?")).to_be_visible()
    expect(widget.root.get_by_label("Your email address")).to_be_focused()
    widget.button("No, just close").click()
    expect(widget.panel).to_be_hidden()
    expect(widget.launch).to_be_focused()
    widget.open()
    customer.page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()


def test_whoever_was_answered_just_closes(street: Street, customer: Customer) -> None:
    widget = waiting(street, customer.page)
    street.says("Yes")
    expect(widget.ours).to_have_count(1)
    customer.page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()


def test_the_address_is_proved_by_its_code_and_the_transcript_goes_there(street: Street, customer: Customer) -> None:
    widget = waiting(street, customer.page)
    widget.button("Continue by email").click()
    expect(widget.root.locator(".card:not(.articles)")).to_contain_text(
        "nothing of this conversation can be read there before"
    )
    address = widget.root.get_by_label("Your email address")
    address.fill("nima@example.org")
    address.press("Enter")
    code = widget.root.get_by_label("The code from the email")
    expect(code).to_be_focused()
    expect(widget.root.locator(".card:not(.articles)")).to_contain_text("nima@example.org")
    code.fill("000000")
    code.press("Enter")
    expect(widget.root.locator(".card:not(.articles)").get_by_role("alert")).to_contain_text("not the code")
    expect(code).to_be_focused()
    assert not street.front.visitors[street.visitor()].standing.proved
    code.fill("".join(chr(0x6F0 + int(figure)) for figure in CODE))  # as a Persian keyboard types it
    widget.button("Confirm").click()
    expect(widget.root.get_by_role("heading", name="Your address is confirmed")).to_be_focused()
    widget.button("Send me this conversation").click()
    expect(widget.root.locator(".card:not(.articles)").get_by_role("status")).to_contain_text(
        "on its way to nima@example.org"
    )
    assert street.front.mailed == [street.visitor()]
    widget.button("Back to the chat").click()
    expect(widget.text).to_be_focused()
    customer.page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()


def test_an_impossible_address_is_told_and_another_can_be_given(street: Street, customer: Customer) -> None:
    widget = waiting(street, customer.page)
    widget.button("Continue by email").click()
    address = widget.root.get_by_label("Your email address")
    address.evaluate("e => e.type = 'text'")
    address.fill("nobody")
    address.press("Enter")
    expect(widget.root.locator(".card:not(.articles)").get_by_role("alert")).to_contain_text("cannot be a mail address")
    address.fill("nima@example.org")
    address.press("Enter")
    widget.button("Other address").click()
    expect(widget.root.get_by_label("Your email address")).to_have_value("nima@example.org")
    widget.button("Not now").click()
    expect(widget.text).to_be_focused()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_out_of_hours_it_says_so_before_and_offers_mail_after_the_first_message(
    street: Street, customer: Customer, language: str
) -> None:
    street.front.horizon = CLOSED
    customer.page.goto(f"{street.shop}?lang={language}")
    widget = Widget(customer.page).open()
    until = street.front.moment(CLOSED.opens_at or DEFAULT_START, language)
    expect(widget.hours).to_contain_text(until)
    widget.say("سلام" if language == "fa" else "Hello")
    expect(widget.root.locator("#address")).to_be_visible()
    expect(widget.text).to_be_focused()  # somebody may be in the middle of a word
    widget.arrived(1)


def test_a_proof_that_is_none_changes_nothing(street: Street, customer: Customer) -> None:
    page = customer.page
    page.goto(street.shop)
    widget = Widget(page).open()
    widget.say("As nobody")
    widget.arrived(1)
    assert page.evaluate("InboxChat.identify({id: '7', mail: 'nima@example.org', proof: 'wrong'})") == "off"
    expect(widget.own).to_have_text(["As nobody"])


def test_whoever_is_signed_in_is_the_same_everywhere_and_gone_when_they_leave(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_IDENTITY", "shared")
    street = Street(tmp_path, identity_secret={"env": "CHAT_IDENTITY"})
    nima = User("7", "nima@example.org", "Nima")
    told = json.dumps({"id": nima.id, "mail": nima.mail, "name": nima.name, "proof": proof(nima, b"shared")})
    street.tag = f"data-user='{told}'"
    desk, phone = Customer(browser, street.shop, street.chat), Customer(browser, street.shop, street.chat)
    for device in (desk, phone):
        device.page.goto(street.shop)
    widget = Widget(desk.page).open()
    widget.say("From the desk")
    widget.arrived(1)
    widget.text.fill("half a sentence of Nima's")
    other = Widget(phone.page).open()
    expect(other.own).to_have_text(["From the desk"])
    assert street.front.visitors[street.visitor()].standing.address == "nima@example.org"
    street.tag = ""  # they sign out
    desk.page.reload()
    widget.open()
    expect(widget.own).to_have_count(0)
    expect(widget.text).to_have_value("")
    assert desk.page.evaluate(f"InboxChat.identify({told})") == "proved"
    expect(widget.own).to_have_text(["From the desk"])
    for device in (desk, phone):
        device.close()
    street.close()
