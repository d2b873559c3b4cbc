"""Laws of the rulebook, over many small rulebooks and facts."""

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inbox.domain.conversations import Priority, State
from inbox.rulebook.decision import Decision
from inbox.rulebook.explain import explain
from inbox.rulebook.facts import ContactFacts, ConversationFacts, Facts, File
from inbox.rulebook.match import evaluate
from inbox.rulebook.plain import plain
from inbox.text.fold import words
from inbox.text.mentions import searchable
from tests.unit.rulebook.site import book, facts, rule, wording

WORDS = ["outage", "قطع شد", "نمی‌آید", "refund", "hello"]
CONDITIONS = [
    'tag = "a"',
    'tag = "b"',
    'priority = "high"',
    'priority_above = "normal"',
    'language = "fa"',
    "automatic = true",
    'state = "open"',
    'team = "support"',
    "assigned = false",
    'contact.tag = "vip"',
    'field.x = "1"',
    'hours.support = "closed"',
    'changed.state.from = "done"',
    'any = [{ tag = "a" }, { language = "fa", automatic = false }]',
    'not = { tag = "b" }',
    *(f'text.mentions = "{word}"' for word in WORDS),
]
EFFECTS = [
    'priority = "high"',
    'priority = "low"',
    'raise_priority_to = "urgent"',
    'assign = "agent:sara"',
    'assign = "team:finance"',
    'assign = { team = "support", by = "least-busy" }',
    'team = "support"',
    'tag = ["a"]',
    'tag = ["b", "c"]',
    'policy = "vip"',
    'policy = "standard"',
    'acknowledgement = "none"',
    'acknowledgement = "busy"',
    'reply = "busy"',
    'notify = ["agent:sara", "assignee"]',
    'notify = "assignee"',
    'page = "assignee"',
    'reply = "still-there"',
    'state = "spam"',
    'field.x = "1"',
    'field.y = "2"',
    'note = "n"',
    'untag = ["a"]',
    'snooze = "1 hour (24x7)"',
    'follow_up = { in = "1 hour (24x7)", text = "t" }',
]

CONTRARY = ('tag = ["a"]', 'untag = ["a"]')
"""What one rule must not do at once."""

ADD_UP = ("notify", "page", "tag", "untag", "note", "follow_up")


def key(line: str) -> str:
    """What must not stand twice in one rule: two effects on one field, or a condition's key."""
    name = line.split(" = ")[0]
    return {"raise_priority_to": "priority", "team": "assign", "snooze": "state"}.get(name, name)


def lines(choices: list[str], least: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(choices), min_size=least, max_size=3, unique_by=key)


def effects() -> st.SearchStrategy[list[str]]:
    """What one rule may do."""
    return lines(EFFECTS, 1).filter(lambda some: not {*CONTRARY} <= {*some})


@st.composite
def bodies(draw: st.DrawFn) -> str:
    when = [f"when.{line}" for line in draw(lines(CONDITIONS, 0))]
    then = [f"then.{line}" for line in draw(effects())]
    events = draw(st.sampled_from(["", 'on = "message-received"', 'on = ["conversation-opened", "message-received"]']))
    final = draw(st.sampled_from(["", "", "", "final = true"]))
    return "\n".join([events, *when, *then, final])


RULES = st.lists(bodies(), max_size=6)
TAGS = st.lists(st.sampled_from(["a", "b", "فاکتور"]), unique=True).map(tuple)


@st.composite
def all_facts(draw: st.DrawFn) -> Facts:
    said: dict[str, Any] = {
        "events": draw(st.sampled_from([("message-received",), ("conversation-opened", "message-received")])),
        "text": " ".join(draw(st.lists(st.sampled_from([*WORDS, "download", "😀", "قطع"]), max_size=5))),
        "subject": draw(st.text(max_size=20)),
        "language": draw(st.sampled_from(["fa", "en", None])),
        "automatic": draw(st.sampled_from([None, "bulk"])),
        "headers": draw(st.lists(st.tuples(st.sampled_from(["x", "y"]), st.text(max_size=5)), max_size=2).map(tuple)),
        "attachments": draw(
            st.lists(st.builds(File, st.text(max_size=5), size=st.integers(0, 9)), max_size=1).map(tuple)
        ),
        "contact": ContactFacts(tags=draw(st.sampled_from([(), ("vip",)])), messages=draw(st.integers(0, 3))),
        "conversation": ConversationFacts(
            state=draw(st.sampled_from(State)),
            priority=draw(st.sampled_from(Priority)),
            team=draw(st.sampled_from(["", "support"])),
            assignee=draw(st.sampled_from(["", "sara"])),
            tags=draw(TAGS),
            fields=draw(st.sampled_from([(), (("x", "1"),)])),
            pinned=draw(
                st.lists(st.sampled_from(["priority", "assignee", "team", "policy", "field.x"]), unique=True).map(tuple)
            ),
        ),
        "previous": draw(st.sampled_from([(), (("state", "done"),)])),
        "within_hours": draw(st.sampled_from([{}, {"support": True}, {"support": False}])),
    }
    return facts(**said)


