"""How often what is suggested is right here: what would have been offered in conversations of which the answer is known by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox.domain.articles import AGENT
from inbox.pipeline.articles_offered import question
from inbox.pipeline.suggest import suggest
from inbox.store import articles_parts, conversations
from inbox.store.unit import Unit

LEVELS = (0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9)
MOST = 500
"""Conversations that are looked at, the newest."""


@dataclass(frozen=True, slots=True)
class Level:
    """What a threshold would do: in how many of `known` conversations an article is offered, and in how many of these it is the answer."""

    above: float
    known: int
    offered: int
    right: int


def measured(unit: Unit, since: datetime) -> Sequence[Level]:
    """By threshold, in done conversations since then that an article answered. Each is judged as if it had never been."""
    known = articles_parts.answers(unit, since, MOST)
    judged: list[tuple[float, bool]] = []
    for matter, ids in known.items():
        spoken = conversations.peek(unit, matter).language or ""
        found = suggest(unit, AGENT, question(unit, matter), spoken, 1, but=matter)
        judged += [(one.confidence, one.entry.id in ids) for one in found]
    return [_level(above, len(known), judged) for above in LEVELS]


def _level(above: float, known: int, judged: Sequence[tuple[float, bool]]) -> Level:
    offered = [right for confidence, right in judged if confidence >= above]
    return Level(above, known, len(offered), sum(offered))
