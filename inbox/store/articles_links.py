"""What the published words of articles lead to: kept where readers begin or cease to see them, so that what leads nowhere is found at once."""

from collections.abc import Iterable

import sqlalchemy as sa

from inbox.store.tables import article_link
from inbox.store.unit import Unit

_L = article_link.c


def put(unit: Unit, text: int, slugs: Iterable[str], files: Iterable[str]) -> None:
    """A text leads to these articles and these files of its own, and to no others."""
    take(unit, text)
    found = {("article", slug) for slug in slugs} | {("file", name) for name in files}
    unit.add(article_link, *({"text_id": text, "kind": kind, "target": target} for kind, target in sorted(found)))


def take(unit: Unit, text: int) -> None:
    """It leads nowhere: readers do not see it."""
    unit.execute(sa.delete(article_link).where(_L.text_id == text))
