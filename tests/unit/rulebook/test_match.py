"""One pass, top to bottom: who sets what, what adds up, what a person's hand holds."""

from typing import Any

import pytest

from inbox.domain.conversations import Priority, State
from inbox.rulebook.decision import Assign, Decision, Effects, FollowUp, Hook, Left, Note, Notify
from inbox.rulebook.facts import ContactFacts, ConversationFacts, File, PromiseFacts, Quiet
from inbox.rulebook.vocabulary import EFFECTS
from tests.unit.rulebook.site import decided, facts, rule

LEAST_BUSY = 'then.assign = { team = "support", by = "least-busy" }'
EACH: list[tuple[str, Effects]] = [
    ('priority = "high"', Effects(priority=Priority.HIGH)),
    ('raise_priority_to = "urgent"', Effects(priority=Priority.URGENT)),
    ('raise_priority_to = "low"', Effects()),
    ('assign = "agent:sara"', Effects(assign=Assign(agent="sara"))),
    ('assign = "team:support"', Effects(assign=Assign(team="support"))),
    ('assign = { team = "support", by = "least-busy" }', Effects(assign=Assign(team="support", by="least-busy"))),
    ('team = "finance"', Effects(team="finance")),
    ('tag = ["a", "b", "A"]', Effects(tags=("a", "b"))),
    ('field.product = "router"', Effects(fields=(("product", "router"),))),
    ('policy = "vip"', Effects(policy="vip")),
    ('acknowledgement = "busy"', Effects(acknowledgement="busy")),
    ('acknowledgement = "none"', Effects(acknowledgement="none")),
    ('reply = "still-there"', Effects(reply="still-there")),
    (
        'notify = ["agent:sara", "assignee", "agent:sara"]',
        Effects(notify=(Notify("it", "agent:sara"), Notify("it", "assignee"))),
    ),
    ('page = ["agent:sara", "agent:sara"]', Effects(page=(Notify("it", "agent:sara"),))),
    ('note = "call"', Effects(notes=(Note("it", "call"),))),
    ('state = "spam"', Effects(state=State.SPAM)),
    ('state = "done"', Effects(state=State.DONE)),
    ('state = "waiting"', Effects(state=State.WAITING)),
    ('untag = ["old", "never there"]', Effects(untags=("Old",))),
    (
        'follow_up = { in = "۲ روز کاری", text = "Ask again" }',
        Effects(follow_ups=(FollowUp("it", "2 working days", "Ask again"),)),
    ),
    ('webhook = "erp"', Effects(hooks=(Hook("it", "erp"),))),
    ('snooze = "۲ روز کاری"', Effects(snooze="2 working days")),
]


@pytest.mark.parametrize(("effect", "expected"), EACH, ids=lambda value: str(value)[:50])
def test_an_effect(effect: str, expected: Effects) -> None:
    tagged = ConversationFacts(tags=("Old",))
    assert decided(rule(f"then.{effect}"), conversation=tagged).effects == expected


def test_of_a_tag_the_first_rule_that_says_something_wins() -> None:
    above = rule('then.tag = "new"\nthen.untag = "old"', "above")
    below = rule('when.not = { tag = "old" }\nthen.tag = "OLD"\nthen.untag = "New"', "below")
    decision = decided(above + below, conversation=ConversationFacts(tags=("old",)))
    assert (decision.effects.tags, decision.effects.untags) == (("new",), ("old",))
    assert decision.trace[1].left == (Left("tag", "tag OLD", "above"), Left("untag", "tag New", "above"))


def test_rules_below_see_a_tag_gone_and_a_conversation_asleep() -> None:
    above = rule('then.untag = "old"\nthen.snooze = "1 hours (24x7)"', "above")
    below = rule('when.state = "snoozed"\nwhen.not = { tag = "old" }\nthen.tag = "asleep"', "below")
    assert decided(above + below, conversation=ConversationFacts(tags=("old",))).effects.tags == ("asleep",)


def test_what_two_rules_call_is_called_once() -> None:
    decision = both('then.webhook = "erp"', 'then.webhook = "erp"')
    assert decision.effects.hooks == (Hook("first", "erp"),)
    assert Decision.from_json(decision.to_json()).effects == decision.effects


