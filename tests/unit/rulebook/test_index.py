"""The index of a large rulebook leaves out only what cannot match: with it and without it the decision is the same."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.rulebook.decision import Decision
from inbox.rulebook.explain import explain
from inbox.rulebook.facts import Facts, File
from inbox.rulebook.match import evaluate, walk
from inbox.rulebook.needs import Mark, needs
from inbox.rulebook.rulebook import SMALL, Rulebook
from tests.unit.rulebook.site import book, facts, rule, wording
from tests.unit.rulebook.test_properties import CONDITIONS, all_facts, effects, lines

MORE = [
    'from = "*@partner.example"',
    'from = ["ann@*", "bob@x.example"]',
    'from = "a*@*.example"',
    'to = "billing@*"',
    'cc = "*@b@c"',
    'from = "a@*"',
    'channel = "sales"',
    'brand = "acme"',
    "automatic = false",
    'automatic = ["bulk", "report"]',
    'authentication = "fail"',
    'header.x = "present"',
    'header.y = "absent"',
    'header.x = ["a", "ك"]',
    "attachment.present = false",
    'attachment.name = "*.pdf"',
    'organization.name = "Acme*"',
    'organization.tag = ["partner", "شریک"]',
    'text.mentions_all = ["hello", "قطع شد"]',
    'subject.mentions = "a"',
    'body.mentions = ["hi", "no"]',
    'changed.state.to = "open"',
    'changed.tag.added = "a"',
    'all = [{ text.mentions = "hello" }, { channel = "support" }]',
    'any = [{ text.mentions = "refund" }, { from = "ann@*" }]',
    'any = [{ text.mentions = "refund" }, { tag = "a" }]',
    'not = { text.mentions = "hello" }',
    "text.matches = 'h.llo'",
]
FILLING = "".join(rule(f'when.from = "nobody{n}@x"\nthen.tag = "filling"', f"filling {n}") for n in range(SMALL + 1))


@st.composite
def bodies(draw: st.DrawFn) -> str:
    when = [f"when.{line}" for line in draw(lines([*MORE, *CONDITIONS], 0))]
    then = [f"then.{line}" for line in draw(effects())]
    events = draw(st.sampled_from(["", 'on = ["conversation-opened", "message-received"]', 'on = "state-changed"']))
    return "\n".join([events, *when, *then, draw(st.sampled_from(["", "", "", "final = true"]))])


@st.composite
def more_facts(draw: st.DrawFn) -> Facts:
    said: dict[str, Any] = {
        "sender": draw(st.sampled_from(["", "Ann@x.example", "bob@x.example", "a@b@c", "z@partner.example"])),
        "to": draw(st.sampled_from([(), ("billing@us",), ("x@us", "y@us")])),
        "cc": draw(st.sampled_from([(), ("a@b@c",), ("billing@us",)])),
        "channel": draw(st.sampled_from(["support", "sales"])),
        "brand": draw(st.sampled_from(["acme", ""])),
        "authentication": draw(st.sampled_from(["pass", "fail"])),
        "organization": draw(st.sampled_from(["", "ACME Ltd"])),
        "organization_tags": draw(st.sampled_from([(), ("Partner",), ("شريک", "x")])),
        "attachments": draw(st.sampled_from([(), (File("a.pdf"),)])),
        "tags_added": draw(st.sampled_from([(), ("a",)])),
        "subject": draw(st.sampled_from(["", "a", "hello", "قطع", "hi no"])),
    }
    drawn = draw(all_facts())
    events = draw(st.sampled_from([drawn.events, ("message-received", "state-changed"), ("state-changed",)]))
    return Facts(**{**{name: getattr(drawn, name) for name in Facts.__dataclass_fields__}, **said, "events": events})


def large(rules: list[str]) -> Rulebook:
    return book("".join(rule(body, f"rule {place}") for place, body in enumerate(rules)) + FILLING)


@given(st.lists(bodies(), max_size=6), more_facts())
@settings(max_examples=300, deadline=None)
def test_with_the_index_the_decision_is_the_same(rules: list[str], known: Facts) -> None:
    rulebook = large(rules)
    assert rulebook.index is not None
    quick, whole = evaluate(rulebook, known), walk(rulebook, known)
    assert (quick.effects, quick.matched) == (whole.effects, whole.matched)
    looked = {one.rule for one in quick.trace}
    assert quick.trace == tuple(one for one in whole.trace if one.rule in looked)
    assert quick.passed == len(whole.trace) - len(quick.trace)
    assert Decision.from_json(quick.to_json()) == quick == evaluate(rulebook, Facts.from_json(known.to_json()))


def test_an_explanation_counts_what_was_ruled_out() -> None:
    rulebook = large(['when.text.mentions = "hello"\nthen.priority = "high"'])
    told = explain(evaluate(rulebook, facts(text="hello")), wording(), "en")
    assert [line.rule for line in told.lines] == ["rule 0"]
    assert str(SMALL + 1) in told.summary


def test_a_rule_that_is_spent_is_not_counted() -> None:
    spent = 'on = "promise-late"\nwhen.text.mentions = "hello"\nthen.tag = "a"'
    decision = evaluate(large([spent]), facts(events=("promise-late",), spent=("rule 0",)))
    assert (decision.trace, decision.passed) == ((), 0)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("from", "*@x.example", {Mark("from domain", "x.example")}),
        ("from", ["Ann@*", "bob@x"], {Mark("from name", "ann"), Mark("from", "bob@x")}),
        ("from", ["ann@*", "*"], None),
        ("text.mentions", ["قطع شد", "Down"], {Mark("word", "قطعشد"), Mark("word", "down")}),
        ("text.mentions_all", ["a b", "c"], {Mark("word", "ab")}),
        ("header.<name>", "absent", None),
        ("header.<name>", "present", {Mark("header", "x")}),
        ("header.<name>", ["A", "ك"], {Mark("header value", "x: a"), Mark("header value", "x: ک")}),
        ("automatic", False, None),
        ("priority", "high", None),
    ],
)
def test_what_a_condition_cannot_do_without(key: str, value: object, expected: set[Mark] | None) -> None:
    assert needs(key, "x", value) == (None if expected is None else frozenset(expected))


def test_of_a_thousand_rules_only_those_are_looked_at_that_can_match() -> None:
    rules = [f'when.text.mentions = ["word{n}", "واژه{n}"]\nthen.tag = ["t{n}"]' for n in range(1_000)]
    rulebook = book("".join(rule(body, f"r{place}") for place, body in enumerate(rules)))
    decision = evaluate(rulebook, facts(text="The parcel of word7 has not come.", subject="A question about واژه۷"))
    assert (decision.matched, len(decision.trace), decision.passed) == (("r7",), 1, 999)
