"""How often rules matched: counted by rule and window, from an index and nothing else; on both databases."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from inbox.domain import events as ev
from inbox.domain.ids import ConversationId
from inbox.store import decisions, events, hits
from inbox.store.hits import Hits
from inbox.store.store import Store
from inbox.store.tables import metadata, rule_hit
from inbox.store.unit import Unit
from tests.store.rows import NOW, conversation


def _fill(unit: Unit) -> None:
    matter = conversation(unit, "K2")
    for version, (days, rules) in enumerate(
        ((40, ("old", "both")), (20, ("both",)), (2, ("both", "سریع")), (1, ())), 2
    ):
        at = NOW - timedelta(days=days)
        id = decisions.add(unit, matter, None, "r", "{}", at, rules)
        told = ev.Decided("decided", id, "r", rules)
        events.append(unit, [ev.Event(ConversationId(matter), version, at, ev.HOUSE, "test", told)])


def test_hits_are_counted_by_rule_and_window(store: Store) -> None:
    store.write_now(_fill)
    found = store.read_now(hits.of, ("old", "both", "سریع", "never"), NOW)
    ago = {days: NOW - timedelta(days=days) for days in (2, 40)}
    assert found == {
        "old": Hits(last=ago[40]),
        "both": Hits(1, 2, ago[2]),
        "سریع": Hits(1, 1, ago[2]),
        "never": Hits(),
    }


def test_the_migration_fills_in_what_the_events_say(store: Store) -> None:
    store.write_now(_fill)
    every = sa.select(rule_hit).order_by(*rule_hit.primary_key.columns)
    with store.engine.begin() as connection:
        before = connection.execute(every).all()
        connection.execute(sa.delete(rule_hit))
        with Operations.context(MigrationContext.configure(connection)):
            import_module("inbox.store.migrations.versions.0011_rule_hits")._fill()
        assert connection.execute(every).all() == before
    assert len(before) == 5


def test_what_is_read_is_found_by_rule_and_instant_never_by_scanning(tmp_path: Path) -> None:
    store = Store("sqlite:///plan.db", tmp_path)
    metadata.create_all(store.engine)
    with store.engine.connect() as connection:
        for statement in (hits._LAST, hits._COUNT):
            text = str(statement.statement.compile(store.engine))
            asked = sa.text(f"EXPLAIN QUERY PLAN {text.replace('?', '1')}")
            plan = " ".join(row[3] for row in connection.execute(asked))
            assert "SEARCH rule_hit USING PRIMARY KEY (rule=?" in plan
            assert "SCAN rule_hit" not in plan
    store.close()
