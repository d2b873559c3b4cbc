"""Reports by small scenarios: what one conversation adds to them, what must not be counted, and how what is kept follows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from inbox.domain.conversations import Conversation
from inbox.domain.measures import Measure, minutes
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import measured
from inbox.pipeline.reports import NAMES, report
from inbox.pipeline.reports_shape import Asked, Cell, Report
from inbox.runtime.measurer import Measurer
from inbox.store import behind, found
from inbox.store import measured as store_measured
from inbox.store.tables import measured_fact, rolled
from inbox.text import queries
from tests.path.house import House

TEHRAN = ZoneInfo("Asia/Tehran")


async def counted(house: House, zone: ZoneInfo = TEHRAN) -> None:
    """Everything that has happened is counted, and is what it should be."""
    await Measurer(house.store, house.wake, house.clock, zone).settle()
    for matter in house.conversations():
        assert house.store.read_now(measured.differences, matter.id, zone) == []
    assert house.store.read_now(store_measured.misrolled) == 0
    assert house.store.read_now(store_measured.counted)[1] == 0


def told(house: House, name: str, asked: Asked | None = None) -> Report:
    """A report on the days around now."""
    return house.store.read_now(report, name, asked or around(house), TEHRAN, house.clock.now())


def around(house: House) -> Asked:
    """The last ten days, and today."""
    today = house.clock.now().astimezone(TEHRAN).date()
    return Asked(today - timedelta(days=10), today + timedelta(days=1))


def row(house: House, name: str, table: str, first: Cell) -> Sequence[Cell]:
    """What stands behind a name in a table."""
    return next(cells[1:] for cells in told(house, name).table(table).rows if cells[0] == first)


async def answered(house: House, address: str = "ann@example.com") -> Conversation:
    """Reza answers after 25 minutes."""
    await house.customer(address).writes("My order is late")
    await house.later(minutes=25)
    matter = house.conversations()[-1]
    await house.agent("reza").replies(matter, "It comes today")
    return matter


async def test_a_reply_is_counted_for_whoever_wrote_it(house: House) -> None:
    await answered(house)
    await house.agent("sara").does(house.only(), "take")
    await house.agent("sara").does(house.only(), "done")
    await counted(house)
    assert told(house, "first-reply").table("whole").rows == ((1, 25 * 60, 25 * 60),)
    assert row(house, "agents", "agents", "reza")[:3] == (1, 1, 1)
    assert row(house, "agents", "agents", "sara")[:3] == (0, 0, 0)
    assert told(house, "promise-kept").table("kept").rows[0][:6] == (1, 0, 0, 0, 1, 1.0)
    assert row(house, "quality", "quality", "one_touch") == (1, 1, 1.0)


async def test_an_acknowledgement_is_no_reply(house: House) -> None:
    await house.customer("ann@example.com").writes("My order is late")
    assert len(house.mails_to("ann@example.com")) == 1
    await counted(house)
    assert told(house, "first-reply").table("whole").rows == ((0, None, None),)
    assert told(house, "flow").table("flow").rows == ((1, 0),)


async def test_what_comes_back_within_a_week_was_not_over(house: House) -> None:
    matter = await answered(house)
    await house.agent("reza").does(matter, "done")
    await counted(house)
    assert told(house, "flow").table("flow").rows == ((1, 1),)
    await house.later(hours=30)
    await house.customer("ann@example.com").answers("It did not come")
    await counted(house)
    assert told(house, "flow").table("flow").rows == ((1, 0),)
    assert row(house, "quality", "quality", "reopened") == (1, 1, 1.0)
    states = told(house, "backlog").table("backlog_by_state").rows
    assert states[-1][1:] == (1, 0, 0, 1)
    assert states[-2][1:] == (0, 0, 0, 0)


async def test_spam_and_what_was_merged_count_nowhere(house: House) -> None:
    await answered(house)
    one = await answered(house, "bob@example.com")
    await house.agent("sara").does(one, "spam")
    await counted(house)
    assert told(house, "flow").table("flow").rows == ((1, 0),)
    await house.customer("ann@example.com").writes("And one more thing", references=())
    first, *_, last = house.conversations()
    await house.agent("sara").does(last, "merge", into=first.reference)
    await counted(house)
    assert told(house, "flow").table("flow").rows == ((1, 0),)
    assert told(house, "first-reply").table("whole").rows[0][0] == 1


async def test_another_team_is_a_transfer_and_who_has_it_now_is_its_team(house: House) -> None:
    matter = await answered(house)
    await house.agent("sara").does(matter, "team", team="support")
    await house.agent("sara").does(matter, "team", team="nights")
    await counted(house)
    assert row(house, "quality", "quality", "transferred") == (1, 1, 1.0)
    assert row(house, "teams", "teams", "nights")[0] == 1
    assert row(house, "teams", "teams", "support")[0] == 0
    nights = told(house, "first-reply", replace(around(house), team="nights"))
    assert nights.table("whole").rows[0][0] == 1
    tagged = replace(around(house), tag="nobody gave this")
    assert told(house, "first-reply", tagged).table("whole").rows == ((0, None, None),)


async def test_a_promise_that_is_open_is_late_from_its_minute_on(house: House) -> None:
    await house.customer("ann@example.com").writes("My order is late")
    await counted(house)
    (promise,) = house.promises(house.only())
    assert told(house, "promise-kept").table("kept").rows[0][3] == 1
    house.clock.advance(promise.due_at - house.clock.now() + timedelta(minutes=1))
    assert told(house, "promise-kept").table("kept").rows[0][:5] == (0, 1, 0, 0, 1)
    await house.settle()
    await counted(house)
    assert told(house, "promise-kept").table("kept").rows[0][:5] == (0, 1, 0, 0, 1)


async def test_what_was_undone_never_was(house: House) -> None:
    await house.customer("ann@example.com").writes("My order is late")
    await counted(house)
    before, matter = told(house, "flow").table("flow").rows, house.only()
    await house.agent("reza").does(matter, "done")
    await counted(house)
    assert told(house, "flow").table("flow").rows != before
    await house.agent("reza").does(matter, "undo")
    await counted(house)
    assert told(house, "flow").table("flow").rows == before
    assert row(house, "quality", "quality", "reopened")[:2] == (0, 0)


async def test_another_zone_counts_everything_anew_in_its_own_days(house: House) -> None:
    await house.later(hours=4)
    await answered(house)
    await counted(house)
    day = house.store.read_now(
        lambda unit: unit.execute(measured_fact.select().where(measured_fact.c.measure == 1)).one().day
    )
    await counted(house, ZoneInfo("Pacific/Kiritimati"))
    other = house.store.read_now(
        lambda unit: unit.execute(measured_fact.select().where(measured_fact.c.measure == 1)).one().day
    )
    assert other == day + 1


async def test_what_stands_wrong_is_told_and_made_again(house: House) -> None:
    matter = await answered(house)
    await counted(house)

    def spoil(unit: object) -> None:
        unit.execute(measured_fact.update().where(measured_fact.c.measure == Measure.FIRST).values(value=7))  # type: ignore[attr-defined]  # a table has one
        unit.execute(rolled.delete().where(rolled.c.measure == Measure.OPENED))  # type: ignore[attr-defined]  # a table has one

    house.store.write_now(spoil)
    assert house.store.read_now(measured.differences, matter.id, TEHRAN)
    assert house.store.read_now(store_measured.misrolled) == 3
    house.store.write_now(measured.begin, TEHRAN)
    assert told(house, "flow").as_of is None
    await counted(house)
    assert told(house, "flow").as_of == house.clock.now()


async def test_all_reports_can_be_read_of_nothing_and_of_something(house: House) -> None:
    await counted(house)
    for name in NAMES:
        assert told(house, name).tables
    matter = await answered(house)
    await house.agent("sara").does(matter, "tag", add=["late"])
    await counted(house)
    for name in NAMES:
        for asked in (replace(around(house), tag="late", channel="support", team="none"), around(house)):
            for language in ("en", "fa"):
                assert told(house, name, replace(asked, language=language, hours="working")).tables


async def test_whatever_is_counted_can_be_looked_for(house: House) -> None:
    matter = await answered(house)
    await house.agent("sara").does(matter, "done")
    await counted(house)
    asked = around(house)
    there = ("opened", "done", "first-reply", "resolution", "promise-kept", "one-touch", "handled", "replies")
    for word in behind.WORDS:
        for part in ("", "/reza", "/1-30", "/by/reza"):
            query = queries.read(f"counted:{word}{part}@{asked.since}..{asked.until}")
            shown = house.store.read_now(found.answer, Scope.house(), query, house.clock.now(), TEHRAN)
            assert len(shown.rows) <= 1
            if word in there and not part:
                assert [row.reference for row in shown.rows] == [matter.reference], word


async def test_of_long_periods_a_row_is_a_week(house: House) -> None:
    await house.later(days=5)
    await house.customer("ann@example.com").writes("My order is late")
    await counted(house)
    today = house.clock.now().astimezone(TEHRAN).date()
    asked = Asked(today - timedelta(days=90), today + timedelta(days=3))
    for language, first in (("en", 0), ("fa", 5)):
        report_of = told(house, "flow", replace(asked, language=language))
        (week,) = [row for row in report_of.table("flow_over_time").rows if row[1]]
        assert report_of.steps == 7
        assert week[:2] == (today - timedelta(days=(today.weekday() - first) % 7), 1)


async def test_names_and_days_that_are_not_there_are_told(house: House) -> None:
    asked = around(house)
    for wrong, key in (
        (replace(asked, team="nobody"), "report.unknown_team"),
        (replace(asked, channel="fax"), "report.unknown_channel"),
        (replace(asked, organization="Nobody Ltd"), "report.unknown_organization"),
        (replace(asked, until=asked.since), "report.no_days"),
    ):
        with pytest.raises(Problem) as problem:
            told(house, "flow", wrong)
        assert problem.value.key == key
    with pytest.raises(Problem):
        told(house, "best-agents")


@pytest.mark.parametrize(
    ("seconds", "rounded"),
    [(0, 0), (1, 1), (60, 1), (61, 2), (99 * 60, 99), (6_001, 110), (60_001, 1_100), (59_940, 1_000)],
)
def test_durations_are_never_shorter_than_they_were(seconds: float, rounded: int) -> None:
    assert minutes(seconds) == rounded
