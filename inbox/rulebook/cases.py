"""Test cases for rules: what is given, what is expected of it, and what must never come of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inbox.domain.conversations import Priority, State
from inbox.domain.problems import Misconfigured
from inbox.rulebook import values
from inbox.rulebook.decision import Decision
from inbox.rulebook.effects import assignment, recipient
from inbox.rulebook.facts import Facts
from inbox.rulebook.given import given
from inbox.rulebook.keys import Entry, entries
from inbox.rulebook.load import refuse
from inbox.rulebook.match import evaluate
from inbox.rulebook.names import Names
from inbox.rulebook.page import Page, opened
from inbox.rulebook.places import Path
from inbox.rulebook.rulebook import Rulebook
from inbox.rulebook.vocabulary import CASE_FILE_KEYS, CASE_KEYS, OUTCOME

Wanted = tuple[tuple[str, tuple[str, ...]], ...]
"""(key of the outcome, its values) as a case writes them."""


@dataclass(frozen=True, slots=True)
class Case:
    """One test of the rules. `place` is where it stands ("rules/tests/vip.toml:2")."""

    name: str
    place: str
    facts: Facts
    expect: Wanted
    never: Wanted


@dataclass(frozen=True, slots=True)
class Difference:
    """What came out otherwise. `never`: the value was forbidden, and came."""

    key: str
    wanted: tuple[str, ...]
    got: tuple[str, ...]
    never: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """One case tried: passed when there is no difference; the decision says why it came out so."""

    case: Case
    decision: Decision
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Nothing came out otherwise."""
        return not self.differences


def load_cases(files: Mapping[str, str], names: Names) -> tuple[Case, ...]:
    """The cases of test files ({name: text}) in order; raises `Refused` with everything that is wrong in them."""
    cases: list[Case] = []
    problems: list[Misconfigured] = []
    for name in sorted(files):
        page, tables = opened(name, files[name], names, CASE_FILE_KEYS, "case")
        cases += [_case(page, ("case", position), one) for position, one in enumerate(tables)]
        problems += page.problems
    refuse(problems)
    return tuple(cases)


def trial(rulebook: Rulebook, case: Case) -> Trial:
    """What the rulebook makes of the case's facts, against what the case wants."""
    decision = evaluate(rulebook, case.facts)
    outcome = _outcome(decision)
    missed = (
        Difference(key, wanted, outcome.get(key, ())) for key, wanted in case.expect if not _met(key, wanted, outcome)
    )
    broken = (Difference(key, bad, outcome[key], never=True) for key, bad in case.never if _happened(key, bad, outcome))
    return Trial(case, decision, (*missed, *broken))


def never_matched(rulebook: Rulebook, trials: Iterable[Trial]) -> tuple[str, ...]:
    """The rules that no case exercises."""
    seen = {name for one in trials for name in one.decision.matched}
    return tuple(rule.name for rule in rulebook.rules if rule.name not in seen)


def _case(page: Page, path: Path, table: dict[str, object]) -> Case:
    kept = page.allowed(path, table, CASE_KEYS)
    if "name" not in kept:
        page.wrong(path, "rules.no_name")
    if "expect" not in kept and "never" not in kept:
        page.wrong(path, "rules.nothing_expected")
    return Case(
        name=page.read(path, kept, "name", values.text, ""),
        place=page.where(path),
        facts=given(page, (*path, "given"), page.read(path, kept, "given", values.table, {})),
        expect=_wanted(page, (*path, "expect"), page.read(path, kept, "expect", values.table, {})),
        never=_wanted(page, (*path, "never"), page.read(path, kept, "never", values.table, {})),
    )


def _wanted(page: Page, path: Path, table: Mapping[str, object]) -> Wanted:
    found = []
    for entry in entries(page, path, table, OUTCOME):
        try:
            found.append((entry.written, _value(entry, page.names)))
        except values.Unfit as unfit:
            page.unfit(entry.path, entry.written, unfit)
    return tuple(found)


def _value(entry: Entry, names: Names) -> tuple[str, ...]:
    match entry.written:
        case "assign":
            return (values.NONE,) if entry.value == values.NONE else (str(assignment(entry.value, names)),)
        case "priority":
            return values.names(values.text(entry.value), tuple(Priority), "rules.unknown_word")
        case "state":
            return values.names(values.text(entry.value), tuple(State), "rules.unknown_word")
        case "notify" | "page":
            return tuple(recipient(one, names) for one in values.texts(entry.value))
        case "rules" if entry.value == []:
            return ()
        case "rules" | "tag" | "note":
            return values.texts(entry.value)
        case _:
            return (values.text(entry.value),)


def _outcome(decision: Decision) -> dict[str, tuple[str, ...]]:
    """How things stand after the run, keyed as a case writes it; "none" for nobody and nothing."""
    before, effects = decision.facts.conversation, decision.effects
    team = effects.team or (effects.assign.team if effects.assign else "") or before.team
    fields = {**dict(before.fields), **dict(effects.fields)}
    return {
        "rules": decision.matched,
        "priority": (str(effects.priority or before.priority),),
        "assign": (str(effects.assign or values.NONE),),
        "team": (team or values.NONE,),
        "tag": (*(tag for tag in before.tags if tag not in effects.untags), *effects.tags),
        "policy": (effects.policy or before.policy or values.NONE,),
        "acknowledgement": (effects.acknowledgement or values.NONE,),
        "reply": (effects.reply or values.NONE,),
        "note": tuple(note.text for note in effects.notes),
        "notify": tuple(one.to for one in effects.notify),
        "page": tuple(one.to for one in effects.page),
        "state": ("snoozed" if effects.snooze else str(effects.state or before.state),),
        **{f"field.{name}": (value,) for name, value in fields.items()},
    }


def _met(key: str, wanted: tuple[str, ...], outcome: Mapping[str, tuple[str, ...]]) -> bool:
    """Tags, notes and who is told may be among others; everything else is exactly so."""
    got = outcome.get(key, ())
    return set(wanted) <= set(got) if key in ("tag", "note", "notify", "page") else wanted == got


def _happened(key: str, bad: tuple[str, ...], outcome: Mapping[str, tuple[str, ...]]) -> bool:
    """One forbidden rule, tag, note or recipient is enough."""
    return bool(set(bad) & set(outcome.get(key, ())))
