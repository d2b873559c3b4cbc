"""Pictures to look at: every message template's HTML in both languages, as a phone and a desktop show it, and the pages of the demo.

`python -m tools.screenshots [FOLDER] [letters|pages|pages=WORD]` writes them (by default below `build/screenshots`, which is not committed),
and tells of each picture that is wider than its screen. `pages=list`: of the pages whose name holds that word alone.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from inbox.render import Templates
from inbox.render.examples import examples
from tools import photographed

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = {"phone": 390, "desktop": 1100}
LANGUAGES = ("fa", "en")
CHROMIUM = "/usr/bin/chromium"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: what it is called, and its HTML."""

    name: str
    html: str


def letters() -> Iterator[Letter]:
    """Each shipped template in each language with each of its examples; those without HTML have no picture."""
    templates = Templates([ROOT / "templates"])
    for name in templates.names():
        for language in LANGUAGES:
            for number, facts in enumerate(examples(name, language), 1):
                html = templates.message(name, language, facts).html
                if html is not None:
                    yield Letter(f"{name}-{language}-{number}", html)


def taken(browser: Browser, folder: Path) -> Iterator[str]:
    """Take the pictures; the names of those that are too wide."""
    for screen, width in WIDTHS.items():
        # A dark screen: a letter stays on its own light paper.
        context = browser.new_context(viewport={"width": width, "height": 500}, color_scheme="dark", offline=True)
        page = context.new_page()
        for letter in letters():
            page.set_content(letter.html)
            page.screenshot(path=folder / f"{letter.name}-{screen}.png", full_page=True)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                yield f"{letter.name}-{screen}"
        context.close()


def main() -> int:
    """The exit code: 1 where a picture is too wide, or a page complained."""
    words = sys.argv[1:]
    only = words.pop().partition("=")[2] if words and words[-1].startswith("pages=") else ""
    wanted = (
        ["pages"] if only else [words.pop()] if words and words[-1] in ("letters", "pages") else ["letters", "pages"]
    )
    folder = Path(words[0]) if words else ROOT / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        if "letters" in wanted:
            wrong += [f"{name} is wider than its screen" for name in taken(browser, folder)]
        if "pages" in wanted:
            with photographed.demo() as address:
                wrong += photographed.taken(browser, address, folder, only)
        browser.close()
    print("\n".join([*wrong, f"{len(list(folder.glob('*.png')))} pictures in {folder}"]))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
