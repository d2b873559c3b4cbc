"""How one of a team is chosen: in turn, by load, by what they can, and by who answered before; and what becomes of gone ones."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from inbox.domain import events as ev
from inbox.domain.conversations import Conversation
from inbox.domain.ids import AgentId
from inbox.domain.people import Absence, Agent
from inbox.rulebook.decision import Decision
from inbox.store import decisions, people
from inbox.store.unit import Unit
from tests.path.conftest import Houses
from tests.path.house import House

BOTH = 'on = ["conversation-opened", "message-received"]\n'


def three(unit: Unit) -> None:
    """Sara writes both languages, Reza knows networks, Mina has neither; all are there day and night."""
    known = {"sara": {"languages": ("en", "fa")}, "reza": {"skills": ("Network", "شبكه")}, "mina": {}}
    ids = [
        people.put_agent(unit, Agent(AgentId(0), handle, handle.title(), **{"languages": ("en",), **more}))  # type: ignore[arg-type]  # by field
        for handle, more in known.items()
    ]
    people.put_team(unit, "support", "Support", ids)
    people.put_team(unit, "finance", "Finance", ids[1:])


def rules(assign: str, on: str = "") -> dict[str, str]:
    return {"10-share.toml": f'[[rule]]\nname = "share"\n{on}then.assign = {assign}\n'}


@pytest.fixture
def sharing(houses: Houses) -> Callable[..., House]:
    """A house whose only rule assigns so."""
    return lambda assign, on="": houses(rules=rules(assign, on), who=three)


def name(house: House, matter: Conversation) -> str:
    found = house.store.read_now(people.roster).agent_by_id(matter.assignee or AgentId(0))
    return found.handle if found else ""


async def takes(house: House, n: int = 1, text: str = "Where is it?", language: str = "en") -> list[str]:
    """To whom the next so many conversations go."""
    before = len(house.conversations())
    for k in range(n):
        await house.customer(f"{before + k}@x").writes(text, language=language)
    return [name(house, matter) for matter in house.conversations()[before:]]


def obstacles(house: House) -> dict[str, str]:
    """Of the latest conversation, who was considered and what kept them from it."""
    return {c.handle: c.obstacle for c in house.told(house.conversations()[-1], ev.Assigned)[-1].considered}


def away(house: House, handle: str, **units: float) -> None:
    now = house.clock.now()
    absence = Absence(house.agent(handle).who.id, now, now + timedelta(**units))
    house.store.write_now(people.add_absence, absence)


async def test_round_robin_goes_round_whatever_is_open(sharing: Callable[..., House]) -> None:
    house = sharing('{ team = "support", by = "round-robin" }')
    await house.settle()
    assert await takes(house, 4) == ["sara", "reza", "mina", "sara"]
    for matter in house.conversations()[:3]:
        await house.agent("sara").does(matter, "done")
    assert await takes(house, 2) == ["reza", "mina"]


async def test_whoever_comes_back_has_one_turn_and_not_all_that_they_missed(sharing: Callable[..., House]) -> None:
    house = sharing('{ team = "support", by = "round-robin" }')
    await house.settle()
    away(house, "mina", hours=1)
    assert await takes(house, 4) == ["sara", "reza", "sara", "reza"]
    await house.later(hours=2)
    assert await takes(house, 4) == ["mina", "sara", "reza", "mina"]


async def test_urgent_work_weighs_as_much_as_four_normal_matters(sharing: Callable[..., House]) -> None:
    house = sharing('{ team = "finance", by = "least-busy" }')
    await house.settle()
    assert await takes(house) == ["reza"]
    await house.agent("sara").does(house.only(), "priority", priority="urgent")
    assert await takes(house, 4) == ["mina"] * 4, "four of weight 2 are as much as one of weight 8"
    assert await takes(house, 2) == ["reza", "mina"], "of equals whoever was given something longest ago"


async def test_capacity_counts_conversations_and_does_not_weigh_them(sharing: Callable[..., House]) -> None:
    house = sharing('{ team = "finance", by = "round-robin" }')
    await house.settle()
    house.store.write_now(people.put_agent, Agent(AgentId(0), "reza", "Reza", capacity=2))
    assert await takes(house, 4) == ["reza", "mina", "reza", "mina"]
    assert await takes(house, 2) == ["mina", "mina"]
    assert obstacles(house) == {"reza": "full", "mina": ""}


async def test_skills_and_the_language_of_the_customer(sharing: Callable[..., House]) -> None:
    house = sharing('{ team = "support", by = "least-busy", skills = ["network", "شبکه"] }')
    await house.settle()
    assert await takes(house, 2) == ["reza", "reza"], "letters are folded"
    assert obstacles(house) == {"sara": "skill", "reza": "", "mina": "skill"}


async def test_a_persian_customer_gets_somebody_who_writes_persian(sharing: Callable[..., House]) -> None:
    house = sharing('{ team = "support", by = "round-robin", language = true }')
    await house.settle()
    assert await takes(house, 2, "سلام", language="fa") == ["sara", "sara"]
    assert obstacles(house) == {"sara": "", "reza": "language", "mina": "language"}
    assert await takes(house, 2) == ["reza", "mina"], "everybody writes English"


async def test_sticky_goes_to_whoever_answered_the_contact_last(sharing: Callable[..., House]) -> None:
    house = sharing('{ team = "finance", by = "sticky" }')
    await house.settle()
    ali = house.customer("ali@x")
    await ali.writes("First")
    await house.agent("mina").replies(house.only(), "There.", then="done")
    await ali.writes("Second")
    assert name(house, house.conversations()[-1]) == "mina"
    assert house.told(house.conversations()[-1], ev.Assigned)[0].why == "sticky"
    away(house, "mina", hours=1)
    await ali.writes("Third")
    assert name(house, house.conversations()[-1]) == "reza", "and where they are not there, the least busy does it"
    assert house.told(house.conversations()[-1], ev.Assigned)[0].why == "least-busy"
    await house.later(days=31)
    await house.agent("reza").does(house.conversations()[1], "done")
    await ali.writes("Fourth")
    assert house.told(house.conversations()[-1], ev.Assigned)[0].why == "least-busy", "a month later nobody knows"


async def test_sticky_passes_over_who_is_not_of_the_team(sharing: Callable[..., House]) -> None:
    house = sharing('{ team = "finance", by = "sticky" }')
    await house.settle()
    ali = house.customer("ali@x")
    await ali.writes("First")
    await house.agent("sara").replies(house.only(), "There.", then="done")
    await ali.writes("Second")
    assert name(house, house.conversations()[-1]) in ("reza", "mina")


async def test_keep_leaves_it_with_whoever_of_the_team_has_it(sharing: Callable[..., House]) -> None:
    house = sharing('{ team = "finance", by = "round-robin", keep = true }', BOTH)
    await house.settle()
    ali = house.customer("ali@x")
    asked = await ali.writes("First")
    assert name(house, house.only()) == "reza"
    await ali.writes("Second", references=[asked])
    assert name(house, house.only()) == "reza"
    assert len(house.told(house.only(), ev.Assigned)) == 1
    assert house.told(house.only(), ev.Decided)[-1].rules == ("share",)


@pytest.mark.parametrize("how", ["absent", "disabled"])
async def test_the_next_message_goes_to_somebody_else_when_they_are_gone(
    sharing: Callable[..., House], how: str
) -> None:
    """Though a person gave it to them, and to their team."""
    house = sharing('{ team = "finance", by = "round-robin", keep = true }', BOTH)
    await house.settle()
    ali = house.customer("ali@x")
    asked = await ali.writes("First")
    sara = house.agent("sara")
    await sara.does(house.only(), "assign", to="team:finance")
    await sara.does(house.only(), "assign", to="reza")
    await ali.writes("Second", references=[asked])
    assert (name(house, house.only()), house.only().pinned) == ("reza", ("assignee", "team"))
    if how == "absent":
        away(house, "reza", hours=1)
    else:
        house.store.write_now(people.put_agent, Agent(AgentId(0), "reza", "Reza", disabled=True))
    await ali.writes("Third", references=[asked])
    assert name(house, house.only()) == "mina"
    assert obstacles(house) == {"reza": "away" if how == "absent" else "disabled", "mina": ""}


async def test_a_rule_that_names_somebody_who_is_gone_gives_it_to_nobody(sharing: Callable[..., House]) -> None:
    house = sharing('"agent:mina"')
    await house.settle()
    away(house, "mina", hours=1)
    assert await takes(house) == [""]
    assert obstacles(house) == {"mina": "away"}
    await house.later(hours=2)
    assert await takes(house) == ["mina"]


async def test_it_stays_with_whoever_has_it_where_nobody_else_can(sharing: Callable[..., House]) -> None:
    house = sharing('{ team = "finance", by = "least-busy", skills = ["network"] }', BOTH)
    await house.settle()
    asked = await house.customer("ali@x").writes("First")
    house.store.write_now(people.put_agent, Agent(AgentId(0), "reza", "Reza", skills=()))
    await house.customer("ali@x").writes("Second", references=[asked])
    assert name(house, house.only()) == "reza"


async def test_it_waits_in_the_queue_where_nobody_can_and_the_next_message_offers_it_again(
    sharing: Callable[..., House],
) -> None:
    house = sharing('{ team = "finance", by = "least-busy", keep = true }', BOTH)
    await house.settle()
    for handle in ("reza", "mina"):
        away(house, handle, hours=1)
    asked = await house.customer("ali@x").writes("First")
    assert [(one.agent, one.why) for one in house.told(house.only(), ev.Assigned)] == [(None, "nobody")]
    assert house.only().team is not None
    await house.later(hours=2)
    assert name(house, house.only()) == "", "a shift that begins gives nobody anything by itself"
    await house.customer("ali@x").writes("Second", references=[asked])
    assert name(house, house.only()) == "reza"


async def test_the_choice_stands_in_the_decision_and_no_replay_depends_on_it(sharing: Callable[..., House]) -> None:
    house = sharing('{ team = "finance", by = "round-robin" }')
    await house.settle()
    await takes(house)
    (stored,) = house.store.read_now(decisions.of, house.only().id)
    decision = Decision.from_json(stored.body)
    assert decision.choice is not None
    assert (decision.choice.agent, decision.choice.reason) == ("reza", "round-robin")
    assert [one.handle for one in decision.choice.considered] == ["reza", "mina"]
    assert Decision.from_json(decision.to_json()) == decision
    assert Decision.from_json(decision.to_json()).choice == decision.choice
