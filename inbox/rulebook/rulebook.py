"""The rulebook: the ordered rules of one revision, ready to be matched."""

from dataclasses import dataclass

from inbox.rulebook.conditions import Condition
from inbox.rulebook.effects import Effect


@dataclass(frozen=True, slots=True)
class Rule:
    """On events, when all conditions hold, then effects. `place` is where it stands ("rules/20-urgent.toml:3")."""

    name: str
    place: str
    on: frozenset[str]
    when: tuple[Condition, ...] = ()
    effects: tuple[Effect, ...] = ()
    override: frozenset[str] = frozenset()
    final: bool = False


@dataclass(frozen=True, slots=True)
class Rulebook:
    """`revision` is a hash of the files (16 hex digits); `rules` are the enabled ones in order."""

    revision: str
    rules: tuple[Rule, ...] = ()
