"""docs/rules.md: every recipe loads, warns of nothing but that it is no whole rulebook, and does what the cases beside it say."""

import re
from dataclasses import dataclass

import pytest

from inbox.rulebook.cases import load_cases, never_matched, trial
from inbox.rulebook.check import check
from inbox.rulebook.load import load
from inbox.rulebook.names import Names
from tests.unit.rulebook.site import LANGUAGES, ROOT

PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8").split("\n## Try it before it counts")[0]
RECIPE = re.compile(r"^### (.+?)\n(.*?)(?=^##|\Z)", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAMES = Names(
    agents=frozenset({"sara", "reza"}),
    teams=frozenset({"support", "billing", "network", "english", "partners", "oncall", "leads"}),
    policies=frozenset({"standard", "vip"}),
    hours=frozenset({"support", "always"}),
    templates=dict.fromkeys(("acknowledgement", "still-there", "known-outage", "holiday", "after-hours"), LANGUAGES),
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What one heading of the page shows: the rules of a file, and the cases of another."""

    title: str
    rules: str
    cases: str


def recipes() -> list[Recipe]:
    """In the order of the page; a heading without TOML is none."""
    found = []
    for title, text in RECIPE.findall(PAGE):
        blocks = BLOCK.findall(text)
        if blocks:
            rules, cases = blocks
            found.append(Recipe(title, rules, cases))
    return found


every_recipe = pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.title)


def test_there_are_enough_recipes_and_none_is_left_out() -> None:
    assert len(recipes()) >= 20
    assert len(BLOCK.findall(PAGE)) == 2 * len(recipes())


def test_the_page_names_what_its_recipes_speak_of() -> None:
    introduction = PAGE.split("\n## ", maxsplit=1)[0]
    for name in (*NAMES.teams, *NAMES.agents, *(set(NAMES.templates) - {"acknowledgement"})):
        assert f"`{name}`" in introduction


@every_recipe
def test_a_recipe_loads_without_a_warning(recipe: Recipe) -> None:
    warnings = check(load({"50-recipe.toml": recipe.rules}, NAMES), NAMES)
    assert {one.key for one in warnings} <= {"rules.no_catch_all"}


@every_recipe
def test_a_recipe_does_what_its_cases_say(recipe: Recipe) -> None:
    rulebook = load({"50-recipe.toml": recipe.rules}, NAMES)
    trials = [trial(rulebook, case) for case in load_cases({"tests/recipe.toml": recipe.cases}, NAMES)]
    assert [(one.case.name, one.differences) for one in trials if not one.passed] == []
    assert never_matched(rulebook, trials) == ()


def test_cases_are_written_in_both_languages() -> None:
    cases = [case for recipe in recipes() for case in load_cases({"a.toml": recipe.cases}, NAMES)]
    persian = [case for case in cases if re.search("[آ-ی]", case.name + case.facts.text)]
    assert len(persian) >= 20
    assert len(cases) - len(persian) >= 15


def test_a_recipe_that_did_otherwise_would_be_noticed() -> None:
    recipe = recipes()[0]
    rulebook = load({"50-recipe.toml": recipe.rules.replace("صورت‌حساب", "x").replace("فاکتور", "x")}, NAMES)
    cases = load_cases({"tests/recipe.toml": recipe.cases}, NAMES)
    assert not all(trial(rulebook, case).passed for case in cases)
