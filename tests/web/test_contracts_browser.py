"""The pages of contracts in a real browser, in both languages and both lights: axe finds nothing serious."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser

from inbox.domain.acts import By
from inbox.pipeline import contract_acts
from inbox.pipeline.contract_typed import Typed, draft
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.rig.accessibility import serious
from tests.web.acted import came
from tests.web.sites import OMID, Running, Site
from tests.web.test_contracts import agreed_book


@pytest.fixture
def late(filled: Site) -> Iterator[tuple[str, str, Site]]:
    """A served site with a contract, and a late conversation under it."""
    led, book = filled, agreed_book()

    def unit(unit: Unit) -> None:
        unit.execute(sa.update(t.agent).where(t.agent.c.id == OMID).values(lead=True))
        typed = Typed("alpha", "lena@example.com", tier="silver", first="2026-11-22", pays="1000", currency="EUR")
        contract_acts.add(unit, draft(unit, typed, book), By("owner"), book, led.clock.now())

    led.store.write_now(unit)
    reference = came(led, book, "lena@example.com", "It does not work at all.", "Broken")
    led.clock.advance(timedelta(days=2))
    running = Running(led.app(playbook=lambda: book))
    yield running.url, reference, led
    running.close()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_everybody_can_use_them(late: tuple[str, str, Site], browser: Browser, language: str) -> None:
    url, reference, site = late
    context = browser.new_context(locale=language, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{url}{site.link(f'token-{language}', OMID)}")
    page.locator("main button").first.click()
    page.wait_for_url(f"{url}/")
    for path in (
        "/contracts",
        "/contracts/new",
        "/contracts/alpha",
        "/contracts/alpha/2026-11-22",
        f"/c/{reference}/clocks",
    ):
        page.goto(f"{url}{path}?lang={language}")
        assert page.locator("h1").count() == 1
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert serious(page) == [], (path, scheme)
    context.close()
