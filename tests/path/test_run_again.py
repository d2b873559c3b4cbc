"""A commit whose answer got lost: the unit runs again on what it has already done, and nothing happens twice."""

import pytest
from sqlalchemy import exc

from inbox.domain.deliveries import DeliveryState
from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.ports.channel import StageLog
from tests.path.house import House


class LostAnswer:
    """The connection goes after a commit, as often as is said: as far as we know it may have failed."""

    def __init__(self, times: int = 1) -> None:
        self.times = times

    def __call__(self, point: str) -> None:
        if point == "store.after_commit" and self.times:
            self.times -= 1
            raise exc.OperationalError(
                "COMMIT", None, Exception("server closed the connection"), connection_invalidated=True
            )


def loses(house: House, monkeypatch: pytest.MonkeyPatch) -> LostAnswer:
    lost = LostAnswer()
    monkeypatch.setattr(house.store, "_probe", lost)
    return lost


async def test_a_batch_lands_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = loses(house, monkeypatch)
    await house.customer("sara@x").writes("Where is it?")
    assert lost.times == 0
    assert (house.verdicts(), len(house.mails_to("sara@x"))) == (["accepted"], 1)


async def test_an_arrival_is_received_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.network.write("sara@x", "support@acme", "Where is it?", language="en")
    await house._fetch(next(iter(house.senders)))
    lost = loses(house, monkeypatch)
    await house.receiver.settle()
    assert lost.times == 0
    await house.settle()
    assert (house.verdicts(), len(house.mails_to("sara@x"))) == (["accepted"], 1)
    assert house.only().messages == 2


@pytest.mark.parametrize("action", ["reply", "note"])
async def test_what_an_agent_says_is_said_once(house: House, monkeypatch: pytest.MonkeyPatch, action: str) -> None:
    await house.customer("sara@x").writes("Where is it?")
    before = house.only().messages
    lost = loses(house, monkeypatch)
    done = house.agent("reza").acts(house.only(), action, text="There.")
    assert lost.times == 0
    await house.settle()
    assert house.only().messages == before + 1
    assert done.message == house.said(house.only())[-1].id
    assert len(house.mails_to("sara@x")) == (2 if action == "reply" else 1)


async def test_a_delivery_is_staged_and_settled_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.customer("sara@x").writes("Where is it?")
    house.agent("reza").acts(house.only(), "reply", text="There.")
    (sender,) = house.senders.values()
    lost = LostAnswer(times=0)
    monkeypatch.setattr(house.store, "_probe", lost)
    send = sender._channel.send

    async def sending(part: FrozenPart, stage: StageLog) -> Receipt:
        lost.times = 1  # of the stage
        receipt = await send(part, stage)
        assert lost.times == 0
        lost.times = 1  # of the outcome
        return receipt

    monkeypatch.setattr(sender._channel, "send", sending)
    await sender.settle()
    assert lost.times == 0
    assert [d.state for d in house.deliveries("reply")] == [DeliveryState.SENT]
    assert len(house.mails_to("sara@x")) == 2
