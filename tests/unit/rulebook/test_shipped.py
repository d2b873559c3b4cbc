"""The rules that ship, against the cases that ship with them: each rule is held by a case, in both languages."""

from dataclasses import replace
from functools import partial

import pytest

from inbox.rulebook.cases import Case, Trial, load_cases, trial
from inbox.rulebook.check import check
from inbox.rulebook.load import load
from inbox.rulebook.rulebook import Rulebook
from tests.unit.rulebook.site import NAMES, ROOT

RULES = [
    "machine mail",
    "urgent words",
    "vip",
    "billing",
    "account access",
    "complaint",
    "unsubscribe",
    "default",
]


def files(folder: str, pattern: str) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (ROOT / folder).glob(pattern)}


def shipped() -> Rulebook:
    return load(files("rules", "[0-9][0-9]-*.toml"), NAMES)


def cases() -> tuple[Case, ...]:
    return load_cases(files("rules/tests", "*.toml"), NAMES)


def tried(rulebook: Rulebook) -> list[Trial]:
    return list(map(partial(trial, rulebook), cases()))


def test_the_shipped_rules_are_those_that_are_tested_here() -> None:
    assert [rule.name for rule in shipped().rules] == RULES
    assert check(shipped(), NAMES) == ()


def test_every_case_passes() -> None:
    assert [(one.case.name, one.differences) for one in tried(shipped()) if not one.passed] == []
    assert len(cases()) >= 20
    assert len({case.name for case in cases()}) == len(cases())


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("name", RULES)
def test_a_case_in_each_language_exercises_each_rule(name: str, language: str) -> None:
    assert any(one.case.facts.language == language and name in one.decision.matched for one in tried(shipped()))


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_is_lost_breaks_a_case(name: str) -> None:
    whole = shipped()
    left = tuple(rule for rule in whole.rules if rule.name != name)
    assert not all(one.passed for one in tried(replace(whole, rules=left)))
