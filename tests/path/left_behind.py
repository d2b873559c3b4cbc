"""What a version before left undone: answers of an agent in each state that a delivery can be in."""

from inbox.domain.deliveries import Delivery, DeliveryState
from inbox.pipeline.outcome import settle
from inbox.ports.channel import HANDED
from inbox.store import deliveries
from inbox.store.deliveries import Outcome
from tests.path.house import SUPPORT, House

S = DeliveryState
LANES = [f"{n}@x" for n in range(7)]
ENDS = (S.SENT, S.SENT, S.SENT, S.PARKED, S.FAILED, S.SENT, S.CANCELLED)
"""What becomes of them: of unknown fate is asked or said once more, and what a person is needed for waits for one."""


async def answers_left(house: House) -> None:
    """One to each of LANES: in hand before and after the point of no return, of unknown fate, queued, and over."""
    for lane in LANES:
        await house.customer(lane).writes("Where is it?")
    for matter in house.conversations():
        house.agent("reza").acts(matter, "reply", text="There.")
    now = house.clock.now()
    taken = house.store.write_now(deliveries.claim, SUPPORT, "the version before", now, 9)
    held = {d.part.lane: d for d in taken}
    assert sorted(held) == LANES
    for lane in ("1@x", "2@x", "3@x"):
        house.store.write_now(deliveries.stage, held[lane].id, held[lane].epoch, HANDED, now)
    _brought(house, held["2@x"], S.UNKNOWN)
    _brought(house, held["3@x"], S.UNKNOWN, S.PARKED)
    _brought(house, held["4@x"], S.FAILED)
    _brought(house, held["5@x"], S.QUEUED)
    _brought(house, held["6@x"], S.QUEUED, S.CANCELLED)


def answers_ended(house: House) -> None:
    """Each as it must end."""
    states = {d.part.lane: d.state for d in house.deliveries("reply") if d.part.lane in LANES}
    assert states == dict(zip(LANES, ENDS, strict=True))


def _brought(house: House, held: Delivery, *states: DeliveryState) -> None:
    for state in states:
        d = house.store.read_now(deliveries.one, held.id)
        assert d is not None
        house.store.write_now(settle, d, Outcome(state), house.playbook(), house.clock.now())
