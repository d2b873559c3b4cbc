"""A decision: what one run of the rulebook saw, rule by rule, and what came of it; stored, explained and replayed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json, to_json

from inbox.domain.assigning import Candidate, Choice
from inbox.domain.conversations import Priority, State
from inbox.rulebook.facts import Facts, facts_from
from inbox.rulebook.plain import plain


@dataclass(frozen=True, slots=True)
class Checked:
    """One condition's result. `wanted` is what the rule asks for, `seen` the phrase or value that decided, as far as one did.

    For `any`, `all` and `not` the results within are `parts`, as far as they were needed.
    """

    key: str
    wanted: str
    held: bool
    seen: str = ""
    parts: tuple["Checked", ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """An effect that did not happen: another rule had set the field before (`by`), or a person pinned it (`by` empty)."""

    effect: str
    field: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Traced:
    """What one rule did. The conditions after the first that failed were not looked at: `unread` counts them.

    `did` lists effects as `(effect, value)` in the order of the rule language: ("priority", "high"), ("tag", "billing").
    """

    rule: str
    place: str
    matched: bool
    conditions: tuple[Checked, ...] = ()
    unread: int = 0
    did: tuple[tuple[str, str], ...] = ()
    left: tuple[Left, ...] = ()
    final: bool = False


@dataclass(frozen=True, slots=True)
class Assign:
    """To one agent (a handle), or into a team's queue, or by a strategy among those of a team who have all `skills` and, with
    `language`, write as the customer does. `keep`: whoever of the team has it already goes on with it."""

    agent: str = ""
    team: str = ""
    by: str = ""
    skills: tuple[str, ...] = ()
    language: bool = False
    keep: bool = False

    @property
    def chooses(self) -> bool:
        """Whether it comes to one agent, and not only to a team's queue."""
        return bool(self.agent or self.by)

    def __str__(self) -> str:
        if self.agent:
            return f"agent:{self.agent}"
        words = [f"team:{self.team} by {self.by}" if self.by else f"team:{self.team}"]
        words += [f"skills {', '.join(self.skills)}"] if self.skills else []
        words += ["language"] if self.language else []
        return "; ".join([*words, "keep"] if self.keep else words)


@dataclass(frozen=True, slots=True)
class Note:
    """A note that `rule` leaves for the agents."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Notify:
    """Whom `rule` tells of it: `agent:<handle>`, `team:<name>` or `assignee`."""

    rule: str
    to: str


@dataclass(frozen=True, slots=True)
class Hook:
    """The webhook that `rule` calls."""

    rule: str
    name: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A task that `rule` makes: after a duration, as `inbox.text.durations` reads it, this is to be done."""

    rule: str
    after: str
    text: str


