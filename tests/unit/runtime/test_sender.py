"""The sender: an outcome is never lost, a lost claim stops it, and what it leaves in hand is taken over by the next."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.domain.problems import Temporary, Throttled
from inbox.pipeline import outcome
from inbox.ports.channel import HANDED, StageLog
from inbox.ports.wake import OUTBOX
from inbox.runtime.backlog import Backlog
from inbox.runtime.sender import Retry
from inbox.store import deliveries, leases, messages
from inbox.store.unit import Unit
from tests.path.conftest import CONFIG, everyone
from tests.path.house import SUPPORT, House
from tests.rig.wait import until_async
from tests.store.databases import Copy, copy_sqlite

__all__ = ["copy_sqlite"]
S = DeliveryState


@pytest.fixture
async def house(copy_sqlite: Copy, tmp_path: Path) -> House:
    """A house in which one answer waits to be sent."""
    url = copy_sqlite(tmp_path)
    (tmp_path / "config.toml").write_text(CONFIG.format(url=url, more="", site="", channel='first_sync = "new"'))
    made = House(tmp_path)
    made.store.write_now(everyone)
    await made.settle()
    await made.customer("sara@x").writes("Where is it?")
    made.agent("reza").acts(made.only(), "reply", text="There.")
    return made


def state(house: House) -> DeliveryState:
    return house.deliveries("reply")[0].state


class Network:
    """In place of a channel: does what the test says, stage by stage."""

    def __init__(self, send: Callable[[StageLog], Awaitable[None]]) -> None:
        self._send = send

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt:
        await self._send(stage)
        return Receipt((part.key,))


class Sending:
    """In place of a channel: sends as the test says."""

    def __init__(self, send: Callable[[FrozenPart, StageLog], Awaitable[Receipt]]) -> None:
        self.send = send


def through(house: House, send: Callable[[StageLog], Awaitable[None]]) -> Any:
    """The house's sender, on such a network."""
    sender = house.senders[SUPPORT]
    sender._channel = Network(send)  # type: ignore[assignment]  # as much of a channel as is needed
    return sender


async def never() -> None:
    await asyncio.Event().wait()


