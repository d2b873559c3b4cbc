"""A backtest: stored decisions run again under other rules, one conversation after the other, and what would be otherwise."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from inbox.domain.ids import ConversationId
from inbox.rulebook.decision import Effects, Outcome, outcome_from
from inbox.rulebook.facts import Facts
from inbox.rulebook.match import evaluate
from inbox.rulebook.replay import Change, changes, outcome
from inbox.rulebook.rulebook import Rulebook
from inbox.sla.hours import Calendar
from inbox.store import decisions
from inbox.store.decisions import START, Past, Window
from inbox.store.store import Store

STANDS = ("priority", "team", "assignee", "policy", "state")
"""What a conversation has one of, and what is counted: by how many have which."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stands after a decision, in the words of `replay.outcome`."""

    priority: str
    team: str
    assignee: str
    policy: str
    state: str


Step = tuple[datetime, Standing, Standing]
"""A decision's instant, how it left the conversation, and how other rules would have left it."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A conversation that would come out otherwise."""

    reference: str
    changes: tuple[Change, ...]


@dataclass(slots=True)
class Tally:
    """What a replay came to. It grows with what differs, and by a few words a conversation where `steps` are kept.

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
    steps: dict[ConversationId, tuple[Step, ...]] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """The share of conversations that would come out otherwise, from 0 to 1."""
        return self.changed / self.conversations if self.conversations else 0.0


@dataclass(frozen=True, slots=True)
class Replay:
    """How to run again. `before`: rules to compare with, in place of what was decided (None). `calendars`: hours that the
    stored facts do not know yet are looked up in them. `keep`: examples that are kept, None for all; `steps`: keep those."""

    rulebook: Rulebook
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    before: Rulebook | None = None
    keep: int | None = 0
    steps: bool = False

    def all(self, past: Iterable[Past]) -> Tally:
        """Every decision run again; those on one conversation must come together, oldest first."""
        tally, known = Tally(), dict[Standing, Standing]()
        for matter, run in groupby(past, key=lambda one: (one.conversation, one.reference)):
            course = _Course(self, tally)
            for one in run:
                course.decision(one)
            course.close(*matter, known)
        return tally


def stream(store: Store, window: Window) -> Iterator[Past]:
    """The decisions of a window, as `Replay.all` wants them; a page at a time is in memory."""
    after = START
    while page := store.read_now(decisions.page, window, after):
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
        self.steps.append((at, _standing(then), _standing(now)))

    def close(self, id: ConversationId, reference: str, known: dict[Standing, Standing]) -> None:
        tally = self.tally
        tally.conversations += 1
        if self.found:
            tally.changed += 1
            tally.fields.update(self.found.keys())
            if self.replay.keep is None or len(tally.examples) < self.replay.keep:
                tally.examples.append(Changed(reference, tuple(self.found)))
        if self.steps:
            _, before, after = self.steps[-1]
            for name, (then, now) in tally.stands.items():
                then[getattr(before, name)] += 1
                now[getattr(after, name)] += 1
            if self.replay.steps:  # there are few different ones, and many conversations
                tally.steps[id] = tuple(
                    (at, known.setdefault(one, one), known.setdefault(other, other)) for at, one, other in self.steps
                )


_NOTHING = Effects()


def _decided(rulebook: Rulebook, facts: Facts) -> Outcome:
    decision = evaluate(rulebook, facts)
    return Outcome(facts, decision.effects, decision.matched)


def _standing(stands: Mapping[str, str]) -> Standing:
    return Standing(*(stands[name] for name in STANDS))


def _sets(effects: Effects, name: str) -> bool:
    assign = effects.assign
    match name:
        case "team":
            return bool(effects.team or (assign and assign.team))
        case "assignee":
            return bool(assign and (assign.agent or assign.by))
        case _:
            return getattr(effects, name) is not None
