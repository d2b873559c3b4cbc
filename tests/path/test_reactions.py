"""Rules for what is not a message: they look once at what was done, and what they do themselves is no event for them."""

from datetime import timedelta

from inbox.domain import events as ev
from inbox.domain.conversations import Conversation, Priority, State
from inbox.domain.rule_events import RulesHalted
from inbox.pipeline.react import MOST
from inbox.rulebook.decision import Decision
from inbox.rulebook.match import evaluate
from inbox.store import decisions
from tests.path.conftest import Houses
from tests.path.house import House

WELCOME = '[[rule]]\nname = "welcome"\nthen.policy = "standard"\nthen.priority = "low"\n'


def rules(*bodies: str) -> dict[str, str]:
    more = "".join(f'[[rule]]\nname = "rule {place}"\n{body}\n' for place, body in enumerate(bodies))
    return {"10-a.toml": WELCOME + more}


async def asked(houses: Houses, *bodies: str) -> House:
    house = houses(rules=rules(*bodies))
    await house.settle()
    await house.customer("sara@x").writes("The site is down", thread="chat-1")
    return house


def decided(house: House, matter: Conversation) -> list[Decision]:
    stored = house.store.read_now(decisions.of, matter.id)
    return [Decision.from_json(one.body) for one in stored]


async def test_a_reply_that_is_sent_is_an_event(houses: Houses) -> None:
    house = await asked(houses, 'on = "reply-sent"\nthen.tag = ["answered"]')
    await house.agent("reza").replies(house.only(), "It is up again.")
    assert house.only().tags == ("answered",)
    facts = decided(house, house.only())[-1].facts
    assert (facts.events, facts.text) == (("reply-sent",), "The site is down")


async def test_a_reply_that_is_refused_is_none(houses: Houses) -> None:
    house = await asked(houses, 'on = "reply-sent"\nthen.tag = ["answered"]')
    house.network.faults.refuses("sara@x")
    await house.agent("reza").replies(house.only(), "It is up again.")
    assert house.only().tags == ()


async def test_whoever_changes_a_field_is_asked_by_actor_and_by_what_it_was(houses: Houses) -> None:
    house = await asked(
        houses,
        'on = "field-changed"\nwhen.actor = "agent"\nwhen.changed.priority = { from = "low", to = "urgent" }\n'
        'when.text.mentions = "down"\nthen.tag = ["escalated"]',
        'on = "field-changed"\nwhen.changed.tag.added = "vip"\nthen.policy = "vip"',
        'on = "field-changed"\nwhen.changed.tag.removed = "vip"\nthen.untag = ["escalated", "never there"]',
    )
    await house.agent("sara").does(house.only(), "priority", priority="urgent")
    assert house.only().tags == ("escalated",)
    await house.agent("sara").does(house.only(), "tag", add=("vip",))
    assert (house.only().policy, house.only().tags) == ("vip", ("escalated", "vip"))
    await house.agent("sara").does(house.only(), "tag", remove=("vip",))
    assert house.only().tags == ()


async def test_what_changes_nothing_is_no_event(houses: Houses) -> None:
    house = await asked(houses, 'on = "field-changed"\nthen.note = "changed"')
    before = len(decided(house, house.only()))
    await house.agent("sara").does(house.only(), "priority", priority="low")
    await house.agent("sara").does(house.only(), "tag", add=())
    assert len(decided(house, house.only())) == before


async def test_without_a_rule_for_it_nothing_is_decided_and_nothing_stored(houses: Houses) -> None:
    house = await asked(houses)
    await house.agent("sara").does(house.only(), "done")
    assert len(decided(house, house.only())) == 1


async def test_a_message_that_reopens_is_one_run_of_both_its_events(houses: Houses) -> None:
    house = await asked(
        houses,
        'on = "state-changed"\nwhen.changed.state = { from = "done", to = "open" }\nthen.tag = ["reopened"]',
        'on = "message-received"\nwhen.tag = "reopened"\nthen.priority = "high"',
    )
    await house.agent("sara").does(house.only(), "done")
    await house.customer("sara@x").writes("Down again", thread="chat-1")
    matter = house.only()
    assert (matter.state, matter.tags, matter.priority) == (State.OPEN, ("reopened",), Priority.HIGH)
    assert decided(house, matter)[-1].facts.events == ("message-received", "state-changed")


async def test_rules_do_not_trigger_rules(houses: Houses) -> None:
    house = await asked(
        houses,
        'on = "field-changed"\nthen.state = "done"',
        'on = "state-changed"\nthen.tag = ["round"]',
    )
    await house.agent("sara").does(house.only(), "priority", priority="high")
    matter = house.only()
    assert (matter.state, matter.tags) == (State.DONE, ())
    assert [rule for told in house.told(matter, ev.Decided) for rule in told.rules] == ["welcome", "rule 0"]


async def test_a_rule_never_takes_anything_out_of_spam(houses: Houses) -> None:
    house = await asked(houses, 'on = "state-changed"\nwhen.state = "spam"\nthen.state = "open"')
    await house.agent("sara").does(house.only(), "spam")
    assert house.only().state is State.SPAM


async def test_missed_promises_and_clocks_are_events(houses: Houses) -> None:
    polite = 'then.acknowledgement = "acknowledgement"'
    house = houses(
        rules=rules(
            polite,
            'on = "promise-late"\nwhen.promise.late = true\nwhen.actor = "house"\nthen.tag = ["missed"]',
            'on = "clock-breached"\nwhen.clock.first_reply = { breached = true, used_over = "100%" }\n'
            'then.raise_priority_to = "urgent"',
        )
    )
    await house.settle()
    await house.customer("sara@x").writes("The site is down")
    await house.later(hours=8, seconds=1)
    await house.later(days=3)
    matter = house.only()
    assert (matter.tags, matter.priority) == (("missed",), Priority.URGENT)


async def test_a_clock_that_ran_out_unseen_is_an_event_of_whoever_sees_it(houses: Houses) -> None:
    house = await asked(houses, 'on = "clock-breached"\nthen.tag = ["breached"]')
    house.clock.advance(timedelta(days=4))
    await house.customer("sara@x").writes("Hello?", thread="chat-1")
    assert house.only().tags == ("breached",)
    assert len([d for d in decided(house, house.only()) if "clock-breached" in d.facts.events]) == 1


async def test_what_runs_away_is_stopped_and_told(houses: Houses) -> None:
    house = await asked(houses, 'on = "field-changed"\nthen.field.seen = "yes"')
    for number in range(MOST + 5):
        await house.agent("sara").does(house.only(), "tag", add=(f"t{number}",))
    matter = house.only()
    assert [told.runs for told in house.told(matter, RulesHalted)] == [MOST]
    assert len(decided(house, matter)) == 1 + MOST
    await house.later(hours=1, seconds=1)
    await house.agent("sara").does(house.only(), "tag", add=("later",))
    assert len(decided(house, house.only())) == 2 + MOST


async def test_what_was_decided_live_is_decided_again_from_its_facts(houses: Houses) -> None:
    house = await asked(houses, 'on = ["field-changed", "reply-sent"]\nwhen.not = { tag = "a" }\nthen.tag = ["a"]')
    await house.agent("reza").replies(house.only(), "Up.")
    await house.agent("reza").does(house.only(), "tag", remove=("a",))
    made = decided(house, house.only())
    assert len(made) >= 3
    for decision in made:
        assert evaluate(house.playbook().rulebook, decision.facts) == decision
