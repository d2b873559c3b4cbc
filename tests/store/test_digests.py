"""What letters of the day are gathered from and marked by, on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from inbox.domain.ids import AgentId, NotificationId, TeamId
from inbox.domain.promises import PromiseState
from inbox.domain.scope import Scope
from inbox.store import digests, people, promises
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.rows import promised
from tests.web.sites import contact, conversation

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
SARA, OMID = AgentId(1), AgentId(2)
MINE = Scope.of_agent(SARA)


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    """Two agents, one team, nothing else."""
    made = Store(url, tmp_path)
    made.write_now(_rows)
    yield made
    made.close()


def _rows(unit: Unit) -> None:
    for name in ("support", "mail"):
        unit.add(t.channel, {"name": name, "kind": "email"})
    unit.insert(t.agent, handle="sara", name="Sara")
    unit.insert(t.agent, handle="omid", name="Omid")
    people.put_team(unit, "orders", "Orders", [SARA])


def test_who_is_looked_at_when_and_what_day_was_told(store: Store) -> None:
    assert store.read_now(digests.next_due) is None
    assert store.read_now(digests.told, SARA) is None
    store.write_now(digests.put, SARA, NOW, None)
    store.write_now(digests.put, OMID, NOW - timedelta(hours=1), date(2026, 11, 23))
    assert store.read_now(digests.next_due) == NOW - timedelta(hours=1)
    assert store.read_now(digests.due, NOW, 5) == [OMID, SARA]
    assert store.read_now(digests.due, NOW, 1) == [OMID]
    assert store.read_now(digests.due, NOW - timedelta(microseconds=1), 5) == [OMID]
    store.write_now(digests.put, OMID, None, date(2026, 11, 24))
    assert store.read_now(digests.due, NOW, 5) == [SARA]
    assert (store.read_now(digests.of, OMID), store.read_now(digests.told, OMID)) == (None, date(2026, 11, 24))


def test_promises_of_an_agent_that_are_open_or_missed_and_still_waited_for(store: Store) -> None:
    def work(unit: Unit) -> None:
        who = contact(unit, "Lena", "lena@example.org")
        rows: tuple[tuple[str, dict[str, object]], ...] = (
            ("OPEN", {"assignee_id": SARA}),
            ("LATE", {"assignee_id": SARA, "waiting_since": NOW}),
            ("OVER", {"assignee_id": SARA, "waiting_since": None}),
            ("DONE", {"assignee_id": SARA, "state": "done"}),
            ("HISS", {"assignee_id": OMID}),
        )
        for number, (reference, more) in enumerate(rows):
            matter = conversation(unit, reference, who, **more)
            told = promised(unit, matter, due_at=NOW + timedelta(hours=5 - number))
            if reference in ("LATE", "OVER"):
                promises.judge(unit, told.id, PromiseState.LATE, NOW)

    store.write_now(work)
    found = store.read_now(digests.promised, SARA, 10)
    assert [(one.state.value, one.due_at - NOW) for one in found] == [
        ("late", timedelta(hours=4)),
        ("open", timedelta(hours=5)),
    ]
    assert len(store.read_now(digests.promised, SARA, 1)) == 1


def test_what_nobody_has_in_some_teams_is_counted_and_the_first_are_named(store: Store) -> None:
    def work(unit: Unit) -> None:
        who = contact(unit, "Lena", "lena@example.org")
        for number in range(7):
            conversation(unit, f"FREE{number}", who, team_id=1, due_at=NOW + timedelta(hours=9 - number))
        conversation(unit, "TAKEN", who, team_id=1, assignee_id=OMID)
        conversation(unit, "OTHER", who)
        conversation(unit, "OVER", who, team_id=1, state="done")

    store.write_now(work)
    count, rows = store.read_now(digests.waiting, MINE, [TeamId(1)], 3)
    assert (count, [row.reference for row in rows]) == (7, ["FREE6", "FREE5", "FREE4"])
    assert store.read_now(digests.waiting, MINE, [], 3) == (0, [])
    assert store.read_now(digests.waiting, MINE, [TeamId(1)], 50)[0] == 7


def test_notices_that_wait_for_a_letter_and_mentions_that_are_unread(store: Store) -> None:
    def work(unit: Unit) -> None:
        matter = conversation(unit, "K7Q2", contact(unit, "Lena", "lena@example.org"))
        told: tuple[tuple[str, AgentId, bool, bool], ...] = (
            ("mentioned", SARA, False, False),
            ("mentioned", SARA, True, False),
            ("message-received", SARA, True, True),
            ("message-received", SARA, False, False),
            ("promise-at-risk", SARA, False, True),
            ("mentioned", OMID, False, True),
            ("assigned", SARA, False, True),
        )
        for kind, whom, read, mail in told:
            row = {"agent_id": whom, "conversation_id": matter, "kind": kind, "rule": "", "at": NOW}
            unit.insert(t.notification, **row, read_at=NOW if read else None, mail_at=NOW if mail else None)

    store.write_now(work)
    assert [(one.kind, one.id) for one in store.read_now(digests.notices, MINE, 10)] == [
        ("assigned", 7),
        ("message-received", 3),
        ("mentioned", 1),
    ]
    store.write_now(digests.over, SARA, NotificationId(3))
    rows = store.read_now(lambda unit: list(unit.execute(t.notification.select().order_by(t.notification.c.id))))
    assert [row.id for row in rows if row.mail_at is not None] == [5, 6, 7], (
        "what is urgent, another's, and a newer one"
    )
    store.write_now(digests.singly, SARA, NOW - timedelta(hours=1))
    rows = store.read_now(lambda unit: list(unit.execute(t.notification.select().order_by(t.notification.c.id))))
    due = {row.id: row.mail_at for row in rows if row.mail_at is not None}
    assert due == {5: NOW, 6: NOW, 7: NOW - timedelta(hours=1)}
