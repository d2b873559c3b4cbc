"""Whom rules tell: each agent once for each decision, nobody of what they did, and nobody who is gone."""

from dataclasses import replace

from inbox.domain.ids import AgentId
from inbox.domain.rule_events import Notified
from inbox.domain.scope import Scope
from inbox.store import notifications, people
from tests.path.conftest import Houses
from tests.path.house import House

WELCOME = '[[rule]]\nname = "welcome"\nthen.policy = "standard"\n'


async def opened(houses: Houses, *rules: str) -> House:
    house = houses(rules={"10-a.toml": WELCOME + "".join(rules)})
    await house.settle()
    return house


def rule(name: str, body: str) -> str:
    return f'[[rule]]\nname = "{name}"\n{body}\n'


def told(house: House, handle: str) -> list[tuple[str, str]]:
    """(what happened, which rule told it), the newest first."""
    scope = Scope.of_agent(house.agent(handle).who.id)
    return [(one.kind, one.rule) for one in house.store.read_now(notifications.listing, scope, 50)]


async def test_each_is_told_once_by_the_first_rule_that_names_them(houses: Houses) -> None:
    first = rule("first", 'then.notify = ["agent:reza"]\nthen.assign = "agent:reza"')
    second = rule("second", 'then.notify = ["team:support", "assignee", "team:nights"]')
    house = await opened(houses, first, second)
    await house.customer("sara@x").writes("The site is down")
    assert told(house, "reza") == [("conversation-opened", "first")]
    assert told(house, "sara") == told(house, "mina") == [("conversation-opened", "second")]
    names = [
        (event.actor.name, event.payload.agents)
        for event in house.log(house.only())
        if isinstance(event.payload, Notified)
    ]
    ids = {handle: house.agent(handle).who.id for handle in ("sara", "reza", "mina")}
    assert names == [("first", (ids["reza"],)), ("second", (ids["sara"],)), ("second", (ids["mina"],))]


async def test_the_assignee_is_whoever_has_it_in_the_end(houses: Houses) -> None:
    house = await opened(
        houses, rule("tell", 'then.notify = "assignee"\nthen.assign = { team = "support", by = "round-robin" }')
    )
    await house.customer("sara@x").writes("The site is down")
    whose = house.only().assignee
    assert [len(told(house, handle)) for handle in ("sara", "reza") if house.agent(handle).who.id == whose] == [1]
    assert len(told(house, "sara")) + len(told(house, "reza")) == 1


async def test_nobody_has_it_and_nobody_is_told(houses: Houses) -> None:
    house = await opened(houses, rule("tell", 'then.notify = "assignee"'))
    await house.customer("sara@x").writes("The site is down")
    assert house.told(house.only(), Notified) == []


async def test_nobody_is_told_of_what_they_did_themselves(houses: Houses) -> None:
    house = await opened(houses, rule("tell", 'on = ["field-changed", "reply-sent"]\nthen.notify = "team:support"'))
    await house.customer("sara@x").writes("The site is down")
    await house.agent("sara").does(house.only(), "priority", priority="urgent")
    assert (told(house, "sara"), told(house, "reza")) == ([], [("field-changed", "tell")])
    await house.agent("reza").replies(house.only(), "It is up.")
    assert told(house, "reza") == [("field-changed", "tell")], "the answer was his"
    assert told(house, "sara")[0] == ("reply-sent", "tell")


async def test_who_is_disabled_is_not_told(houses: Houses) -> None:
    house = await opened(houses, rule("tell", 'then.notify = ["team:support", "agent:mina"]'))
    reza = house.agent("reza").who
    house.store.write_now(people.put_agent, replace(reza, disabled=True))
    await house.customer("sara@x").writes("The site is down")
    scope = Scope.of_agent(AgentId(reza.id))
    assert house.store.read_now(notifications.listing, scope, 50) == []
    assert len(told(house, "sara")) == len(told(house, "mina")) == 1


async def test_time_tells_too_once_in_each_waiting(houses: Houses) -> None:
    idle = (
        'on = "idle"\nwhen.idle = { for = "30 minutes (24x7)", since = "customer wrote" }\nthen.notify = "team:support"'
    )
    house = await opened(houses, rule("nobody took it", idle))
    await house.customer("sara@x").writes("The site is down", thread="chat-1")
    await house.later(minutes=30)
    await house.later(hours=5)
    assert told(house, "sara") == [("idle", "nobody took it")]


async def test_what_is_merged_is_told_of_where_it_is_now(houses: Houses) -> None:
    house = await opened(houses, rule("tell", 'then.notify = "agent:mina"'))
    sara = house.customer("sara@x")
    first, second = await sara.writes("One"), await sara.writes("Two")
    await sara.writes("About both", references=[second, first])
    scope = Scope.of_agent(house.agent("mina").who.id)
    kept = [one.reference for one in house.conversations() if one.merged_into is None]
    assert [one.reference for one in house.store.read_now(notifications.listing, scope, 50)] == kept * 2
