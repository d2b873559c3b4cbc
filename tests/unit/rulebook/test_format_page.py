"""docs/rules-format.md says exactly what the code takes: every key, its type, whether it works, and an example that is true."""

import re
import tomllib

import pytest

from inbox.rulebook import vocabulary
from inbox.rulebook.cases import load_cases
from inbox.rulebook.load import Refused, load
from inbox.rulebook.vocabulary import Key
from tests.unit.rulebook.site import NAMES, ROOT, problems, rule

PAGE = (ROOT / "docs" / "rules-format.md").read_text("utf-8")
TABLES = {
    "key of a file": vocabulary.FILE_KEYS,
    "key of a rule": vocabulary.RULE_KEYS,
    "event": vocabulary.EVENTS,
    "condition": vocabulary.CONDITIONS,
    "effect": vocabulary.EFFECTS,
    "key of an assignment": vocabulary.ASSIGN_KEYS,
    "strategy": vocabulary.STRATEGIES,
    "key of a test file": vocabulary.CASE_FILE_KEYS,
    "key of a case": vocabulary.CASE_KEYS,
    "fact": vocabulary.GIVEN,
    "outcome": vocabulary.OUTCOME,
}
STANDS = {"accepted": True, "not yet": False}


def rows(head: str) -> list[tuple[str, str, str, str, str]]:
    """The cells of the page's table with that head."""
    table = PAGE.split(f"| {head} | takes | | what it says | example |\n")[1].split("\n\n")[0]
    found = []
    for line in table.splitlines()[1:]:
        name, takes, stands, says, example = (cell.strip() for cell in line.strip("|").split(" | "))
        found.append((name.strip("`"), takes, stands, says, example.strip("`")))
    return found


def examples(head: str) -> list[tuple[str, bool, str]]:
    return [(name, STANDS[stands], example) for name, _, stands, _, example in rows(head)]


@pytest.mark.parametrize("head", TABLES)
def test_the_page_and_the_code_have_the_same_keys_in_both_directions(head: str) -> None:
    assert [Key(name, takes, STANDS[stands]) for name, takes, stands, _, _ in rows(head)] == list(TABLES[head])
    assert all(says.endswith(".") for _, _, _, says, _ in rows(head))


def test_no_table_of_keys_is_left_out_here() -> None:
    assert set(re.findall(r"^\| ([^|]+) \| takes \| \| what", PAGE, re.MULTILINE)) == set(TABLES)


def test_every_type_is_explained_and_used() -> None:
    table = PAGE.split("| takes | that is |\n| --- | --- |\n")[1].split("\n\n")[0]
    told = {part for line in table.splitlines() for part in re.split(r", (?!or )|; ", line.strip("| ").split(" | ")[0])}
    assert told == {key.takes for keys in TABLES.values() for key in keys}


def refusals(toml: str) -> list[str]:
    return [problem.key for problem in problems(toml)]


@pytest.mark.parametrize(("name", "accepted", "example"), examples("condition"))
def test_an_example_of_a_condition(name: str, accepted: bool, example: str) -> None:
    assert example.startswith(f"when.{name.split('<')[0]}")
    waits = "on = 'idle'" if name.startswith("idle.") else ""
    length = "when.idle.for = '1 working hour'" if name == "idle.since" else ""
    assert refusals(rule(f"{waits}\n{length}\n{example}\nthen.tag = 'x'")) == ([] if accepted else ["rules.not_built"])


@pytest.mark.parametrize(("name", "accepted", "example"), examples("effect"))
def test_an_example_of_an_effect(name: str, accepted: bool, example: str) -> None:
    assert example.startswith(f"then.{name.split('<')[0]}")
    more = "then.priority = 'low'" if name == "override" else ""
    assert refusals(rule(f"{example}\n{more}")) == ([] if accepted else ["rules.not_built"])


@pytest.mark.parametrize(("name", "accepted", "example"), [*examples("event"), *examples("key of a rule")])
def test_an_example_of_an_event_or_a_key_of_a_rule(name: str, accepted: bool, example: str) -> None:
    assert name in example
    head = "" if example.startswith("name") else 'name = "it"\n'
    more = "" if example.startswith("then") else 'then.tag = "x"\n'
    more += {"idle": 'when.idle.for = "1 working hour"\n', "once": 'on = "promise-late"\n'}.get(name, "")
    assert refusals(f"[[rule]]\n{head}{example}\n{more}") == ([] if accepted else ["rules.not_built"])


@pytest.mark.parametrize(("name", "accepted", "example"), [*examples("key of an assignment"), *examples("strategy")])
def test_an_example_of_an_assignment(name: str, accepted: bool, example: str) -> None:
    assert name in example
    rest = [line for line in ('team = "support"', 'by = "least-busy"') if line.split()[0] != example.split()[0]]
    table = ", ".join([example, *rest])
    assert refusals(rule(f"then.assign = {{ {table} }}")) == ([] if accepted else ["rules.not_built"])


@pytest.mark.parametrize(
    ("name", "accepted", "example"), [*examples("fact"), *examples("outcome"), *examples("key of a case")]
)
def test_an_example_of_a_case(name: str, accepted: bool, example: str) -> None:
    assert name.split("<")[0] in example
    assert accepted
    head = "" if example.startswith("name") else 'name = "it"\n'
    more = "" if example.startswith(("expect", "never")) else 'expect.tag = "x"\n'
    assert len(load_cases({"a.toml": f"[[case]]\n{head}{example}\n{more}"}, NAMES)) == 1


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_the_page_s_own_rules_and_cases_load(block: str) -> None:
    if "case" in tomllib.loads(block):
        assert load_cases({"a.toml": block}, NAMES)
    else:
        assert load({"a.toml": block}, NAMES).rules


def test_an_example_that_is_wrong_would_be_noticed() -> None:
    with pytest.raises(Refused):
        load({"a.toml": rule('when.priority = "highest"\nthen.tag = "x"')}, NAMES)
