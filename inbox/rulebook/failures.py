"""Why a test case came out otherwise: who set what came out, and what kept the rules from setting what was wanted."""

from collections.abc import Iterator
from dataclasses import dataclass

from inbox.rulebook.cases import Difference, Trial
from inbox.rulebook.decision import Assign, Traced
from inbox.rulebook.effects import Effect
from inbox.rulebook.rulebook import Rule, Rulebook


@dataclass(frozen=True, slots=True)
class Why:
    """One difference with its reasons. `author` set what came out, empty where no rule did; `missed` are the rules that would
    have set what was wanted and did not match; `unseen` stand below a final one, so that they were not looked at."""

    difference: Difference
    author: str
    missed: tuple[Traced, ...] = ()
    unseen: tuple[str, ...] = ()


def reasons(rulebook: Rulebook, trial: Trial) -> tuple[Why, ...]:
    """A reason for every difference of a trial."""
    return tuple(_why(rulebook, trial, one) for one in trial.differences)


def _why(rulebook: Rulebook, trial: Trial, difference: Difference) -> Why:
    author = "" if difference.key == "rules" else _author(trial, difference)
    if difference.never:
        return Why(difference, author)
    trace = {one.rule: one for one in trial.decision.trace}
    wanted = [one.name for one in _would(rulebook, difference) if one.on & set(trial.case.facts.events)]
    missed = tuple(trace[name] for name in wanted if name in trace and not trace[name].matched)
    return Why(difference, author, missed, tuple(name for name in wanted if name not in trace))


def _author(trial: Trial, difference: Difference) -> str:
    several = difference.key in ("tag", "note")
    value = next((one for one in difference.wanted if one in difference.got), None) if several else None
    if several and value is None:
        return ""
    found = trial.decision.author(difference.key, value)
    return found or (trial.decision.author("assign") if difference.key == "team" else "")


def _would(rulebook: Rulebook, difference: Difference) -> Iterator[Rule]:
    """The rules that were wanted, or that set what was wanted."""
    for rule in rulebook.rules:
        if difference.key == "rules":
            if rule.name in difference.wanted and rule.name not in difference.got:
                yield rule
        elif any(_sets(effect, difference) for effect in rule.effects):
            yield rule


def _sets(effect: Effect, difference: Difference) -> bool:
    lacking = set(difference.wanted) - set(difference.got)
    if difference.key == "team" and isinstance(effect.value, Assign):
        return effect.value.team in lacking
    name = "priority" if effect.name == "raise_priority_to" else effect.name
    return name == difference.key and str(effect.value) in lacking
