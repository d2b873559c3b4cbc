"""Rules that never do anything are found, and no rule is called so that does something for some facts."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from inbox.domain.conversations import Priority
from inbox.rulebook.facts import ContactFacts, ConversationFacts, Facts
from inbox.rulebook.match import evaluate
from inbox.rulebook.rulebook import Rulebook
from inbox.rulebook.shadowed import shadowed
from tests.unit.rulebook.site import book, facts, rule


def found(*bodies: str) -> list[tuple[str, str, bool]]:
    """(rule, the one above, whether it is reached) of a rulebook whose rules are called by their numbers."""
    text = "".join(rule(body, str(number)) for number, body in enumerate(bodies))
    return [(one.rule.name, one.above.name, one.reached) for one in shadowed(book(text))]


HIGH, LOW, STOP = 'then.priority = "high"', 'then.priority = "low"', "final = true"


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ('when.channel = ["support", "sales"]', 'when.channel = "sales"'),
        ('when.text.mentions = ["outage", "قطع شد"]', 'when.text.mentions = ["قطع‌شد"]'),
        ('when.text.mentions = "a"', 'when.subject.mentions = "a"'),
        ('when.text.mentions = ["a", "c"]', 'when.body.mentions_all = ["a", "b"]'),
        ('when.text.mentions_all = ["b"]', 'when.text.mentions_all = ["a", "b"]'),
        ('when.from = "*@shop.example"', 'when.from = ["billing@shop.example", "a*@shop.example"]'),
        ('when.to = "*@shop.example"', 'when.cc = "*g@Shop.example"'),
        ('when.header.x_priority = "present"', 'when.header.X_Priority = "1*"'),
        ("when.history.messages.at_least = 2", "when.history.messages = { at_least = 3, at_most = 5 }"),
        ('when.attachment.larger_than = "1 MB"', 'when.attachment.larger_than = "2048 KB"'),
        ("when.automatic = true", 'when.automatic = "bulk"'),
        ('when.contact.tag = ["VIP", "b"]', 'when.contact.tag = "vip"'),
        ('when.time.day = ["جمعه", "thursday"]', 'when.time.day = "friday"'),
        ("when.time.after = 13:00:00", "when.time.after = 14:30:00"),
        ("when.time.date_until = 2026-12-01", "when.time.date_until = 2026-11-01"),
        ('when.any = [{ language = "fa" }, { language = "en" }]', 'when.language = "en"'),
        (
            'when.language = ["fa", "en"]',
            'when.any = [{ language = "fa", tag = "x" }, { all = [{ language = "en" }] }]',
        ),
        ('when.not = { language = "fa" }', 'when.language = "en"'),
        ('when.not = { language = "fa" }', 'when.not = { language = ["fa", "en"] }'),
        ("when.automatic = false", "when.not = { automatic = true }"),
        ("when.not = { automatic = true }", "when.automatic = false"),
        ('when.priority_above = "normal"', 'when.priority = ["high", "urgent"]'),
        ('when.not = { priority = "low" }', 'when.priority_above = "low"'),
        ('when.all = [{ tag = "a" }]', 'when.tag = "A"'),
        ("", 'when.hours.support = "closed"'),
        ('when.hours.support = "closed"', 'when.hours.support = "closed"\nwhen.tag = "x"'),
    ],
)
def test_a_rule_whose_conditions_are_within_those_of_another(above: str, below: str) -> None:
    assert found(f"{above}\n{HIGH}", f"{below}\n{LOW}") == [("1", "0", True)]
    assert found(f"{above}\n{STOP}", f"{below}\n{LOW}") == [("1", "0", False)]
    assert found(f"{below}\n{LOW}", f"{above}\n{HIGH}\n{STOP}") == [], (
        "the wider one behind the narrower one is in order"
    )


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ('when.channel = "support"', 'when.channel = ["support", "sales"]'),
        ('when.text.mentions = "down"', 'when.text.mentions = "the site is down"'),  # «thesiteisdown» has no such word
        ('when.subject.mentions = "a"', 'when.text.mentions = "a"'),
        ('when.text.mentions_all = ["a"]', 'when.text.mentions = ["a", "b"]'),
        ('when.from = "a*@shop.example"', 'when.from = "*@shop.example"'),
        ('when.cc = "*@shop.example"', 'when.to = "*@shop.example"'),
        ('when.header.x = "1*"', 'when.header.x = "present"'),
        ('when.header.x = "present"', 'when.header.y = "1"'),
        ("when.history.messages.at_most = 5", "when.history.messages.at_least = 3"),
        ('when.automatic = "bulk"', "when.automatic = true"),
        ('when.language = "fa"', 'when.any = [{ language = "fa" }, { tag = "x" }]'),
        ('when.not = { language = "fa", channel = "sales" }', 'when.channel = ["support", "sales"]'),
        ('when.hours.support = "open"', 'when.not = { hours.support = "closed" }'),
        (
            'when.priority_above = "low"',
            'when.priority_above = "normal"\non = ["conversation-opened", "message-received"]',
        ),
    ],
)
def test_a_rule_that_another_does_not_cover(above: str, below: str) -> None:
    assert found(f"{above}\n{HIGH}", f"{below}\n{LOW}") == []


@pytest.mark.parametrize(
    "bodies",
    [
        # What a condition looks at as set so far may have become another between the two.
        ('when.tag = "a"\nthen.priority = "high"', 'then.tag = "a"', 'when.tag = "a"\nthen.priority = "low"'),
        ("when.assigned = true\n" + HIGH, 'then.assign = "agent:sara"', "when.assigned = true\n" + LOW),
        # An assignment is left out as a whole, and then it keeps nothing from anybody.
        (
            'when.channel = "sales"\nthen.team = "finance"',
            'then.assign = "team:support"',
            'then.assign = "agent:sara"',
        ),
        # A person's pin stops the first, and not the second.
        ('then.priority = "high"', 'then.priority = "low"\nthen.override = ["priority"]'),
        # A pinned team is in the way of another team, and not of an assignment within it.
        ('then.team = "support"', 'then.assign = "team:finance"'),
        ('then.assign = "team:support"', 'then.assign = "team:finance"'),
        ('then.tag = "a"', 'then.tag = ["a", "b"]'),
        ('then.tag = "a"', 'then.note = "n"'),
        (HIGH, LOW + "\nfinal = true"),
    ],
)
def test_a_rule_that_does_something_after_all(bodies: tuple[str, ...]) -> None:
    assert found(*bodies) == []


def test_each_effect_may_be_taken_by_another_rule() -> None:
    bodies = ('when.language = "fa"\nthen.priority = "high"', 'then.tag = ["a", "B"]')
    below = 'when.language = "fa"\nwhen.channel = "sales"\nthen.priority = "low"\nthen.tag = ["b"]'
    assert found(*bodies, below) == [("2", "1", True)]


def test_a_disabled_rule_shadows_nothing() -> None:
    assert found("enabled = false\n" + HIGH, LOW) == []


def test_many_ways_through_any_are_left_alone() -> None:
    choices = ", ".join('{ language = "fa" }' for _ in range(9))
    below = f"when.all = [{{ any = [{choices}] }}, {{ any = [{choices}] }}]"
    assert found('when.language = "fa"\n' + HIGH, f"{below}\n{LOW}") == []


CONDITIONS = [
    'language = "fa"',
    'language = ["fa", "en"]',
    'channel = "support"',
    "automatic = false",
    'automatic = "bulk"',
    'text.mentions = "outage"',
    'text.mentions = ["outage", "refund"]',
    'body.mentions_all = ["outage", "refund"]',
    'tag = "a"',
    'priority = "high"',
    'priority_above = "normal"',
    "assigned = false",
    'field.x = "present"',
    'field.x = "1*"',
]
EFFECTS = [
    'priority = "high"',
    'priority = "low"',
    'raise_priority_to = "urgent"',
    'assign = "agent:sara"',
    'assign = "team:finance"',
    'team = "support"',
    'tag = "a"',
    'tag = ["a", "b"]',
    'field.x = "1"',
    'note = "n"',
]


def groups() -> st.SearchStrategy[str]:
    table = st.sampled_from(CONDITIONS).map(lambda one: f"{{ {one} }}")
    several = st.tuples(st.sampled_from(["any", "all"]), st.lists(table, min_size=1, max_size=2))
    return several.map(lambda made: f"{made[0]} = [{', '.join(made[1])}]") | table.map(lambda one: f"not = {one}")


@st.composite
def bodies(draw: st.DrawFn) -> str:
    key = str.split
    when = draw(st.lists(st.sampled_from(CONDITIONS) | groups(), max_size=2, unique_by=lambda one: key(one)[0]))
    then = draw(st.lists(st.sampled_from(EFFECTS), min_size=1, max_size=2, unique_by=_field))
    on = draw(st.sampled_from(["", "", 'on = ["conversation-opened", "message-received"]', 'on = "message-received"']))
    override = 'then.override = ["priority"]' if any("priority" in one for one in then) and draw(st.booleans()) else ""
    final = draw(st.sampled_from(["", "", "", "final = true"]))
    return "\n".join([on, *(f"when.{one}" for one in when), *(f"then.{one}" for one in then), override, final])


def _field(effect: str) -> str:
    name = effect.split(" = ")[0]
    return {"raise_priority_to": "priority", "team": "assign"}.get(name, name)


def universe() -> Iterator[Facts]:
    """All facts that these conditions can tell apart, and the pins that a person may have set."""
    matters = [
        ConversationFacts(priority=priority, assignee=assignee, tags=tags, fields=fields, pinned=pinned)
        for priority, assignee, tags, fields, pinned in product(
            (Priority.LOW, Priority.NORMAL, Priority.HIGH),
            ("", "sara"),
            ((), ("a",)),
            ((), (("x", "1"),)),
            ((), ("priority",), ("assignee",), ("team", "field.x")),
        )
    ]
    said = product(("", "outage", "refund outage"), ("fa", "en", None), ("support", "sales"), (None, "bulk"))
    for text, language, channel, automatic in said:
        first = facts(text=text, language=language, channel=channel, automatic=automatic, contact=ContactFacts())
        for events in (first.events, ("message-received",)):
            yield from (replace(first, events=events, conversation=matter) for matter in matters)


UNIVERSE = tuple(universe())


def without(rulebook: Rulebook, name: str) -> Rulebook:
    return replace(rulebook, rules=tuple(one for one in rulebook.rules if one.name != name))


@given(st.lists(bodies(), min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_what_is_called_without_effect_has_none_whatever_comes_in(written: list[str]) -> None:
    rulebook = book("".join(rule(body, str(number)) for number, body in enumerate(written)))
    for one in shadowed(rulebook):
        event("reached" if one.reached else "unreached")
        lesser = without(rulebook, one.rule.name)
        for known in UNIVERSE:
            decision = evaluate(rulebook, known)
            traced = next((trace for trace in decision.trace if trace.rule == one.rule.name), None)
            assert traced is None or not traced.matched or (one.reached and not traced.did), (written, known)
            assert decision.effects == evaluate(lesser, known).effects
