"""The index of a large rulebook: which of its rules a message can come to at all, found without going through them."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inbox.rulebook.needs import ANY, Mark, Needs
from inbox.rulebook.reading import Reading
from inbox.text.fold import fold

GRAM = 3
"""Letters of a phrase by which it is looked up; of a shorter phrase all of them."""


@dataclass(frozen=True, slots=True)
class Index:
    """Positions of rules, by what they need. `always`: those of which nothing can be said, by event; `heard`: all, by event."""

    marks: Mapping[Mark, tuple[int, ...]]
    grams: Mapping[str, tuple[int, ...]]
    sizes: frozenset[int]
    always: Mapping[str, tuple[int, ...]]
    heard: Mapping[str, frozenset[int]]

    def candidates(self, reading: Reading) -> list[int]:
        """The rules that may match, in order; every other one is sure not to. Some of them may be for other events."""
        found: set[int] = set()
        for event in reading.facts.events:
            found.update(self.always.get(event, ()))
        for mark in _shown(reading):
            found.update(self.marks.get(mark, ()))
        if self.grams:
            for gram in self.grams.keys() & _grams(reading, self.sizes):
                found.update(self.grams[gram])
        return sorted(found)

    def count(self, events: Sequence[str], until: int | None) -> int:
        """How many rules there are for these events, down to the position `until`."""
        heard = frozenset[int]().union(*(self.heard.get(event, frozenset()) for event in events))
        return len(heard) if until is None else bisect_right(sorted(heard), until)


def index(rules: Sequence[tuple[frozenset[str], Needs]]) -> Index:
    """The index of rules, each given by its events and by what it needs."""
    marks: dict[Mark, list[int]] = {}
    grams: dict[str, list[int]] = {}
    always: dict[str, list[int]] = {}
    heard: dict[str, set[int]] = {}
    common = Counter(gram for _, need in rules for mark in need or () for gram in _of(mark))
    for place, (on, need) in enumerate(rules):
        for event in on:
            heard.setdefault(event, set()).add(place)
            if need is None:
                always.setdefault(event, []).append(place)
        for mark in need or ():
            if mark.kind == "word":
                grams.setdefault(min(_of(mark), key=lambda gram: common[gram]), []).append(place)
            else:
                marks.setdefault(mark, []).append(place)
    return Index(
        {mark: tuple(places) for mark, places in marks.items()},
        {gram: tuple(places) for gram, places in grams.items()},
        frozenset(len(gram) for gram in grams),
        {event: tuple(places) for event, places in always.items()},
        {event: frozenset(places) for event, places in heard.items()},
    )


def _of(mark: Mark) -> list[str]:
    """The letters by which a phrase can be looked up."""
    run = mark.what
    if mark.kind != "word":
        return []
    return [run[at : at + GRAM] for at in range(len(run) - GRAM + 1)] or [run]


def _grams(reading: Reading, sizes: frozenset[int]) -> set[str]:
    found: set[str] = set()
    for text in reading.texts("text"):
        run = text.run
        for size in sizes:
            found.update([run[at : at + size] for at in range(len(run) - size + 1)])
    return found


def _shown(reading: Reading) -> Iterator[Mark]:
    """Every mark that these facts show, words apart."""
    facts = reading.facts
    yield from _addresses("from", (facts.sender,))
    yield from _addresses("to", (*facts.to, *facts.cc))
    yield from _addresses("cc", facts.cc)
    yield Mark("channel", facts.channel)
    yield Mark("brand", facts.brand)
    yield Mark("authentication", facts.authentication)
    yield Mark("language", facts.language or "unknown")
    for name, value in facts.headers:
        yield Mark("header", name)
        yield Mark("header value", f"{name}: {fold(value)}")
    yield from (Mark("contact tag", fold(tag)) for tag in facts.contact.tags)
    yield from (Mark("organization tag", fold(tag)) for tag in facts.organization_tags)
    yield from (Mark("changed", name) for name, _ in facts.previous)
    if facts.tags_added or facts.tags_removed:
        yield Mark("changed", "tag")
    if facts.automatic:
        yield Mark("automatic", ANY)
        yield Mark("automatic", facts.automatic)
    if facts.attachments:
        yield Mark("file", ANY)
    if facts.organization:
        yield Mark("organization", ANY)


def _addresses(kind: str, addresses: Sequence[str]) -> Iterator[Mark]:
    for address in map(fold, addresses):
        yield Mark(kind, address)
        yield Mark(f"{kind} domain", address.rpartition("@")[2])
        # A star may stand for another @ too.
        yield from (Mark(f"{kind} name", address[:at]) for at, sign in enumerate(address) if sign == "@")
