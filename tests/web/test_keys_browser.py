"""The keyboard alone, in both languages, on both layouts; and the palette, the sheet, the switch."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from inbox.domain.ids import AgentId
from tests.rig.accessibility import serious, unchanged
from tests.web.sites import OMID, SARA, Site
from tests.web.test_browser import enter
from tests.web.watching import Watched, book, numbered
from tools.widths import too_wide

AGENTS = {"fa": SARA, "en": OMID}
PERSIAN = {"j": "ت", "k": "ن", "e": "ث", "a": "ش", "p": "ح", "r": "ق", "x": "ط", "]": "چ", "/": "/"}
CODES = {"]": "BracketRight", "/": "Slash"}


@pytest.fixture
def watched(filled: Site) -> Iterator[Watched]:
    """The filled site, whose pages listen and whose agents can act."""
    filled.store.write_now(numbered)
    running = Watched(filled, book)
    yield running
    running.close()


@pytest.fixture(params=["fa", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, filled: Site, watched: Watched, language: str) -> Iterator[Page]:
    """A page of an agent who reads that language, at the list."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    made = context.new_page()
    enter(made, filled, watched.url, AGENTS[language])
    yield made
    context.close()


def press(page: Page, key: str, language: str) -> None:
    """A key as it lies on the keyboard of that language; the browser of the tests knows no Persian one."""
    if language == "en":
        page.keyboard.press(key)
        return
    code = CODES.get(key, f"Key{key.upper()}")
    page.evaluate(
        "([key, code]) => (document.activeElement ?? document.body).dispatchEvent("
        "new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true}))",
        [PERSIAN[key], code],
    )


def test_from_the_list_to_an_answer_to_the_next_one_to_somebody_to_done(
    page: Page, watched: Watched, language: str
) -> None:
    order = [str(one.get_attribute("href")) for one in page.locator(".rows .row").all()]
    press(page, "j", language)
    expect(page.locator(".row").first).to_be_focused()
    press(page, "j", language)
    press(page, "k", language)
    page.keyboard.press("Enter")
    expect(page).to_have_url(watched.url + order[0])
    press(page, "r", language)
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("We are looking into it. j k e")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said")).not_to_be_empty()
    expect(page.locator(".messages > li").last).to_contain_text("We are looking into it. j k e")
    page.locator("#content").focus()
    press(page, "]", language)
    expect(page).to_have_url(watched.url + order[1])
    press(page, "a", language)
    expect(page.locator("dialog #command")).to_be_focused()
    page.keyboard.type("omid")
    expect(page.locator("dialog .command")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator("#said")).to_contain_text("Omid")
    press(page, "e", language)
    expect(page.locator(".marks .state-done")).to_be_visible()


def test_the_palette_finds_walks_and_goes_back(page: Page, watched: Watched, language: str) -> None:
    page.goto(f"{watched.url}/c/K7Q2")
    page.keyboard.press("Control+k")
    field = page.locator("dialog #command")
    expect(field).to_be_focused()
    field.fill("اولویت" if language == "en" else "prio")
    expect(page.locator("dialog .command")).not_to_have_count(0)
    expect(page.locator("dialog .command").first.locator("kbd")).to_have_text("p")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator('dialog [data-step="back"]')).to_be_visible()
    page.keyboard.press("Backspace")
    expect(page.locator('dialog [data-step="back"]')).to_have_count(0)
    assert serious(page) == []
    field.fill("M4TR")
    expect(page.locator('dialog a[href="/c/M4TR"]')).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{watched.url}/c/M4TR")
    expect(page.locator("dialog")).to_be_hidden()


def test_the_sheet_tells_the_keys_and_escape_closes_it(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("dialog .keysheet kbd").first).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()


def test_letters_do_nothing_in_a_field_nor_for_those_who_switched_them_off(
    page: Page, watched: Watched, language: str
) -> None:
    page.goto(f"{watched.url}/c/K7Q2")
    page.locator("#text").focus()
    page.keyboard.type("e?i")
    expect(page.locator("#text")).to_have_value("e?i")
    expect(page.locator("dialog")).to_have_count(0)
    page.goto(f"{watched.url}/preferences")
    page.locator('[name="keys"]').uncheck()
    page.locator("main button.primary").click()
    expect(page.locator("#said")).not_to_be_empty()
    page.goto(watched.url)
    press(page, "j", language)
    expect(page.locator(".row").first).not_to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("dialog #command")).to_be_focused()