@dataclass(frozen=True, slots=True)
class Effects:
    """What is to be done, to be applied as it stands; None and empty leave things as they are.

    An `assign` with a team sets the team too; `team` alone leaves the assignee. `acknowledgement` is a template's name, or
    "none" for no acknowledgement; `reply` one with which the customer is answered. `tags` are to be added, `untags` to be removed, `fields` to be set. `snooze` is a duration as
    `inbox.text.durations` reads it.
    """

    priority: Priority | None = None
    assign: Assign | None = None
    team: str | None = None
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    policy: str | None = None
    acknowledgement: str | None = None
    notes: tuple[Note, ...] = ()
    state: State | None = None
    untags: tuple[str, ...] = ()
    snooze: str | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    reply: str | None = None
    notify: tuple[Notify, ...] = ()
    hooks: tuple[Hook, ...] = ()
    page: tuple[Notify, ...] = ()
    """Who is called until somebody says that they have it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One run: the revision of the rulebook, the facts as they were, each rule's trace in order, and the effects.

    `choice`: whom an assignment came to. That depends on everybody's work at that moment and not on the facts alone, so two
    runs are equal without it.
    """

    revision: str
    facts: Facts
    trace: tuple[Traced, ...] = ()
    effects: Effects = Effects()
    choice: Choice | None = field(default=None, compare=False)
    passed: int = 0
    """How many rules the index of a large rulebook ruled out: they are not in the trace, which `match.walk` makes whole."""

    @property
    def matched(self) -> tuple[str, ...]:
        """The names of the rules that matched, in order."""
        return tuple(one.rule for one in self.trace if one.matched)

    def author(self, effect: str, value: str | None = None) -> str:
        """The rule that did an effect ("priority", "assign", "tag" with its value, ...), or empty when none did."""
        for one in self.trace:
            if any(done == effect and value in (None, what) for done, what in one.did):
                return one.rule
        return ""

    def to_json(self) -> str:
        """The whole decision as one JSON object, facts included; the trace, its greater part, as short arrays."""
        told = {
            "revision": self.revision,
            "facts": plain(self.facts),
            "trace": [_traced_told(one) for one in self.trace],
            "effects": plain(self.effects),
            **({"passed": self.passed} if self.passed else {}),
        }
        if self.choice is not None:
            told["choice"] = plain(self.choice)
        return to_json(told).decode()

    @staticmethod
    def from_json(stored: str) -> "Decision":
        """The decision again, equal to the one stored. ValueError, KeyError or TypeError for what `to_json` did not write."""
        table = json.loads(stored)
        trace = tuple(_traced(*one) for one in table["trace"])
        effects, choice = _effects(table["effects"]), _choice(table.get("choice"))
        facts, passed = facts_from(table["facts"]), table.get("passed", 0)
        return Decision(table["revision"], facts, trace, effects, choice, passed)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a replay compares with: a stored decision without the results of its conditions, which are its greater part."""

    facts: Facts
    effects: Effects
    matched: tuple[str, ...]


def outcome_from(stored: str) -> Outcome:
    """The outcome of a stored decision. ValueError, KeyError or TypeError for what `Decision.to_json` did not write."""
    table = from_json(stored)
    matched = tuple(one[0] for one in table["trace"] if one[2])
    return Outcome(facts_from(table["facts"]), _effects(table["effects"]), matched)


def _traced_told(one: Traced) -> list[object]:
    told: list[object] = [
        one.rule,
        one.place,
        int(one.matched),
        [_checked_told(part) for part in one.conditions],
        one.unread,
    ]
    if one.matched:
        told += [one.did, [[left.effect, left.field, left.by] for left in one.left], int(one.final)]
    return told


def _traced(
    rule: str,
    place: str,
    matched: int,
    conditions: list[list[Any]],
    unread: int,
    did: Iterable[tuple[str, str]] = (),
    left: Iterable[tuple[str, str, str]] = (),
    final: int = 0,
) -> Traced:
    results = tuple(_checked(*one) for one in conditions)
    done = tuple((effect, value) for effect, value in did)
    return Traced(rule, place, bool(matched), results, unread, done, tuple(Left(*one) for one in left), bool(final))


def _checked_told(one: Checked) -> list[object]:
    if one.parts:
        return [one.key, one.wanted, int(one.held), one.seen, [_checked_told(part) for part in one.parts]]
    return [one.key, one.wanted, int(one.held), one.seen] if one.seen else [one.key, one.wanted, int(one.held)]


def _checked(key: str, wanted: str, held: int, seen: str = "", parts: Iterable[list[Any]] = ()) -> Checked:
    return Checked(key, wanted, bool(held), seen, tuple(_checked(*one) for one in parts))


def _effects(table: dict[str, Any]) -> Effects:
    made = dict(table)
    if "priority" in made:
        made["priority"] = Priority(made["priority"])
    if "state" in made:
        made["state"] = State(made["state"])
    if "assign" in made:
        assign = made["assign"]
        made["assign"] = Assign(**{**assign, "skills": tuple(assign.get("skills", ()))})
    made["tags"] = tuple(made.get("tags", ()))
    made["untags"] = tuple(made.get("untags", ()))
    made["fields"] = tuple((name, value) for name, value in made.get("fields", ()))
    made["follow_ups"] = tuple(FollowUp(**one) for one in made.get("follow_ups", ()))
    for told in ("notify", "page"):
        made[told] = tuple(Notify(**one) for one in made.get(told, ()))
    made["hooks"] = tuple(Hook(**one) for one in made.get("hooks", ()))
    made["notes"] = tuple(Note(**one) for one in made.get("notes", ()))
    return Effects(**made)


def _choice(table: dict[str, Any] | None) -> Choice | None:
    if table is None:
        return None
    considered = tuple(Candidate(**one) for one in table.get("considered", ()))
    return Choice(table["agent"], table["reason"], considered)
