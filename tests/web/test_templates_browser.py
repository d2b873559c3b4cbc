"""The pages about templates in a real browser: saved, seen; framed on light paper; nothing too wide, nothing for axe to find."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.rig.accessibility import serious, unchanged
from tests.web.drafting import Drafting
from tests.web.sites import OMID, SARA, Running, Site
from tests.web.test_browser import Seen, enter
from tests.web.test_ops import leads
from tools.widths import too_wide

BROKEN = "/templates/reply?in=en&team=orders"
PAGES = ("/templates", "/templates/acknowledgement", "/templates/reply?of=K7Q2", BROKEN)


@pytest.fixture
def drafting(filled: Site, tmp_path: Path) -> Drafting:
    leads(filled, OMID, SARA)
    made = Drafting.on(filled, tmp_path)
    made.place.write("reply@orders/en/body.txt.j2", "a\n{{ agent_nam }}")
    return made


@pytest.fixture
def running(drafting: Drafting) -> Iterator[Running]:
    made = Running(drafting.app())
    yield made
    made.close()


@pytest.mark.parametrize("agent", [SARA, OMID])
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_nothing_is_too_wide_and_axe_finds_nothing_serious(
    browser: Browser, drafting: Drafting, running: Running, agent: int, width: int, scheme: Literal["light", "dark"]
) -> None:
    assert unchanged()
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    enter(page, drafting.site, running.url, SARA if agent == SARA else OMID)
    for path in PAGES:
        page.goto(running.url + path)
        expect(page.locator(".columns")).to_be_visible()
        assert not (wide := too_wide(page)), f"{path}: {wide}"
        assert serious(page) == [], path
    context.close()


def test_what_is_saved_is_seen_after_a_reload_and_by_itself(
    browser: Browser, drafting: Drafting, running: Running
) -> None:
    seen = Seen(browser, running.url, scheme="dark")
    page = seen.page
    enter(page, drafting.site, running.url, OMID)
    page.goto(f"{running.url}/templates")
    page.get_by_role("link", name="acknowledgement", exact=True).click()
    letter = page.frame_locator("iframe")
    expect(letter.locator("body")).to_contain_text("Hello Ms Lena Fischer")
    expect(letter.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    drafting.place.write("acknowledgement/en/body.txt.j2", "Own words.")
    drafting.place.write("acknowledgement/en/body.html.j2", '<p dir="ltr">Own letter.</p>')
    page.reload()
    expect(page.locator(".forms")).to_contain_text("Own words.")
    expect(letter.locator("body")).to_have_text("Own letter.")
    page.get_by_label("Reload by itself").select_option("2")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".forms")).to_contain_text("Own words.")
    drafting.place.write("acknowledgement/en/body.txt.j2", "Other words.")
    expect(page.locator(".forms")).to_contain_text("Other words.", timeout=20_000)
    seen.close()


def test_in_the_frame_nothing_runs_and_nothing_is_loaded(
    browser: Browser, drafting: Drafting, running: Running
) -> None:
    drafting.place.write("acknowledgement/en/body.txt.j2", "x").write(
        "acknowledgement/en/body.html.j2",
        '<p dir="ltr" id="it">It.</p><script>document.getElementById("it").textContent = "ran"</script>'
        '<img src="http://203.0.113.1/pixel.png" alt=""><form action="/logout" method="post"><button>out</button></form>',
    )
    asked: list[str] = []
    refused: dict[str, str | None] = {}
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: refused.update({request.url: request.failure}))
    enter(page, drafting.site, running.url, OMID)
    page.goto(f"{running.url}/templates/acknowledgement")
    expect(page.frame_locator("iframe").locator("#it")).to_have_text("It.")
    assert refused == {"http://203.0.113.1/pixel.png": "csp"}
    assert [url for url in asked if not url.startswith((running.url, "data:"))] == []
    context.close()
