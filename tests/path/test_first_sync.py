"""The first opening of a mailbox: old mail left alone, brought in silently, or answered under a brake."""

from channels.memory.network import Network
from inbox.domain.conversations import State
from inbox.store import channels
from tests.path.conftest import Houses
from tests.path.house import SUPPORT, House


def written(*texts: str) -> Network:
    """A network on which mails lie already."""
    network = Network()
    for n, text in enumerate(texts):
        network.write(f"{n}@x", "support@acme", text, language="en")
    return network


async def test_new_leaves_old_mail_alone(houses: Houses) -> None:
    house = houses(network=written("old"))
    await house.settle()
    await house.customer("sara@x").writes("new")
    assert house.only().excerpt == "new"


async def test_import_is_silent(houses: Houses) -> None:
    """No rule ran, no clock, no promise, no mail; and what they write now is a matter of today."""
    house = houses(channel='first_sync = "import"', network=written("old", "older"))
    await house.settle()
    assert house.network.accepted == []
    first = house.conversations()[0]
    assert (first.state, first.history, first.waiting_since) == (State.DONE, True, None)
    assert [e.payload.kind for e in house.log(first)] == ["opened", "received"]
    assert (house.clocks(first), house.promises(first)) == ({}, [])
    await house.customer("0@x").writes("It broke again", references=[house.said(first)[0].key])
    first = house.conversations()[0]
    assert (first.state, first.waiting_since) == (State.OPEN, house.clock.now())
    assert house.clocks(first)["first_reply"].open


async def test_an_agent_may_answer_old_mail(houses: Houses) -> None:
    house = houses(channel='first_sync = "import"', network=written("old"))
    await house.settle()
    await house.agent("reza").replies(house.only(), "Better late than never")
    assert len(house.mails_to("0@x")) == 1
    assert house.only().state is State.WAITING
    await house.customer("0@x").answers("Thank you")
    assert house.only().state is State.OPEN


async def test_answer_stops_at_the_brake_until_a_person_releases_it(houses: Houses) -> None:
    brake = "[automatic]\nfirst_sync_acknowledgements = 2\n"
    house = houses(channel='first_sync = "answer"', more=brake, network=written(*"abcde"))
    await house.settle()
    assert (len(house.conversations()), len(house.network.accepted)) == (2, 2)
    assert house.verdicts() == ["accepted"] * 2 + ["None"] * 3
    await house.customer("new@x").writes("I am new")
    assert len(house.mails_to("new@x")) == 1, "what is new does not wait behind the brake"
    house.store.write_now(channels.release_first_sync, SUPPORT)
    await _released(house)
    assert len(house.conversations()) == 6
    assert len(house.network.accepted) == 6


async def test_a_restart_does_not_get_round_the_brake(houses: Houses) -> None:
    brake = "[automatic]\nfirst_sync_acknowledgements = 2\n"
    network = written(*"abcde")
    await houses(channel='first_sync = "answer"', more=brake, network=network).settle()
    house = houses(channel='first_sync = "answer"', more=brake, network=network)
    await house.settle()
    assert len(house.network.accepted) == 2


async def _released(house: House) -> None:
    """As the receiver does in service, when it is woken."""
    house.receiver._braked.clear()
    await house.settle()
