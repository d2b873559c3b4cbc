"""A replay of stored decisions: the same rules give the same, and other rules are told apart field by field."""

import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import past
from inbox.domain.ids import ClockId, ConversationId, DecisionId
from inbox.pipeline.backtest import Replay, Tally
from inbox.pipeline.waits import Waits
from inbox.rulebook.decision import Decision, outcome_from
from inbox.rulebook.facts import ConversationFacts, Facts
from inbox.rulebook.load import load
from inbox.rulebook.match import evaluate
from inbox.rulebook.names import Names
from inbox.rulebook.replay import Change, changes
from inbox.rulebook.rulebook import Rulebook
from inbox.sla.hours import Calendar, Hours
from inbox.sla.policy import Metric
from inbox.store.decisions import Past
from inbox.store.episodes import Episode
from tests.unit.rulebook.site import NOON, book, facts, rule
from tests.unit.rulebook.test_properties import RULES, all_facts, text_of

NAMES = Names(
    teams=frozenset(past.TEAMS),
    policies=frozenset({"standard", "vip"}),
    hours=frozenset({"support", "always"}),
    channels=frozenset({"support", "bot"}),
)


def stored(rulebook: Rulebook, *known: Facts, matter: int = 1) -> Iterator[Past]:
    """The decisions of a rulebook on these facts, of one conversation."""
    for number, one in enumerate(known, 1):
        body = evaluate(rulebook, one).to_json()
        yield Past(DecisionId(number), ConversationId(matter), f"R{matter}", one.at, body)


def history(rulebook: Rulebook, count: int, seed: int) -> Iterator[Past]:
    chance = random.Random(seed)
    for matter in range(count):
        yield from stored(rulebook, *past.talk(chance, past.FIRST + chance.random() * past.SPAN), matter=matter)


def waited(matter: int, at: datetime) -> Episode:
    clock = ClockId(matter + 1)
    return Episode(clock, ConversationId(matter), f"R{matter}", Metric.FIRST_REPLY, at, None, None, False, True)


def waiting(count: int) -> list[Episode]:
    return [waited(matter, past.FIRST) for matter in range(count)]


@pytest.mark.parametrize("seed", range(3))
def test_the_live_rules_on_their_own_decisions_give_exactly_what_is_stored(seed: int) -> None:
    rulebook = load(past.rules(40), NAMES)
    seen = 0
    for one in history(rulebook, 900, seed):
        outcome = outcome_from(one.body)
        decision = evaluate(rulebook, outcome.facts)
        assert (decision.effects, decision.matched) == (outcome.effects, outcome.matched)
        assert decision == Decision.from_json(one.body)
        seen += 1
    tally = Replay(rulebook, keep=None).all(history(rulebook, 900, seed), waiting(900))
    assert (tally.decisions, tally.conversations, tally.changed, tally.unread) == (seen, 900, 0, 0)
    assert seen > 1000
    assert tally.hits[0] == tally.hits[1]
    assert all(before == after for before, after in tally.stands.values())
    assert len(tally.waits) == 900
    assert tally.waits.before == tally.waits.after


@given(RULES, all_facts())
@settings(max_examples=100, deadline=None)
def test_any_decision_comes_out_again_as_it_is_stored(rules: list[str], known: Facts) -> None:
    rulebook = book(text_of(rules))
    decision = evaluate(rulebook, known)
    outcome = outcome_from(decision.to_json())
    assert (outcome.facts, outcome.effects, outcome.matched) == (known, decision.effects, decision.matched)
    assert Replay(rulebook).all(stored(rulebook, known)).changed == 0


def replayed(before: str, after: str, *known: Facts) -> Tally:
    waits = [waited(1, one.at) for one in known]
    return Replay(book(after), keep=None).all(stored(book(before), *known), waits)


def test_each_field_is_told_apart() -> None:
    before = rule(
        'then = { priority = "high", assign = "agent:sara", tag = ["a", "b"], note = "old", field.x = "1", reply = "busy", notify = ["assignee"] }'
    )
    after = rule(
        'then = { policy = "vip", assign = { team = "support", by = "least-busy" }, tag = ["B", "c"], state = "spam" }'
    )
    (only,) = replayed(before, after, facts()).examples
    assert only.reference == "R1"
    assert set(only.changes) == {
        Change("priority", "high", "normal"),
        Change("team", "none", "support"),
        Change("assignee", "sara", "by least-busy"),
        Change("policy", "none", "vip"),
        Change("state", "open", "spam"),
        Change("reply", "busy", "none"),
        Change("notify", "assignee", ""),
        Change("field.x", "1", "none"),
        Change("tag", "a", ""),
        Change("tag", "", "c"),
        Change("note", "old", ""),
    }