def test_every_accepted_effect_stands_in_the_table() -> None:
    shown = {effect.split(" = ")[0].replace("field.product", "field.<name>") for effect, _ in EACH}
    assert shown | {"override"} == {key.name for key in EFFECTS if key.accepted}


def both(first: str, second: str, **said: Any) -> Decision:
    """What two rules without conditions decide one after the other."""
    return decided(rule(first, "first") + rule(second, "second"), **said)


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ('then.priority = "high"', 'then.priority = "low"', "priority"),
        ('then.priority = "low"', 'then.raise_priority_to = "high"', "priority"),
        ('then.raise_priority_to = "low"', 'then.priority = "low"', "priority"),
        ('then.assign = "agent:sara"', 'then.assign = "agent:reza"', "assignee"),
        ('then.assign = "agent:sara"', LEAST_BUSY, "assignee"),
        ('then.assign = "team:support"', 'then.team = "finance"', "team"),
        ('then.team = "finance"', 'then.assign = "team:support"', "team"),
        ('then.policy = "vip"', 'then.policy = "standard"', "policy"),
        ('then.acknowledgement = "none"', 'then.acknowledgement = "busy"', "acknowledgement"),
        ('then.reply = "still-there"', 'then.reply = "busy"', "reply"),
        ('then.state = "spam"', 'then.state = "done"', "state"),
        ('then.field.a = "1"', 'then.field.a = "2"', "field.a"),
    ],
)
def test_the_first_rule_that_sets_a_field_wins(first: str, second: str, field: str) -> None:
    decision = both(first, second)
    assert decision.effects == decided(rule(first, "first")).effects
    assert decision.trace[1].left == (Left(second.split(" = ")[0].removeprefix("then."), field, "first"),)


def test_fields_are_counted_one_by_one() -> None:
    decision = both('then.field.a = "1"\nthen.assign = "agent:sara"', 'then.field.b = "2"\nthen.team = "finance"')
    assert decision.effects == Effects(assign=Assign("sara"), team="finance", fields=(("a", "1"), ("b", "2")))


def test_who_is_told_adds_up_and_each_once() -> None:
    decision = both('then.notify = ["agent:sara", "assignee"]', 'then.notify = ["assignee", "team:finance"]')
    told = [(one.rule, one.to) for one in decision.effects.notify]
    assert told == [("first", "agent:sara"), ("first", "assignee"), ("second", "team:finance")]
    assert decision.trace[1].did == (("notify", "team:finance"),)


def test_tags_and_notes_add_up() -> None:
    decision = both(
        'then.tag = ["a", "فاكتور"]\nthen.note = "x"',
        'then.tag = ["فاکتور", "b", "old"]\nthen.note = "y"',
        conversation=ConversationFacts(tags=("Old",)),
    )
    assert decision.effects == Effects(tags=("a", "فاكتور", "b"), notes=(Note("first", "x"), Note("second", "y")))
    assert decision.author("tag", "b") == "second"
    assert decision.author("tag") == "first"
    assert decision.author("priority") == ""


def test_final_stops_only_when_it_matched() -> None:
    last = rule('then.tag = "last"', "last")
    assert decided(rule('when.tag = "x"\nfinal = true', "stop") + last).matched == ("last",)
    assert decided(rule("final = true", "stop") + last).matched == ("stop",)


def test_conditions_see_what_the_rules_above_have_set() -> None:
    text = (
        rule('then.priority = "high"\nthen.tag = "a"\nthen.policy = "vip"\nthen.field.x = "1"\n' + LEAST_BUSY, "first")
        + rule(
            'when.priority = "high"\nwhen.tag = "A"\nwhen.policy = "vip"\nwhen.field.x = "1"\nthen.tag = "seen"',
            "second",
        )
        + rule(
            'when.assigned = true\nwhen.team = "support"\nwhen.not = { assignee = ["sara", "none"] }\nthen.tag = "chosen"',
            "third",
        )
    )
    assert decided(text).effects.tags == ("a", "seen", "chosen")


def test_a_team_assignment_leaves_the_assignee() -> None:
    text = rule('then.assign = "team:support"') + rule('when.assignee = "sara"\nthen.tag = "hers"', "second")
    assert decided(text, conversation=ConversationFacts(assignee="sara")).effects.tags == ("hers",)


