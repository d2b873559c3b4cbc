"""How often what is suggested is right, by how sure it was; and how soon it is found among 10,000 articles, beside a bare search.

    python -m bench.suggestions [--articles 10000] [--rounds 10] [--show]

The questions stand in `bench/asked/questions.toml`, each with the article that answers it, or with none: what the demo's customers might
write. Nothing is learnt from earlier conversations here. Half of them are what the threshold was chosen by, the other half judges it.
"""

import argparse
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bench.figures import Figure, Result, at_least, conclude, machine, percentile, told
from bench.kb import fill, times
from inbox.blobs import Blobs
from inbox.daemon import article_files
from inbox.demo.shelf import ARTICLES
from inbox.domain.acts import By
from inbox.domain.articles import STRANGER
from inbox.pipeline.articles import Editor
from inbox.pipeline.playbook import Suggesting
from inbox.pipeline.suggest import Suggestion, suggest
from inbox.store import articles_found
from inbox.store.migrate import migrate
from inbox.store.store import Store
from inbox.store.unit import Unit

QUESTIONS = Path(__file__).parent / "asked" / "questions.toml"
RIGHT = 0.95
"""The share of what is offered above the threshold that has to be right."""
LEVELS = (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its language, and the address of the article that answers it; empty: none does."""

    text: str
    language: str
    article: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and what was suggested first."""

    asked: Asked
    first: Suggestion | None

    def offered(self, above: float) -> bool:
        """Whether it would be offered at that threshold."""
        return self.first is not None and self.first.confidence >= above

    @property
    def right(self) -> bool:
        """Whether it is the answer."""
        return self.first is not None and self.first.entry.slug == self.asked.article


def questions() -> list[Asked]:
    """All of them."""
    read = tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))
    return [Asked(one["asked"], language, one.get("article", "")) for language in read for one in read[language]]


def judge(asked: Sequence[Asked]) -> list[Judged]:
    """What the demo's articles suggest for each."""
    with tempfile.TemporaryDirectory(prefix="inbox-bench-") as folder:
        store = Store("sqlite:///suggestions.db", Path(folder))
        migrate(store)
        editor = Editor(By("owner", via="command"), leads=True)
        blobs = Blobs(Path(folder) / "blobs")
        article_files.take(store, blobs, article_files.gather(ARTICLES), editor, datetime.now(UTC))
        found = [Judged(one, next(iter(_suggested(store, one)), None)) for one in asked]
        store.close()
    return found


def _suggested(store: Store, one: Asked) -> list[Suggestion]:
    return store.read_now(suggest, STRANGER, one.text, one.language)


def precision(judged: Sequence[Judged], above: float) -> tuple[int, int]:
    """How many are offered at a threshold, and how many of those are right."""
    offered = [one for one in judged if one.offered(above)]
    return len(offered), sum(one.right for one in offered)


def measure(count: int, rounds: int) -> Result:
    """The shares by threshold, then the times."""
    every, usual = judge(questions()), Suggesting().above
    figures: list[Figure] = []
    for name, half in (("chosen by", every[::2]), ("judged by", every[1::2])):
        answerable = sum(bool(one.asked.article) for one in half)
        for above in LEVELS:
            offered, right = precision(half, above)
            if offered:
                what = f"{name}, from {above}: {right} of {offered} right, of {answerable} with an answer"
                figures.append(told(what, right / offered))
    offered, right = precision(every[1::2], usual)
    figures.append(at_least(f"right from {usual} on", right / max(1, offered), "", RIGHT, binding=True))
    figures.append(told(f"of {answerable} with an answer, offered the right one", right / answerable))
    figures += _times(count, rounds)
    return Result("suggestions", datetime.now(UTC), tuple(figures), {**machine(), "articles": str(count)})


def _times(count: int, rounds: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="inbox-bench-") as folder:
        store = Store("sqlite:///kb.db", Path(folder))
        migrate(store)
        tongues = fill(store, count)
        asked = [(tongue.say(60), language) for language, tongue in tongues.items() for _ in range(10)]
        ours = times(rounds, asked, lambda typed, spoken: _ours(store, typed, spoken))
        floor = times(rounds, asked, lambda typed, spoken: store.read_now(_bare, typed, spoken))
        store.close()
    both = percentile(ours, 95), percentile(floor, 95)
    return [
        told("a mail of sixty words: p50", percentile(ours, 50), "ms"),
        told("a mail of sixty words: p95, beside its search alone", both[0], "ms", floor=both[1]),
    ]


def _ours(store: Store, typed: str, language: str) -> None:
    store.read_now(suggest, STRANGER, typed, language)


def _bare(unit: Unit, typed: str, language: str) -> None:
    articles_found.search(unit, STRANGER, typed, language, 12, match="any")


def show(console: Console) -> None:
    """Every question with what was suggested first, and why."""
    for one in judge(questions()):
        first = one.first
        said = f"{first.confidence:.2f} {first.entry.slug} {first.words}" if first else "nothing"
        mark = "right" if one.right else "none" if not one.asked.article else "WRONG"
        console.print(f"{mark:6} {one.asked.language} {one.asked.article or '-':18} {said}", highlight=False)


def main() -> None:
    """Prints the figures; exits 1 where too much of what would be offered is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.suggestions", description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--show", action="store_true")
    chosen = parser.parse_args()
    if chosen.show:
        show(Console(width=160))
        return
    sys.exit(conclude([measure(chosen.articles, chosen.rounds)], Console(width=140)))


if __name__ == "__main__":
    main()
