"""Rules that wait: looked at when the time is up, once in each stretch, whoever sweeps, whatever was started or read anew."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from inbox.domain import events as ev
from inbox.domain.conversations import State
from inbox.domain.promise_events import PromiseAtRisk
from inbox.pipeline.overdue import next_instant, sweep
from inbox.rulebook.decision import Decision
from inbox.rulebook.match import evaluate
from inbox.store import alarms, decisions
from inbox.store.tables import conversation
from tests.path.conftest import Houses
from tests.path.house import UNKNOWN_WAIT, House

Opened = Callable[..., House]
WELCOME = '[[rule]]\nname = "welcome"\nthen.policy = "standard"\nthen.acknowledgement = "acknowledgement"\n'


def waits(
    length: str, since: str = "customer wrote", then: str = 'then.note = "It is time."', name: str = "waits"
) -> str:
    idle = f'when.idle = {{ for = "{length}", since = "{since}" }}'
    return f'[[rule]]\nname = "{name}"\non = "idle"\n{idle}\n{then}\n'


def opened(houses: Houses, *rules: str, **more: object) -> House:
    return houses(rules={"10-a.toml": WELCOME + "".join(rules)}, **more)


async def asked(houses: Houses, *rules: str) -> House:
    house = opened(houses, *rules)
    await house.settle()
    await house.customer("sara@x").writes("The site is down", thread="chat-1")
    return house


def acted(house: House, name: str = "waits") -> int:
    """How often a rule matched."""
    return sum(told.rules.count(name) for told in house.told(house.only(), ev.Decided))


async def test_it_acts_at_the_minute_and_once_until_somebody_answers(houses: Houses) -> None:
    house = await asked(houses, waits("30 minutes (24x7)"))
    await house.later(minutes=29, seconds=59)
    assert acted(house) == 0
    assert house.store.read_now(next_instant) == house.clock.now() + timedelta(seconds=1)
    await house.later(seconds=1)
    assert acted(house) == 1
    await house.customer("sara@x").writes("Hello?", thread="chat-1")
    await house.later(hours=5)
    assert acted(house) == 1, "the same waiting"
    await house.agent("reza").replies(house.only(), "Up again.")
    await house.customer("sara@x").writes("Down again", thread="chat-1")
    await house.later(minutes=30)
    assert acted(house) == 2


async def test_working_time_is_that_of_the_channel(houses: Houses) -> None:
    """Saturday noon in Tehran, open until five: six working hours end on Sunday."""
    house = await asked(houses, waits("6 working hours"))
    await house.later(hours=6)
    assert acted(house) == 0
    await house.later(days=1)
    assert acted(house) == 1


async def test_an_answer_in_time_is_no_waiting(houses: Houses) -> None:
    house = await asked(houses, waits("30 minutes (24x7)"))
    await house.agent("reza").replies(house.only(), "Up again.")
    await house.later(hours=5)
    assert acted(house) == 0
    assert house.store.read_now(alarms.next_due) is None


async def test_an_answer_that_failed_is_none(houses: Houses) -> None:
    house = await asked(houses, waits("30 minutes (24x7)"))
    house.network.faults.refuses("sara@x")
    await house.agent("reza").replies(house.only(), "Up again.")
    await house.later(minutes=30)
    assert acted(house) == 1


async def test_what_the_customer_owes_is_closed_in_the_end(houses: Houses) -> None:
    closing = 'when.state = "waiting"\nthen.state = "done"'
    house = await asked(houses, waits("5 hours (24x7)", "agent replied", closing))
    await house.later(hours=6)
    assert house.only().state is State.OPEN
    await house.agent("reza").replies(house.only(), "Is it well now?")
    await house.later(hours=5)
    assert house.only().state is State.DONE


async def test_what_a_rule_does_is_not_what_it_waits_for(houses: Houses) -> None:
    """Else one that changes something would begin again and again."""
    house = await asked(houses, waits("10 minutes (24x7)", "changed", 'then.tag = ["quiet"]'))
    await house.later(minutes=10)
    await house.later(hours=10)
    assert acted(house) == 1
    await house.agent("sara").does(house.only(), "tag", remove=("quiet",))
    await house.later(minutes=10)
    assert acted(house) == 2


async def test_once_for_a_conversation_is_once(houses: Houses) -> None:
    house = await asked(houses, waits("30 minutes (24x7)", then='once = "conversation"\nthen.note = "It is time."'))
    for _ in range(3):
        await house.later(minutes=40)
        await house.agent("reza").replies(house.only(), "Up again.")
        await house.customer("sara@x").writes("Down again", thread="chat-1")
    await house.later(hours=1)
    assert acted(house) == 1


async def test_it_is_looked_at_when_the_time_is_up_and_not_later(houses: Houses) -> None:
    house = await asked(houses, waits("30 minutes (24x7)", then='when.tag = "vip"\nthen.note = "It is time."'))
    await house.later(minutes=30)
    await house.agent("sara").does(house.only(), "tag", add=("vip",))
    await house.later(hours=9)
    assert acted(house) == 0


async def test_it_acts_once_after_a_restart_too(houses: Houses) -> None:
    rule = waits("30 minutes (24x7)")
    house = await asked(houses, rule)
    await house.later(minutes=30)
    assert acted(house) == 1
    for _ in range(2):
        house = opened(houses, rule, clock=house.clock, network=house.network)
        await house.later(hours=1)
    assert acted(house) == 1


async def test_a_reading_of_other_rules_counts_anew(houses: Houses) -> None:
    house = await asked(houses, waits("5 hours (24x7)"))
    await house.later(hours=1)
    shorter = opened(houses, waits("30 minutes (24x7)"), clock=house.clock, network=house.network)
    await shorter.settle()
    assert acted(shorter) == 1, "its time was up already"
    longer = opened(houses, waits("9 hours (24x7)"), clock=house.clock, network=house.network)
    await longer.later(hours=20)
    assert acted(longer) == 1, "the same rule in the same waiting"
    other = opened(houses, waits("9 hours (24x7)", name="another"), clock=house.clock, network=house.network)
    await other.settle()
    assert acted(other, "another") == 1


async def test_without_rules_that_wait_nobody_is_rung(houses: Houses) -> None:
    house = await asked(houses, waits("5 hours (24x7)"))
    assert house.store.read_now(alarms.next_due) is not None
    bare = opened(houses, clock=house.clock, network=house.network)
    await bare.settle()
    await bare.later(hours=20)
    assert bare.store.read_now(alarms.next_due) is None


async def test_two_sweepers_at_once_do_it_once(houses: Houses) -> None:
    house = await asked(houses, waits("30 minutes (24x7)"))
    house.clock.advance(timedelta(minutes=31))
    found = [house.store.write_now(sweep, house.playbook(), UNKNOWN_WAIT, house.clock.now()) for _ in range(2)]
    assert found[1] == 0
    assert acted(house) == 1


async def test_a_snooze_ends_by_itself_or_by_the_customer(houses: Houses) -> None:
    sleep = '[[rule]]\nname = "sleep"\non = "field-changed"\nwhen.changed.tag.added = "later"\nthen.snooze = "2 hours (24x7)"\n'
    woken = '[[rule]]\nname = "woken"\non = "state-changed"\nwhen.changed.state = { from = "snoozed", to = "open" }\nwhen.actor = "house"\nthen.tag = ["woken"]\n'
    house = await asked(houses, sleep, woken, waits("1 hour (24x7)"))
    await house.agent("sara").does(house.only(), "tag", add=("later",))
    matter = house.only()
    assert (matter.state, matter.snoozed_until) == (State.SNOOZED, house.clock.now() + timedelta(hours=2))
    await house.later(hours=1, minutes=30)
    assert acted(house) == 0, "asleep, nothing is idle"
    await house.later(minutes=30)
    assert (house.only().state, house.only().tags) == (State.OPEN, ("later", "woken"))
    assert acted(house) == 1, "its time was up while it slept"
    await house.agent("sara").does(house.only(), "tag", remove=("later",))
    await house.agent("sara").does(house.only(), "tag", add=("later",))
    await house.customer("sara@x").writes("And?", thread="chat-1")
    await house.later(hours=9)
    states = [told.state for told in house.told(house.only(), ev.StateSet)]
    assert states == ["snoozed", "open", "snoozed", "open"]


async def test_a_promise_is_at_risk_after_four_fifths_of_its_time(houses: Houses) -> None:
    risk = '[[rule]]\nname = "risk"\non = "promise-at-risk"\nwhen.promise = { open = true, used_over = "79%" }\nthen.tag = ["hurry"]\n'
    house = await asked(houses, risk)
    (promise,) = house.promises(house.only())
    await house.at(promise.told_at + 0.8 * (promise.due_at - promise.told_at) - timedelta(seconds=1))
    assert house.told(house.only(), PromiseAtRisk) == []
    await house.later(seconds=1)
    assert house.only().tags == ("hurry",)
    await house.later(days=3)
    assert [told.promise for told in house.told(house.only(), PromiseAtRisk)].count(promise.id) == 1


async def test_a_promise_that_is_kept_in_time_is_never_at_risk(houses: Houses) -> None:
    house = await asked(houses)
    await house.agent("reza").replies(house.only(), "Up again.")
    await house.later(days=3)
    assert house.told(house.only(), PromiseAtRisk) == []


@pytest.mark.parametrize(("once", "times"), [("episode", 2), ("conversation", 1)])
async def test_a_rule_on_clocks_acts_once_in_an_episode_or_once_for_all(houses: Houses, once: str, times: int) -> None:
    both = f'[[rule]]\nname = "waits"\non = ["clock-breached", "promise-late"]\nonce = "{once}"\nthen.note = "late"\n'
    house = await asked(houses, both)
    await house.later(days=4)
    assert acted(house) == 1, "promise and clock ran out in one waiting"
    await house.agent("reza").replies(house.only(), "Sorry.", then="open")
    await house.later(hours=1)
    await house.customer("sara@x").writes("Down again", thread="chat-1")
    await house.later(days=4)
    assert acted(house) == times


async def test_what_waited_is_decided_again_from_its_facts(houses: Houses) -> None:
    house = await asked(houses, waits("3 working hours"), waits("1 hour (24x7)", "changed", name="other"))
    await house.later(days=2)
    made = [Decision.from_json(one.body) for one in house.store.read_now(decisions.of, house.only().id)]
    assert [decision.facts.events for decision in made[1:]] == [("idle",)]
    for decision in made:
        assert evaluate(house.playbook().rulebook, decision.facts) == decision


async def test_a_task_opens_the_conversation_again_when_it_is_due(houses: Houses) -> None:
    asks = '[[rule]]\nname = "asks"\non = "state-changed"\nwhen.state = "done"\nthen.follow_up = { in = "2 hours (24x7)", text = "Ask again" }\n'
    seen = '[[rule]]\nname = "seen"\non = "state-changed"\nwhen.changed.state.from = "done"\nwhen.actor = "house"\nthen.tag = ["again"]\n'
    house = await asked(houses, asks, seen)
    await house.agent("sara").does(house.only(), "done")
    await house.later(hours=1, minutes=59)
    assert house.only().state is State.DONE
    await house.later(minutes=1)
    assert (house.only().state, house.only().tags) == (State.OPEN, ("again",))
    await house.later(hours=9)
    assert [told.text for told in house.told(house.only(), ev.TaskSet)] == ["Ask again"]
    assert [told.text for told in house.told(house.only(), ev.TaskDue)] == ["Ask again"]


async def test_a_task_of_what_is_spam_by_then_opens_nothing(houses: Houses) -> None:
    asks = '[[rule]]\nname = "asks"\non = "field-changed"\nthen.follow_up = { in = "2 hours (24x7)", text = "Ask again" }\n'
    house = await asked(houses, asks)
    await house.agent("sara").does(house.only(), "tag", add=("a",))
    await house.agent("sara").does(house.only(), "spam")
    await house.later(hours=3)
    assert house.only().state is State.SPAM
    assert len(house.told(house.only(), ev.TaskDue)) == 1


async def test_the_migration_fills_in_what_the_events_say(houses: Houses) -> None:
    house = await asked(houses)
    await house.later(minutes=3)
    await house.agent("reza").replies(house.only(), "Up again.")
    await house.later(minutes=3)
    await house.customer("omid@x").writes("Another matter", thread="chat-2")
    before = house.conversations()
    filling = import_module("inbox.store.migrations.versions.0010_time_rules")
    with house.store.engine.begin() as connection:
        connection.execute(conversation.update().values(acted_at=None, replied_at=None))
        with Operations.context(MigrationContext.configure(connection)):
            filling._fill()
    assert house.conversations() == before
    assert [matter.replied_at is None for matter in before] == [False, True]