@pytest.mark.parametrize(
    ("pin", "effect"),
    [
        ("priority", 'priority = "high"'),
        ("priority", 'raise_priority_to = "high"'),
        ("assignee", 'assign = "agent:sara"'),
        ("team", 'assign = "team:support"'),
        ("assignee", 'assign = "team:support"'),
        ("team", 'team = "support"'),
        ("policy", 'policy = "vip"'),
        ("field.a", 'field.a = "1"'),
    ],
)
def test_what_a_person_set_stays_unless_a_rule_overrides_it(pin: str, effect: str) -> None:
    pinned = ConversationFacts(pinned=(pin,))
    held = decided(rule(f"then.{effect}"), conversation=pinned)
    assert held.effects == Effects()
    assert held.trace[0].left == (Left(effect.split(" = ")[0], pin),)
    overridden = decided(rule(f'then.{effect}\nthen.override = ["{pin}"]'), conversation=pinned)
    assert overridden.effects == decided(rule(f"then.{effect}")).effects != Effects()


def test_a_team_that_a_person_chose_does_not_hinder_an_assignment_within_it() -> None:
    pinned = ConversationFacts(team="support", pinned=("team",))
    assert decided(rule(LEAST_BUSY), conversation=pinned).effects.assign == Assign("", "support", "least-busy")
    other = decided(rule(LEAST_BUSY.replace("support", "finance")), conversation=pinned)
    assert other.effects.assign is None


def test_a_held_field_stays_free_for_a_rule_that_may_override() -> None:
    decision = both(
        'then.priority = "low"',
        'then.priority = "high"\nthen.override = "priority"',
        conversation=ConversationFacts(pinned=("priority",)),
    )
    assert decision.effects.priority is Priority.HIGH


def test_overriding_does_not_beat_the_rules_above() -> None:
    decision = both('then.priority = "low"', 'then.priority = "high"\nthen.override = "priority"')
    assert decision.effects.priority is Priority.LOW


def test_raising_never_lowers_and_counts_as_set() -> None:
    decision = both(
        'then.raise_priority_to = "normal"',
        'then.priority = "low"',
        conversation=ConversationFacts(priority=Priority.URGENT),
    )
    assert decision.effects.priority is None
    assert decision.trace[0].did == ()


def test_an_empty_rulebook_decides_nothing() -> None:
    decision = decided("")
    assert (decision.trace, decision.effects) == ((), Effects())


def test_a_decision_is_stored_whole() -> None:
    text = rule(
        'when.any = [{ tag = "x" }, { all = [{ language = "fa" }, { from = "a@*" }] }]\nthen.priority = "high"\nthen.note = "n"\n'
        'then.tag = ["a"]\nthen.state = "done"\nthen.field.x = "y"\nthen.policy = "vip"\nthen.acknowledgement = "none"\n'
        + LEAST_BUSY
        + "\nfinal = true"
    )
    decision = decided(
        rule('when.language = "fa"\nwhen.tag = "zz"\nthen.priority = "low"', "miss")
        + rule('then.priority = "urgent"', "zeroth")
        + text,
        language="fa",
        sender="a@b",
        to=("x@y",),
        headers=(("x", "1"), ("x", "2")),
        attachments=(File("a.pdf", "application/pdf", 3),),
        contact=ContactFacts(tags=("vip",), messages=2),
        conversation=ConversationFacts(
            State.WAITING, Priority.LOW, tags=("b",), fields=(("f", "g"),), pinned=("team",)
        ),
        previous=(("state", "done"),),
        within_hours={"support": False},
        holidays=("support",),
        promise=PromiseFacts("answer", 0.5, renewed=1),
        clocks_used={"first_reply": 1.25},
        clocks_breached=("first_reply",),
        actor="agent",
        tags_added=("b",),
        tags_removed=("c",),
        idle={"changed": Quiet(3.5, 2, 1)},
        spent=("other",),
    )
    assert Decision.from_json(decision.to_json()) == decision
    assert decision.trace[2].left == (Left("priority", "priority", "zeroth"), Left("assign", "team"))


def test_what_is_no_decision_is_not_read() -> None:
    stored = decided("").to_json()
    assert Decision.from_json(stored) == Decision("".join(decided("").revision), facts())
    for broken in ("", "{}", stored.replace('"at"', '"att"'), stored.replace('"events"', '"nothing"')):
        with pytest.raises((ValueError, KeyError, TypeError)):
            Decision.from_json(broken)
