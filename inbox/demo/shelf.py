"""The demo's articles: taken in as anybody's are, from files, read now and then in the last weeks, and not always enough."""

from datetime import datetime, timedelta
from pathlib import Path

from inbox.daemon import article_files
from inbox.daemon.house import House
from inbox.domain.acts import By
from inbox.domain.articles import Counted, Part
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent
from inbox.domain.scope import Scope
from inbox.pipeline.articles import Editor
from inbox.store import article_notices, articles, articles_counted, articles_parts, articles_uncovered
from inbox.store.unit import Unit

ARTICLES = Path(__file__).parent / "articles"
READ = ("where-is-my-order", "refunds", "delivery-times", "choose-a-grind", "payment-failed", "locked-out", "decaf")
"""What customers read, the most often first."""
ASKED_ANYWAY = 3
SOUGHT = (("gift cards", "en", 3), ("کارت هدیه", "fa", 2), ("subscription", "en", 1))
"""What they looked for in vain, and how often."""


def fill(house: House, lead: Agent, now: datetime) -> None:
    """All of them, taken in by somebody who leads."""
    editor = Editor.of(lead, By("agent", lead.id, via="command"))
    article_files.take(house.store, house.blobs, article_files.gather(ARTICLES), editor, now)
    house.store.write_now(_read, now)


def lived(unit: Unit, asker: AgentId, leader: AgentId, now: datetime) -> None:
    """What became of them while the past was played: some who had read one wrote all the same, and one was the answer."""
    done = articles_uncovered.uncovered(unit, Scope.house(), now - timedelta(days=90))
    for slug, tag, part in (("delivery-times", "delivery", "read"), ("refunds", "refund", "linked")):
        found = articles.find(unit, slug)
        assert found is not None
        for one in [matter for matter in done if tag in matter.tags][:ASKED_ANYWAY]:
            said: Part = "read" if part == "read" else "linked"
            articles_parts.played(unit, one.id, [found.id], said, now)
            if said == "read":
                articles_counted.counted(unit, [found.id], "left", now.date())
    waits = articles.find(unit, "refunds")
    assert waits is not None
    article_notices.add(unit, [leader], (waits.id, "fa"), "review-asked", asker, now)


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
