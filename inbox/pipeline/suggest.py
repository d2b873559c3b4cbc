"""Which articles may answer what somebody asks, how sure that is, and why: for customers before they send, in the first answer, and beside
the conversation.

Articles that say the telling words of the question are weighed by how much of the question they say, and by how much of a title or a
keyword of theirs the question says; rare words weigh more (inverse document frequency, Sparck Jones 1972). Conversations in which the same
was asked, and to which an article was the answer, make it surer. Nothing else about the customer is looked at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from inbox.domain.articles import Reader, Words
from inbox.domain.ids import ArticleId, ConversationId
from inbox.store import articles_found, articles_parts, articles_read
from inbox.store.articles_read import Entry
from inbox.store.unit import Unit
from inbox.text.fold import words as folded
from inbox.text.telling import root, roots, telling

ASKED = 24
"""Telling words of a question that are weighed."""
CANDIDATES = 12
HEAD, SAID = 0.65, 0.35
"""What a title or keyword counts, and what the whole text does."""
FEW = 2.0
"""Words in common by which half of what they say is believed."""
PROVED = 0.75
"""What each conversation that an article answered leaves of the doubt."""
MOST_PROVED = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article that may be the answer. `confidence`: 0 to 1; `words`: of the question, those that it says, the most telling first; `solved`:
    to how many done conversations that asked alike it was the answer."""

    entry: Entry
    confidence: float
    words: tuple[str, ...]
    solved: int


def suggest(
    unit: Unit,
    reader: Reader,
    asked: str,
    language: str,
    most: int = 3,
    above: float = 0.0,
    but: ConversationId | None = None,
) -> list[Suggestion]:
    """The surest first, none that is less sure than `above`; empty where the question says nothing, or no article is there. What was
    learnt from the conversation `but` is left out."""
    said = telling(asked, ASKED)
    every, counts = articles_found.spread(unit, reader, said) if said else (0, {})
    if not every:
        return []
    weights = {word: log(1 + every / (1 + counts[word])) for word in said}
    known = sorted((word for word in said if counts[word]), key=weights.__getitem__, reverse=True)
    answered = articles_parts.answered(unit, said, but)
    found = _candidates(unit, reader, known, language, answered)
    question = {root(word): weight for word, weight in weights.items()}
    judged = [_judged(entry, words, weights, question, answered.get(entry.id, 0)) for entry, words in found]
    sure = [one for one in judged if one.confidence >= above and one.confidence > 0]
    return sorted(sure, key=lambda one: (-one.confidence, one.entry.id))[:most]


def _candidates(
    unit: Unit, reader: Reader, known: Sequence[str], language: str, answered: Mapping[ArticleId, int]
) -> list[tuple[Entry, Words]]:
    hits = articles_found.search(unit, reader, " ".join(known), language, CANDIDATES, match="any")
    spoken = {hit.article.id: hit.language for hit in hits}
    before = sorted(answered, key=lambda id: -answered[id])[:CANDIDATES]
    ids = [*spoken, *(id for id in before if id not in spoken)]
    said = articles_found.published(unit, ids)
    return [(one, said[one.id, one.language]) for one in articles_read.of(unit, reader, ids, language)]


def _judged(
    entry: Entry, said: Words, weights: Mapping[str, float], question: Mapping[str, float], solved: int
) -> Suggestion:
    heads = [telling(head, ASKED) for head in (said.title, *said.keywords)]
    text = roots({*folded(said.body), *(word for head in heads for word in head)})
    shared = [word for word in weights if root(word) in text]
    head = max((_share(roots(one), question) for one in heads), default=0.0)
    body = sum(weights[word] for word in shared) / sum(weights.values())
    doubt = 1 - (HEAD * head + SAID * body * _believed(len(shared)))
    sure = 1 - doubt * PROVED ** min(solved, MOST_PROVED)
    return Suggestion(entry, sure, tuple(sorted(shared, key=weights.__getitem__, reverse=True)), solved)


def _share(head: Iterable[str], question: Mapping[str, float]) -> float:
    """How much of a title or keyword the question says, the less believed the fewer words it is."""
    several = list(head)
    said = [one for one in several if one in question]
    return len(said) / len(several) * _believed(len(said)) if several else 0.0


def _believed(words: int) -> float:
    return words / (words + FEW) * (1 + FEW / 4) if words < 4 else 1.0
