"""The numbers of the lead's board, on both databases, from rows of which one knows what they come to."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ConversationId
from inbox.domain.people import Absence, Agent
from inbox.domain.promises import PromiseState
from inbox.pipeline.leading import LeadsBoard, Spread, board
from inbox.pipeline.leading_tables import tables
from inbox.store import channels, people, promises, standing
from inbox.store import tables as t
from inbox.store.counted import flow
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.tables import Table
from tests.store.rows import CHAT, MAIL, NOW, contact, later, promised

ZONE = ZoneInfo("Asia/Tehran")


def _agents(unit: Unit) -> tuple[AgentId, AgentId]:
    sara = people.put_agent(unit, Agent(AgentId(0), "sara", "Sara", "sara@acme", capacity=5))
    omid = people.put_agent(unit, Agent(AgentId(0), "omid", "Omid", "omid@acme"))
    people.put_team(unit, "orders", "Orders", [sara])
    people.put_team(unit, "care", "", [omid])
    people.add_absence(unit, Absence(omid, later(hours=-1), later(hours=5), "leave"))
    channels.ensure(unit, CHAT, "webchat")
    return sara, omid


def _matter(unit: Unit, reference: str, **values: object) -> ConversationId:
    row = {"version": 1, "reference": reference, "channel": MAIL, "contact_id": contact(unit), "tags": [], "fields": []}
    times = {"pinned": [], "opened_at": later(hours=-2), "changed_at": NOW}
    return ConversationId(unit.insert(t.conversation, **{**row, **times, **values}))


def _board(store: Store, days: int = 7) -> LeadsBoard:
    return store.read_now(board, ZONE, days, NOW)


def _filled(unit: Unit) -> None:
    sara, omid = _agents(unit)
    teams = {team.name: team.id for team in people.roster(unit).teams}
    orders, care = {"team_id": teams["orders"]}, {"team_id": teams["care"]}
    late, soon, far = later(minutes=-1), later(minutes=59), later(hours=2)
    _matter(unit, "LATE", **orders, assignee_id=sara, due_at=late, waiting_since=later(hours=-5))
    _matter(unit, "SOON", **orders, due_at=soon, waiting_since=later(hours=-3))
    _matter(unit, "FAR", **care, assignee_id=omid, due_at=far)
    _matter(unit, "NOTEAM", channel=CHAT)
    _matter(unit, "GONE", **orders, merged_into_id=1, due_at=late)
    _matter(unit, "SPAM", **orders, state="spam")
    _matter(unit, "OLD", **orders, history=True)
    _matter(unit, "DONE", **orders, state="done", done_at=later(hours=-26), opened_at=later(hours=-30))
    _matter(unit, "LONGAGO", **orders, state="done", done_at=later(days=-40), opened_at=later(days=-41))


def test_queues_and_loads_count_what_is_open_now(store: Store) -> None:
    store.write_now(_filled)
    store.write_now(lambda unit: unit.execute(sa.delete(t.conversation).where(t.conversation.c.reference == "OLD")))
    found = _board(store)
    rows = {q.name: (q.open, q.unassigned, q.late, q.soon, q.oldest) for q in found.queues}
    assert rows == {
        "orders": (2, 1, 1, 1, later(hours=-5)),
        "care": (1, 0, 0, 0, None),
        "": (1, 1, 0, 0, None),
    }
    loads = {one.handle: (one.open, one.late, one.capacity, one.there, one.away) for one in found.loads}
    assert loads == {"sara": (1, 1, 5, True, False), "omid": (1, 0, None, False, True)}
    assert [one.reference for one in found.late] == ["LATE"]
    assert [one.reference for one in found.soon] == ["SOON"]


def test_what_came_in_and_was_done_falls_on_its_local_day(store: Store) -> None:
    store.write_now(_filled)
    found = _board(store)
    assert [day.on for day in found.flow] == [date(2026, 11, 15) + timedelta(days=n) for n in range(7)]
    today, before = found.flow[-1], found.flow[-2]
    assert (today.came["team", "orders"], today.came["team", "care"], today.came["team", ""]) == (2, 1, 1)
    assert (today.came["channel", "mail"], today.came["channel", "chat"]) == (3, 1)
    assert (before.came["team", "orders"], before.done["team", "orders"]) == (1, 1), "in and done 30 and 26 hours ago"
    assert sum(day.done.total() for day in found.flow) == 2, "once by team and once by channel"


def test_a_day_ends_at_local_midnight(store: Store) -> None:
    def two(unit: Unit) -> None:
        contact(unit)
        _matter(unit, "EVE", opened_at=later(hours=-12, minutes=-31))  # 23:59 in Tehran the day before
        _matter(unit, "DAY", opened_at=later(hours=-12, minutes=-30))  # and midnight

    store.write_now(two)
    assert [day.came["channel", "mail"] for day in _board(store).flow[-2:]] == [1, 1]


def _clock(unit: Unit, reference: str, began: float, took: float, worked: float | None, **more: object) -> None:
    matter, start = _matter(unit, reference), later(hours=began)
    row = {"conversation_id": matter, "metric": "first_reply", "cycle": 1, "started_at": start, "pauses": "[]"}
    end = {"stopped_at": start + timedelta(hours=took), "ended": "reply", "worked_seconds": worked}
    unit.insert(t.clock, **{**row, **end, **more})


def test_first_replies_are_of_conversations_that_began_in_the_period(store: Store) -> None:
    def fill(unit: Unit) -> None:
        for number in range(1, 11):
            _clock(unit, f"R{number}", -20, number, number * 600.0)
        _clock(unit, "NOHOURS", -20, 11, None)
        _clock(unit, "SPAM", -20, 1, 1.0, ended="spam")
        _clock(unit, "BEFORE", -24 * 8, 24 * 7, 1.0)

    store.write_now(fill)
    found = _board(store)
    assert (found.calendar.n, found.calendar.p50, found.calendar.p90) == (11, 6 * 3600.0, 10 * 3600.0)
    assert (found.working.n, found.working.p50, found.working.p90) == (10, 3000.0, 5400.0)


def test_a_percentile_is_a_wait_that_somebody_had() -> None:
    assert Spread.of([]) == Spread(0, None, None)
    assert Spread.of([7.0]) == Spread(1, 7.0, 7.0)
    assert Spread.of([4.0, 1.0, 3.0, 2.0]) == Spread(4, 2.0, 4.0)


def test_promises_are_the_first_times_that_were_announced(store: Store) -> None:
    def fill(unit: Unit) -> None:
        matter = _matter(unit, "K7Q2")
        kept = promised(unit, matter, told_at=later(hours=-9), due_at=later(hours=-5))
        promises.judge(unit, kept.id, PromiseState.KEPT, later(hours=-6))
        missed = promised(unit, matter, told_at=later(hours=-8), due_at=later(hours=-4))
        promised(unit, matter, told_at=later(hours=-4), due_at=later(hours=4), replaces=missed.id)

    store.write_now(fill)
    found = _board(store)
    assert (found.promises.kept, found.promises.late, found.promises.open) == (1, 1, 0)
    assert tables(found)["promises"].documents[0] == {
        "channel": "",
        "kept": 1,
        "late": 1,
        "withdrawn": 0,
        "not_due": 0,
        "n": 2,
        "rate": 0.5,
        "low": 0.0945,
        "high": 0.9055,
    }


def test_channels_tell_what_waits_and_what_came_last(store: Store) -> None:
    def fill(unit: Unit) -> None:
        _agents(unit)
        channels.ensure(unit, MAIL, "email")
        row = {"channel": MAIL, "size": 1}
        unit.insert(t.arrival, **row, key="1", received_at=later(hours=-3), verdict="accepted")
        unit.insert(t.arrival, **row, key="2", received_at=later(hours=-1))
        channels.set_state(unit, CHAT, "locked-out", '{"key": "x", "facts": {}}', later(hours=-2))

    store.write_now(fill)
    mail, chat = (one for name in (MAIL, CHAT) for one in store.read_now(standing.health) if one.row.name == name)
    assert (mail.unread, mail.unsent, mail.trouble, mail.last_in) == (1, 0, 0, later(hours=-1))
    assert (chat.row.state, chat.row.state_at, chat.last_in) == ("locked-out", later(hours=-2), None)


def test_a_cell_is_never_a_formula() -> None:
    made = Table(("a", "b"), (("=SUM(A1)", 1), ("+49", -1), ('@x, "y"', None), ("plain", True)))
    assert made.csv == 'a,b\r\n\'=SUM(A1),1\r\n\'+49,-1\r\n"\'@x, ""y""",\r\nplain,True\r\n'
    assert made.markdown.splitlines()[2] == "| =SUM(A1) | 1 |"
    assert Table(("a",), (("x|y\nz",),)).markdown.splitlines()[2] == "| x\\|y z |"


def test_nothing_on_the_board_walks_through_what_is_old(tmp_path: Path) -> None:
    """Each statement is answered by an index on the instants that it asks for, and none scans a large table."""
    store = Store("sqlite:///plan.db", tmp_path)
    t.metadata.create_all(store.engine)
    asked: list[tuple[str, tuple[object, ...]]] = []
    sa.event.listen(
        store.engine, "before_cursor_execute", lambda _c, _u, sql, values, *_: asked.append((sql, tuple(values)))
    )
    store.read_now(standing.opened, NOW)
    store.read_now(standing.health)
    store.read_now(standing.due, None, NOW)
    store.read_now(flow, later(days=-7), NOW)
    questions = [one for one in asked if one[0].startswith("SELECT")]
    with store.engine.connect() as connection:
        plans = [
            row[3]
            for sql, values in questions
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        ]
    store.close()
    scans = [plan for plan in plans if plan.startswith("SCAN")]
    partial = ("ix_arrival_pending", "ix_delivery_next", "sqlite_autoindex_channel")
    assert [plan for plan in scans if not any(index in plan for index in partial) and "CONSTANT" not in plan] == []
