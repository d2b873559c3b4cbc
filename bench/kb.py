"""How soon a search among 10,000 articles answers, beside a bare question to the same index.

    python -m bench.kb [--articles 10000] [--rounds 30] [--url postgresql://...]

Each article is written in Persian and in English, some 200 words each, drawn so that a few words are everywhere and most are rare.
"""

import argparse
import itertools
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from rich.console import Console

from bench.figures import Figure, Result, at_most, conclude, machine, percentile, told
from bench.workload import SEED
from inbox.domain.articles import STRANGER, About, Audience, Words
from inbox.store import articles, articles_found
from inbox.store.migrate import migrate
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.fold import words as folded

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
ARTICLES, ROUNDS, AT_ONCE = 10_000, 30, 200
BUDGET = 50.0  # milliseconds, p95
LATIN, PERSIAN = "abcdefghijklmnoprstuvwz", "ابپتجچحخدرزسشصفقکگلمنوهی"
SPOKEN = {
    "en": ("refund", "order", "delivery", "invoice", "password", "coffee", "return", "parcel", "account", "payment"),
    "fa": ("بازگشت", "سفارش", "تحویل", "فاکتور", "رمز", "قهوه", "مرجوعی", "بسته", "حساب", "می‌شود"),
}


class Tongue:
    """Words of a language: some that people ask for, and 8,000 that are made up, the first of them the most often said."""

    def __init__(self, language: str, chance: random.Random) -> None:
        letters = PERSIAN if language == "fa" else LATIN
        made = {"".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(9000)}
        self.words = [*SPOKEN[language], *sorted(made)[:8000]]
        self._weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(self.words))))
        self._chance = chance

    def say(self, count: int) -> str:
        """So many words."""
        return " ".join(self._chance.choices(self.words, cum_weights=self._weights, k=count))


def fill(store: Store, count: int) -> dict[str, Tongue]:
    """The articles; the languages in which they are written."""
    chance = random.Random(SEED)
    tongues = {language: Tongue(language, chance) for language in ("en", "fa")}
    for first in range(0, count, AT_ONCE):
        store.write_now(_some, tongues, range(first, min(first + AT_ONCE, count)), chance)
    store.write_now(articles_found.settle)
    return tongues


def _some(unit: Unit, tongues: dict[str, Tongue], numbers: Sequence[int], chance: random.Random) -> None:
    for number in numbers:
        audience = Audience.AGENTS if number % 5 == 0 else Audience.PUBLIC
        id = articles.add(unit, About(f"article-{number}", f"folder-{number % 40}", audience), NOW)
        for language, tongue in tongues.items():
            said = Words(tongue.say(chance.randint(3, 8)), tongue.say(200), (tongue.say(1), tongue.say(1)))
            articles.write(unit, id, language, said, None, NOW)
            text = articles.mark(unit, id, language, 1, "published", None, NOW)
            articles_found.put(unit, text, language, said, said.body)


def questions(tongues: dict[str, Tongue]) -> dict[str, list[tuple[str, str]]]:
    """What is asked, by kind, each with the language of whoever asks."""
    found: dict[str, list[tuple[str, str]]] = {}
    for language, tongue in tongues.items():
        common, rare = tongue.words[:10], tongue.words[4000:4010]
        kinds = {
            "a common word": common,
            "two common words": [f"{one} {other}" for one, other in itertools.pairwise(common)],
            "a rare word": rare,
            "the beginning of a word": [word[:3] for word in common],
            "a question of eight words": [f"{' '.join(common[at : at + 7])} {rare[at]}" for at in range(3)],
            "what nothing says": ["xqxqxq", "ظظظظظ"],
        }
        for kind, asked in kinds.items():
            found.setdefault(kind, []).extend((one, language) for one in asked)
    return found


def measure(count: int = ARTICLES, rounds: int = ROUNDS, url: str = "") -> Result:
    """The times of all kinds of questions, and those of the bare ones."""
    with tempfile.TemporaryDirectory(prefix="inbox-bench-") as folder:
        store = Store(url or "sqlite:///kb.db", Path(folder))
        migrate(store)
        asked = questions(fill(store, count))
        figures: list[Figure] = []
        every: list[float] = []
        bare: list[float] = []
        for kind, several in asked.items():
            ours = times(rounds, several, lambda typed, spoken: _search(store, typed, spoken))
            floor = times(rounds, several, lambda typed, _: _bare(store, typed))
            every += ours
            bare += floor
            figures.append(told(f"{kind}: p50", percentile(ours, 50), "ms"))
            figures.append(told(f"{kind}: p95", percentile(ours, 95), "ms", floor=percentile(floor, 95)))
        store.close()
    least = percentile(bare, 95)
    figures.append(at_most("all: p95", percentile(every, 95), "ms", BUDGET, binding=False, floor=least))
    return Result("search among articles", datetime.now(UTC), tuple(figures), {**machine(), "articles": str(count)})


def times(rounds: int, several: Sequence[tuple[str, str]], ask: Callable[[str, str], None]) -> list[float]:
    """Milliseconds of each question."""
    for one in several:
        ask(*one)  # what is compiled once is compiled now
    found: list[float] = []
    for _ in range(rounds):
        for one in several:
            began = time.perf_counter()
            ask(*one)
            found.append((time.perf_counter() - began) * 1000)
    return found


def _search(store: Store, typed: str, language: str) -> None:
    store.read_now(articles_found.search, STRANGER, typed, language)


def _bare(store: Store, typed: str) -> None:
    """The twenty best of the index for all of the words, and nothing about them."""
    store.read_now(_asked, folded(typed))


def _asked(unit: Unit, asked: Sequence[str]) -> None:
    if unit.connection.dialect.name == "sqlite":
        said = " AND ".join([f'"{word}"' for word in asked[:-1]] + [f'"{asked[-1]}"*'])
        query = "SELECT rowid FROM article_search WHERE article_search MATCH :said ORDER BY rank LIMIT 20"
    else:
        said = " & ".join([f"'{word}'" for word in asked[:-1]] + [f"'{asked[-1]}':*"])
        query = (
            "SELECT id FROM article_search WHERE words @@ CAST(:said AS tsquery)"
            " ORDER BY ts_rank(words, CAST(:said AS tsquery)) DESC LIMIT 20"
        )
    unit.execute(sa.text(query), {"said": said}).all()


def main() -> None:
    """Prints the figures; exits 0, for milliseconds are only reported."""
    parser = argparse.ArgumentParser(prog="python -m bench.kb", description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--url", default="")
    chosen = parser.parse_args()
    sys.exit(conclude([measure(chosen.articles, chosen.rounds, chosen.url)], Console()))


if __name__ == "__main__":
    main()
