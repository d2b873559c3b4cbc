"""Which language a page is written in: what was asked for, what the person is known to read, what the browser says."""

from collections.abc import Sequence

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


def accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header (RFC 9110, 12.5.4), the best first; at most ten are looked at."""
    wishes: list[tuple[float, str]] = []
    for part in header.split(",")[:10]:
        tag, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=")) if quality.strip() else 1.0
        except ValueError:
            continue
        if 0 < weight <= 1:
            wishes.append((weight, tag.strip()))
    return [tag for _, tag in sorted(wishes, key=lambda wish: -wish[0])]