def test_rows_are_chosen_one_by_one_and_from_one_to_another_and_a_key_acts_on_all_of_them(
    page: Page, language: str
) -> None:
    boxes = page.locator('.rows [name="ref"]')
    count = min(3, boxes.count())
    assert count > 1
    press(page, "j", language)
    press(page, "x", language)
    expect(boxes.nth(0)).to_be_checked()
    for _ in range(count - 1):
        press(page, "j", language)
    expect(boxes.nth(1)).not_to_be_checked()
    page.keyboard.press("Shift+x")
    for number in range(count):
        expect(boxes.nth(number)).to_be_checked()
    press(page, "a", language)
    expect(page.locator('.bulk select[name="to"]')).to_be_focused()
    page.locator(".row").first.focus()
    before = boxes.count()
    press(page, "e", language)
    expect(page.locator("#said")).not_to_be_empty()
    expect(boxes).to_have_count(before - count)


def test_shift_and_a_click_choose_all_rows_between(page: Page) -> None:
    boxes = page.locator('.rows [name="ref"]')
    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    for number in range(3):
        expect(boxes.nth(number)).to_be_checked()
    boxes.nth(0).click(modifiers=["Shift"])
    for number in range(3):
        expect(boxes.nth(number)).not_to_be_checked()


def test_z_takes_back_the_act_before_it_in_a_list_and_on_a_page(page: Page, watched: Watched, language: str) -> None:
    first = str(page.locator(".row").first.get_attribute("href"))
    press(page, "j", language)
    press(page, "e", language)
    expect(page.locator(f'.row[href="{first}"]')).to_have_count(0)
    page.keyboard.press("z")
    expect(page.locator(f'.row[href="{first}"]')).to_have_count(1)
    page.goto(watched.url + first)
    press(page, "e", language)
    expect(page.locator(".marks .state-done")).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator(".marks .state-open")).to_be_visible()


def test_two_keys_one_after_the_other_go_to_a_page(page: Page, watched: Watched) -> None:
    page.keyboard.press("g")
    page.keyboard.press("u")
    expect(page).to_have_url(f"{watched.url}/?view=unassigned")
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page).to_have_url(f"{watched.url}/")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_is_too_wide(
    page: Page, watched: Watched, width: int, theme: str
) -> None:
    assert unchanged()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{watched.url}/preferences")
    page.locator(f'[name="theme"][value="{theme}"]').check()
    page.locator("main button.primary").click()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (sum(map(int, ground[4:-1].split(","))) < 200) == (theme == "dark")
    for path in (
        "/preferences",
        "/palette?ref=K7Q2",
        "/palette?ref=K7Q2&do=assign",
        "/palette?ref=K7Q2&do=field",
        "/keys",
    ):
        page.goto(watched.url + path)
        assert not (wide := too_wide(page)), f"{path}: {wide}"
        assert serious(page) == [], path


@pytest.mark.parametrize("agent", [OMID, SARA])
def test_the_main_tasks_need_no_scripts(browser: Browser, filled: Site, watched: Watched, agent: AgentId) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(watched.url + filled.link("no scripts", agent))
    page.get_by_role("main").get_by_role("button").click()
    page.locator('.row[href="/c/K7Q2"]').click()
    page.locator("#text").fill("Your parcel is on its way.")
    page.locator('button[name="act"][value="reply"]').click()
    expect(page.locator(".messages > li").last).to_contain_text("Your parcel is on its way.")
    page.goto(f"{watched.url}/palette?ref=K7Q2&do=assign")
    page.locator(".command", has_text="@sara").click()
    expect(page.locator("#said")).to_contain_text("محمدی")
    page.goto(f"{watched.url}/palette?ref=K7Q2")
    page.locator('form[action="/c/K7Q2/do/done"] button').click()
    expect(page.locator(".marks .state-done")).to_be_visible()
    context.close()
