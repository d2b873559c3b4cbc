"""The measurement of rules measures what it says: rules of which a few match, and the same decision both ways."""

from bench.rules import MESSAGES, SIZES, measure, workload
from inbox.rulebook.match import evaluate, walk
from inbox.rulebook.rulebook import SMALL


def test_messages_are_for_a_few_of_the_rules() -> None:
    work = workload(SIZES[1], 42)
    assert len(work.rulebook.rules) == SIZES[1] > SMALL
    matched = [evaluate(work.rulebook, message).matched for message in work.messages]
    assert len(matched) == MESSAGES
    assert all(rules[-1] == "default" for rules in matched)
    assert 1 < sum(map(len, matched)) / MESSAGES < 6
    assert matched == [walk(work.rulebook, message).matched for message in work.messages]


def test_the_figures_name_every_size() -> None:
    result = measure(0.01)
    assert [f"{size} rules" for size in SIZES] == [one.what for one in result.figures if one.what.endswith("0 rules")]
    assert [one.what for one in result.figures if one.binding] == ["ten times the rules cost"]
