"""How long the page of freshness takes to find out what there is to be done, among 10,000 articles and 100,000 conversations.

    python -m bench.freshness [--articles 10000] [--conversations 100000] [--rounds 20] [--url postgresql://...]

Two thirds of the conversations are done and answered by us within 90 days; an article had a part in every third.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from rich.console import Console

from bench.figures import Figure, Result, at_most, conclude, machine, percentile, told
from bench.growth import flat
from bench.kb import NOW, Tongue, fill
from bench.workload import SEED
from inbox.domain.ids import ArticleId
from inbox.domain.scope import Scope
from inbox.pipeline import articles_fresh
from inbox.store import articles_counted, articles_links
from inbox.store import tables as t
from inbox.store.migrate import migrate
from inbox.store.store import Store
from inbox.store.unit import Unit

ARTICLES, CONVERSATIONS, ROUNDS, AT_ONCE = 10_000, 100_000, 20, 1_000
BUDGET = 300.0  # milliseconds, p95
COUNTED = ("shown", "opened", "helpful", "left")
DAYS = 30


def measure(count: int = ARTICLES, matters: int = CONVERSATIONS, rounds: int = ROUNDS, url: str = "") -> Result:
    """The times of all lists together, and of what stands beside the list of articles."""
    with tempfile.TemporaryDirectory(prefix="inbox-bench-") as folder:
        store = Store(url or "sqlite:///freshness.db", Path(folder))
        migrate(store)
        tongues = fill(store, count)
        _live(store, count, matters, tongues)
        whole, busy = _times(rounds, store, lambda unit: articles_fresh.gather(unit, Scope.house(), NOW.date(), NOW, 8))
        beside, _ = _times(rounds, store, lambda unit: articles_fresh.waiting(unit, NOW.date(), NOW))
        found = store.read_now(articles_fresh.gather, Scope.house(), NOW.date(), NOW, 8)
        store.close()
    figures = [
        at_most("all lists: p95", percentile(whole, 95), "ms", BUDGET, binding=False),
        told("all lists: p50", percentile(whole, 50), "ms"),
        told("all lists: p50 of the processor's time", percentile(busy, 50), "ms"),
        told("all lists: p95 of the processor's time", percentile(busy, 95), "ms"),
        told("the count beside the list of articles: p95", percentile(beside, 95), "ms"),
        *(told(f"found: {name}", n) for name, n in found.counts.items()),
    ]
    facts = {**machine(), "articles": str(count), "conversations": str(matters)}
    return Result("freshness", datetime.now(UTC), tuple(figures), facts)


def over(histories: Sequence[int], articles: int = 1_000) -> Result:
    """What all lists together cost the processor, with ever more conversations and as many articles."""
    busy: dict[int, float] = {}
    figures: list[Figure] = []
    for history in histories:
        found = {figure.what: figure for figure in measure(articles, history).figures}
        busy[history] = found["all lists: p50 of the processor's time"].value
        figures.append(told(f"{history:,} conversations: all lists, p50", busy[history], "ms of CPU"))
    figures.append(flat("all lists", busy))
    return Result(
        "freshness over histories", datetime.now(UTC), tuple(figures), {**machine(), "articles": str(articles)}
    )


def _times(rounds: int, store: Store, ask: Callable[[Unit], object]) -> tuple[list[float], list[float]]:
    """Milliseconds of each round: by the clock, and of the processor."""
    clock: list[float] = []
    busy: list[float] = []
    for n in range(rounds + 2):
        began, worked = time.perf_counter(), time.process_time()
        store.read_now(ask)
        if n > 1:  # what is compiled once is compiled by now
            clock.append((time.perf_counter() - began) * 1000)
            busy.append((time.process_time() - worked) * 1000)
    return clock, busy


def _live(store: Store, count: int, matters: int, tongues: dict[str, Tongue]) -> None:
    chance = random.Random(SEED)
    store.write_now(_overdue, count)
    for first in range(1, count + 1, AT_ONCE):
        store.write_now(_counted, range(first, min(first + AT_ONCE, count + 1)), chance)
    contact = store.write_now(lambda unit: unit.insert(t.contact, name="Somebody", created_at=NOW))
    store.write_now(lambda unit: unit.add(t.channel, {"name": "support", "kind": "memory"}))
    for first in range(0, matters, AT_ONCE):
        store.write_now(_matters, range(first, min(first + AT_ONCE, matters)), contact, count, tongues, chance)
    if store.read_now(lambda unit: unit.connection.dialect.name) == "postgresql":
        store.write_now(lambda unit: unit.connection.exec_driver_sql("ANALYZE"))


def _overdue(unit: Unit, count: int) -> None:
    """Every tenth review is overdue; every twentieth text is no longer to be read, and every hundredth link leads nowhere."""
    a = t.article.c
    unit.execute(sa.update(t.article).where(a.id % 10 == 0).values(review_on="2026-01-01"))
    unit.execute(sa.update(t.article_text).where(t.article_text.c.id % 20 == 0).values(published=None))
    for id in range(1, 2 * count + 1):
        target = f"article-{id % count}" if id % 100 else "nowhere"
        articles_links.put(unit, id, [target], [])
    for n in range(1000):
        articles_counted.missed(unit, f"missed {n}", "en", NOW)


def _counted(unit: Unit, ids: Sequence[int], chance: random.Random) -> None:
    rows = [
        {
            "article_id": ArticleId(id),
            "day": (NOW - timedelta(days=day * 3)).date().isoformat(),
            "kind": kind,
            "count": chance.randint(1, 9),
        }
        for id in ids
        for day in range(DAYS)
        for kind in COUNTED
        if kind != "left" or id % 20 == 0
    ]
    unit.add(t.article_count, *rows)


def _matters(
    unit: Unit, numbers: Sequence[int], contact: int, count: int, tongues: dict[str, Tongue], chance: random.Random
) -> None:
    every = {"channel": "support", "contact_id": contact, "fields": [], "pinned": [], "messages": 2}
    rows, parts = [], []
    for n in numbers:
        language = "fa" if n % 2 else "en"
        done = None if n % 3 == 0 else NOW - timedelta(minutes=n)
        tags = [f"tag-{n % 50}"] if n % 4 == 0 else []
        state = {"state": "open" if done is None else "done", "done_at": done, "replied_at": done, "opened_at": NOW}
        subject = tongues[language].say(chance.randint(3, 7))
        rows.append({**every, **state, "reference": f"R{n}", "subject": subject, "language": language, "tags": tags})
        if n % 3 == 1 and n % 9 == 1:
            parts.append({"conversation_id": n + 1, "article_id": n % count + 1, "part": "read", "at": NOW})
    unit.add(t.conversation, *rows)
    unit.add(t.article_part, *parts)


def main() -> None:
    """Prints the figures; exits 0, for milliseconds are only reported."""
    parser = argparse.ArgumentParser(prog="python -m bench.freshness", description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--url", default="")
    chosen = parser.parse_args()
    found = measure(chosen.articles, chosen.conversations, chosen.rounds, chosen.url)
    sys.exit(conclude([found], Console()))


if __name__ == "__main__":
    main()
