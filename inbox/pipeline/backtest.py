"""A backtest: stored decisions run again under other rules, one conversation after the other, and what would be otherwise."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from inbox.domain.ids import ConversationId
from inbox.pipeline.standings import STANDS, Step, standing, stood
from inbox.pipeline.waits import Waits
from inbox.rulebook.decision import Effects, Outcome, outcome_from
from inbox.rulebook.facts import Facts
from inbox.rulebook.match import evaluate
from inbox.rulebook.replay import Change, changes, outcome
from inbox.rulebook.rulebook import Rulebook
from inbox.sla.hours import Calendar
from inbox.store import decisions
from inbox.store.decisions import START, Past, Stretch, Window
from inbox.store.episodes import Episode, episodes
from inbox.store.store import Store

PAGE = 250
"""Decisions that are in memory at once."""
STRETCH = 200
"""Conversations that are gone through together: few enough for several processes to share a past evenly."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A conversation that would come out otherwise."""

    reference: str
    changes: tuple[Change, ...]


@dataclass(slots=True)
class Tally:
    """What a replay came to. It grows with what differs, and by a few numbers for each wait of a customer.

    `fields`: in how many conversations each change would happen; `stands`: how many have which value in the end, before and
    after; `hits`: how often each rule matched; `unread`: decisions that a later version cannot read.
    """

    decisions: int = 0
    conversations: int = 0
    changed: int = 0
    unread: int = 0
    fields: Counter[Change] = field(default_factory=Counter)
    stands: dict[str, tuple[Counter[str], Counter[str]]] = field(
        default_factory=lambda: {name: (Counter(), Counter()) for name in STANDS}
    )
    hits: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    examples: list[Changed] = field(default_factory=list)
    waits: Waits = field(default_factory=Waits)
    known: dict[tuple[Change, ...], tuple[Change, ...]] = field(default_factory=dict, repr=False, compare=False)
    """Of what differs in many conversations alike, one is kept."""

    def take(self, other: "Tally", keep: int | None) -> None:
        """All that came of later conversations too, as if they had been gone through after these; `keep`: as `Replay` has it."""
        self.decisions += other.decisions
        self.conversations += other.conversations
        self.changed += other.changed
        self.unread += other.unread
        self.fields.update(other.fields)
        for name, sides in other.stands.items():
            for mine, theirs in zip(self.stands[name], sides, strict=True):
                mine.update(theirs)
        for mine, theirs in zip(self.hits, other.hits, strict=True):
            mine.update(theirs)
        for one in other.examples:
            self.example(one.reference, one.changes, keep)
        self.waits.take(other.waits)

    def example(self, reference: str, changes: tuple[Change, ...], keep: int | None) -> None:
        """Keep an example, if there is room."""
        if keep is None or len(self.examples) < keep:
            self.examples.append(Changed(reference, self.known.setdefault(changes, changes)))

    @property
    def share(self) -> float:
        """The share of conversations that would come out otherwise, from 0 to 1."""
        return self.changed / self.conversations if self.conversations else 0.0


@dataclass(frozen=True, slots=True)
class Replay:
    """How to run again. `before`: rules to compare with, in place of what was decided (None). `calendars`: hours that the
    stored facts do not know yet are looked up in them. `keep`: examples that are kept, None for all."""

    rulebook: Rulebook
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    before: Rulebook | None = None
    keep: int | None = 0

    def all(self, past: Iterable[Past], waits: Iterable[Episode] = ()) -> Tally:
        """Every decision run again; those on one conversation must come together, oldest first. `waits`: of the same time."""
        tally, waiting = Tally(), defaultdict[ConversationId, list[Episode]](list)
        for wait in waits:
            waiting[wait.conversation].append(wait)
        for (id, reference), run in groupby(past, key=lambda one: (one.conversation, one.reference)):
            course = _Course(self, tally)
            for one in run:
                course.decision(one)
            course.close(reference, waiting.pop(id, ()))
        for wait in (wait for left in waiting.values() for wait in left):
            tally.waits.add(wait, None, None)
        return tally