def text_of(rules: list[str]) -> str:
    return "".join(rule(body, f"rule {place}") for place, body in enumerate(rules))


@given(RULES, all_facts())
@settings(max_examples=150, deadline=None)
def test_facts_and_decisions_come_back_from_json_and_decide_the_same(rules: list[str], known: Facts) -> None:
    rulebook = book(text_of(rules))
    decision = evaluate(rulebook, known)
    again = Facts.from_json(known.to_json())
    assert again == known
    assert evaluate(rulebook, again) == decision
    assert Decision.from_json(decision.to_json()) == decision


@given(RULES, all_facts())
@settings(max_examples=150, deadline=None)
def test_of_each_field_the_first_rule_that_sets_it_wins(rules: list[str], known: Facts) -> None:
    decision = evaluate(book(text_of(rules)), known)
    once = [effect for traced in decision.trace for effect, _ in traced.did if effect not in ADD_UP]
    assert len(once) == len(set(once)), "a field was set twice"
    order = [traced.rule for traced in decision.trace]
    for place, traced in enumerate(decision.trace):
        for left in traced.left:
            assert order.index(left.by) < place if left.by else left.field in known.conversation.pinned


@given(RULES, bodies(), st.integers(0, 6), all_facts())
@settings(max_examples=150, deadline=None)
def test_a_rule_that_cannot_match_changes_nothing(rules: list[str], body: str, place: int, known: Facts) -> None:
    named = [rule(one, f"rule {number}") for number, one in enumerate(rules)]
    impossible = rule(f'when.all = [{{ contact.tag = "nobody has it" }}]\n{body}', "impossible")
    more = [*named[:place], impossible, *named[place:]]
    before, after = evaluate(book("".join(named)), known), evaluate(book("".join(more)), known)
    assert after.effects == before.effects
    assert after.matched == before.matched


@given(RULES, all_facts())
@settings(max_examples=60, deadline=None)
def test_an_explanation_tells_the_decision(rules: list[str], known: Facts) -> None:
    decision = evaluate(book(text_of(rules)), known)
    said = wording()
    for language in ("fa", "en"):
        everything = explain(decision, said, language, everything=True)
        assert [(line.rule, line.matched) for line in everything.lines] == [
            (one.rule, one.matched) for one in decision.trace
        ]
        assert [line.did for line in everything.lines] == [
            tuple(f"{e}={v}" for e, v in one.did) for one in decision.trace
        ]
        assert [len(line.left) for line in everything.lines] == [len(one.left) for one in decision.trace]
        assert [line.rule for line in explain(decision, said, language).lines] == list(decision.matched)
    told = {line for one in everything.lines for line in one.did}
    effects = decision.effects
    expected = {f"tag={tag}" for tag in effects.tags} | {f"field.{name}={value}" for name, value in effects.fields}
    expected |= {f"untag={tag}" for tag in effects.untags} | {f"notify={one.to}" for one in effects.notify}
    expected |= {f"page={one.to}" for one in effects.page}
    for name in ("priority", "assign", "team", "policy", "acknowledgement", "reply", "state", "snooze"):
        value = getattr(effects, name)
        expected |= {f"{name}={value}"} if value is not None else set()
    assert told - {"note=n", "follow_up=1 hour (24x7): t"} == expected


LETTERS = st.text("abکيی ئ\u200c-.۱1", max_size=14)


@given(LETTERS, LETTERS)
@settings(max_examples=300, deadline=None)
def test_a_phrase_is_mentioned_exactly_where_the_one_search_of_the_house_finds_it(phrase: str, text: str) -> None:
    assume(words(phrase))
    rulebook = book(rule(f"when.body.mentions = {json.dumps(phrase)}\nthen.tag = 'x'"))
    found = bool(evaluate(rulebook, facts(text=text)).matched)
    assert found is searchable(text).mentions(phrase)


def test_only_what_json_can_hold_is_kept() -> None:
    with pytest.raises(TypeError, match="no JSON form for set"):
        plain({"a": {1}})
