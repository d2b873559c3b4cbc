"""The sender: an outcome is never lost, a lost claim stops it, and what it leaves in hand is taken over by the next."""

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from inbox.domain.deliveries import DeliveryState
from inbox.domain.problems import Temporary
from inbox.pipeline import outcome
from inbox.ports.channel import HANDED, StageLog
from inbox.ports.wake import OUTBOX
from inbox.store import deliveries, leases
from inbox.store.unit import Unit
from tests.path.house import SUPPORT, House
from tests.rig.wait import until_async
from tests.unit.runtime.sending import S, copy_sqlite, house, never, state, through

__all__ = ["copy_sqlite", "house"]


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
    await house.customer("ali@x").writes("And mine?")
    sara, ali = sorted(house.conversations(), key=lambda one: one.id)
    house.agent("reza").acts(sara, "reply", text="It left today.")
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
        if not refused:
            house.agent("reza").acts(ali, "reply", text="Yours as well.")
            full = True

    def stands() -> list[DeliveryState]:
        return [one.state for one in house.deliveries("reply")]

    monkeypatch.setattr(house.store, "write", refusing)
    sender = through(house, send)
    running = asyncio.create_task(sender.run(tasks=2))
    await until_async(lambda: {"conclude", "fenced"} <= set(refused))
    assert stands() == [S.SENT, S.SENDING, S.QUEUED]
    assert not running.done()
    full = False
    house.clock.advance(timedelta(seconds=2))
    await until_async(lambda: stands() == [S.SENT] * 3)
    sender.stop()
    await asyncio.wait_for(running, 25)


async def test_a_sender_that_has_nothing_to_send_writes_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is woken by what is queued for others as well: to claim would cost everybody a turn of the writer."""
    await house.settle()
    written: list[str] = []
    looks = 0
    write, read = house.store.write, house.store.read

    async def writing(unit: Callable[..., Any], *given: Any, **more: Any) -> Any:
        written.append(unit.__name__)
        return await write(unit, *given, **more)

    async def reading(unit: Callable[..., Any], *given: Any, **more: Any) -> Any:
        nonlocal looks
        looks += unit is deliveries.next_due
        return await read(unit, *given, **more)

    monkeypatch.setattr(house.store, "write", writing)
    monkeypatch.setattr(house.store, "read", reading)
    sender = house.senders[SUPPORT]
    running = asyncio.create_task(sender.run(tasks=2))
    await until_async(lambda: looks >= 2)
    house.wake.notify(OUTBOX)
    await until_async(lambda: looks >= 4)
    sender.stop()
    await asyncio.wait_for(running, 25)
    assert written == ["fenced"], "what the last sender left in hand, at the beginning"


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
