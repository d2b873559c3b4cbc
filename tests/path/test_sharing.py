"""Who gets it: rules share the work among those who are there, and say why each other one did not get it."""

from datetime import timedelta

from inbox.domain import events as ev
from inbox.domain.ids import AgentId
from inbox.domain.people import Absence, Agent
from inbox.store import people
from tests.path.conftest import Houses
from tests.path.house import House

SHARE = """\
[[rule]]
name = "nights"
when.text.mentions = "night"
then.assign = { team = "nights", by = "least-busy" }

[[rule]]
name = "share"
then.assign = { team = "support", by = "least-busy" }
"""


async def shared(houses: Houses) -> House:
    house = houses(rules={"10-share.toml": SHARE})
    await house.settle()
    return house


async def takes(house: House, n: int = 1, text: str = "Where is it?") -> list[str]:
    """To whom the next so many conversations go."""
    before = len(house.conversations())
    for k in range(n):
        await house.customer(f"{before + k}@x").writes(text)
    handles = {a.id: a.handle for a in house.store.read_now(people.roster).agents}
    return ["" if c.assignee is None else handles[c.assignee] for c in house.conversations()[before:]]


def why(house: House) -> str:
    """Why the latest one went where it went."""
    told = house.told(house.conversations()[-1], ev.Assigned)[-1]
    return f"{told.why}: " + ", ".join(f"{one.handle} {one.obstacle or one.load}" for one in told.considered)


async def test_work_is_shared_evenly(houses: Houses) -> None:
    house = await shared(houses)
    assert await takes(house, 4) == ["sara", "reza", "sara", "reza"]
    assert why(house) == "least-busy: sara 4, reza 2"
    await house.agent("sara").does(house.conversations()[0], "done")
    await house.agent("sara").does(house.conversations()[2], "done")
    assert await takes(house, 3) == ["sara", "sara", "reza"], "until it is even again, and then in turn"


async def test_whoever_is_away_full_or_gone_gets_nothing(houses: Houses) -> None:
    house = await shared(houses)
    reza = house.agent("reza").who
    now = house.clock.now()
    house.store.write_now(people.add_absence, Absence(reza.id, now, now + timedelta(hours=2)))
    assert await takes(house, 2) == ["sara", "sara"]
    assert why(house) == "least-busy: sara 2, reza away"
    await house.later(hours=3)
    assert await takes(house) == ["reza"]
    house.store.write_now(people.put_agent, Agent(AgentId(0), "reza", "Reza", capacity=1))
    assert await takes(house) == ["sara"]
    assert why(house) == "least-busy: sara 4, reza full"
    house.store.write_now(people.put_agent, Agent(AgentId(0), "reza", "Reza", disabled=True))
    await takes(house)
    assert why(house) == "least-busy: sara 6, reza disabled"


async def test_nobody_on_duty_leaves_it_in_the_teams_queue(houses: Houses) -> None:
    house = await shared(houses)
    assert await takes(house, text="at night") == [""]
    matter = house.only()
    team = house.store.read_now(people.roster).team("nights")
    assert team is not None
    assert matter.team == team.id
    assert why(house) == "nobody: mina off-duty"
    await house.later(days=2)  # Monday, 12:30
    assert await takes(house, text="at night") == ["mina"]


async def test_what_a_person_took_stays_theirs(houses: Houses) -> None:
    rule = '[[rule]]\nname = "share"\non = ["conversation-opened", "message-received"]\nthen.assign = "agent:sara"\n'
    house = houses(rules={"10-share.toml": rule})
    await house.settle()
    customer = house.customer("ali@x")
    asked = await customer.writes("Where is it?")
    await house.agent("reza").does(house.only(), "take")
    await customer.writes("Hello?", references=[asked])
    assert house.only().assignee == house.agent("reza").who.id
    assert house.only().pinned == ("assignee",)
    house.store.write_now(people.put_agent, Agent(AgentId(0), "reza", "Reza", disabled=True))
    await customer.writes("Hello??", references=[asked])
    assert house.only().assignee == house.agent("sara").who.id, "who is gone holds nothing"


async def test_a_team_can_be_given_it_and_a_person_too(house: House) -> None:
    await house.customer("ali@x").writes("Where is it?")
    sara = house.agent("sara")
    assert (await sara.does(house.only(), "assign", to="team:support")).key == "done.team"
    assert (await sara.does(house.only(), "assign", to="reza")).facts["agent"] == "Reza"
    assert (await sara.does(house.only(), "assign", to="none")).key == "done.unassigned"
    assert (await sara.does(house.only(), "tag", add=["vip", "late"], remove=["late"])).facts["tags"] == "vip, late"
    assert house.only().pinned == ("assignee", "team")
