"""Matching: one pass of the rulebook over the facts of one run, top to bottom, into a decision."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from inbox.domain.conversations import Priority, State
from inbox.rulebook.conditions import hold
from inbox.rulebook.decision import Assign, Decision, Effects, FollowUp, Hook, Left, Note, Notify, Traced
from inbox.rulebook.effects import Effect, Later
from inbox.rulebook.facts import Facts
from inbox.rulebook.reading import Reading
from inbox.rulebook.rulebook import Rule, Rulebook
from inbox.text.fold import fold


def evaluate(rulebook: Rulebook, facts: Facts) -> Decision:
    """What the rulebook decides about `facts`. Pure: equal facts and an equal revision give an equal decision.

    Rules of other events are not in the trace, nor time rules that are spent, nor those below a final rule that matched, nor
    in a large rulebook those that its index rules out. The effects are those of `walk`.
    """
    index, reading = rulebook.index, Reading(facts)
    if index is None:
        return _decide(rulebook, reading, rulebook.rules)
    places = index.candidates(reading)
    found = _decide(rulebook, reading, [rulebook.rules[place] for place in places])
    last = found.trace[-1] if found.trace else None
    stop = None
    if last is not None and last.final and last.matched:
        stop = next(place for place in places if rulebook.rules[place].name == last.rule)
    spent = _spent(rulebook.rules if stop is None else rulebook.rules[: stop + 1], facts) if facts.spent else 0
    return replace(found, passed=index.count(facts.events, stop) - len(found.trace) - spent)


def _spent(rules: Sequence[Rule], facts: Facts) -> int:
    return sum(rule.name in facts.spent and not rule.on.isdisjoint(facts.events) for rule in rules)


def walk(rulebook: Rulebook, facts: Facts) -> Decision:
    """The same decision with every rule for these events in its trace, looked at one by one."""
    return _decide(rulebook, Reading(facts), rulebook.rules)


def _decide(rulebook: Rulebook, reading: Reading, rules: Sequence[Rule]) -> Decision:
    facts = reading.facts
    run = _Run(reading, frozenset(facts.conversation.pinned))
    events = frozenset(facts.events)
    trace = []
    for rule in rules:
        if rule.on.isdisjoint(events) or rule.name in facts.spent:
            continue
        traced = run.rule(rule)
        trace.append(traced)
        if traced.matched and rule.final:
            break
    return Decision(rulebook.revision, facts, tuple(trace), run.effects())


_OUTCOME = {"raise_priority_to": "priority"}
"""Effects that are known by what they set."""


@dataclass(slots=True)
class _Run:
    """One run while it goes on: which rule set which field, and what is to be done so far."""

    reading: Reading
    pinned: frozenset[str]
    owners: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    assign: Assign | None = None
    tags: list[str] = field(default_factory=list)
    untags: list[str] = field(default_factory=list)
    tagged: dict[str, str] = field(default_factory=dict)
    """Which rule added or removed a (folded) tag: it stays so for the rules below."""
    notes: list[Note] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    told: list[Notify] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    paged: list[Notify] = field(default_factory=list)

    def rule(self, rule: Rule) -> Traced:
        first = rule.when[0].check(self.reading) if rule.when else None
        if first is not None and first is rule.when[0].no:
            return rule.miss
        matched, results = hold(rule.when, self.reading, first)
        if not matched:
            return Traced(rule.name, rule.place, False, results, len(rule.when) - len(results))
        did: list[tuple[str, str]] = []
        left: list[Left] = []
        for effect in rule.effects:
            obstacle = self.obstacle(rule, effect)
            if obstacle is not None:
                left.append(obstacle)
            elif self.apply(rule, effect):
                did.append((_OUTCOME.get(effect.name, effect.name), str(effect.value)))
        return Traced(rule.name, rule.place, True, results, 0, tuple(did), tuple(left), rule.final)

    def obstacle(self, rule: Rule, effect: Effect) -> Left | None:
        """Why the effect may not happen: an earlier rule set one of its fields, or a person did."""
        for name in effect.sets:
            if name in self.owners:
                return Left(effect.name, name, self.owners[name])
            if name in self.pinned and name not in rule.override and not self.as_it_is(name, effect):
                return Left(effect.name, name)
        return self.contrary(effect)

    def contrary(self, effect: Effect) -> Left | None:
        """A tag that a rule above added is not removed, nor one that it removed added again."""
        others = {"tag": self.untags, "untag": self.tags}.get(effect.name, [])
        tag = str(effect.value)
        if fold(tag) in map(fold, others):
            return Left(effect.name, f"tag {tag}", self.tagged[fold(tag)])
        return None

    def as_it_is(self, name: str, effect: Effect) -> bool:
        """A pin holds against change: an assignment within the team that a person chose changes no team."""
        value = effect.value
        return name == "team" and isinstance(value, Assign) and value.team == self.reading.now["team"]

    def apply(self, rule: Rule, effect: Effect) -> bool:
        """Do it; False when it changes nothing (the tag is there, the priority is as high already)."""
        for name in effect.sets:
            self.owners[name] = rule.name
        match effect.name, effect.value:
            case "assign", Assign() as assign:
                self.put(assign)
            case "tag", str() as tag:
                return self.tag(rule, tag)
            case "untag", str() as tag:
                return self.untag(rule, tag)
            case "snooze", str() as duration:
                self.chosen["snooze"] = duration
                self.reading.now["state"] = State.SNOOZED.value
            case "follow_up", Later() as later:
                self.follow_ups.append(FollowUp(rule.name, later.after, later.text))
            case "note", str() as text:
                self.notes.append(Note(rule.name, text))
            case "webhook", str() as name:
                return self.hook(rule, name)
            case "notify", str() as to:
                return self.notify(self.told, rule, to)
            case "page", str() as to:
                return self.notify(self.paged, rule, to)
            case "raise_priority_to", str() as priority:
                return self.lift(priority)
            case name, str() as value:
                self.set(name, value)
        return True

    def put(self, assign: Assign) -> None:
        self.assign = assign
        if assign.agent or assign.by:
            # A strategy chooses when the decision is applied; until then the assignee has no name that a rule could ask for.
            self.reading.now["assignee"] = assign.agent or f"({assign.by})"
        if assign.team:
            self.reading.now["team"] = assign.team

    def untag(self, rule: Rule, tag: str) -> bool:
        there = [one for one in self.reading.tags if fold(one) == fold(tag)]
        for one in there:
            self.reading.tags.remove(one)
        self.untags += there
        self.tagged.setdefault(fold(tag), rule.name)
        return bool(there)

    def tag(self, rule: Rule, tag: str) -> bool:
        if fold(tag) in map(fold, self.reading.tags):
            return False
        self.tagged[fold(tag)] = rule.name
        self.reading.tags.append(tag)
        self.tags.append(tag)
        return True

    def notify(self, told: list[Notify], rule: Rule, to: str) -> bool:
        """Whom a rule above tells of it, or pages, is told once, or paged once."""
        if to in (one.to for one in told):
            return False
        told.append(Notify(rule.name, to))
        return True

    def hook(self, rule: Rule, name: str) -> bool:
        """What a rule above calls is called once."""
        if name in (one.name for one in self.hooks):
            return False
        self.hooks.append(Hook(rule.name, name))
        return True

    def lift(self, priority: str) -> bool:
        if Priority(priority).weight <= Priority(self.reading.now["priority"]).weight:
            return False
        self.set("priority", priority)
        return True

    def set(self, name: str, value: str) -> None:
        self.chosen[name] = value
        if name.startswith("field."):
            self.reading.fields[name.removeprefix("field.")] = value
        elif name in self.reading.now:
            self.reading.now[name] = value

    def effects(self) -> Effects:
        chosen = self.chosen
        return Effects(
            priority=Priority(chosen["priority"]) if "priority" in chosen else None,
            assign=self.assign,
            team=chosen.get("team"),
            tags=tuple(self.tags),
            fields=tuple((name[6:], value) for name, value in chosen.items() if name.startswith("field.")),
            policy=chosen.get("policy"),
            acknowledgement=chosen.get("acknowledgement"),
            notes=tuple(self.notes),
            state=State(chosen["state"]) if "state" in chosen else None,
            untags=tuple(self.untags),
            snooze=chosen.get("snooze"),
            follow_ups=tuple(self.follow_ups),
            reply=chosen.get("reply"),
            notify=tuple(self.told),
            hooks=tuple(self.hooks),
            page=tuple(self.paged),
        )
