"""What a backtest in another process is asked and what it says, as values that travel between the two."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import TypeAdapter

from inbox.pipeline.backtest import Changed, Tally
from inbox.pipeline.rehearse import Rehearsal
from inbox.pipeline.standings import STANDS
from inbox.rulebook.replay import Change
from inbox.rulebook.rulebook import Rulebook
from inbox.store.decisions import Window

LENGTH = struct.Struct("!I")
"""A frame is so many bytes of JSON, and their number before them."""

Which = Literal["live", "files", "revision", "draft"]
Pair = tuple[int, int]
"""How many before, and after."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rules are to run on which of the real history: those that are live, those in the rules folder, those of a stored
    `revision`, or the live ones with one rule file `name` put beside or over them, whose text is `text`."""

    window: Window
    which: Which
    revision: str = ""
    name: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why rules cannot be tried: a key of the catalogues and its facts."""

    key: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a backtest came to, but the conversations themselves.

    `revision`: the rules that ran; `fields`: in how many conversations each change would happen, the most frequent first;
    `stands`: how many have which value in the end, by field and value; `hits`: how often each rule matched, those of the
    tried rules in their order, then those that are no more.
    """

    revision: str
    seconds: float
    decisions: int
    conversations: int
    changed: int
    unread: int
    fields: tuple[tuple[Change, int], ...]
    stands: Mapping[str, Mapping[str, Pair]]
    hits: Mapping[str, Pair]
    clocks: Rehearsal

    @property
    def share(self) -> float:
        """The share of conversations that would come out otherwise, from 0 to 1."""
        return self.changed / self.conversations if self.conversations else 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that the child says: how many decisions it has run again, some of the conversations that would come out
    otherwise, why it cannot, or (last of all) the figures."""

    done: int = 0
    rehearsing: bool = False
    changed: tuple[Changed, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    figures: Figures | None = None


def questions() -> TypeAdapter[Asked]:
    """How what is asked is written and read."""
    return TypeAdapter(Asked)


def answers() -> TypeAdapter[Heard]:
    """How what is said is written and read."""
    return TypeAdapter(Heard)


def figures(rulebook: Rulebook, tally: Tally, clocks: Rehearsal, seconds: float) -> Figures:
    """The figures of a tally and its rehearsal; `seconds`: what it took."""
    fields, known = tally.fields.most_common(), [rule.name for rule in rulebook.rules]
    return Figures(
        rulebook.revision,
        seconds,
        tally.decisions,
        tally.conversations,
        tally.changed,
        tally.unread,
        tuple(fields),
        {name: _pairs(tally.stands[name], sorted({*tally.stands[name][0], *tally.stands[name][1]})) for name in STANDS},
        _pairs(tally.hits, [*known, *sorted(tally.hits[0].keys() - {*known})]),
        clocks,
    )


def _pairs(sides: tuple[Mapping[str, int], Mapping[str, int]], names: list[str]) -> dict[str, Pair]:
    before, after = sides
    return {name: (before.get(name, 0), after.get(name, 0)) for name in names}