# -- trouble with the store --------------------------------------------------------------------------------------------
async def test_what_the_network_said_is_told_until_it_is_stored(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk at the very moment of success must not make a second mail of it."""
    full = 2
    write = house.store.write

    async def refusing(unit: Callable[..., Any], *given: Any, **more: Any) -> Any:
        nonlocal full
        if unit.__name__ == "conclude" and full:
            full -= 1
            raise Temporary("store.disk_full", detail="no space left")
        return await write(unit, *given, **more)

    monkeypatch.setattr(house.store, "write", refusing)
    sending = asyncio.create_task(house.senders[SUPPORT].settle())
    for _ in range(2):
        await until_async(lambda: house.clock.sleepers > 0)
        assert state(house) is S.SENDING
        house.clock.advance(timedelta(seconds=2))
    await sending
    assert (state(house), len(house.mails_to("sara@x"))) == (S.SENT, 2)


async def test_a_claim_that_cannot_be_stored_takes_no_outcome_along(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The task beside it still has to tell what the network said; ended here, the mail would be one nobody knows of."""
    full = False
    refused: list[str] = []
    write = house.store.write

    async def refusing(unit: Callable[..., Any], *given: Any, **more: Any) -> Any:
        if full:
            refused.append(unit.__name__)
            raise Temporary("store.disk_full", detail="no space left")
        return await write(unit, *given, **more)

    async def send(stage: StageLog) -> None:
        nonlocal full
        await stage(HANDED)
        full = True
        house.wake.notify(OUTBOX)

    monkeypatch.setattr(house.store, "write", refusing)
    sender = through(house, send)
    running = asyncio.create_task(sender.run(tasks=2))
    await until_async(lambda: {"conclude", "fenced"} <= set(refused))
    assert state(house) is S.SENDING
    assert not running.done()
    full = False
    house.clock.advance(timedelta(seconds=2))
    await until_async(lambda: state(house) is S.SENT)
    sender.stop()
    await asyncio.wait_for(running, 25)


# -- who sends ---------------------------------------------------------------------------------------------------------
async def test_a_sender_whose_claim_was_taken_does_not_hand_over(house: House) -> None:
    handed: list[str] = []

    async def send(stage: StageLog) -> None:
        (d,) = house.store.write_now(deliveries.orphans, SUPPORT)
        house.store.write_now(deliveries.settle, d, deliveries.Outcome(S.QUEUED), house.clock.now())
        house.store.write_now(deliveries.claim, SUPPORT, "another", house.clock.now(), 9)
        await stage(HANDED)
        handed.append("too late")

    assert await through(house, send).settle() == 1
    assert (handed, state(house)) == ([], S.SENDING)


@pytest.mark.parametrize(("stages", "then"), [((), S.QUEUED), ((HANDED,), S.UNKNOWN)])
async def test_a_send_that_is_broken_off_counts_where_it_stands(
    house: House, stages: tuple[str, ...], then: DeliveryState
) -> None:
    begun = asyncio.Event()

    async def send(stage: StageLog) -> None:
        for one in stages:
            await stage(one)
        begun.set()
        await never()

    sending = asyncio.create_task(through(house, send).settle())
    await begun.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert state(house) is then


async def test_an_outcome_is_stored_though_its_task_is_cancelled_meanwhile(house: House) -> None:
    """Found by the crash points: what was taken stayed in hand until the next start."""
    gate = threading.Event()

    async def send(stage: StageLog) -> None:
        await stage(HANDED)
        house.store._writer.submit(gate.wait)
        task = asyncio.current_task()
        assert task is not None
        task.cancel()

    sending = asyncio.create_task(through(house, send).settle())
    await until_async(lambda: house.store._writer.people_wait or sending.done())
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert state(house) is S.SENT


async def test_a_claim_that_is_cancelled_while_it_is_stored_is_given_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, gate, claim = threading.Event(), threading.Event(), deliveries.claim

    def slow(*given: Any, **more: Any) -> Any:
        begun.set()
        gate.wait()
        return claim(*given, **more)

    monkeypatch.setattr(deliveries, "claim", slow)
    sending = asyncio.create_task(house.senders[SUPPORT].settle())
    await until_async(begun.is_set)
    sending.cancel()
    await asyncio.sleep(0)
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await sending
    house.store.write_now(lambda _: None)  # behind the claim
    assert state(house) is S.QUEUED


@pytest.mark.parametrize(("stages", "then"), [((), S.QUEUED), ((HANDED,), S.UNKNOWN)])
async def test_what_a_killed_sender_left_is_taken_over_by_the_next(
    house: House, stages: tuple[str, ...], then: DeliveryState
) -> None:
    (d,) = house.store.write_now(deliveries.claim, SUPPORT, "killed", house.clock.now(), 9)
    for stage in stages:
        assert house.store.write_now(deliveries.stage, d.id, d.epoch, stage, house.clock.now())
    sender = house.senders[SUPPORT]
    running = asyncio.create_task(sender.run(tasks=1))
    expected = S.SENT if then is S.QUEUED else then
    await until_async(lambda: state(house) is expected)
    sender.stop()
    await running
    assert len(house.mails_to("sara@x")) == (2 if then is S.QUEUED else 1)


@pytest.mark.parametrize(("stages", "then"), [((), S.QUEUED), ((HANDED,), S.UNKNOWN)])
async def test_a_fault_of_the_adapter_counts_where_it_stands(
    house: House, stages: tuple[str, ...], then: DeliveryState
) -> None:
    async def send(stage: StageLog) -> None:
        for one in stages:
            await stage(one)
        raise ZeroDivisionError

    await through(house, send).settle()
    assert state(house) is then
    if then is S.QUEUED:
        assert house.deliveries("reply")[0].not_before > house.clock.now()


async def test_an_answer_that_comes_after_a_takeover_ends_the_doubt(house: House) -> None:
    """The node stood still in the midst of it; another has counted its delivery as unknown meanwhile."""

    async def send(stage: StageLog) -> None:
        await stage(HANDED)
        assert house.store.write_now(outcome.adopt, SUPPORT, house.playbook(), house.clock.now()) == 1
        assert state(house) is S.UNKNOWN

    await through(house, send).settle()
    assert state(house) is S.SENT


async def test_a_late_answer_is_no_proof_of_what_another_has_taken_up_again(house: House) -> None:
    async def send(stage: StageLog) -> None:
        assert house.store.write_now(outcome.adopt, SUPPORT, house.playbook(), house.clock.now()) == 1
        house.store.write_now(deliveries.claim, SUPPORT, "another", house.clock.now(), 9)

    await through(house, send).settle()
    assert state(house) is S.SENDING


async def test_who_has_lost_the_lease_claims_nothing(house: House) -> None:
    lost = True

    def fence(_: Unit) -> None:
        if lost:
            raise leases.LostLease("lease.lost", name="channel support")

    sender = house.senders[SUPPORT]
    sender._fence = fence
    with pytest.raises(leases.LostLease):
        await sender.run()
    with pytest.raises(leases.LostLease):
        await sender.settle()
    assert (state(house), len(house.mails_to("sara@x"))) == (S.QUEUED, 1)
    lost = False
    assert await sender.settle() == 1


async def test_a_sender_that_is_told_to_stop_ends_what_it_has_in_hand(house: House) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def send(stage: StageLog) -> None:
        begun.set()
        await go_on.wait()

    sender = through(house, send)
    running = asyncio.create_task(sender.run())
    await begun.wait()
    sender.stop()
    go_on.set()
    await asyncio.wait_for(running, 25)
    assert state(house) is S.SENT


async def test_a_sender_in_service_is_woken_by_what_is_queued(house: House) -> None:
    sender = house.senders[SUPPORT]
    running = asyncio.create_task(sender.run())
    await until_async(lambda: state(house) is S.SENT)
    house.agent("reza").acts(house.only(), "reply", text="And here.")
    await until_async(lambda: len(house.mails_to("sara@x")) == 3)
    sender.stop()
    await asyncio.wait_for(running, 25)


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
