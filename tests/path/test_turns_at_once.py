"""Many assignments at the same moment, from two processes, on both databases: nobody is ever two turns ahead of another."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import pytest

from inbox.domain.arrivals import Judged
from inbox.domain.assigning import Choice
from inbox.domain.conversations import Conversation
from inbox.domain.ids import AgentId, ArrivalId, ConversationId
from inbox.domain.people import Agent
from inbox.pipeline.assign import choose
from inbox.pipeline.receive import judge
from inbox.rulebook.decision import Assign
from inbox.store import arrivals, people
from inbox.store.store import Busy, Store
from inbox.store.unit import Unit
from inbox.testing import FakeClock
from tests.path.conftest import Houses
from tests.path.house import Here, House
from tests.store.race import race

MEMBERS, EACH = 3, 8
SHARE = '[[rule]]\nname = "share"\nthen.assign = {{ team = "support", by = "{by}" }}\n'


def team(unit: Unit) -> None:
    ids = [people.put_agent(unit, Agent(AgentId(0), f"agent{n}", f"Agent {n}")) for n in range(MEMBERS)]
    people.put_team(unit, "support", "Support", ids)


@pytest.fixture
def stores(url: str, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Two processes' stores on one database, with a team."""
    one, two = Store(url, tmp_path), Store(url, tmp_path)
    one.write_now(team)
    yield one, two
    one.close()
    two.close()


def assigned(unit: Unit) -> Choice:
    wanted = Assign(team="support", by="round-robin")
    return choose(unit, wanted, Conversation(ConversationId(0)), people.roster(unit), FakeClock().now())


def surely(store: Store) -> Choice:
    """As the receiver does it: a unit that lost too often is handed in again."""
    while True:
        try:
            return store.write_now(assigned)
        except Busy:
            continue


def test_two_at_once_give_two_members_a_turn_each(stores: tuple[Store, Store]) -> None:
    one, two = stores
    for _ in range(MEMBERS):
        first, second = race((one, assigned), (two, assigned))
        assert first.agent != second.agent
    turns = one.read_now(lambda unit: sorted(Counter(_numbers(unit)).values()))
    assert turns == [1] * MEMBERS, "no two turns have the same number"


def _numbers(unit: Unit) -> list[int]:
    return [row[0] for row in unit.connection.exec_driver_sql("SELECT number FROM rotation")]


def test_many_at_once_are_shared_to_the_last_one(stores: tuple[Store, Store]) -> None:
    with ThreadPoolExecutor(6) as pool:
        given = [choice.agent for choice in pool.map(surely, islice(cycle(stores), MEMBERS * EACH))]
    assert set(Counter(given).values()) == {EACH}


@pytest.mark.parametrize("by", ["round-robin", "least-busy"])
async def test_two_mails_received_at_once_go_to_two_agents(houses: Houses, url: str, tmp_path: Path, by: str) -> None:
    house = houses(rules={"10-share.toml": SHARE.format(by=by)}, who=team)
    await house.settle()
    other = Store(url, tmp_path)
    for name in ("sara", "omid"):
        house.network.write(f"{name}@x", "support@acme", "Where is it?", language="en")
    await house._fetch(next(iter(house.senders)))
    units = await _waiting(house)
    race((house.store, units[0]), (other, units[1]))
    other.close()
    await house.settle()
    one, two = house.conversations()
    assert None not in (one.assignee, two.assignee)
    assert one.assignee != two.assignee


async def _waiting(house: House) -> list[Callable[[Unit], Judged]]:
    """The reception of each arrival that waits, as a unit."""
    known = tuple(house.playbook().channels)
    found: list[Callable[[Unit], Judged]] = []
    for waiting in house.store.read_now(arrivals.pending, ArrivalId(0), 9, known):
        assert waiting.raw is not None
        (happenings,) = await Here(house.rooms).parse([(waiting.channel, waiting.raw)])
        assert not isinstance(happenings, Exception)
        arrival, playbook, now = waiting.arrival(waiting.raw), house.playbook(), house.clock.now()
        found.append(partial(judge, arrival=arrival, happenings=happenings, playbook=playbook, now=now))
    return found