def test_another_rule_that_does_the_same_is_no_change() -> None:
    before = rule('then.priority = "normal"', "one")
    assert (
        replayed(
            before, rule('then.team = "support"', "two"), facts(conversation=ConversationFacts(team="support"))
        ).changed
        == 0
    )


def test_a_conversation_counts_once_however_often_it_would_change() -> None:
    both = 'on = ["conversation-opened", "message-received"]\n'
    tally = replayed(rule(f'{both}then.priority = "low"'), rule(f'{both}then.priority = "high"'), facts(), facts())
    assert (tally.decisions, tally.conversations, tally.changed) == (2, 1, 1)
    assert tally.fields == {Change("priority", "low", "high"): 1}
    assert tally.share == 1.0
    assert Tally().share == 0.0


def test_what_other_rules_set_stays_until_the_history_has_something_else() -> None:
    before, after = (
        rule('then = { priority = "low", team = "support" }'),
        rule('then = { priority = "high", team = "finance" }'),
    )
    later = {"events": ("message-received",), "at": NOON + timedelta(hours=1)}
    as_left = facts(conversation=ConversationFacts(priority=evaluate(book(before), facts()).effects.priority), **later)  # type: ignore[arg-type]  # it was set
    by_hand = replace(as_left, conversation=replace(as_left.conversation, team="support"))
    moved = replace(as_left, at=NOON + timedelta(hours=2), conversation=replace(as_left.conversation, team="sales"))
    waits = replayed(before, after, facts(), by_hand, moved).waits
    assert told(waits, waits.before) == [("low", "support"), ("low", "support"), ("low", "sales")]
    assert told(waits, waits.after) == [("high", "finance"), ("high", "finance"), ("high", "sales")]


def told(waits: Waits, places: Sequence[int]) -> list[tuple[str, str] | None]:
    standings = list(waits.standings)
    return [None if one is None else (one.priority, one.team) for one in (standings[place] for place in places)]


def test_a_decision_that_cannot_be_read_is_counted_and_left_out() -> None:
    broken = [Past(DecisionId(9), ConversationId(2), "R2", NOON, body) for body in ("{", "{}", '{"trace": []}', "[]")]
    tally = Replay(book("")).all([*stored(book(""), facts()), *broken])
    assert (tally.decisions, tally.unread, tally.conversations) == (5, 4, 2)


def test_hours_that_the_facts_do_not_know_are_looked_up() -> None:
    after = rule('when.hours.always = "open"\nwhen.hours.support = "closed"\nthen.priority = "high"')
    past_ = list(stored(book(""), facts(within_hours={"support": False})))
    calendars = {name: Calendar(Hours(name, "UTC", always=True)) for name in ("always", "support")}
    assert Replay(book(after)).all(past_).changed == 0
    assert Replay(book(after), calendars).all(past_).changed == 1, (
        "what is stored counts, and only what is not is looked up"
    )


def test_only_so_many_examples_are_kept() -> None:
    past_ = [one for matter in range(5) for one in stored(book(""), facts(), matter=matter)]
    after = book(rule('then.tag = "x"'))
    assert [len(Replay(after, keep=keep).all(past_).examples) for keep in (0, 2, None)] == [0, 2, 5]


@given(st.lists(st.integers(1, 59), max_size=5), st.sampled_from((0, 3, None)), st.integers(0, 5))
@settings(max_examples=30, deadline=None)
def test_tallies_taken_together_are_the_tally_of_all(cuts: list[int], keep: int | None, seed: int) -> None:
    rulebook = load(past.rules(12), NAMES)
    files = {name: text.replace('"high"', '"urgent"') for name, text in past.rules(12).items()}
    replay = Replay(load(files, NAMES), keep=keep)
    known = list(history(rulebook, 60, seed))
    borders = sorted({0, *cuts, 60})
    whole = Tally()
    for begin, end in pairwise(borders):
        share = [one for one in known if begin <= one.conversation < end]
        part = replay.all(share, waiting(60)[begin:end])
        whole.take(pickle.loads(pickle.dumps(part)), keep)
    once = replay.all(known, waiting(60))
    assert whole == once
    assert list(whole.fields.items()) == list(once.fields.items()), "in the same order, for equal counts are told in it"
    assert list(whole.waits.standings) == list(once.waits.standings)
    assert once.changed


def test_two_rulebooks_can_be_compared_on_the_same_facts() -> None:
    past_ = list(stored(book(rule('then.tag = "what was"')), facts()))
    replay = Replay(book(rule('then.tag = "new"')), before=book(rule('then.tag = "old"')))
    assert set(replay.all(past_).fields) == {Change("tag", "old", ""), Change("tag", "", "new")}


def test_equal_effects_are_no_changes() -> None:
    decision = evaluate(book(rule('then.tag = "x"')), facts())
    assert changes(facts(), decision.effects, decision.effects) == ()
