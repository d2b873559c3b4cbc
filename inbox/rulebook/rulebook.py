"""The rulebook: the ordered rules of one revision, ready to be matched."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from inbox.rulebook.conditions import Condition
from inbox.rulebook.decision import Traced
from inbox.rulebook.effects import Effect
from inbox.rulebook.index import Index, index
from inbox.rulebook.needs import best
from inbox.text.durations import Duration

TIME = frozenset({"idle", "promise-at-risk", "promise-late", "clock-breached"})
"""The events that time brings about: a rule for them acts once in a waiting episode, or once in a conversation."""


SMALL = 50
"""So many rules are looked at one by one: that is as quick as an index, and their decisions tell why each did not match."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A rule that waits: `since` is what its time counts from, as `idle.since` writes it."""

    rule: str
    since: str
    duration: Duration


@dataclass(frozen=True, slots=True)
class Rule:
    """On events, when all conditions hold, then effects. `place` is where it stands ("rules/20-urgent.toml:3").

    `waiting`: of a rule on `idle`. `once`: how often a time rule acts, `episode` or `conversation`.
    """

    name: str
    place: str
    on: frozenset[str]
    when: tuple[Condition, ...] = ()
    effects: tuple[Effect, ...] = ()
    override: frozenset[str] = frozenset()
    final: bool = False
    waiting: Waiting | None = None
    once: str = "episode"
    miss: Traced = field(init=False)
    """What the rule leaves in a trace most of the time: the first condition said plainly no. Made once, for speed."""

    def __post_init__(self) -> None:
        first = tuple(condition.no for condition in self.when[:1])
        miss = Traced(self.name, self.place, matched=False, conditions=first, unread=max(len(self.when) - 1, 0))
        object.__setattr__(self, "miss", miss)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """`revision` is a hash of the files (16 hex digits); `rules` are the enabled ones in order; `files` their texts by name."""

    revision: str
    rules: tuple[Rule, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    events: frozenset[str] = field(init=False)
    """The events for which there is a rule."""
    waiting: tuple[Waiting, ...] = field(init=False)
    """The rules on `idle`."""
    index: Index | None = field(init=False)
    """Of a rulebook that is not small."""

    def __post_init__(self) -> None:
        wanted = [(rule.on, best(condition.needs for condition in rule.when)) for rule in self.rules]
        object.__setattr__(self, "index", index(wanted) if len(self.rules) > SMALL else None)
        object.__setattr__(self, "events", frozenset(name for rule in self.rules for name in rule.on))
        object.__setattr__(self, "waiting", tuple(rule.waiting for rule in self.rules if rule.waiting is not None))

    def hears(self, events: Iterable[str]) -> bool:
        """Whether a rule looks at any of these events."""
        return not self.events.isdisjoint(events)
