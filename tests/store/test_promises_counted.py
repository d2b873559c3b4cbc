"""The ledger of a period counted in one statement that reads this period only."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from inbox.domain.promises import PromiseKind, PromiseState
from inbox.sla.calibration import Told
from inbox.store import channels, conversations, promises
from inbox.store.promises_counted import counted, statement
from inbox.store.store import Store
from inbox.store.tables import metadata
from tests.store.rows import CHAT, MAIL, NOW, conversation, later, promised


def _counted(store: Store, since: float, until: float, channel: str = "") -> list[tuple[str, str, bool, bool, int]]:
    found: list[Told] = store.read_now(counted, later(hours=since), later(hours=until), channel)
    return sorted((t.channel, t.state.value, t.overdue, t.renewed, t.count) for t in found)


def test_alike_ones_are_one_row_and_renewals_are_apart(store: Store) -> None:
    matter = store.write_now(conversation)
    kept, other = (
        store.write_now(promised, matter, due_at=later(hours=4)),
        store.write_now(promised, matter, due_at=later(hours=9)),
    )
    store.write_now(promised, matter, due_at=later(hours=2))
    store.write_now(
        promised, matter, due_at=later(hours=2), told_at=later(hours=1), replaces=kept.id, kind=PromiseKind.UPDATE
    )
    for one in (kept, other):
        store.write_now(promises.judge, one.id, PromiseState.KEPT, later(hours=2))
    assert _counted(store, 0, 24) == [
        ("mail", "kept", False, False, 2),
        ("mail", "open", True, False, 1),
        ("mail", "open", True, True, 1),
    ]


def test_what_is_not_due_yet_is_open(store: Store) -> None:
    matter = store.write_now(conversation)
    store.write_now(promised, matter, due_at=later(hours=4))
    assert _counted(store, 0, 4) == [("mail", "open", False, False, 1)]
    assert _counted(store, 0, 4.1) == [("mail", "open", True, False, 1)]


def test_only_the_period_and_the_channel_count(store: Store) -> None:
    store.write_now(lambda unit: channels.ensure(unit, CHAT, "chat"))
    for reference, channel in (("K7Q2", MAIL), ("K7Q3", CHAT)):
        store.write_now(promised, store.write_now(conversation, reference, channel))
    assert [row[0] for row in _counted(store, 0, 1)] == ["chat", "mail"]
    assert [row[0] for row in _counted(store, 0, 1, "chat")] == ["chat"]
    assert _counted(store, 0.1, 1) == []
    assert _counted(store, -1, 0) == []


def test_old_promises_are_not_read(tmp_path: Path) -> None:
    store = Store("sqlite:///plan.db", tmp_path)
    metadata.create_all(store.engine)
    with store.engine.connect() as connection:
        text = str(
            statement(NOW, NOW + timedelta(days=1)).compile(store.engine, compile_kwargs={"literal_binds": True})
        )
        plan = " ".join(row[3] for row in connection.execute(sa.text(f"EXPLAIN QUERY PLAN {text}")))
    assert "SEARCH promise USING INDEX ix_promise_told_at (told_at>? AND told_at<?)" in plan
    assert "SCAN promise" not in plan
    store.close()


def test_a_conversation_counts_under_its_priority(store: Store) -> None:
    matter = store.write_now(conversation)
    store.write_now(promised, matter, due_at=later(hours=4))
    (found,) = store.read_now(counted, NOW, later(hours=1), "")
    known = store.read_now(conversations.peek, matter)
    assert (found.priority, found.basis, found.percentile) == (known.priority.value, "policy", 0.85)
