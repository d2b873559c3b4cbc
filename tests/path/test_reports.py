"""Reports by small scenarios: what one conversation adds to them, and what must not be counted."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from inbox.pipeline import measured
from inbox.pipeline.reports import NAMES, report
from inbox.pipeline.reports_shape import Asked, Report
from inbox.runtime.measurer import Measurer
from inbox.store import measured as store_measured
from tests.path.house import House

TEHRAN = ZoneInfo("Asia/Tehran")


async def counted(house: House) -> None:
    """Everything that has happened is counted."""
    await Measurer(house.store, house.wake, house.clock, TEHRAN).settle()
    for matter in house.conversations():
        assert house.store.read_now(measured.differences, matter.id, TEHRAN) == []
    assert house.store.read_now(store_measured.misrolled) == 0


def told(house: House, name: str, asked: Asked | None = None) -> Report:
    """A report on the days around now."""
    return house.store.read_now(report, name, asked or around(house), TEHRAN, house.clock.now())


def around(house: House) -> Asked:
    """The last ten days, and today."""
    today = house.clock.now().astimezone(TEHRAN).date()
    return Asked(today - timedelta(days=10), today + timedelta(days=1))


async def test_a_reply_is_counted_for_whoever_wrote_it(house: House) -> None:
    await house.customer("ann@example.com").writes("My order is late")
    await house.later(minutes=25)
    await house.agent("reza").replies(house.only(), "It comes today")
    await house.agent("sara").does(house.only(), "done")
    await counted(house)
    whole = told(house, "first-reply").table("whole")
    assert whole.rows == ((1, 25 * 60, 25 * 60),)
    agents = {row[0]: row for row in told(house, "agents").table("agents").rows}
    assert agents["reza"][1:4] == (1, 1, 1)
    assert agents["sara"][1:4] == (0, 0, 0)


async def test_all_reports_can_be_read_of_nothing(house: House) -> None:
    await counted(house)
    for name in NAMES:
        assert told(house, name).tables
