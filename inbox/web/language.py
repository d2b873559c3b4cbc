"""Which language a page is written in: what was asked for, what the person is known to read, what the browser says."""

from collections.abc import Sequence

from inbox.text.wishes import accepted

COOKIE = "inbox_language"
QUERY = "lang"


def choose(
    languages: Sequence[str], default: str, *, asked: str | None, kept: str | None, own: str | None, browser: str
) -> str:
    """One of `languages`: the one asked for in the address, kept from before, the agent's own, the browser's, the site's."""
    for wish in (asked, kept, own, *accepted(browser)):
        plain = (wish or "").lower().replace("_", "-").split("-")[0]
        if plain in languages:
            return plain
    return default
