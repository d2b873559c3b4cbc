"""Retention: what the site keeps no longer goes and everything else stays; nothing goes by default."""

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from inbox.domain.acts import Act, By
from inbox.pipeline import retain
from inbox.pipeline.retain import Due
from inbox.runtime.timers import Timers
from inbox.settings.retention import RetentionOptions
from inbox.store import audit
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.path.house import House

YEAR = timedelta(days=365)
ALL = dict.fromkeys(retain.KINDS, YEAR)


def due(house: House, kept: Mapping[str, timedelta] = ALL) -> dict[str, int]:
    found: list[Due] = house.store.read_now(retain.due, kept, house.clock.now())
    return {one.kind: one.count for one in found if one.count}


async def hour(house: House, kept: Mapping[str, timedelta] = ALL) -> None:
    """What the daemon does each hour."""
    await Timers(house.store, house.clock, None, kept=kept)._tidy()


def whole(house: House) -> int:
    return house.store.read_now(
        lambda unit: int(unit.execute(sa.select(sa.func.count(t.arrival_raw.c.arrival_id))).scalar_one())
    )


def verdicts(house: House) -> list[tuple[str, str]]:
    query = sa.select(t.arrival.c.verdict, t.arrival.c.reason).order_by(t.arrival.c.id)
    return house.store.read_now(lambda unit: [(row[0], row[1]) for row in unit.execute(query)])


async def test_nothing_goes_unless_the_site_says_so(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    await house.agent("reza").does(house.only(), "done")
    house.clock.advance(YEAR * 20)
    assert RetentionOptions().kept == {}
    await hour(house, {})
    assert whole(house) == 1


async def test_the_original_goes_and_the_words_stay(house: House) -> None:
    sara, omid = house.customer("sara@x"), house.customer("omid@x")
    await sara.writes("Where is it?")
    await house.agent("reza").does(house.only(), "done")
    await omid.writes("Still open")
    house.clock.advance(YEAR - timedelta(days=1))
    assert due(house) == {}
    house.clock.advance(timedelta(days=2))
    assert due(house) == {"originals": 1}, "who waits for an answer keeps everything"
    assert whole(house) == 2, "telling takes nothing away"
    await hour(house)
    assert (due(house), whole(house)) == ({}, 1)
    assert house.said(house.conversations()[0])[0].text == "Where is it?"
    [line] = [one for one in house.store.read_now(audit.page, 5) if one.act == Act.RETAINED.value]
    assert line.detail == ("originals 1",)
    await hour(house)
    assert len(house.store.read_now(audit.page, 5)) == 1, "an hour in which nothing goes tells nothing"


async def test_its_files_are_told_as_gone(house: House) -> None:
    file = {"filename": "bill.pdf", "content_type": "application/pdf", "size": 4, "start": 1, "length": 4}
    await house.customer("sara@x").writes("The bill", attachments=[file])
    await house.agent("reza").does(house.only(), "done")
    house.clock.advance(YEAR * 2)
    await hour(house)
    states = house.store.read_now(lambda unit: [row[0] for row in unit.execute(sa.select(t.attachment.c.state))])
    assert states == ["gone"]


async def test_what_nobody_took_up_leaves_the_quarantine(house: House) -> None:
    house.network.offer("support@acme", b"no message at all")
    await house.settle()
    assert [verdict for verdict, _ in verdicts(house)] == ["quarantined"]
    house.clock.advance(YEAR * 2)
    assert due(house, {"quarantined": YEAR}) == {"quarantined": 1}
    await hour(house, {"quarantined": YEAR})
    assert verdicts(house) == [("ignored", "ignored.retained_no_longer")]
    assert whole(house) == 0


async def test_more_than_a_handful_goes_in_several_units(house: House) -> None:
    def many(unit: Unit) -> None:
        for _ in range(2 * retain.AT_ONCE + 1):
            audit.record(unit, Act.SIGNED_IN, By("owner"), house.clock.now())

    house.store.write_now(many)
    house.clock.advance(YEAR * 2)
    assert house.store.write_now(retain.some, "audit", ALL, house.clock.now()) == retain.AT_ONCE
    await hour(house)
    assert [one.act for one in house.store.read_now(audit.page, 500)] == [Act.RETAINED.value]
