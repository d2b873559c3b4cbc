"""The demo's articles: taken in as anybody's are, from files, and read now and then in the last weeks."""

from datetime import datetime, timedelta
from pathlib import Path

from inbox.daemon import article_files
from inbox.daemon.house import House
from inbox.domain.acts import By
from inbox.domain.articles import Counted
from inbox.domain.people import Agent
from inbox.pipeline.articles import Editor
from inbox.store import articles, articles_counted
from inbox.store.unit import Unit

ARTICLES = Path(__file__).parent / "articles"
READ = ("where-is-my-order", "refunds", "delivery-times", "choose-a-grind", "payment-failed", "locked-out", "decaf")
"""What customers read, the most often first."""
SOUGHT = (("gift cards", "en", 3), ("کارت هدیه", "fa", 2), ("subscription", "en", 1))
"""What they looked for in vain, and how often."""


def fill(house: House, lead: Agent, now: datetime) -> None:
    """All of them, taken in by somebody who leads."""
    editor = Editor.of(lead, By("agent", lead.id, via="command"))
    article_files.take(house.store, house.blobs, article_files.gather(ARTICLES), editor, now)
    house.store.write_now(_read, now)


def _read(unit: Unit, now: datetime) -> None:
    for at, slug in enumerate(READ):
        found = articles.find(unit, slug)
        assert found is not None
        for day in range(14 - at):
            articles_counted.counted(unit, [found.id], "opened", (now - timedelta(days=day)).date())
        for day in range(6 - at // 2):
            kind: Counted = "unhelpful" if day == 2 else "helpful"
            articles_counted.counted(unit, [found.id], kind, (now - timedelta(days=day)).date())
    for words, language, times in SOUGHT:
        for _ in range(times):
            articles_counted.missed(unit, words, language, now)
