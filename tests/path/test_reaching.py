"""Who can be reached: somebody shuts us out, or lets us in again; a chat goes on under another address."""

import json

from inbox.domain import events as ev
from inbox.domain.conversations import State
from inbox.domain.deliveries import DeliveryState
from inbox.store import people
from tests.path.conftest import Houses
from tests.path.house import House

S = DeliveryState


async def tells(house: House, kind: str, **more: object) -> None:
    """The network tells us something."""
    house.network.offer("support@acme", json.dumps({"kind": kind, **more}).encode())
    await house.settle()


async def shuts_out(house: House, address: str) -> None:
    await tells(house, "reachability", key="b1", address=address, reachable=False, reason="blocked")


async def moves(house: House, old: str, new: str, key: str = "move") -> None:
    await tells(house, "move", key=key, old=old, new=new)


def unreachable(house: House, address: str) -> str:
    known = house.store.read_now(people.known, "memory", address)
    assert known is not None
    return known[1].unreachable


# -- shut out and let in -----------------------------------------------------------------------------------------------
async def test_what_waits_to_go_to_somebody_who_shut_us_out_has_failed_where_people_see_it(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    start = house.clock.now()
    await house.later(hours=1)
    house.network.faults.drops_before(times=1)
    await house.agent("reza").replies(house.only(), "There.")
    assert house.deliveries("reply")[0].state is S.QUEUED
    await shuts_out(house, "sara@x")
    assert house.deliveries("reply")[0].state is S.FAILED
    (settled,) = house.told(house.only(), ev.DeliverySettled)
    assert (settled.state, json.loads(settled.reason)["key"]) == ("failed", "delivery.unreachable")
    assert unreachable(house, "sara@x") == "blocked"
    clock = house.clocks(house.only())["first_reply"]
    assert (clock.open, clock.started_at) == (True, start), "a reply that cannot arrive answered nothing"
    await house.later(hours=6)
    assert [m["automatic"] for m in house.mails_to("sara@x")] == ["auto-reply"], "nothing goes out after it"


async def test_others_are_not_concerned(house: House) -> None:
    await house.customer("sara@x").writes("One")
    await house.customer("omid@x").writes("Two")
    house.network.faults.drops_before(times=1)
    await house.agent("reza").replies(house.conversations()[1], "There.")
    await shuts_out(house, "sara@x")
    assert house.deliveries("reply")[0].state is S.QUEUED
    assert unreachable(house, "omid@x") == ""


async def test_all_parts_of_an_answer_end(houses: Houses) -> None:
    house = houses(channel='first_sync = "new"\ntext_limit = 200')
    await house.settle()
    await house.customer("sara@x").writes("Where is it?")
    house.network.faults.drops_before(times=1)
    await house.agent("reza").replies(house.only(), "word " * 100)
    await shuts_out(house, "sara@x")
    assert {d.state for d in house.deliveries("reply")} == {S.FAILED, S.CANCELLED}


async def test_somebody_lets_us_in_again(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    await shuts_out(house, "sara@x")
    await tells(house, "reachability", key="b2", address="sara@x", reachable=True)
    assert unreachable(house, "sara@x") == ""
    await house.agent("reza").replies(house.only(), "There.")
    assert house.deliveries("reply")[0].state is S.SENT


async def test_whom_we_do_not_know_may_shut_us_out(house: House) -> None:
    await shuts_out(house, "nobody@x")
    assert house.verdicts() == ["ignored ignored.reachability_of_nobody"]


# -- moves -------------------------------------------------------------------------------------------------------------
async def test_a_chat_goes_on_under_its_new_address(house: House) -> None:
    await house.customer("chat-1").writes("Where is it?", thread="chat-1")
    await moves(house, "chat-1", "chat-9")
    assert house.told(house.only(), ev.ThreadMoved) == [ev.ThreadMoved("thread_moved", "chat-1", "chat-9")]
    await house.customer("chat-9").writes("Still waiting", thread="chat-9")
    matter = house.only()
    assert [m.text for m in house.said(matter) if m.direction == "inbound"] == ["Where is it?", "Still waiting"]
    await house.agent("reza").replies(matter, "There.")
    assert (house.mails_to("chat-9")[-1]["text"].startswith("There."), house.mails_to("chat-9")[-1]["thread"]) == (
        True,
        "chat-9",
    )


async def test_an_answer_to_what_was_written_before_the_move_goes_to_the_new_address(house: House) -> None:
    await house.customer("chat-1").writes("Where is it?", thread="chat-1")
    await moves(house, "chat-1", "chat-2")
    await moves(house, "chat-2", "chat-3", key="again")
    await house.agent("reza").replies(house.only(), "There.")
    assert (len(house.mails_to("chat-3")), house.mails_to("chat-3")[0]["thread"]) == (1, "chat-3")


async def test_what_is_queued_goes_to_the_new_address_with_its_bytes(house: House) -> None:
    await house.customer("chat-1").writes("Where is it?", thread="chat-1")
    house.network.faults.drops_before(times=1)
    await house.agent("reza").replies(house.only(), "There.")
    (before,) = house.deliveries("reply")
    await moves(house, "chat-1", "chat-9")
    (after,) = house.deliveries("reply")
    assert (after.part.lane, after.part.recipients) == ("chat-9", ("chat-9",))
    assert after.part.body == before.part.body
    await house.later(minutes=5)
    assert house.deliveries("reply")[0].state is S.SENT
    assert len(house.mails_to("chat-9")) == 1


async def test_who_wrote_under_the_new_address_first_is_in_the_same_matter(house: House) -> None:
    """Networks tell of a move from both sides, in any order."""
    await house.customer("chat-1").writes("Where is it?", thread="chat-1")
    await house.customer("chat-9").writes("Still waiting", thread="chat-9")
    await moves(house, "chat-1", "chat-9")
    await moves(house, "chat-1", "chat-9", key="from the other side")
    first, second = house.conversations()
    assert (first.merged_into, second.merged_into, first.messages) == (None, first.id, 4)
    assert house.verdicts()[-1] == "ignored ignored.move_of_nothing"
    await house.customer("chat-9").writes("Hello?", thread="chat-9")
    assert len(house.conversations()) == 2


async def test_what_was_over_stays_over(house: House) -> None:
    await house.customer("chat-1").writes("Where is it?", thread="chat-1")
    await house.agent("reza").does(house.only(), "done")
    await house.customer("chat-9").writes("Something else", thread="chat-9")
    await moves(house, "chat-1", "chat-9")
    first, second = house.conversations()
    assert (first.state, second.state, second.merged_into) == (State.DONE, State.OPEN, None)
    assert unreachable(house, "chat-1") == "moved"


async def test_nothing_of_ours_moved(house: House) -> None:
    await moves(house, "chat-1", "chat-9")
    assert house.verdicts() == ["ignored ignored.move_of_nothing"]