@dataclass(frozen=True, slots=True)
class Backtest:
    """A replay of what a store has of a window; `clocks`: with the waits of customers, for a rehearsal.

    `size`: conversations that are gone through together.
    """

    store: Store
    window: Window
    replay: Replay
    clocks: bool = True
    size: int = STRETCH

    def stretches(self) -> Iterator[Stretch]:
        """The conversations, some at a time: their tallies taken together in this order are the tally of all."""
        last = self.store.read_now(decisions.last_conversation)
        for after in range(0, last, self.size):
            yield Stretch(ConversationId(after), ConversationId(after + self.size))

    def of(self, stretch: Stretch) -> Tally:
        """What comes of some of the conversations."""
        waits = self.store.read_now(episodes, self.window, stretch) if self.clocks else ()
        return self.replay.all(self._stream(stretch), waits)

    def _stream(self, stretch: Stretch) -> Iterator[Past]:
        """Their decisions; a page at a time is in memory."""
        after = START
        while page := self.store.read_now(decisions.page, self.window, after, PAGE, stretch):
            yield from page
            after = (page[-1].conversation, page[-1].id)


@dataclass(slots=True)
class _Course:
    """One conversation while it is gone through."""

    replay: Replay
    tally: Tally
    found: dict[Change, None] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def decision(self, past: Past) -> None:
        tally = self.tally
        tally.decisions += 1
        try:
            stored = outcome_from(past.body)
        except (ValueError, KeyError, TypeError):
            tally.unread += 1
            return
        facts = self.known(stored.facts)
        before = stored if self.replay.before is None else _decided(self.replay.before, facts)
        after = _decided(self.replay.rulebook, facts)
        tally.hits[0].update(before.matched)
        tally.hits[1].update(after.matched)
        self.found.update(dict.fromkeys(changes(facts, before.effects, after.effects)))
        self.stand(past.at, facts, before.effects, after.effects)

    def known(self, facts: Facts) -> Facts:
        """The facts with the hours that were not known when they were stored."""
        new = self.replay.calendars.keys() - facts.within_hours.keys()
        if not new:
            return facts
        calendars = {name: self.replay.calendars[name] for name in new}
        hours = {name: calendar.is_open(facts.at) for name, calendar in calendars.items()}
        days = (name for name, one in calendars.items() if one.local(facts.at).date() in one.hours.holidays)
        return replace(facts, within_hours={**facts.within_hours, **hours}, holidays=(*facts.holidays, *days))

    def stand(self, at: datetime, facts: Facts, before: Effects, after: Effects) -> None:
        """What other rules set earlier stays, as long as the real history has what the real rules had set."""
        then, now = outcome(facts, before), outcome(facts, after)
        if self.steps:
            _, real, other = self.steps[-1]
            given = outcome(facts, _NOTHING)
            for name in STANDS:
                left, mine = getattr(real, name), getattr(other, name)
                untouched = given[name] == left or left.startswith("by ")
                if mine != left and untouched and not _sets(after, name):
                    now[name] = mine
        self.steps.append((at, standing(then), standing(now)))

    def close(self, reference: str, waits: Iterable[Episode]) -> None:
        tally = self.tally
        tally.conversations += 1
        if self.found:
            tally.changed += 1
            tally.fields.update(self.found.keys())
            tally.example(reference, tuple(self.found), self.replay.keep)
        if self.steps:
            _, before, after = self.steps[-1]
            for name, (then, now) in tally.stands.items():
                then[getattr(before, name)] += 1
                now[getattr(after, name)] += 1
        for wait in waits:
            tally.waits.add(wait, *stood(self.steps, wait.started_at))


_NOTHING = Effects()


def _decided(rulebook: Rulebook, facts: Facts) -> Outcome:
    decision = evaluate(rulebook, facts)
    return Outcome(facts, decision.effects, decision.matched)


def _sets(effects: Effects, name: str) -> bool:
    assign = effects.assign
    match name:
        case "team":
            return bool(effects.team or (assign and assign.team))
        case "assignee":
            return bool(assign and (assign.agent or assign.by))
        case _:
            return getattr(effects, name) is not None
