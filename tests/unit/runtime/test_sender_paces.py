"""The sender's patience: how long it waits after trouble, and as long as a network asks for."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.domain.problems import Throttled
from inbox.ports.channel import StageLog
from inbox.ports.wake import OUTBOX
from inbox.runtime.backlog import Backlog
from inbox.runtime.sender import Retry
from inbox.store import messages
from tests.path.house import SUPPORT, House
from tests.rig.wait import until_async
from tests.unit.runtime.sending import S, Sending, copy_sqlite, house, state, through

__all__ = ["copy_sqlite", "house"]


# -- patience ----------------------------------------------------------------------------------------------------------
def test_pauses_double_up_to_the_longest_and_a_tenth_is_left_to_chance() -> None:
    retry = Retry(timedelta(minutes=1), timedelta(hours=1))
    for attempts, minutes in ((1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (500, 60)):
        pauses = {retry.after(attempts) for _ in range(50)}
        assert all(timedelta(minutes=minutes) * 0.9 <= p <= timedelta(minutes=minutes) * 1.1 for p in pauses)
        assert len(pauses) > 1


# -- what a network asks for -------------------------------------------------------------------------------------------
async def test_a_network_that_says_how_long_is_waited_for_that_long_and_nothing_else_is_held(house: House) -> None:
    tries: list[str] = []

    async def send(stage: StageLog) -> None:
        tries.append("again")
        raise Throttled("bot.slow_down", host="x", chat="7", seconds=3600)

    sender = through(house, send)
    assert await sender.settle() == 1
    assert sender._held is None, "others are not concerned"
    house.clock.advance(timedelta(seconds=3599))
    assert await sender.settle() == 0
    house.clock.advance(timedelta(seconds=1))
    assert (await sender.settle(), len(tries), state(house)) == (1, 2, S.QUEUED)


async def test_f05_a_lane_that_is_held_holds_what_is_behind_it_across_a_restart_and_no_other(house: House) -> None:
    sent: list[str] = []
    asked = {"sara@x": 1}

    async def send(part: FrozenPart, stage: StageLog) -> Receipt:
        if asked.get(part.lane):
            asked[part.lane] -= 1
            raise Throttled("bot.slow_down", host="x", chat=part.lane, seconds=35)
        sent.append(part.lane)
        return Receipt((part.key,))

    await house.customer("omid@x").writes("And mine?")
    for text in ("And this.", "And that."):
        house.agent("reza").acts(house.conversations()[0], "reply", text=text)
    house.agent("reza").acts(house.conversations()[1], "reply", text="There too.")
    for begun in (house._sender(SUPPORT, Backlog()) for _ in range(2)):
        begun._channel = Sending(send)  # type: ignore[assignment]  # as much of a channel as is needed
        while await begun.settle():
            pass
        assert sent == ["omid@x"], "the row waits, whoever sends"
    assert await begun._pause() == 30.0, "it looks again, and does not spin over what is behind the head"
    house.clock.advance(timedelta(seconds=34))
    assert 0.9 < await begun._pause() <= 1.0
    assert await begun.settle() == 0
    house.clock.advance(timedelta(seconds=1))
    while await begun.settle():
        pass
    assert sent == ["omid@x", "sara@x", "sara@x"]


async def test_a_lane_rests_as_long_as_the_network_likes_and_no_other_waits(house: House) -> None:
    sent: list[str] = []

    async def send(part: FrozenPart, stage: StageLog) -> Receipt:
        sent.append(part.lane)
        return Receipt((part.key,), rest=1.5)

    await house.customer("omid@x").writes("And mine?")
    for text in ("And this.", "And that."):
        house.agent("reza").acts(house.conversations()[0], "reply", text=text)
    house.agent("reza").acts(house.conversations()[1], "reply", text="There too.")
    sender = house.senders[SUPPORT]
    sender._channel = Sending(send)  # type: ignore[assignment]  # as much of a channel as is needed
    while await sender.settle():
        pass
    assert sorted(sent) == ["omid@x", "sara@x"]
    assert 1.0 < await sender._pause() <= 1.5
    house.clock.advance(timedelta(seconds=1.5))
    assert await sender.settle() == 1
    assert sorted(sent) == ["omid@x", "sara@x", "sara@x"]
    assert {d.attempts for d in house.deliveries("reply")} == {1}, "to rest is no failure"
    assert await sender._pause() == 1.5
    house.clock.advance(timedelta(seconds=2))
    assert await sender._pause() == 30.0


async def test_what_was_said_before_a_takeover_still_counts(house: House) -> None:
    """The next sender asks its network's manners how long each lane rests after what the rows say was sent."""

    async def send(part: FrozenPart, stage: StageLog) -> Receipt:
        return Receipt((part.key,), rest=20)

    sender = house.senders[SUPPORT]
    sender._channel = Sending(send)  # type: ignore[assignment]  # as much of a channel as is needed
    assert await sender.settle() == 1
    house.agent("reza").acts(house.only(), "reply", text="And this.")
    house.clock.advance(timedelta(seconds=5))
    asked: list[tuple[str, float]] = []

    class Counting(Sending):
        def recollect(self, said: Sequence[tuple[str, float]]) -> Mapping[str, float]:
            asked.extend(said)
            return {"sara@x": 15.0}

    begun = house._sender(SUPPORT, Backlog())
    begun._channel = Counting(send)  # type: ignore[assignment]  # as much of a channel as is needed
    running = asyncio.create_task(begun.run(tasks=1))
    await until_async(lambda: asked)
    assert asked == [("sara@x", 5.0)] * 2, "the acknowledgement and the answer"
    await until_async(lambda: begun._resting)
    assert await begun.settle() == 0
    house.clock.advance(timedelta(seconds=15))
    house.wake.notify(OUTBOX)
    await until_async(lambda: {d.state for d in house.deliveries("reply")} == {S.SENT})
    begun.stop()
    await asyncio.wait_for(running, 25)


async def test_what_a_network_names_its_own_way_is_found_under_that_name(house: House) -> None:
    async def send(part: FrozenPart, stage: StageLog) -> Receipt:
        return Receipt((NetworkKey("net/7/1"), part.key))

    sender = house.senders[SUPPORT]
    sender._channel = Sending(send)  # type: ignore[assignment]  # as much of a channel as is needed
    await sender.settle()
    (known,) = house.store.read_now(messages.look_up, "memory", (NetworkKey("net/7/1"),))
    assert (known.conversation, known.ours) == (house.only().id, True)
