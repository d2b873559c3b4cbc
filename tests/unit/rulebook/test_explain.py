"""An explanation says, in the reader's language, why it was decided so."""

from dataclasses import replace
from functools import partial

import pytest

from inbox.domain.assigning import Candidate, Choice, Obstacle, Reason
from inbox.rulebook.chosen import because
from inbox.rulebook.decision import Decision
from inbox.rulebook.explain import Line, explain
from inbox.rulebook.facts import ConversationFacts
from tests.unit.rulebook.site import decided, rule, wording

TEXT = (
    rule('when.header.auto_submitted = "present"\nwhen.language = "fa"\nthen.tag = "automatic"', "machine mail")
    + rule('when.text.mentions = ["قطع شد", "outage"]\nthen.priority = "urgent"\nthen.tag = "x"', "قطعی سرویس")
    + rule('when.any = [{ tag = "z" }, { not = { language = "fa" } }]\nthen.team = "support"', "not Persian")
    + rule('then.priority = "normal"\nthen.policy = "standard"\nfinal = true', "default")
)


def decision() -> Decision:
    return decided(TEXT, text="Outage!", language="en", conversation=ConversationFacts(pinned=("policy",)))


def test_in_english() -> None:
    found = explain(decision(), wording(), "en")
    assert found.summary == "1 rule did not match"
    assert found.revision == decision().revision
    assert found.lines == (
        Line("قطعی سرویس", "10-test.toml:6", True, ("text.mentions outage? yes",), ("priority=urgent", "tag=x")),
        Line(
            "not Persian",
            "10-test.toml:11",
            True,
            ("one of these holds (tag z? no · it is not so, as wanted (language fa? no, it was en))",),
            ("team=support",),
        ),
        Line(
            "default",
            "10-test.toml:15",
            True,
            ("no conditions",),
            (),
            (
                "priority left alone: “\u2068قطعی سرویس\u2069” had set it before",
                "policy left alone: a person set “policy”",
            ),
            "final: no rule below was looked at",
        ),
    )


def test_with_the_rules_that_did_not_match() -> None:
    found = explain(decision(), wording(), "en", everything=True)
    assert found.summary == ""
    assert found.lines[0].because == ("header.auto_submitted present? no", "1 more condition was not looked at")


def test_in_persian_names_of_the_language_stay_as_they_are_and_are_isolated() -> None:
    found = explain(decision(), wording(), "fa", everything=True)
    assert found.lines[0].because == (
        "\u2068header.auto_submitted\u2069 \u2068present\u2069؟ نه",
        "۱ شرط دیگر دیده نشد",
    )
    assert found.lines[1].did == ("priority=urgent", "tag=x")
    assert found.lines[3].because == ("بدون شرط",)
    assert found.lines[3].left[1].endswith("یکی از همکاران «\u2068policy\u2069» را تعیین کرده است")


def test_what_was_missing_and_how_much_it_was() -> None:
    text = rule('when.text.mentions_all = ["a", "b"]\nthen.tag = "x"', "one") + rule(
        "when.history.messages.at_least = 2\nthen.tag = 'y'", "two"
    )
    found = explain(decided(text, text="a"), wording(), "en", everything=True)
    assert [line.because for line in found.lines] == [
        ("text.mentions_all a, b? no, b is missing",),
        ("history.messages at_least 2? no, it was 0",),
    ]


def test_when_there_was_no_rule_at_all() -> None:
    found = explain(decided(""), wording(), "en")
    assert (found.lines, found.summary) == ((), "No rule was there for this event.")


def test_a_long_list_is_cut() -> None:
    tags = [f"tag {number}" for number in range(40)]
    found = explain(decided(rule(f"when.tag = {tags}\nthen.tag = 'x'")), wording(), "en", everything=True)
    (because,) = found.lines[0].because
    assert because.startswith("tag tag 0, tag 1,")
    assert because.endswith("…? no")


def test_whom_it_came_to_and_why_to_nobody_else() -> None:
    seen = (Candidate("sara", 4), Candidate("reza", 2, "away"))
    given = replace(decision(), choice=Choice("sara", "round-robin", seen))
    assert explain(given, wording(), "en").choice == "Given to sara: it was their turn · sara: open work 4 · reza: away"
    nobody = replace(decision(), choice=Choice("", "nobody", seen[1:]))
    assert explain(nobody, wording(), "fa").choice.startswith("به کسی سپرده نشد: ")
    assert explain(decision(), wording(), "en").choice == ""


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_reason_and_obstacle_has_words(language: str) -> None:
    say = partial(wording().say, language)
    for reason in Reason:
        assert because(reason, [Candidate("a", 1, obstacle) for obstacle in Obstacle], say)
    assert because("answered it", (), say) == "", "what an older version wrote is no reason of the language"
