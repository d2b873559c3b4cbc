"""The widget in a real browser: a customer writes in either language, is answered live, and finds it again."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from inbox.domain.choices import Offer
from inbox.domain.outgoing import File
from tests.channels.webchat.browsing import Customer, Widget, picked
from tests.channels.webchat.street import Street
from tests.rig.wait import until

SAID = {"fa": "سلام، قوری بدون در رسید.", "en": "Hello, the teapot came without its lid."}
TOLD = {"fa": "در تازه امروز فرستاده می‌شود.", "en": "A new lid leaves today."}


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_customer_writes_is_answered_live_and_finds_it_after_a_reload(
    street: Street, customer: Customer, language: str
) -> None:
    page = customer.page
    page.goto(f"{street.chat}demo?lang={language}")
    widget = Widget(page).open()
    expect(widget.panel).to_have_attribute("aria-labelledby", "title")
    expect(widget.root.locator(".root")).to_have_attribute("dir", "rtl" if language == "fa" else "ltr")
    expect(widget.hours).to_contain_text("۱۳:۳۰" if language == "fa" else "13:30")
    higher = "([hours, text]) => hours.getBoundingClientRect().bottom <= text.getBoundingClientRect().top"
    assert page.evaluate(higher, [widget.hours.element_handle(), widget.text.element_handle()]), (
        "it stands above the box"
    )
    widget.say(SAID[language])
    widget.arrived(1)
    street.says("…", "Blue Pot", automatic=True)
    expect(widget.root.locator(".automatic")).to_be_visible()
    street.says(TOLD[language])
    expect(widget.ours).to_have_count(2)
    expect(widget.ours.last.locator("p")).to_have_attribute("dir", "rtl" if language == "fa" else "ltr")
    page.reload()
    Widget(page).open()
    expect(widget.own).to_have_text([SAID[language]])
    expect(widget.ours).to_have_text(["…", TOLD[language]])
    assert street.spoken() == [SAID[language], "…", TOLD[language]]


def test_a_page_on_which_nobody_opens_the_chat_asks_for_its_script_only(street: Street, customer: Customer) -> None:
    customer.page.goto(street.shop)
    expect(Widget(customer.page).launch).to_have_accessible_name("Chat with us")
    assert street.asked == ["GET widget.js"]
    assert customer.page.evaluate("Object.keys(window).filter(name => /inbox|chat/i.test(name))") == ["InboxChat"]
    assert customer.page.evaluate("Object.keys(InboxChat).sort()") == ["close", "destroy", "identify", "open"]


def test_shift_and_enter_begins_a_line_and_an_input_method_keeps_its_enter(street: Street, customer: Customer) -> None:
    customer.page.goto(street.shop)
    widget = Widget(customer.page).open()
    widget.text.press_sequentially("one")
    widget.text.press("Shift+Enter")
    widget.text.press_sequentially("two")
    composing = "e => e.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    widget.text.evaluate(composing)
    expect(widget.text).to_have_value("one\ntwo")
    widget.text.press("Enter")
    widget.arrived(1)
    expect(widget.own.locator("p")).to_have_text(["one", "two"])


def test_the_keyboard_alone_opens_writes_and_leaves(street: Street, customer: Customer) -> None:
    page = customer.page
    page.goto(street.shop)
    widget = Widget(page)
    expect(widget.launch).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(widget.launch).to_be_focused()
    page.keyboard.press("Enter")
    expect(widget.text).to_be_focused()
    page.keyboard.type("With the keyboard")
    page.keyboard.press("Enter")
    widget.arrived(1)
    street.says("We answer")
    expect(widget.ours).to_have_count(1)
    page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()
    expect(widget.launch).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("link", name="One")).to_be_focused()


def test_on_a_phone_the_focus_stays_inside(browser: Browser, street: Street) -> None:
    visitor = Customer(browser, street.shop, street.chat, viewport={"width": 390, "height": 780})
    page = visitor.page
    page.goto(street.shop)
    widget = Widget(page).open()
    expect(widget.panel).to_have_attribute("aria-modal", "true")
    inside = "document.activeElement.tagName === 'INBOX-CHAT' && !document.activeElement.shadowRoot.activeElement.matches('.launch')"
    for key in ["Tab"] * 8 + ["Shift+Tab"] * 8:
        page.keyboard.press(key)
        assert page.evaluate(inside), key
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.close()


def test_two_tabs_are_one_visitor(street: Street, customer: Customer) -> None:
    one, other = customer.page, customer.tab()
    one.goto(street.shop)
    other.goto(street.shop)
    first, second = Widget(one).open(), Widget(other).open()
    first.say("From the one")
    first.arrived(1)
    second.say("From the other")
    for widget in (first, second):
        expect(widget.own).to_have_text(["From the one", "From the other"])
    street.says("To both")
    for widget in (first, second):
        expect(widget.ours).to_have_text(["To both"])
    assert len([who for who, known in street.front.visitors.items() if known.lines]) == 1


def test_what_is_written_without_a_network_goes_out_once_it_is_back(street: Street, browser: Browser) -> None:
    visitor = Customer(browser, street.shop, street.chat)
    visitor.page.goto(street.shop)
    widget = Widget(visitor.page).open()
    widget.say("Before")
    widget.arrived(1)
    visitor.context.set_offline(True)
    widget.say("Meanwhile")
    widget.say("And more")
    expect(widget.root.locator(".waiting")).to_have_count(1)
    street.says("Said while they were away")
    visitor.context.set_offline(False)
    widget.arrived(3)
    expect(widget.ours).to_have_text(["Said while they were away"])
    assert [text for text in street.spoken() if "Said" not in text] == ["Before", "Meanwhile", "And more"]
    visitor.context.close()  # the browser itself complains of requests without a network


def test_what_waits_is_sent_again_at_a_press(street: Street, browser: Browser) -> None:
    visitor = Customer(browser, street.shop, street.chat)
    visitor.page.clock.install()
    visitor.page.goto(street.shop)
    widget = Widget(visitor.page).open()
    visitor.page.clock.pause_at(visitor.page.evaluate("Date.now()") / 1000 + 1)  # nothing is tried again by itself
    visitor.page.route("**/messages", lambda route: route.abort(), times=1)
    widget.say("At once, please")

    def waits() -> int:
        visitor.page.clock.run_for(10)
        return widget.root.locator(".waiting").count()

    until(waits, what="it waits")
    widget.button("Try again").click()
    widget.arrived(1)
    visitor.context.close()


def test_a_message_that_got_no_answer_is_sent_again_under_its_name(street: Street, browser: Browser) -> None:
    visitor = Customer(browser, street.shop, street.chat)
    visitor.page.goto(street.shop)
    widget = Widget(visitor.page).open()
    lost: list[int] = []

    def lose_the_answer(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    visitor.page.route("**/messages", lose_the_answer, times=1)
    widget.say("Only once")
    widget.arrived(1)
    until(lambda: street.asked.count("POST messages") == 2, within=20, what="it is sent again")
    widget.arrived(1)
    assert (lost, street.spoken()) == ([202], ["Only once"])
    visitor.context.close()


def test_a_draft_and_what_did_not_go_out_survive_a_reload(street: Street, browser: Browser) -> None:
    visitor = Customer(browser, street.shop, street.chat)
    page = visitor.page
    page.goto(street.shop)
    widget = Widget(page).open()
    widget.say("First")
    widget.arrived(1)
    street.shut("messages")
    widget.say("Not gone")
    expect(widget.root.locator(".waiting")).to_have_count(1)
    widget.text.press_sequentially("half a sen")
    street.shut()
    page.reload()
    widget.open()
    widget.arrived(2)
    expect(widget.text).to_have_value("half a sen")
    assert street.spoken() == ["First", "Not gone"]
    visitor.context.close()


def test_where_nothing_streams_it_asks_now_and_then(street: Street, browser: Browser) -> None:
    visitor = Customer(browser, street.shop, street.chat)
    # What a proxy does that keeps a stream for itself: an answer whose words never come.
    about = {"access-control-allow-origin": "*", "content-type": "text/event-stream"}
    visitor.page.route("**/live*", lambda route: route.fulfill(status=200, headers=about, body=""))
    visitor.page.goto(street.shop)
    widget = Widget(visitor.page).open()
    widget.say("Hello")
    widget.arrived(1)
    street.says("Found by asking")
    expect(widget.ours).to_have_text(["Found by asking"], timeout=20_000)
    assert "GET live" not in street.asked
    assert "GET lines" in street.asked
    visitor.close()


def test_a_page_that_nobody_looks_at_lets_go_and_comes_back(street: Street, customer: Customer) -> None:
    page = customer.page
    page.clock.install()
    page.goto(street.shop)
    widget = Widget(page).open()
    widget.say("Hello")
    widget.arrived(1)
    look = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
    look += " document.dispatchEvent(new Event('visibilitychange')) }"
    with page.expect_event("requestfailed", lambda request: "/live" in request.url):
        page.evaluate(look, True)
        page.clock.fast_forward(61_000)
    street.says("While nobody looked")
    with page.expect_request("**/live*"):
        page.evaluate(look, False)
    expect(widget.ours).to_have_text(["While nobody looked"])


def test_what_is_new_is_counted_on_the_button_until_it_is_seen(street: Street, browser: Browser) -> None:
    visitor = Customer(browser, street.shop, street.chat)
    visitor.page.goto(f"{street.shop}?lang=fa")
    widget = Widget(visitor.page).open()
    widget.say("سلام")
    widget.arrived(1)
    visitor.page.keyboard.press("Escape")
    visitor.page.keyboard.press("Escape")  # the first one asks for an address
    street.says("یک")
    street.says("دو")
    expect(widget.root.locator(".unread")).to_have_text("۲")
    expect(widget.launch).to_have_accessible_name("گفتگو با ما (۲ پیام تازه)")
    widget.open()
    expect(widget.root.locator(".unread")).to_be_hidden()
    until(lambda: street.front.visitors[street.visitor()].read is not None, within=10, what="the house hears of it")
    visitor.close()


def test_whoever_writes_and_closes_at_once_still_hears_the_answer(street: Street, browser: Browser) -> None:
    visitor = Customer(browser, street.shop, street.chat)
    visitor.page.goto(f"{street.shop}?lang=en")
    widget = Widget(visitor.page).open()
    held: list[Route] = []
    # The greeting that follows the first message is on its way for long.
    visitor.page.route("**/hello", lambda route: held.append(route))
    widget.say("Hello")
    widget.arrived(1)
    until(lambda: visitor.page.evaluate("1") and held, within=10, what="it is greeted anew")  # asked, the browser tells
    visitor.page.keyboard.press("Escape")
    visitor.page.keyboard.press("Escape")  # the first one asks for an address
    expect(widget.panel).to_be_hidden()
    street.says("One")
    expect(widget.root.locator(".unread")).to_have_text("1")
    for route in held:
        route.continue_()
    visitor.close()


def test_offers_are_buttons_that_stay_pressed(street: Street, customer: Customer) -> None:
    customer.page.goto(street.shop)
    widget = Widget(customer.page).open()
    widget.say("Hello")
    street.visitor()
    street.says(
        "Which team?", offers=(Offer("Sales", "choose:department:sales"), Offer("Repair", "choose:department:repair"))
    )
    widget.button("Repair").press("Enter")
    expect(widget.button("Repair")).to_have_attribute("aria-pressed", "true")
    expect(widget.text).to_be_focused()
    expect(widget.button("Sales")).to_be_disabled()
    until(lambda: street.asked.count("POST press") == 1, within=10, what="the press arrives")
    customer.page.reload()
    widget.open()
    expect(widget.button("Repair")).to_have_attribute("aria-pressed", "true")


def test_an_offer_stays_pressed_though_the_page_goes_before_the_house_answers(
    street: Street, customer: Customer
) -> None:
    customer.page.goto(street.shop)
    widget = Widget(customer.page).open()
    widget.say("Hello")
    street.visitor()
    street.says("Which team?", offers=(Offer("Sales", "choose:department:sales"),))
    street.slow("press")
    widget.button("Sales").press("Enter")
    until(lambda: "POST press" in street.asked, within=10, what="the press arrives")
    customer.page.reload()
    widget.open()
    expect(widget.button("Sales")).to_have_attribute("aria-pressed", "true")


def test_files_go_up_and_come_down(street: Street, customer: Customer, tmp_path: Path) -> None:
    customer.page.goto(street.shop)
    widget = Widget(customer.page).open()
    picture = b"\x89PNG" * 100
    widget.root.locator("input[type=file]").set_input_files(picked("عکس.png", picture, "image/png"))
    expect(widget.root.locator(".chosen")).to_contain_text("عکس.png")
    widget.say("With a picture")
    widget.arrived(1)
    street.says("And a list", files=(File("list.pdf", "application/pdf", b"%PDF-1.7 list"),))
    for label, content in {"عکس.png": picture, "list.pdf": b"%PDF-1.7 list"}.items():
        with customer.page.expect_download() as coming:
            widget.root.locator("button.file", has_text=label).click()
        saved = tmp_path / "saved"
        coming.value.save_as(saved)
        assert (coming.value.suggested_filename, saved.read_bytes()) == (label, content)


def test_files_beyond_the_limits_are_refused_one_by_one(browser: Browser, tmp_path: Path) -> None:
    street = Street(tmp_path, files=2, file_bytes=1000)
    visitor = Customer(browser, street.shop, street.chat)
    visitor.page.goto(street.shop)
    widget = Widget(visitor.page).open()
    expect(widget.root.locator(".limits")).to_have_text("Up to 2 files, 1 kB each.")
    files = {"small.txt": 10, "large.txt": 1001, "empty.txt": 0, "second.txt": 20, "third.txt": 30}
    chosen = [picked(name, b"x" * size) for name, size in files.items()]
    widget.root.locator("input[type=file]").set_input_files(chosen)
    expect(widget.root.locator(".chosen .name")).to_have_text(["small.txt", "second.txt"])
    told = widget.root.get_by_role("alert").locator(".notice")
    expect(told).to_have_count(3)
    expect(told.nth(0)).to_contain_text("large.txt is larger than 1 kB")
    expect(told.nth(1)).to_contain_text("empty.txt is empty")
    expect(told.nth(2)).to_contain_text("third.txt was not added")
    widget.button("Leave out small.txt").click()
    expect(widget.root.locator(".chosen .name")).to_have_text(["second.txt"])
    visitor.close()
    street.close()


def test_pasted_and_dropped_files_are_taken(street: Street, customer: Customer) -> None:
    customer.page.goto(street.shop)
    widget = Widget(customer.page).open()
    carrying = "const d = new DataTransfer(); d.items.add(new File(['x'], name, {type: 'text/plain'}));"
    widget.text.evaluate(
        f"(e, name) => {{ {carrying} e.dispatchEvent(new ClipboardEvent('paste', {{clipboardData: d, bubbles: true}})) }}",
        "pasted.txt",
    )
    widget.panel.evaluate(
        f"(e, name) => {{ {carrying} e.dispatchEvent(new DragEvent('drop', {{dataTransfer: d, bubbles: true}})) }}",
        "dropped.txt",
    )
    expect(widget.root.locator(".chosen .name")).to_have_text(["pasted.txt", "dropped.txt"])


def test_a_refused_message_says_why_and_can_be_changed(browser: Browser, tmp_path: Path) -> None:
    street = Street(tmp_path, text_characters=10)
    visitor = Customer(browser, street.shop, street.chat)
    visitor.page.goto(street.shop)
    widget = Widget(visitor.page).open()
    widget.text.evaluate("e => e.removeAttribute('maxlength')")
    widget.say("Longer than ten")
    expect(widget.root.locator(".failed")).to_contain_text("10")
    widget.button("Change it").click()
    expect(widget.text).to_have_value("Longer than ten")
    widget.say("Shorter")
    widget.arrived(1)
    assert street.spoken() == ["Shorter"]
    visitor.context.close()  # the browser notes the refusal by itself
    street.close()


def test_destroyed_nothing_is_left(street: Street, customer: Customer) -> None:
    customer.page.goto(street.shop)
    Widget(customer.page).open()
    customer.page.evaluate("InboxChat.destroy()")
    expect(Widget(customer.page).root).to_have_count(0)
    assert customer.page.evaluate("'InboxChat' in window") is False
