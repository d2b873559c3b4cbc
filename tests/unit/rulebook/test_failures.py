"""Why a case failed: who set what came out, which rules missed it, and which were not looked at."""

from dataclasses import replace

from inbox.rulebook.cases import load_cases, trial
from inbox.rulebook.failures import Why, reasons
from tests.unit.rulebook.site import NAMES, book, rule

FIRST = rule('when.language = "fa"\nthen.priority = "urgent"', "first")
SECOND = rule('then.priority = "low"\nthen.team = "support"', "second")
THIRD = rule('when.priority = "high"\nthen.assign = "team:finance"', "third")


def why(rules: str, body: str, *, forget: bool = False) -> tuple[Why, ...]:
    """The reasons of a failing case; `forget`: as if the trace told of rules that matched only."""
    (case,) = load_cases({"tests/a.toml": f'[[case]]\nname = "it"\n{body}\n'}, NAMES)
    rulebook = book(rules)
    tried = trial(rulebook, case)
    if forget:
        decision = replace(tried.decision, trace=tuple(one for one in tried.decision.trace if one.matched))
        tried = replace(tried, decision=decision)
    return reasons(rulebook, tried)


def told(found: tuple[Why, ...]) -> list[tuple[str, str, list[str], tuple[str, ...]]]:
    return [(one.difference.key, one.author, [each.rule for each in one.missed], one.unseen) for one in found]


def test_the_author_and_the_rules_that_missed_it() -> None:
    case = 'given.language = "en"\nexpect = { priority = "urgent", team = "finance", tag = "x" }'
    expected = [("priority", "second", ["first"], ()), ("team", "second", ["third"], ()), ("tag", "", [], ())]
    assert told(why(FIRST + SECOND + THIRD, case)) == expected
    assert told(why(FIRST + SECOND + THIRD, case, forget=True)) == expected


def test_a_rule_that_a_trace_leaves_out_is_asked_as_things_stood_then() -> None:
    (team, *_) = why(FIRST + SECOND + THIRD, 'expect = { team = "finance" }', forget=True)
    assert [(one.key, one.seen) for one in team.missed[0].conditions] == [("priority", "low")]


def test_what_stands_below_a_final_rule_was_not_looked_at() -> None:
    stop = rule("final = true", "stop")
    assert told(why(stop + FIRST, 'expect = { priority = "urgent" }')) == [("priority", "", [], ("first",))]
    assert told(why(stop + FIRST, 'expect = { rules = ["stop", "first"] }')) == [("rules", "", [], ("first",))]


def test_what_was_forbidden_has_an_author_only() -> None:
    assert told(why(SECOND, 'never = { team = "support", priority = "low" }')) == [
        ("team", "second", [], ()),
        ("priority", "second", [], ()),
    ]
    tagged = rule('then.tag = ["a", "b"]', "tags")
    assert told(why(tagged, 'never = { tag = "b" }')) == [("tag", "tags", [], ())]
