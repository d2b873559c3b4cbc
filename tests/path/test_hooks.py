"""Rules that tell other programs: what they say is owed when they matched, once a run, and backtests owe nothing."""

import json
from datetime import timedelta

from inbox.domain.acts import By
from inbox.domain.webhooks import CallState
from inbox.pipeline import webhooks as verbs
from inbox.store import webhooks
from inbox.testing import FakeClock
from inbox.testing.clock import DEFAULT_START
from tests.path.conftest import Houses
from tests.path.house import House

RULE = """
[[rule]]
name = "to the erp"
when.text.mentions = ["invoice"]
then.webhook = "erp"
"""


WELCOME = '[[rule]]\nname = "welcome"\nthen.policy = "standard"\n'


def hooked(house: House) -> None:
    """An endpoint that asks for an event which never comes here, and a rule that calls it."""
    owner = By("owner", via="command")
    wanted = ("merged",)
    house.store.write_now(verbs.add, "erp", "https://erp.example/hook", wanted, (), owner, house.clock.now())
    (house.folder / "rules").mkdir(exist_ok=True)
    (house.folder / "rules" / "50-erp.toml").write_text(RULE, "utf-8")


def owed(house: House) -> list[tuple[str, dict[str, object]]]:
    calls = house.store.read_now(webhooks.due, house.clock.now(), (), 50)
    return [(one.kind, json.loads(one.body)["data"]) for one in calls]


async def test_a_rule_that_matched_tells_the_program_it_names(houses: Houses) -> None:
    house = houses(rules={"10-a.toml": WELCOME})
    hooked(house)
    assert house.rooms.reload() == ()
    await house.settle()
    await house.customer("sara@x").writes("Where is my invoice?")
    await house.customer("omid@x").writes("Thank you")
    ((kind, told),) = owed(house)
    conversation = told["conversation"]
    assert isinstance(conversation, dict)
    assert (kind, told["rule"]) == ("rule.matched", "to the erp")
    assert conversation["reference"] in {one.reference for one in house.conversations()}


async def test_a_rule_that_names_no_program_is_refused_and_the_old_rules_stand(houses: Houses) -> None:
    house = houses(rules={"10-a.toml": WELCOME})
    hooked(house)
    house.store.write_now(verbs.remove, "erp", By("owner"), house.clock.now())
    (wrong,) = house.rooms.reload()
    assert wrong.key == "rules.unknown_webhook"


async def test_an_endpoint_that_is_off_is_owed_nothing_by_rules(houses: Houses) -> None:
    house = houses(rules={"10-a.toml": WELCOME})
    hooked(house)
    assert house.rooms.reload() == ()
    await house.settle()
    house.store.write_now(verbs.switch, "erp", By("owner"), house.clock.now(), off=True)
    await house.customer("sara@x").writes("Where is my invoice?")
    house.store.write_now(verbs.switch, "erp", By("owner"), house.clock.now(), off=False)
    assert len(house.conversations()) == 1
    assert owed(house) == []


async def test_g1_a_call_that_failed_under_a_clock_that_was_ahead_does_not_wait_for_that_year(houses: Houses) -> None:
    house = houses(rules={"10-a.toml": WELCOME})
    hooked(house)
    assert house.rooms.reload() == ()
    house.clock.advance(timedelta(days=3650))
    await house.settle()
    await house.customer("sara@x").writes("Where is my invoice?")
    now = house.clock.now()
    (call,) = house.store.read_now(webhooks.due, now, (), 50)
    house.store.write_now(webhooks.settle, call, CallState.QUEUED, now, status=500, again=now + timedelta(hours=1))
    house = houses(clock=FakeClock(DEFAULT_START + timedelta(minutes=1)), network=house.network)
    await house.later(minutes=10)
    assert [kind for kind, _ in owed(house)] == ["rule.matched"]
