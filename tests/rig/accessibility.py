"""axe in a page: what it finds serious. `axe/` holds axe-core 4.14.1 of npm (MPL-2.0), unchanged; only tests load it."""

import hashlib
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "axe" / "axe.min.js"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
SERIOUS = ("serious", "critical")


def unchanged() -> bool:
    """Whether the file is the one that was published."""
    return hashlib.sha256(AXE.read_bytes()).hexdigest() == SHA256


STANDS = """Promise.allSettled(
  [document, ...[...document.querySelectorAll('*')].flatMap((one) => one.shadowRoot ?? [])]
    .flatMap((root) => root.getAnimations()).map((one) => one.finished))"""
"""Waits until nothing moves, in shadow trees neither: what fades in is pale."""


def serious(page: Page, *rules: str) -> list[str]:
    """Each rule (of these, if any are named) that the page breaks seriously, with where; the page's context must not enforce a
    policy on scripts."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    page.evaluate(STANDS)
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    hurt = [one for one in found if one["impact"] in SERIOUS]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in hurt for node in one["nodes"]]
