"""Why a test case came out otherwise: who set what came out, and what kept the rules from setting what was wanted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from inbox.rulebook.cases import Difference, Trial
from inbox.rulebook.decision import Assign, Traced
from inbox.rulebook.effects import Effect
from inbox.rulebook.match import evaluate
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
    wanted = [rule for rule in _would(rulebook, difference) if rule.on & set(trial.case.facts.events)]
    looked = rulebook.rules[: _end(rulebook, trial)]
    results = [_result(rulebook, trial, rule) for rule in wanted if rule in looked]
    missed = tuple(one for one in results if not one.matched)
    return Why(difference, author, missed, tuple(rule.name for rule in wanted if rule not in looked))


def _end(rulebook: Rulebook, trial: Trial) -> int:
    """How many rules were looked at: all, or those until one that matched was final."""
    matched = set(trial.decision.matched)
    stops = (place for place, rule in enumerate(rulebook.rules, 1) if rule.final and rule.name in matched)
    return next(stops, len(rulebook.rules))


def _result(rulebook: Rulebook, trial: Trial, rule: Rule) -> Traced:
    """What a rule did in the trial. A trace need not tell of every rule that did not match: then those that did are run once
    more, with this one among them."""
    found = next((one for one in trial.decision.trace if one.rule == rule.name), None)
    if found is not None:
        return found
    matched = set(trial.decision.matched)
    few = tuple(one for one in rulebook.rules if one.name in matched or one is rule)
    again = evaluate(replace(rulebook, rules=few), trial.case.facts)
    return next(one for one in again.trace if one.rule == rule.name)


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
