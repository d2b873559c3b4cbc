"""What a house measures of itself: counted once from its log, however often it is read, and found without a walk through the past."""

import math
from collections.abc import Mapping
from datetime import timedelta

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from inbox.domain.ids import ChannelName, EventId
from inbox.domain.problems import Temporary
from inbox.runtime.backlog import Backlog
from inbox.runtime.meter import Meter
from inbox.runtime.sender import Retry, Sender
from inbox.store import tables as t
from inbox.store.lately import Lately, lately, newest
from inbox.store.overview import overview
from inbox.store.unit import Unit
from tests.path.house import SUPPORT, House

Numbers = Mapping[tuple[str, tuple[tuple[str, str], ...]], float]


def metered(house: House, *channels: ChannelName) -> Meter:
    """A meter of the house, as the daemon makes it."""
    return Meter(house.store, house.clock, "1.2.3", channels or (SUPPORT,), lambda: (3, True), lambda: 4)


async def numbers(meter: Meter) -> Numbers:
    """What Prometheus reads, by the name of the sample and its labels."""
    families = text_string_to_metric_families((await meter.read()).decode())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def one(found: Numbers, name: str, **labels: str) -> float:
    """One sample; 0 where nothing was counted yet."""
    return found.get((f"inbox_{name}", tuple(sorted(labels.items()))), 0.0)


def counted(house: House, meter: Meter) -> Sender:
    """A sender that tells the meter what becomes of its hand-overs."""
    retry, channel = Retry(), house._channel(SUPPORT)
    known = (house.playbook, retry, house.wake, house.clock, Backlog())
    return Sender(SUPPORT, channel, "meter", house.store, *known, handed=meter.handed)


async def test_everything_that_happens_is_counted_once(house: House) -> None:
    meter = metered(house)
    await meter.begin()
    house.senders[SUPPORT] = counted(house, meter)
    await house.customer("ali@x").writes("Where is it?")
    found = await numbers(meter)
    assert one(found, "messages_received_total", channel=SUPPORT) == 1
    assert one(found, "ingest_lag_seconds_count") == 1
    assert one(found, "acks_total", kind="acknowledgement", result="sent") == 1
    assert one(found, "conversations_open", state="open") == 1
    assert one(found, "receive_queue_left_seconds") == 0
    assert sum(v for (name, _), v in found.items() if name == "inbox_rule_matches_total") >= 1
    assert one(found, "first_reply_seconds_count") == 0

    await house.later(minutes=10)
    await house.agent("reza").replies(house.only(), "There.")
    for _ in range(3):
        found = await numbers(meter)
    assert one(found, "messages_received_total", channel=SUPPORT) == 1
    assert one(found, "messages_sent_total", channel=SUPPORT, result="sent") == 2
    assert one(found, "first_reply_seconds_count") == 1
    assert 600 <= one(found, "first_reply_seconds_sum") < 700
    assert one(found, "promises_total", outcome="kept") == 1
    await house.agent("reza").replies(house.only(), "And there.")
    assert one(await numbers(meter), "first_reply_seconds_count") == 1, "a second answer is not the first"


async def test_how_it_stands_is_looked_up(house: House) -> None:
    meter = metered(house)
    await house.customer("ali@x").writes("Where is it?")
    house.network.faults.refuses("ali@x")
    await house.agent("reza").replies(house.only(), "There.")
    house.store.write_now(_trouble)
    house.clock.advance(timedelta(minutes=5))
    found = await numbers(meter)
    assert one(found, "store_up") == 1
    assert one(found, "store_bytes") > 0
    assert (one(found, "store_log_bytes") > 0) is house.store.sqlite, "of the file, while it is open"
    assert one(found, "build_info", version="1.2.3") == 1
    assert one(found, "rules_generation") == 3
    assert one(found, "rules_last_reload_success") == 1
    assert one(found, "sse_clients") == 4
    assert one(found, "channel_up", channel=SUPPORT) == 0
    assert one(found, "channel_last_success_timestamp_seconds", channel=SUPPORT) > 0
    assert one(found, "deliveries_stuck", state="failed") == 1
    assert one(found, "arrivals_held") == 1
    assert one(found, "dead_letters") == 2, "the answer that was refused, and the arrival that nobody could read"
    assert one(found, "receive_queue_arrivals", channel=SUPPORT) == 1
    assert one(found, "receive_queue_oldest_seconds") == 300
    assert one(found, "receive_queue_left_seconds") == math.inf, "too little happened to tell"


def _trouble(unit: Unit) -> None:
    """One arrival that waits, one that could not be read, one that is held."""
    for key, verdict in (("new", None), ("bad", "quarantined"), ("unproved", "held")):
        at = unit.execute(sa.select(sa.func.max(t.message.c.at))).scalar_one()
        id = unit.insert(t.arrival, channel=SUPPORT, key=key, received_at=at, size=1, verdict=verdict)
        unit.add(t.arrival_raw, {"arrival_id": id, "raw": b"x"})


async def test_without_a_database_the_process_still_tells_what_it_knows(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: object) -> None:
        raise Temporary("store.disk_full", detail="")

    meter = metered(house)
    await meter.begin()
    meter.took("/c/{reference}", 0.2)
    meter.late(0.3)
    monkeypatch.setattr(house.store, "read", gone)
    found = await numbers(meter)
    assert one(found, "store_up") == 0
    assert one(found, "http_request_seconds_count", route="/c/{reference}") == 1
    assert one(found, "loop_lag_seconds_sum") == 0.3


async def test_the_log_is_read_in_pieces_and_each_piece_once(house: House) -> None:
    for number in range(3):
        await house.customer(f"ali{number}@x").writes("Where is it?")
    after, received, pieces = EventId(0), 0, 0
    more = True
    while more:
        found = house.store.read_now(lately, after, 4)
        after, more = found.upto, found.more
        received += sum(found.received.values())
        pieces += 1
    assert received == 3
    assert pieces > 2
    assert house.store.read_now(lately, after) == Lately(after)


async def test_no_number_names_an_address_or_a_reference(house: House) -> None:
    meter = metered(house)
    await meter.begin()
    await house.customer("canary@x").writes("Where is it?")
    await house.agent("reza").replies(house.only(), "There.")
    told = (await meter.read()).decode()
    assert "canary" not in told
    assert house.only().reference not in told


async def test_each_number_is_found_by_an_index(house: House) -> None:
    """What is scanned is a partial index, which holds just what is counted, or a table of a few rows."""
    await house.customer("ali@x").writes("Where is it?")
    await house.agent("reza").replies(house.only(), "There.")
    if not house.store.sqlite:
        return
    asked: list[tuple[str, tuple[object, ...]]] = []
    sa.event.listen(
        house.store.engine, "before_cursor_execute", lambda _c, _u, sql, values, *_: asked.append((sql, tuple(values)))
    )
    house.store.read_now(overview, house.clock.now())
    house.store.read_now(lately, EventId(0))
    house.store.read_now(newest)
    with house.store.engine.connect() as connection:
        plans = [
            (sql, row[3])
            for sql, values in asked
            if sql.startswith("SELECT")
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        ]
    few = ("ix_arrival_pending", "ix_delivery_next", "channel", "lease", "CONSTANT")
    scans = [(sql, plan) for sql, plan in plans if plan.startswith("SCAN")]
    assert [one for one in scans if not any(word in one[1] for word in few)] == []
    assert len(plans) > 10
