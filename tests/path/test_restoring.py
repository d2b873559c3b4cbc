"""A house that came back from a backup: what may have been said already is not said, and waits where people see it."""

from datetime import timedelta

from inbox.domain.broadcasts import Stage
from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import DeliveryId
from inbox.domain.outgoing import Purpose
from inbox.pipeline.outcome import recall
from inbox.pipeline.restored import come_back
from inbox.pipeline.stuck import decide
from inbox.store import outbox, report_letters, restored
from inbox.store.outbox import Line
from inbox.store.restored import Mark
from inbox.testing.clock import DEFAULT_START
from tests.path import test_broadcasts as many
from tests.path import test_report_letters as reports
from tests.path import test_surveys as surveys
from tests.path.conftest import Houses
from tests.path.house import UNKNOWN_WAIT, House
from tests.path.test_renewals import AT_RISK

DAY = timedelta(days=1)


def returns(house: House, after: timedelta = DAY) -> int:
    """The house as it is is the backup of a day ago: restored, and its daemon begins. How many things were seen to."""
    house.clock.advance(after)
    now = house.clock.now()
    house.store.write_now(lambda unit: restored.put(unit, Mark(now - after, now, now, restored.last_delivery(unit))))
    seen = 0
    while found := begins(house):
        seen += found
    return seen


def begins(house: House) -> int:
    return house.store.write_now(come_back, house.playbook(), UNKNOWN_WAIT, house.clock.now())


def held(house: House) -> list[Line]:
    """What waits for a decision because of the restore."""
    lines = house.store.read_now(outbox.lines, (DeliveryState.PARKED,))
    assert all(
        problem is not None and problem.key == "delivery.restored" for problem in (recall(one.error) for one in lines)
    )
    return lines


def once_more(house: House, line: Line) -> None:
    house.store.write_now(decide, DeliveryId(line.id), DeliveryState.QUEUED, house.playbook(), house.clock.now())


async def test_what_fell_due_meanwhile_is_parked_and_goes_by_a_persons_word(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?", subject="My order")
    assert returns(house) > 0
    await house.settle()
    assert len(sara.mails) == 1, "the new times that were due meanwhile are not told"
    assert held(house)
    assert begins(house) == 0, "it is seen to once"
    once_more(house, held(house)[0])
    await house.settle()
    assert len(sara.mails) == 2
    await house.agent("reza").replies(house.only(), "It is on its way.")
    assert len(sara.mails) == 3, "what people say from now on goes as ever"


async def test_a_new_time_waits_until_somebody_has_touched_the_matter(house: House) -> None:
    sara, omid = house.customer("sara@x"), house.customer("omid@x")
    await sara.writes("Where is it?", subject="My order")
    await omid.writes("And mine?", subject="Mine")
    returns(house, timedelta(minutes=1))
    await omid.answers("Hello?")
    told = len(omid.mails)
    await house.at(AT_RISK + timedelta(minutes=2))
    assert (len(sara.mails), len(omid.mails)) == (1, told + 1)
    assert [(one.purpose, one.lane) for one in held(house)] == [(Purpose.RENEWAL.value, "sara@x")]
    assert house.clock.now() < DEFAULT_START + DAY


async def test_what_was_on_its_way_waits_whatever_it_was(house: House) -> None:
    sara = house.customer("sara@x")
    house.network.faults.refuses("sara@x", "450", permanent=False)
    await sara.writes("Where is it?", subject="My order")
    await house.agent("reza").replies(house.only(), "On its way.")
    waiting = [d for d in house.deliveries() if d.state is DeliveryState.QUEUED]
    assert waiting
    returns(house)
    house.network.faults.lets_through("sara@x")
    await house.later(hours=2)
    assert not sara.mails
    assert {one.id for one in held(house)} >= {d.id for d in waiting}


async def test_a_house_that_was_never_restored_sees_to_nothing(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    house.clock.advance(DAY)
    assert begins(house) == 0
    await house.settle()
    assert not held(house)


async def test_surveys_that_were_due_are_not_sent(houses: Houses) -> None:
    house = await surveys.opened(houses)
    await surveys.helped(house)
    mails = len(house.mails_to("sara@x"))
    returns(house)
    await house.later(hours=2)
    assert len(house.mails_to("sara@x")) == mails
    assert [one.lane for one in held(house)] == ["sara@x"]


async def test_a_broadcast_that_ran_is_paused(houses: Houses) -> None:
    house = await many.opened(houses, "sara@x", "omid@x")
    id = many.drafted(house)
    many.begin(house, id, many.tried(house, id).to_tell)
    returns(house)
    await house.later(hours=2)
    assert many.stage(house, id) is Stage.PAUSED
    assert not many.got(house, "sara@x")


async def test_reports_that_were_due_are_left_out_and_the_next_ones_come(houses: Houses) -> None:
    house = reports.opened(houses)
    letter = reports.wants(house)
    returns(house, timedelta(days=5))
    assert not await reports.at(house, house.clock.now() + timedelta(hours=1))
    kept = house.store.read_now(report_letters.one, letter)
    assert kept is not None
    problem = recall(kept.why)
    assert problem is not None
    assert problem.key == "delivery.restored"
    assert await reports.at(house, kept.due_at + timedelta(hours=1))
